#include "fast/canonical_ranks.h"

#include <GraphMol/RingInfo.h>
#include <GraphMol/new_canon.h>
#include <RDGeneral/hanoiSort.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <tuple>
#include <utility>

#include "fast/ring_bonds.h"

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;
using RDKit::ROMol;

constexpr unsigned int kMaxDegree = 4;
constexpr unsigned int kMaxAtoms = 1u << 24;

// The properties of an atom that RDKit's AtomCompareFunctor, as rankMolAtoms sets it up, compares while
// all atoms are in one class, for a molecule without stereo marks: map number, degree, element, isotope,
// hydrogens, charge, types of its bonds, in this order. RDKit compares the charge as an unsigned number.
struct Signature {
  std::uint64_t high;
  std::uint64_t low;
  std::uint64_t bonds;
  int atom;

  bool is_like(const Signature &other) const {
    return high == other.high && low == other.low && bonds == other.bonds;
  }
  // Equal atoms stay in the order of the molecule, as in RDKit's sort, which is stable.
  bool operator<(const Signature &other) const {
    return std::tie(high, low, bonds, atom) < std::tie(other.high, other.low, other.bonds, other.atom);
  }
};

Signature signature(const Atom &atom, std::uint64_t bonds) {
  const auto map_number = static_cast<std::uint32_t>(atom.getAtomMapNum()) ^ 0x80000000u;
  const auto charge = static_cast<std::uint32_t>(atom.getFormalCharge());
  return {std::uint64_t{map_number} << 32 | std::uint64_t{atom.getDegree()} << 16 |
              static_cast<std::uint64_t>(atom.getAtomicNum()),
          std::uint64_t{atom.getIsotope()} << 48 | std::uint64_t{atom.getTotalNumHs()} << 32 | charge, bonds,
          static_cast<int>(atom.getIdx())};
}

// The bonds of an atom as RDKit compares them, highest first: each has its type in the highest byte, then
// the class of the neighbour.
using BondKeys = std::array<std::uint32_t, kMaxDegree>;

struct Graph {
  struct Neighbor {
    std::uint32_t type;  // of the bond, in the highest byte
    int atom;
  };
  struct Neighbors {
    std::array<Neighbor, kMaxDegree> list;
    unsigned int count = 0;

    const Neighbor *begin() const { return list.data(); }
    const Neighbor *end() const { return list.data() + count; }
  };

  std::vector<Neighbors> neighbors;  // by atom

  explicit Graph(const ROMol &molecule) : neighbors(molecule.getNumAtoms()) {
    for (const auto *bond : molecule.bonds()) {
      const auto type =
          static_cast<std::uint32_t>(bond->getIsAromatic() ? Bond::AROMATIC : bond->getBondType()) << 24;
      add(bond->getBeginAtomIdx(), type, bond->getEndAtomIdx());
      add(bond->getEndAtomIdx(), type, bond->getBeginAtomIdx());
    }
  }

 private:
  void add(unsigned int atom, std::uint32_t type, unsigned int other) {
    auto &of_atom = neighbors[atom];
    of_atom.list[of_atom.count++] = {type, static_cast<int>(other)};
  }
};

// RDKit's SpecialChiralityAtomCompareFunctor for a molecule without stereo marks. The atoms are in the
// same class and therefore have the same degree.
struct CompareBonds {
  const std::vector<BondKeys> *bonds;

  int operator()(int i, int j) const {
    const auto &left = (*bonds)[i], &right = (*bonds)[j];
    for (std::size_t place = 0; place < kMaxDegree; ++place) {
      if (left[place] != right[place]) {
        return left[place] < right[place] ? -1 : 1;
      }
    }
    return 0;
  }
};

