// Failures of a molecule, as data.
//
// RDKit reports errors by null pointers and by exceptions of several families. This file turns both into a
// code from a fixed list and RDKit's message. RDKit's log is never read and stays closed: RDKit opens it
// only when RDLog::InitLogs() is called, which we never do.
#pragma once

#include <cstdint>
#include <string>

namespace xform {

// The step at which a row or a result was refused.
enum class Stage : std::uint8_t { kParse, kMatch, kReaction, kSanitize, kRemoveHs, kWrite };

// Why it was refused.
enum class Code : std::uint8_t {
  kSyntax,           // the text is no SMILES
  kValence,          // an atom has a valence that RDKit does not permit
  kKekulize,         // the aromatic system cannot be kekulized
  kSanitize,         // another fault found by sanitization
  kNullResult,       // RDKit gave no molecule and no reason
  kException,        // any other exception
  kOutOfMemory,      // std::bad_alloc, or the process died for want of memory in earlier attempts
  kTooManyAtoms,     // beyond Limits::max_atoms
  kTooManyProducts,  // beyond Limits::max_products
  kCrashed,          // the process died at it, in an earlier attempt
  kTimedOut,         // it took too long, in an earlier attempt
};

// A code and its message.
struct Reason {
  Code code = Code::kException;
  std::string words;
};

// The reason for the current exception. Call it only inside a catch block. Does not allocate for
// std::bad_alloc (its message fits the small-string buffer), so that running out of memory can be
// recorded.
Reason reason_of_current_exception();

}  // namespace xform
