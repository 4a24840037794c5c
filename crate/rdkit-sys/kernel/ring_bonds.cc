#include "ring_bonds.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/RingInfo.h>

#include <algorithm>

namespace xform {
namespace {

// Tarjan's search for bridges: a bond down which nothing reaches back to its upper atom or beyond is one.
class Search {
 public:
  Search(const RDKit::ROMol &molecule, std::vector<bool> &in_ring)
      : molecule_(molecule), in_ring_(in_ring), turn_(molecule.getNumAtoms(), 0) {}

  // Visits what hangs on `atom`; gives the turn of the earliest atom that a bond from there leads back to.
  unsigned int visit(unsigned int atom, const RDKit::Bond *from) {
    const auto turn = turn_[atom] = ++visited_;
    auto reach = turn;
    for (const auto *bond : molecule_.atomBonds(molecule_.getAtomWithIdx(atom))) {
      if (bond == from) {
        continue;
      }
      const auto other = bond->getOtherAtomIdx(atom);
      const bool was_visited = turn_[other] != 0;
      const auto back = was_visited ? turn_[other] : visit(other, bond);
      if (!was_visited || back < turn) {
        in_ring_[bond->getIdx()] = back <= turn;
      }
      reach = std::min(reach, back);
    }
    return reach;
  }

  unsigned int visited() const { return visited_; }

 private:
  const RDKit::ROMol &molecule_;
  std::vector<bool> &in_ring_;
  std::vector<unsigned int> turn_;  // by atom, from 1; 0: not yet
  unsigned int visited_ = 0;
};

}  // namespace

RingBonds find_ring_bonds(const RDKit::ROMol &molecule) {
  RingBonds found{false, std::vector<bool>(molecule.getNumBonds(), false)};
  Search search(molecule, found.in_ring);
  search.visit(0, nullptr);
  found.is_connected = search.visited() == molecule.getNumAtoms();
  return found;
}

void know_rings(RDKit::RWMol &molecule) {
  if (!molecule.getRingInfo()->isSymmSssr()) {
    RDKit::MolOps::symmetrizeSSSR(molecule);
  }
}

}  // namespace xform