// The ordered partition of the atoms, which is refined until each class is a single atom. A class is
// identified by the position of its first atom in the order. The steps and their order are those of
// RefinePartitions and BreakTies in RDKit's new_canon.h. But the bonds of an atom are sorted only once
// before a class is sorted, and only if a neighbour has moved to a different class, instead of twice per
// comparison.
class Partition {
 public:
  explicit Partition(const ROMol &molecule)
      : molecule_(molecule),
        graph_(molecule),
        size_(static_cast<int>(molecule.getNumAtoms())),
        class_(size_, 0),
        order_(size_),
        count_(size_, 0),
        next_(size_, kIdle),
        changed_(size_, 1),
        touched_(size_, 0),
        scratch_(size_),
        bonds_(size_) {}

  // Makes classes of equal atoms, and splits them as long as atoms of one class differ in their bonds.
  void refine() {
    sort_all();
    part(0, size_);
    split_active();
  }

  void break_ties() {
    for (int place = 0; place < size_; ++place) {
      const int first = order_[place];
      const int old_class = class_[first];
      while (count_[first] > 1) {
        part_last(first);
        split_active();
      }
      if (class_[first] != old_class) {
        --place;
      }
    }
  }

  bool has_ties() const { return std::find(count_.begin(), count_.end(), 0) != count_.end(); }

  // Whether more than half of the ring atoms are in classes of three or more: a part of the condition
  // under which rankWithFunctor adds the pass for high symmetry.
  bool has_symmetric_rings(const std::vector<bool> &ring_bonds) const {
    std::vector<bool> in_ring(size_, false);
    for (const auto *bond : molecule_.bonds()) {
      if (ring_bonds[bond->getIdx()]) {
        in_ring[bond->getBeginAtomIdx()] = in_ring[bond->getEndAtomIdx()] = true;
      }
    }
    unsigned int symmetric = 0, in_rings = 0;
    for (const int atom : order_) {
      symmetric += in_ring[atom] && count_[atom] > 2 ? count_[atom] : 0;
      in_rings += in_ring[atom];
    }
    return in_rings > 0 && static_cast<float>(symmetric) / in_rings > 0.5;
  }

  // The rest of that condition.
  bool has_alike_in_two_rings(const RDKit::RingInfo &rings) const {
    return std::any_of(order_.begin(), order_.end(),
                       [&](int atom) { return count_[atom] > 1 && rings.numAtomRings(atom) > 1; });
  }

  // By atom: its class.
  std::vector<unsigned int> ranks() const { return {class_.begin(), class_.end()}; }

 private:
  static constexpr int kIdle = -2, kNone = -1;

  // Sorts the atoms, all of one class, and counts those that are equal.
  void sort_all() {
    std::vector<Signature> signatures;
    signatures.reserve(size_);
    for (const auto *atom : molecule_.atoms()) {
      signatures.push_back(signature(*atom, bond_types(atom->getIdx())));
    }
    std::sort(signatures.begin(), signatures.end());
    int first = 0;
    for (int place = 0; place < size_; ++place) {
      order_[place] = signatures[place].atom;
      first = signatures[place].is_like(signatures[first]) ? first : place;
      ++count_[order_[first]];
    }
  }

  // Like sort_all for the class of `length` atoms that begins at `begin`, by their bonds.
  void sort_class(int begin, int length) {
    int *const members = order_.data() + begin;
    for (int i = 0; i < length; ++i) {
      if (changed_[members[i]]) {
        order_bonds(members[i]);
      }
    }
    const CompareBonds compare{&bonds_};
    if (RDKit::hanoi(members, length, scratch_.data(), count_.data(), changed_.data(), compare)) {
      std::copy_n(scratch_.begin(), length, members);
    }
  }

  // Splits a sorted class into the classes of its equal atoms, and schedules the classes of their
  // neighbours for splitting.
  void part(int begin, int length) {
    const int *const members = order_.data() + begin;
    for (int i = 0; i < length; ++i) {
      changed_[members[i]] = 0;
    }
    const int stays = count_[members[0]];
    if (stays == length) {
      return;
    }
    int now = begin;
    for (int i = stays; i < length; ++i) {
      now = count_[members[i]] ? begin + i : now;
      class_[members[i]] = now;
      mark_neighbors(members[i]);
    }
    for (int i = stays; i < length; ++i) {
      touch_neighbors(members[i]);
    }
    activate_touched();
  }

