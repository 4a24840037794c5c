// Failures of a molecule, as data.
//
// RDKit reports errors by null pointers and by exceptions of several families. This file turns both into a
// code from a fixed list and RDKit's message. RDKit's log is never read and stays closed: RDKit opens it
// only when RDLog::InitLogs() is called, which we never do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace xform {

// Steps and codes with the names by which all other layers know them. Their meanings are in the list of all
// codes, crate/core/src/codes.rs. A failure leaves the kernel with numbers, which are positions in
// kStageNames and kCodeNames: whoever reads them first reads the names.
#define XFORM_STAGES(STAGE)          \
  STAGE(kParse, "parse")             \
  STAGE(kStandardize, "standardize") \
  STAGE(kMatch, "match")             \
  STAGE(kReaction, "reaction")       \
  STAGE(kSanitize, "sanitize")       \
  STAGE(kRemoveHs, "remove_hs")      \
  STAGE(kWrite, "write")             \
  STAGE(kProperties, "properties")

#define XFORM_CODES(CODE)                     \
  CODE(kSyntax, "syntax")                     \
  CODE(kMolBlock, "mol_block")                \
  CODE(kQuery, "query")                       \
  CODE(kRGroup, "r_group")                    \
  CODE(kValence, "valence")                   \
  CODE(kKekulize, "kekulize")                 \
  CODE(kSanitize, "sanitize")                 \
  CODE(kNullResult, "null_result")            \
  CODE(kException, "exception")               \
  CODE(kOutOfMemory, "out_of_memory")         \
  CODE(kTooManyAtoms, "too_many_atoms")       \
  CODE(kTooManyProducts, "too_many_products") \
  CODE(kCrashed, "crashed")                   \
  CODE(kTimedOut, "timed_out")                \
  CODE(kNoProperty, "no_property")            \
  CODE(kNoInchi, "no_inchi")

#define XFORM_MEMBER(member, name) member,
enum class Stage : std::uint8_t { XFORM_STAGES(XFORM_MEMBER) };
enum class Code : std::uint8_t { XFORM_CODES(XFORM_MEMBER) };
#undef XFORM_MEMBER

#define XFORM_NAME(member, name) name,
inline constexpr const char *kStageNames[] = {XFORM_STAGES(XFORM_NAME)};
inline constexpr const char *kCodeNames[] = {XFORM_CODES(XFORM_NAME)};
#undef XFORM_NAME

const char *name_of(Stage stage);
const char *name_of(Code code);

// The code of that name. Throws std::invalid_argument.
Code code_of(std::string_view name);

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
