#include "plain/sugar.h"

#include <GraphMol/Atom.h>
#include <GraphMol/Bond.h>
#include <GraphMol/RingInfo.h>

#include <algorithm>

#include "base/elements.h"
#include "plain/parent.h"

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;
using RDKit::ROMol;
using Ring = std::vector<int>;  // atom indices

bool is_sp3_carbon(const Atom &atom) {
  return atom.getAtomicNum() == kCarbon && atom.getHybridization() == Atom::SP3;
}

bool is_isolated(const ROMol &molecule, const Ring &ring) {
  const auto *rings = molecule.getRingInfo();
  return std::all_of(ring.begin(), ring.end(), [&](int atom) { return rings->numAtomRings(atom) == 1; });
}

// 5 to 7 atoms, one oxygen, the others sp3 carbon.
bool has_sugar_skeleton(const ROMol &molecule, const Ring &ring) {
  if (ring.size() < 5 || ring.size() > 7) {
    return false;
  }
  std::size_t oxygens = 0, carbons = 0;
  for (const int index : ring) {
    const auto &atom = *molecule.getAtomWithIdx(index);
    oxygens += atom.getAtomicNum() == kOxygen;
    carbons += is_sp3_carbon(atom);
  }
  return oxygens == 1 && oxygens + carbons == ring.size();
}

// Neighbours of the ring's atoms, by a single bond, that are outside the ring.
std::vector<const Atom *> exocyclic_neighbors(const ROMol &molecule, const Ring &ring) {
  std::vector<const Atom *> neighbors;
  for (const int index : ring) {
    const auto *atom = molecule.getAtomWithIdx(index);
    for (const auto *bond : molecule.atomBonds(atom)) {
      const auto *other = bond->getOtherAtom(atom);
      const bool outside =
          std::find(ring.begin(), ring.end(), static_cast<int>(other->getIdx())) == ring.end();
      if (outside && bond->getBondType() == Bond::SINGLE) {
        neighbors.push_back(other);
      }
    }
  }
  return neighbors;
}

bool is_oxygen(const Atom *atom) { return atom->getAtomicNum() == kOxygen; }

unsigned int hydrogens(const Atom &atom) {
  const bool include_neighbors = true;
  return atom.getTotalNumHs(include_neighbors);
}

// The oxygen of a CH2OH whose carbon is `carbon`, or null.
const Atom *hydroxymethyl_oxygen(const Atom &carbon) {
  if (carbon.getAtomicNum() != kCarbon || hydrogens(carbon) != 2) {
    return nullptr;
  }
  for (const auto *bond : carbon.getOwningMol().atomBonds(&carbon)) {
    const auto *other = bond->getOtherAtom(&carbon);
    if (bond->getBondType() == Bond::SINGLE && is_oxygen(other) && hydrogens(*other) == 1) {
      return other;
    }
  }
  return nullptr;
}

void mark_sugar(const Ring &ring, const std::vector<const Atom *> &neighbors, std::vector<bool> &is_sugar) {
  for (const int index : ring) {
    is_sugar[index] = true;
  }
  for (const auto *neighbor : neighbors) {
    const auto *hydroxymethyl = hydroxymethyl_oxygen(*neighbor);
    if (is_oxygen(neighbor) || hydroxymethyl) {
      is_sugar[neighbor->getIdx()] = true;
    }
    if (hydroxymethyl) {
      is_sugar[hydroxymethyl->getIdx()] = true;
    }
  }
}

}  // namespace

std::vector<bool> find_sugar_atoms(const ROMol &molecule) {
  std::vector<bool> is_sugar(molecule.getNumAtoms(), false);
  for (const auto &ring : molecule.getRingInfo()->atomRings()) {
    if (!has_sugar_skeleton(molecule, ring) || !is_isolated(molecule, ring)) {
      continue;
    }
    const auto neighbors = exocyclic_neighbors(molecule, ring);
    const std::size_t oxygens = std::count_if(neighbors.begin(), neighbors.end(), is_oxygen);
    if (2 * oxygens >= ring.size()) {
      mark_sugar(ring, neighbors, is_sugar);
    }
  }
  return is_sugar;
}

std::vector<Site> without_sugars(Parent &parent, const std::vector<bool> &changed, std::vector<Site> sites) {
  if (!parent.sugar_atoms) {
    need_hybridization(parent);
    parent.sugar_atoms = find_sugar_atoms(*parent.molecule);
  }
  const auto touches_sugar = [&](const Site &site) {
    return std::any_of(site.match.begin(), site.match.end(), [&](const auto &pair) {
      return changed[pair.first] && (*parent.sugar_atoms)[pair.second];
    });
  };
  sites.erase(std::remove_if(sites.begin(), sites.end(), touches_sugar), sites.end());
  return sites;
}

}  // namespace xform
