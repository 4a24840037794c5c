#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SanitException.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "review/bond_orders.h"
#include "review/checks.h"
#include "review/parents.h"

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;
using RDKit::ROMol;

constexpr std::size_t kMostChoices = 64;  // of elements, that are tried for a ring

struct RingBond {
  unsigned int begin;
  unsigned int end;
  Bond::BondType order;
};

// A ring of a pattern as RDKit reads it from a SMILES: the ring with the double bonds beside it. Other
// neighbours have no part in its electrons.
struct KekuleRing {
  std::vector<std::vector<int>> elements;  // by atom
  std::vector<RingBond> bonds;
  std::size_t size = 0;  // how many of the bonds are the ring's
};

// The elements that the atom can have in a ring that is not aromatic.
std::vector<int> elements_of(const Atom &atom) {
  std::set<int> elements;
  for (const auto &state : possible_states({AtomPattern(atom)})) {
    if (!state.aromatic) {
      elements.insert(state.element);
    }
  }
  return {elements.begin(), elements.end()};
}

std::vector<const Bond *> bonds_of(const ROMol &pattern, const std::vector<int> &bonds) {
  std::vector<const Bond *> found;
  for (const int bond : bonds) {
    found.push_back(pattern.getBondWithIdx(bond));
  }
  return found;
}

// Collects atoms and bonds of a pattern.
class RingBuilder {
 public:
  // False if the order of the bond is not known.
  bool add(const Bond &bond) {
    const auto order = order_unless_aromatic(bond);
    if (!order) {
      return false;
    }
    ring_.bonds.push_back({atom(*bond.getBeginAtom()), atom(*bond.getEndAtom()), Bond::BondType(*order)});
    return true;
  }

  void end_ring() { ring_.size = ring_.bonds.size(); }

  KekuleRing take() && { return std::move(ring_); }

 private:
  unsigned int atom(const Atom &atom) {
    const auto [entry, is_new] = indices_.try_emplace(atom.getIdx(), ring_.elements.size());
    if (is_new) {
      ring_.elements.push_back(elements_of(atom));
    }
    return entry->second;
  }

  KekuleRing ring_;
  std::map<unsigned int, unsigned int> indices_;
};

// None if the pattern also matches the aromatic form of the ring, or a bond's order is not known.
std::optional<KekuleRing> kekule_ring(const std::vector<const Bond *> &ring) {
  const auto is_in_ring = [&](const Bond *bond) {
    return std::find(ring.begin(), ring.end(), bond) != ring.end();
  };
  RingBuilder builder;
  if (std::all_of(ring.begin(), ring.end(), [](const Bond *bond) { return can_match_aromatic(*bond); }) ||
      !std::all_of(ring.begin(), ring.end(), [&](const Bond *bond) { return builder.add(*bond); })) {
    return std::nullopt;
  }
  builder.end_ring();
  for (const auto *bond : ring) {
    for (const auto *atom : {bond->getBeginAtom(), bond->getEndAtom()}) {
      for (const auto *other : atom->getOwningMol().atomBonds(atom)) {
        if (!is_in_ring(other) && order_unless_aromatic(*other) != 1 && !builder.add(*other)) {
          return std::nullopt;
        }
      }
    }
  }
  return std::move(builder).take();
}

// The ring with one choice of elements.
bool is_aromatic(const KekuleRing &ring, std::size_t choice) {
  RDKit::RWMol molecule;
  for (const auto &elements : ring.elements) {
    Atom atom(elements[choice % elements.size()]);
    molecule.addAtom(&atom);
    choice /= elements.size();
  }
  for (const auto &bond : ring.bonds) {
    if (!molecule.getBondBetweenAtoms(bond.begin, bond.end)) {
      molecule.addBond(bond.begin, bond.end, bond.order);
    }
  }
  try {
    RDKit::MolOps::sanitizeMol(molecule);
  } catch (const RDKit::MolSanitizeException &) {
    return false;
  }
  for (std::size_t bond = 0; bond < ring.size; ++bond) {
    if (!molecule.getBondWithIdx(bond)->getIsAromatic()) {
      return false;
    }
  }
  return true;
}

bool is_always_aromatic(const KekuleRing &ring) {
  std::size_t choices = 1;
  for (const auto &elements : ring.elements) {
    choices *= elements.size();
    if (!choices || choices > kMostChoices) {
      return false;
    }
  }
  for (std::size_t choice = 0; choice < choices; ++choice) {
    if (!is_aromatic(ring, choice)) {
      return false;
    }
  }
  return true;
}

// The places of the atoms of `ring` together.
std::optional<Span> span_of_ring(const std::vector<const Bond *> &ring, const MatchedPattern &matched) {
  std::vector<const TemplateAtom *> atoms;
  for (const auto *bond : ring) {
    atoms.push_back(&matched.atoms[bond->getBeginAtomIdx()]);
    atoms.push_back(&matched.atoms[bond->getEndAtomIdx()]);
  }
  return span_of(atoms);
}

void check_pattern(const MatchedPattern &matched, Findings &findings) {
  // A ring search writes to the molecule.
  ROMol copy(matched.molecule());
  copy.getRingInfo()->reset();
  RDKit::MolOps::symmetrizeSSSR(copy);
  for (const auto &bonds : copy.getRingInfo()->bondRings()) {
    const auto ring = bonds_of(matched.molecule(), bonds);
    const auto kekule = kekule_ring(ring);
    if (kekule && is_always_aromatic(*kekule)) {
      findings.add(
          FindingCode::kKekuleRing, span_of_ring(ring, matched),
          "RDKit makes a ring of these atoms aromatic before it looks for sites, so this pattern of double "
          "bonds does not match it",
          "write the ring with small letters (c, n, o, s) and without double bonds", matched.pattern);
    }
  }
}

}  // namespace

void check_kekule_rings(const Subject &subject, Findings &findings) {
  for (const auto &matched : subject.matched()) {
    check_pattern(matched, findings);
  }
}

}  // namespace xform
