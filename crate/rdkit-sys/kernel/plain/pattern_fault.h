// Why RDKit does not read a SMARTS or SMIRKS, in its words, and where.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace xform {

struct PatternFault {
  std::string reason;
  // The first byte, from 0, that cannot stand where it does; the length if more is needed at the end. None if
  // the fault is not one of a place.
  std::optional<std::size_t> position;
};

// Thrown while a transform is compiled.
struct UnusablePattern : std::runtime_error {
  explicit UnusablePattern(PatternFault found) : std::runtime_error(found.reason), fault(std::move(found)) {}
  explicit UnusablePattern(const std::string &reason) : UnusablePattern(PatternFault{reason, std::nullopt}) {}

  PatternFault fault;
};

// Explains why v2::SmilesParse::MolFromSmarts gave a null pointer for `smarts`.
//
// RDKit writes the reason to its error log only, a process-wide stream that threads cannot share. So a
// refused pattern is parsed once more with the steps of RDKit's SmilesParse.cpp, as in syntax.h. The place of
// a syntax error is not even in the log: it follows the longest beginning that some continuation makes a
// SMARTS.
PatternFault explain_smarts(const std::string &smarts);

// Explains why v2::ReactionParser::ReactionFromSmarts threw an exception with the text `words` at `smirks`:
// the same for the template that it names.
PatternFault explain_smirks(const std::string &smirks, const std::string &words);

}  // namespace xform
