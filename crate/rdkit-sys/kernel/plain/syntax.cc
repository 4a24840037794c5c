#include "plain/syntax.h"

#include <GraphMol/SmilesParse/SmilesParse.h>

#include <utility>

#include "plain/grammar.h"

// Entry points of RDKit's SMILES parser as SmilesParse.cpp declares them. They are not in any installed
// header; the version is pinned, and a change would cause a link error or fail the test of the reasons.
int yysmiles_lex_init(void **scanner);
int yysmiles_lex_destroy(void *scanner);
std::size_t setup_smiles_string(const std::string &text, void *scanner);
using BranchPoints = std::vector<std::pair<unsigned int, unsigned int>>;
int yysmiles_parse(const char *input, std::vector<RDKit::RWMol *> *molecules, RDKit::Atom *&last_atom,
                   RDKit::Bond *&last_bond, unsigned int &atoms_parsed, unsigned int &bonds_parsed,
                   BranchPoints &branch_points, void *scanner, int &start_token,
                   unsigned int &token_position);

namespace xform {
namespace {

using SmilesScanner = Scanner<yysmiles_lex_init, yysmiles_lex_destroy, setup_smiles_string>;

std::string at_position(const char *fault, std::size_t position) {
  return std::string(fault) + " while parsing, check for mistakes around position " +
         std::to_string(position);
}

// MolFromSmiles reads the text after a blank as a name or CXSMILES extension.
std::string without_extension(const std::string &smiles) {
  const auto blank = smiles.find_first_of(" \t");
  return blank == std::string::npos || blank == 0 ? smiles : smiles.substr(0, blank);
}

// How a parse by the grammar alone ended.
struct Parse {
  bool refused = false;
  // The position of the last token read, from 1. After a syntax error, the parser reads on to the end.
  unsigned int position = 0;
  BranchPoints open_branches;
};

Parse parse_grammar(const std::string &text, Molecules &molecules) {
  SmilesScanner scanner(text);
  Parse parse;
  RDKit::Atom *atom = nullptr;
  RDKit::Bond *bond = nullptr;
  unsigned int atoms = 0, bonds = 0;
  int start = kStartMolecule;
  const char *input = text.c_str() + scanner.trimmed();
  parse.refused = yysmiles_parse(input, &molecules.list, atom, bond, atoms, bonds, parse.open_branches,
                                 scanner.handle(), start, parse.position) == 1;
  return parse;
}

bool closes_more_than_it_opens(const std::string &text, unsigned int position) {
  if (position < 2 || position > text.size() || text[position - 1] != ')') {
    return false;
  }
  Molecules molecules;
  const auto before = parse_grammar(text.substr(0, position - 1), molecules);
  return !before.refused && before.open_branches.empty();
}

// The grammar's error message; fills `molecules` as far as it gets.
std::string explain_grammar(const std::string &text, Molecules &molecules) {
  const auto parse = parse_grammar(text, molecules);
  if (parse.refused) {
    return closes_more_than_it_opens(text, parse.position)
               ? at_position("extra close parentheses", parse.position)
               : "syntax error";
  }
  return parse.open_branches.empty()
             ? ""
             : at_position("extra open parentheses", parse.open_branches.front().second);
}

}  // namespace

std::string explain_syntax(const std::string &smiles) {
  Molecules molecules;
  try {
    auto fault = explain_grammar(without_extension(smiles), molecules);
    if (fault.empty() && !molecules.list.empty()) {
      check_structure(*molecules.list.front());
    }
    return fault;
  } catch (const RDKit::SmilesParseException &error) {
    return error.what();
  }
}

}  // namespace xform
