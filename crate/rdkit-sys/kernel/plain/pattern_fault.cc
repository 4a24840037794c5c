#include "plain/pattern_fault.h"

#include <GraphMol/SmilesParse/SmilesParse.h>

#include <algorithm>
#include <list>
#include <string_view>

#include "plain/grammar.h"

// Entry points of RDKit's SMARTS parser as SmilesParse.cpp declares them; see syntax.cc.
int yysmarts_lex_init(void **scanner);
int yysmarts_lex_destroy(void *scanner);
std::size_t setup_smarts_string(const std::string &text, void *scanner);
int yysmarts_parse(const char *input, std::vector<RDKit::RWMol *> *molecules, RDKit::Atom *&last_atom,
                   RDKit::Bond *&last_bond, unsigned int &atoms_parsed, unsigned int &bonds_parsed,
                   std::list<unsigned int> *branch_points, void *scanner, int &start_token);

namespace xform {
namespace {

using SmartsScanner = Scanner<yysmarts_lex_init, yysmarts_lex_destroy, setup_smarts_string>;

// In longer texts the position is not searched for, because that takes some parses per byte.
constexpr std::size_t kMaxSearched = 2'000;
constexpr const char *kSyntaxError = "syntax error";

// RDKit's message about the fault; empty if there is none.
std::string words_on(const std::string &smarts) {
  Molecules molecules;
  SmartsScanner scanner(smarts);
  std::list<unsigned int> open_branches;
  RDKit::Atom *atom = nullptr;
  RDKit::Bond *bond = nullptr;
  unsigned int atoms = 0, bonds = 0;
  int start = kStartMolecule;
  try {
    if (yysmarts_parse(smarts.c_str() + scanner.trimmed(), &molecules.list, atom, bond, atoms, bonds,
                       &open_branches, scanner.handle(), start) == 1) {
      return kSyntaxError;
    }
    if (!open_branches.empty()) {
      return "extra open parentheses";
    }
    if (!molecules.list.empty()) {
      check_structure(*molecules.list.front());
    }
    return "";
  } catch (const RDKit::SmilesParseException &error) {
    return error.what();
  }
}

// The brackets that are open at the end of `text`, innermost last, each given by the character that closes
// it.
std::string closing_brackets(std::string_view text) {
  std::string closing;
  for (const char letter : text) {
    if (letter == '(' || letter == '[' || letter == '{') {
      closing += letter == '(' ? ')' : letter == '[' ? ']' : '}';
    } else if (!closing.empty() && letter == closing.back()) {
      closing.pop_back();
    }
  }
  return closing;
}

// Whether some continuation turns `text` into a SMARTS: the part that may be missing at the end, then the
// closing brackets.
bool can_be_continued(const std::string &text) {
  auto closing = closing_brackets(text);
  std::reverse(closing.begin(), closing.end());
  constexpr std::string_view kLast[] = {"", "C", "1", "(C)", "12"};
  return std::any_of(std::begin(kLast), std::end(kLast), [&](std::string_view last) {
    return words_on(text + std::string(last) + closing) != kSyntaxError;
  });
}

std::size_t end_of_longest_beginning(const std::string &smarts) {
  auto end = smarts.size();
  while (end > 0 && !can_be_continued(smarts.substr(0, end))) {
    --end;
  }
  return end;
}

// The start of the products of a reaction; RDKit reads the `>` of `->` as part of a bond.
std::size_t products_begin(const std::string &smirks) {
  unsigned int arrows = 0;
  for (std::size_t i = 0; i < smirks.size(); ++i) {
    if (smirks[i] == '>' && (i == 0 || smirks[i - 1] != '-') && ++arrows == 2) {
      return i + 1;
    }
  }
  return smirks.size();
}

// The position of a template in the reaction. RDKit has removed its blanks, so it may not be found.
std::optional<std::size_t> find_template(const std::string &smirks, const std::string &text,
                                         std::size_t from) {
  const auto is_end = [](char letter) {
    return std::string_view(" \t.>()").find(letter) != std::string::npos;
  };
  for (auto at = smirks.find(text, from); at != std::string::npos; at = smirks.find(text, at + 1)) {
    const auto next = at + text.size();
    if ((at == 0 || is_end(smirks[at - 1])) && (next == smirks.size() || is_end(smirks[next]))) {
      return at;
    }
  }
  return std::nullopt;
}

}  // namespace

PatternFault explain_smarts(const std::string &smarts) {
  PatternFault fault{words_on(smarts), std::nullopt};
  if (fault.reason == kSyntaxError && smarts.size() <= kMaxSearched) {
    fault.position = end_of_longest_beginning(smarts);
  }
  return fault;
}

PatternFault explain_smirks(const std::string &smirks, const std::string &words) {
  const auto mark = words.find(": ");
  if (mark == std::string::npos) {
    return {words, std::nullopt};
  }
  const auto text = words.substr(mark + 2);
  auto fault = explain_smarts(text);
  if (fault.reason.empty()) {
    return {words, std::nullopt};
  }
  const bool is_product = words.find("product") < mark;
  const auto begin = find_template(smirks, text, is_product ? products_begin(smirks) : 0);
  fault.position = fault.position && begin ? std::optional(*begin + *fault.position) : std::nullopt;
  fault.reason = words + ": " + fault.reason;
  return fault;
}

}  // namespace xform
