#include "fast/ring_bonds.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/RingInfo.h>

#include <algorithm>

namespace xform {
namespace {

// Tarjan's search for bridges: a bond is a bridge if nothing below it has a bond back to its upper atom or
// beyond.
class Search {
 public:
  Search(const RDKit::ROMol &molecule, std::vector<bool> &on_cycle)
      : molecule_(molecule), on_cycle_(on_cycle), turn_(molecule.getNumAtoms(), 0) {}

  // The number of parts of the molecule.
  unsigned int visit_all() {
    unsigned int parts = 0;
    for (unsigned int atom = 0; atom < turn_.size() && visited_ < turn_.size(); ++atom) {
      if (!turn_[atom]) {
        visit(atom, nullptr);
        ++parts;
      }
    }
    return parts;
  }

 private:
  // Visits everything that hangs on `atom`; returns the turn of the earliest atom to which a bond from
  // there leads back.
  unsigned int visit(unsigned int atom, const RDKit::Bond *from) {
    const auto turn = turn_[atom] = ++visited_;
    auto reach = turn;
    for (const auto *bond : molecule_.atomBonds(molecule_.getAtomWithIdx(atom))) {
      if (bond == from) {
        continue;
      }
      const auto other = bond->getOtherAtomIdx(atom);
      const bool was_visited = turn_[other] != 0;
      // Nothing hangs on an atom with one bond. Many atoms are like that, and a call costs more than this
      // check.
      if (!was_visited && boost::out_degree(other, molecule_.getTopology()) == 1) {
        turn_[other] = ++visited_;
        continue;
      }
      const auto back = was_visited ? turn_[other] : visit(other, bond);
      if (!was_visited || back < turn) {
        on_cycle_[bond->getIdx()] = back <= turn;
      }
      reach = std::min(reach, back);
    }
    return reach;
  }

  const RDKit::ROMol &molecule_;
  std::vector<bool> &on_cycle_;
  std::vector<unsigned int> turn_;  // by atom, from 1; 0: not yet
  unsigned int visited_ = 0;
};

}  // namespace

Cycles find_cycles(const RDKit::ROMol &molecule) {
  Cycles cycles{false, std::vector<bool>(molecule.getNumBonds(), false)};
  cycles.is_connected = Search(molecule, cycles.has_bond).visit_all() <= 1;
  return cycles;
}

bool knows_rings(const RDKit::ROMol &molecule) { return molecule.getRingInfo()->isSymmSssr(); }

void know_rings(RDKit::RWMol &molecule) {
  if (!knows_rings(molecule)) {
    RDKit::MolOps::symmetrizeSSSR(molecule);
  }
}

std::vector<bool> bonds_in_known_rings(const RDKit::ROMol &molecule) {
  const auto &rings = *molecule.getRingInfo();
  std::vector<bool> in_ring(molecule.getNumBonds());
  for (const auto *bond : molecule.bonds()) {
    in_ring[bond->getIdx()] = rings.numBondRings(bond->getIdx()) > 0;
  }
  return in_ring;
}

}  // namespace xform
