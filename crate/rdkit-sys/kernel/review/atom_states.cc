#include "review/atom_states.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace xform {
namespace {

using RDKit::Atom;

constexpr int kElements[] = {5, 6, 7, 8, 9, 14, 15, 16, 17, 33, 34, 35, 52, 53};
constexpr int kMostValence = 8;

// One atom whose valence consists of hydrogens: RDKit's rules without its bonds.
RDKit::RWMol hydride(int element, int charge, int valence) {
  Atom atom(element);
  atom.setFormalCharge(charge);
  atom.setNumExplicitHs(valence);
  atom.setNoImplicit(true);
  RDKit::RWMol molecule;
  molecule.addAtom(&atom);
  return molecule;
}

std::vector<int> find_valences(int element, int charge) {
  std::vector<int> found;
  for (int valence = 0; valence <= kMostValence && accepts_valence(element, charge, valence); ++valence) {
    auto molecule = hydride(element, charge, valence);
    molecule.updatePropertyCache(false);
    RDKit::MolOps::assignRadicals(molecule);
    if (!molecule.getAtomWithIdx(0)->getNumRadicalElectrons()) {
      found.push_back(valence);
    }
  }
  return found;
}

// Calls `use` with each state of that element, charge and total valence.
template <typename Use>
void each_state(int element, int charge, int total, Use &&use) {
  for (int hydrogens = 0; hydrogens <= total; ++hydrogens) {
    const int valence = total - hydrogens;
    for (int degree = (valence + kMostOrder - 1) / kMostOrder; degree <= valence; ++degree) {
      use(AtomState{element, charge, degree, hydrogens, valence, false, false});
      if (degree >= 2) {
        use(AtomState{element, charge, degree, hydrogens, valence, false, true});
        use(AtomState{element, charge, degree, hydrogens, valence, true, true});
      }
    }
  }
}

}  // namespace

const std::vector<int> &valences(int element, int charge) {
  thread_local std::map<std::pair<int, int>, std::vector<int>> known;
  const auto [entry, is_new] = known.try_emplace({element, charge});
  if (is_new) {
    entry->second = find_valences(element, charge);
  }
  return entry->second;
}

bool accepts_valence(int element, int charge, int valence) {
  thread_local std::map<std::pair<int, int>, std::vector<bool>> known;
  auto &accepted = known[{element, charge}];
  while (static_cast<int>(accepted.size()) <= valence) {
    auto molecule = hydride(element, charge, static_cast<int>(accepted.size()));
    accepted.push_back(!molecule.getAtomWithIdx(0)->hasValenceViolation());
  }
  return accepted[valence];
}

std::vector<AtomState> possible_states(const std::vector<AtomPattern> &patterns) {
  std::set<int> charges{-1, 0, 1};
  for (const auto &pattern : patterns) {
    charges.insert(pattern.charges().begin(), pattern.charges().end());
  }
  std::vector<AtomState> states;
  const auto add = [&](const AtomState &state) {
    if (std::all_of(patterns.begin(), patterns.end(),
                    [&](const AtomPattern &pattern) { return pattern.matches(state) != Answer::kNo; })) {
      states.push_back(state);
    }
  };
  for (const int element : kElements) {
    for (const int charge : charges) {
      for (const int total : valences(element, charge)) {
        each_state(element, charge, total, add);
      }
    }
  }
  return states;
}

bool can_be_in_ring(const std::vector<AtomState> &states) {
  return std::any_of(states.begin(), states.end(), [](const AtomState &state) { return state.in_ring; });
}

}  // namespace xform
