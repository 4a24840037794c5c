// The end of the process.
#pragma once

namespace xform {

// Makes `exit()` call `handler` with its status; the handler registered last is called first. A handler
// registered with the standard atexit does not receive the status. Throws std::runtime_error if there is
// no room for another one.
void call_at_exit(void (*handler)(int status));

// Ends the process without destroying anything, after writing what is in stdio's buffers.
[[noreturn]] void end_at_once(int status);

}  // namespace xform