  void split_active() {
    while (active_ != kNone) {
      const int first = active_;
      active_ = next_[first];
      next_[first] = kIdle;
      const int begin = class_[first], length = count_[first];
      sort_class(begin, length);
      part(begin, length);
    }
  }

  // Makes a separate class of the last atom in the class of `first`.
  void part_last(int first) {
    const int length = count_[first];
    const int place = class_[first] + length - 1;
    const int last = order_[place];
    class_[last] = place;
    count_[first] = length - 1;
    count_[last] = 1;
    mark_neighbors(last);
    touch_neighbors(last);
    activate_touched();
  }

  void mark_neighbors(int atom) {
    for (const auto &neighbor : graph_.neighbors[atom]) {
      changed_[neighbor.atom] = 1;
    }
  }

  void touch_neighbors(int atom) {
    for (const auto &neighbor : graph_.neighbors[atom]) {
      touched_[class_[neighbor.atom]] = 1;
    }
  }

  void activate_touched() {
    for (int place = 0; place < size_; ++place) {
      if (touched_[place]) {
        touched_[place] = 0;
        const int first = order_[place];
        if (count_[first] > 1 && next_[first] == kIdle) {
          next_[first] = active_;
          active_ = first;
        }
      }
    }
  }

  // The types of an atom's bonds, highest first.
  std::uint64_t bond_types(unsigned int atom) const {
    std::array<std::uint32_t, kMaxDegree> types{};
    std::size_t count = 0;
    for (const auto &neighbor : graph_.neighbors[atom]) {
      types[count++] = neighbor.type >> 24;
    }
    std::sort(types.begin(), types.end(), std::greater<>());
    std::uint64_t packed = 0;
    for (const auto type : types) {
      packed = packed << 8 | type;
    }
    return packed;
  }

  void order_bonds(int atom) {
    auto &keys = bonds_[atom];
    std::size_t count = 0;
    for (const auto &neighbor : graph_.neighbors[atom]) {
      const auto key = neighbor.type | static_cast<std::uint32_t>(class_[neighbor.atom]);
      auto place = count++;
      for (; place > 0 && keys[place - 1] < key; --place) {
        keys[place] = keys[place - 1];
      }
      keys[place] = key;
    }
  }

  const ROMol &molecule_;
  const Graph graph_;
  const int size_;
  std::vector<int> class_;    // by atom
  std::vector<int> order_;    // atoms, class by class
  std::vector<int> count_;    // by atom: the size of its class at the first atom of it, else 0
  std::vector<int> next_;     // by first atom of a class: the next one to be split; kNone the last, kIdle not
  std::vector<int> changed_;  // by atom: whether a neighbour has changed class since it was sorted
  std::vector<char> touched_;  // by class
  std::vector<int> scratch_;
  std::vector<BondKeys> bonds_;  // by atom; unused places are 0
  int active_ = kNone;           // the first atom of the class to be split next
};

std::vector<unsigned int> ranks_by_rdkit(RDKit::RWMol &molecule) {
  know_rings(molecule);
  std::vector<unsigned int> ranks;
  RDKit::Canon::rankMolAtoms(molecule, ranks);
  return ranks;
}

bool can_be_packed(const ROMol &molecule) {
  auto atoms = molecule.atoms();
  return molecule.getNumAtoms() < kMaxAtoms && std::all_of(atoms.begin(), atoms.end(), [](const Atom *atom) {
           return atom->getDegree() <= kMaxDegree;
         });
}

}  // namespace

std::vector<unsigned int> canonical_ranks(RDKit::RWMol &molecule, const std::vector<bool> &ring_bonds) {
  if (!can_be_packed(molecule)) {
    return ranks_by_rdkit(molecule);
  }
  Partition partition(molecule);
  partition.refine();
  if (partition.has_ties() && partition.has_symmetric_rings(ring_bonds)) {
    know_rings(molecule);
    if (partition.has_alike_in_two_rings(*molecule.getRingInfo())) {
      return ranks_by_rdkit(molecule);
    }
  }
  partition.break_ties();
  return partition.ranks();
}

}  // namespace xform
