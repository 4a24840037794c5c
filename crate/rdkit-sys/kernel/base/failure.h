// What can go wrong with a molecule, as data.
//
// RDKit reports trouble by null pointers and by exceptions of several families. Here both become a code from
// a fixed list and RDKit's own words. Nothing is read from RDKit's log, which stays unopened: RDKit opens it
// only when RDLog::InitLogs() is called, and we never do.
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

// A code and the words that go with it.
struct Reason {
  Code code = Code::kException;
  std::string words;
};

// The reason that the exception in flight stands for. Call it inside a catch block only. Does not allocate
// for std::bad_alloc (its words fit the small-string buffer), so that running out of memory can be recorded.
Reason reason_of_current_exception();

}  // namespace xform
