// The end of the process.
#pragma once

namespace xform {

// Lets `exit()` call `handler` with the status that it was given; the handler registered last is called
// first. A handler of the standard atexit does not learn the status. Throws std::runtime_error if there is no
// room for another one.
void call_at_exit(void (*handler)(int status));

// Ends the process without destroying anything; what is in stdio's buffers is written before.
[[noreturn]] void end_at_once(int status);

}  // namespace xform
