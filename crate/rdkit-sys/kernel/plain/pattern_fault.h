// Why RDKit cannot read a SMARTS or SMIRKS, with RDKit's message, and where.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace xform {

struct PatternFault {
  std::string reason;
  // The first invalid byte, from 0; the length if something is missing at the end. None if the fault has
  // no position.
  std::optional<std::size_t> position;
};

// Thrown while a transform is compiled.
struct UnusablePattern : std::runtime_error {
  explicit UnusablePattern(PatternFault found) : std::runtime_error(found.reason), fault(std::move(found)) {}
  explicit UnusablePattern(const std::string &reason) : UnusablePattern(PatternFault{reason, std::nullopt}) {}

  PatternFault fault;
};

// Explains why v2::SmilesParse::MolFromSmarts returned a null pointer for `smarts`.
//
// RDKit writes the reason only to its error log, a process-wide stream that threads cannot share. A
// refused pattern is therefore parsed once more with the steps of RDKit's SmilesParse.cpp, as in syntax.h.
// The position of a syntax error is not even in the log: it comes after the longest prefix that some
// continuation turns into a SMARTS.
PatternFault explain_smarts(const std::string &smarts);

// Explains why v2::ReactionParser::ReactionFromSmarts threw an exception with the text `words` for
// `smirks`, as explain_smarts does, for the template that the text names.
PatternFault explain_smirks(const std::string &smirks, const std::string &words);

}  // namespace xform
