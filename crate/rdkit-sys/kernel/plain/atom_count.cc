#include "plain/atom_count.h"

namespace xform {
namespace {

// RDKit's scanner skips these at the start (its `char` is signed). Later they end the SMILES or are an
// error.
bool is_outside(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return byte <= ' ' || byte >= 0x80;
}

// Outside of brackets, each atom has exactly one of these; the second letters of Cl and Br are not among
// them.
bool begins_bare_atom(char letter) {
  return std::string_view("BCNOPSFIbcnops*").find(letter) != std::string_view::npos;
}

}  // namespace

std::size_t count_atoms(std::string_view smiles) {
  std::size_t atoms = 0;
  bool in_brackets = false;
  std::size_t at = 0;
  while (at < smiles.size() && is_outside(smiles[at])) {
    ++at;
  }
  for (; at < smiles.size() && !is_outside(smiles[at]); ++at) {
    const char letter = smiles[at];
    if (in_brackets) {
      in_brackets = letter != ']';
    } else {
      in_brackets = letter == '[';
      atoms += in_brackets || begins_bare_atom(letter);
    }
  }
  return atoms;
}

}  // namespace xform
