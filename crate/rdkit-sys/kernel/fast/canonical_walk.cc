#include "fast/canonical_walk.h"

#include <RDGeneral/Exceptions.h>

#include <algorithm>
#include <cstdint>

namespace xform {
namespace {

using RDKit::Bond;
using RDKit::RWMol;
using RDKit::Canon::MolStack;
using RDKit::Canon::MolStackElem;

// RDKit's order of the steps from an atom: first those that close rings, then those that are not along a
// ring, then those along rings; closures and ring bonds by type, highest first; then by rank. The
// constants are RDKit's.
std::int64_t types_below(const Bond &bond) { return RDKit::Canon::MAX_BONDTYPE - bond.getBondType(); }

class Walk {
 public:
  Walk(RWMol &molecule, const std::vector<unsigned int> &ranks, const std::vector<bool> &ring_bonds)
      : molecule_(molecule), atoms_(molecule.getNumAtoms()) {
    list_bonds(ranks, ring_bonds);
  }

  MolStack from(unsigned int start) {
    find_closures(start, nullptr);
    stack_.reserve(atoms_.size() + 2 * molecule_.getNumBonds());
    write(start);
    return std::move(stack_);
  }

 private:
  // A bond as seen from one of its atoms.
  struct Step {
    std::int64_t order;          // among the steps of the atom, unless it closes a ring
    std::int64_t closure_order;  // among those that close rings
    unsigned int to;
    Bond *bond;
    bool is_branch;  // of the tree that the walk forms
  };

  enum class Color : std::uint8_t { kNew, kOpen, kDone };

  struct Place {
    unsigned int begin = 0, end = 0;  // of its steps
    Color color = Color::kNew;
    std::vector<Bond *> closures;  // in the order in which they are found
  };

  void list_bonds(const std::vector<unsigned int> &ranks, const std::vector<bool> &ring_bonds) {
    steps_.reserve(2 * molecule_.getNumBonds());
    for (unsigned int atom = 0; atom < atoms_.size(); ++atom) {
      atoms_[atom].begin = static_cast<unsigned int>(steps_.size());
      for (auto *bond : molecule_.atomBonds(molecule_.getAtomWithIdx(atom))) {
        const auto to = bond->getOtherAtomIdx(atom);
        const auto type = types_below(*bond) * RDKit::Canon::MAX_NATOMS;
        const auto along_ring = ring_bonds[bond->getIdx()] ? type * RDKit::Canon::MAX_NATOMS : 0;
        steps_.push_back({along_ring + ranks[to], type + ranks[to], to, bond, false});
      }
      atoms_[atom].end = static_cast<unsigned int>(steps_.size());
      std::sort(steps_.begin() + atoms_[atom].begin, steps_.end(),
                [](const Step &one, const Step &other) { return one.order < other.order; });
    }
  }

  void find_closures(unsigned int atom, const Bond *from) {
    auto &place = atoms_[atom];
    place.color = Color::kOpen;
    close_rings(atom, from);
    for (auto i = place.begin; i < place.end; ++i) {
      auto &step = steps_[i];
      if (atoms_[step.to].color == Color::kNew) {
        step.is_branch = true;
        find_closures(step.to, step.bond);
      }
    }
    place.color = Color::kDone;
  }

  void close_rings(unsigned int atom, const Bond *from) {
    found_.clear();
    for (auto i = atoms_[atom].begin; i < atoms_[atom].end; ++i) {
      if (steps_[i].bond != from && atoms_[steps_[i].to].color == Color::kOpen) {
        found_.push_back(&steps_[i]);
      }
    }
    std::sort(found_.begin(), found_.end(),
              [](const Step *one, const Step *other) { return one->closure_order < other->closure_order; });
    for (const auto *step : found_) {
      atoms_[step->to].closures.push_back(step->bond);
      atoms_[atom].closures.push_back(step->bond);
    }
  }

  void write(unsigned int atom) {
    stack_.emplace_back(molecule_.getAtomWithIdx(atom));
    atoms_[atom].color = Color::kOpen;
    write_closures(atom);
    auto left = std::count_if(steps_.begin() + atoms_[atom].begin, steps_.begin() + atoms_[atom].end,
                              [](const Step &step) { return step.is_branch; });
    for (auto i = atoms_[atom].begin; left > 0; ++i) {
      if (!steps_[i].is_branch) {
        continue;
      }
      const bool is_last = --left == 0;
      if (!is_last) {
        stack_.emplace_back("(", 0);
      }
      stack_.emplace_back(steps_[i].bond, atom);
      write(steps_[i].to);
      if (!is_last) {
        stack_.emplace_back(")", 0);
      }
    }
  }

  // A closure opens at the first of its atoms, and closes at the other. Its bond's number is the ring's.
  void write_closures(unsigned int atom) {
    int closed = 0;
    for (auto *bond : atoms_[atom].closures) {
      if (atoms_[bond->getOtherAtomIdx(atom)].color == Color::kOpen) {
        stack_.emplace_back(bond, atom);
        ++closed;
      } else if (open_rings_++ == RDKit::Canon::MAX_CYCLES) {
        throw ValueErrorException("Too many rings open at once. SMILES cannot be generated.");
      }
      stack_.emplace_back(static_cast<int>(bond->getIdx()) + 1);
    }
    open_rings_ -= closed;
  }

  RWMol &molecule_;
  std::vector<Place> atoms_;
  std::vector<Step> steps_;          // atom by atom
  std::vector<const Step *> found_;  // scratch
  int open_rings_ = 0;
  MolStack stack_;
};

}  // namespace

MolStack canonical_walk(RWMol &molecule, const std::vector<unsigned int> &ranks,
                        const std::vector<bool> &ring_bonds) {
  const auto first = std::min_element(ranks.begin(), ranks.end()) - ranks.begin();
  return Walk(molecule, ranks, ring_bonds).from(static_cast<unsigned int>(first));
}

}  // namespace xform
