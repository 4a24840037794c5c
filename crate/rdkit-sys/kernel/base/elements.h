// The elements and bonds for which edits are proved.
#pragma once

#include <GraphMol/Atom.h>
#include <GraphMol/Bond.h>

namespace xform {

constexpr int kHydrogen = 1;
constexpr int kCarbon = 6;
constexpr int kNitrogen = 7;
constexpr int kOxygen = 8;
constexpr int kPhosphorus = 15;
constexpr int kSulfur = 16;
constexpr int kChlorine = 17;
constexpr int kBromine = 35;
constexpr int kIodine = 53;

// B, C, N, O, F, Si, P, S, Cl, Se, Br, I: not metals, to which bonds may become dative, and not hydrogen,
// which RemoveHs may remove.
constexpr bool is_plain_element(int number) {
  switch (number) {
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
    case 14:
    case 15:
    case 16:
    case 17:
    case 34:
    case 35:
    case 53:
      return true;
    default:
      return false;
  }
}

// Cl, Br, I: sanitizing charges them if they have more than one bond.
constexpr bool is_cleaned_halogen(int number) {
  return number == kChlorine || number == kBromine || number == kIodine;
}

// A group that sanitizing may charge; the valence is known.
inline bool may_be_cleaned(const RDKit::Atom &atom) {
  const int element = atom.getAtomicNum();
  const auto valence = atom.getValence(RDKit::Atom::ValenceType::EXPLICIT);
  return (is_cleaned_halogen(element) && valence > 1) || (element == kNitrogen && valence == 5) ||
         (element == kPhosphorus && valence == 5 && atom.getDegree() == 3);
}

// RDKit looks up the element with that many electrons, and throws if there is none, for example in [I-66].
constexpr bool is_plain_charge(int charge) {
  constexpr int kMost = 15;
  return -kMost <= charge && charge <= kMost;
}

constexpr bool is_plain_bond(RDKit::Bond::BondType type) {
  return type == RDKit::Bond::SINGLE || type == RDKit::Bond::DOUBLE || type == RDKit::Bond::TRIPLE ||
         type == RDKit::Bond::AROMATIC;
}

// Double or triple; aromatic bonds are neither.
constexpr bool is_multiple(RDKit::Bond::BondType type) {
  return type == RDKit::Bond::DOUBLE || type == RDKit::Bond::TRIPLE;
}

}  // namespace xform
