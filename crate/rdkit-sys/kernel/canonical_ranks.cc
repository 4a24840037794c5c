#include "canonical_ranks.h"

#include <GraphMol/new_canon.h>
#include <RDGeneral/types.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <utility>

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;
using RDKit::ROMol;
using RDKit::Canon::canon_atom;

constexpr unsigned int kMaxDegree = 8;
constexpr unsigned int kMaxAtoms = 1u << 24;

// The part of a comparison that does not change while classes are refined: map number, degree, element,
// isotope, hydrogens, charge, in this order. RDKit compares the charge as an unsigned number.
using FixedKey = std::pair<std::uint64_t, std::uint64_t>;

FixedKey fixed_key(const Atom &atom) {
  const auto map_number = static_cast<std::uint32_t>(atom.getAtomMapNum()) ^ 0x80000000u;
  const auto charge = static_cast<std::uint32_t>(atom.getFormalCharge());
  return {std::uint64_t{map_number} << 32 | std::uint64_t{atom.getDegree()} << 16 |
              static_cast<std::uint64_t>(atom.getAtomicNum()),
          std::uint64_t{atom.getIsotope()} << 48 | std::uint64_t{atom.getTotalNumHs()} << 32 | charge};
}

// A bond to a neighbour. RDKit orders bonds by type, then by the neighbour's class.
struct Neighbor {
  std::uint32_t type;  // in the highest byte
  int atom;
};

struct Neighbors {
  std::array<Neighbor, kMaxDegree> list;
  unsigned int count = 0;
};

// What the comparisons read.
struct Graph {
  std::vector<canon_atom> atoms;  // RDKit's templates keep the classes in `index`
  std::vector<FixedKey> keys;
  std::vector<Neighbors> neighbors;

  explicit Graph(const ROMol &molecule)
      : atoms(molecule.getNumAtoms()), keys(molecule.getNumAtoms()), neighbors(molecule.getNumAtoms()) {
    for (const auto *atom : molecule.atoms()) {
      add(molecule, *atom);
    }
  }

 private:
  void add(const ROMol &molecule, const Atom &atom) {
    auto &canonical = atoms[atom.getIdx()];
    auto &list = neighbors[atom.getIdx()];
    keys[atom.getIdx()] = fixed_key(atom);
    canonical.atom = &atom;
    canonical.degree = atom.getDegree();
    canonical.nbrIds = std::make_unique<int[]>(canonical.degree);
    for (const auto *bond : molecule.atomBonds(&atom)) {
      const auto type =
          static_cast<std::uint32_t>(bond->getIsAromatic() ? Bond::AROMATIC : bond->getBondType());
      const int other = static_cast<int>(bond->getOtherAtomIdx(atom.getIdx()));
      canonical.nbrIds[list.count] = other;
      list.list[list.count++] = {type << 24, other};
    }
  }
};

// The neighbours of an atom as RDKit compares them, highest first.
struct NeighborKeys {
  std::array<std::uint32_t, kMaxDegree> keys;

  NeighborKeys(const Graph &graph, int atom) {
    const auto &neighbors = graph.neighbors[atom];
    for (unsigned int i = 0; i < neighbors.count; ++i) {
      const auto &neighbor = neighbors.list[i];
      const auto key = neighbor.type | static_cast<std::uint32_t>(graph.atoms[neighbor.atom].index);
      unsigned int place = i;
      for (; place > 0 && keys[place - 1] < key; --place) {
        keys[place] = keys[place - 1];
      }
      keys[place] = key;
    }
  }
};

// RDKit's SpecialChiralityAtomCompareFunctor for a molecule without stereo marks. `i` and `j` are of the same
// class and so of the same degree.
struct CompareNeighbors {
  const Graph *graph;

  int operator()(int i, int j) const {
    const NeighborKeys left(*graph, i), right(*graph, j);
    for (unsigned int place = 0; place < graph->neighbors[i].count; ++place) {
      if (left.keys[place] != right.keys[place]) {
        return left.keys[place] < right.keys[place] ? -1 : 1;
      }
    }
    return 0;
  }
};

// RDKit's AtomCompareFunctor, as rankMolAtoms sets it up, for a molecule without stereo marks.
struct CompareAtoms {
  const Graph *graph;

  int operator()(int i, int j) const {
    if (graph->atoms[i].index != graph->atoms[j].index) {
      return graph->atoms[i].index < graph->atoms[j].index ? -1 : 1;
    }
    if (graph->keys[i] != graph->keys[j]) {
      return graph->keys[i] < graph->keys[j] ? -1 : 1;
    }
    return CompareNeighbors{graph}(i, j);
  }
};

// The working lists of RDKit's templates.
class Partition {
 public:
  Partition(const ROMol &molecule, Graph &graph)
      : molecule_(molecule),
        atoms_(graph.atoms.data()),
        size_(molecule.getNumAtoms()),
        order_(size_),
        count_(size_),
        next_(size_),
        changed_(size_),
        touched_(size_, 0) {
    RDKit::Canon::CreateSinglePartition(size_, order_.data(), count_.data(), atoms_);
  }

  template <typename Compare>
  void refine(Compare compare) {
    RDKit::Canon::ActivatePartitions(size_, order_.data(), count_.data(), active_, next_.data(),
                                     changed_.data());
    RDKit::Canon::RefinePartitions(molecule_, atoms_, compare, kWithNeighbors, order_.data(), count_.data(),
                                   active_, next_.data(), changed_.data(), touched_.data());
  }

  template <typename Compare>
  void break_ties(Compare compare) {
    RDKit::Canon::BreakTies(molecule_, atoms_, compare, kWithNeighbors, order_.data(), count_.data(), active_,
                            next_.data(), changed_.data(), touched_.data());
  }

  bool has_ties() const { return std::find(count_.begin(), count_.end(), 0) != count_.end(); }

  // The condition under which rankWithFunctor adds the pass for high symmetry.
  bool is_highly_symmetric() const {
    const auto *rings = molecule_.getRingInfo();
    unsigned int symmetric = 0, in_rings = 0;
    bool branching = false;
    for (const int atom : order_) {
      const auto memberships = rings->numAtomRings(atom);
      symmetric += memberships && count_[atom] > 2 ? count_[atom] : 0;
      in_rings += memberships != 0;
      branching = branching || (memberships > 1 && count_[atom] > 1);
    }
    return has_ties() && in_rings > 0 && static_cast<float>(symmetric) / in_rings > 0.5 && branching;
  }

 private:
  static constexpr int kWithNeighbors = 1;

  const ROMol &molecule_;
  canon_atom *atoms_;
  const unsigned int size_;
  std::vector<int> order_, count_, next_, changed_;
  std::vector<char> touched_;
  int active_ = -1;
};

std::vector<unsigned int> ranks_by_rdkit(const ROMol &molecule) {
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

bool has_stereo_marks(const ROMol &molecule) {
  auto atoms = molecule.atoms();
  auto bonds = molecule.bonds();
  return !molecule.getStereoGroups().empty() || std::any_of(atoms.begin(), atoms.end(), [](const Atom *atom) {
    return atom->getChiralTag() != Atom::CHI_UNSPECIFIED;
  }) || std::any_of(bonds.begin(), bonds.end(), [](const Bond *bond) {
    return bond->getBondDir() != Bond::NONE || bond->getStereo() != Bond::STEREONONE;
  });
}

std::vector<unsigned int> canonical_ranks(const ROMol &molecule, bool marked) {
  if (marked || !can_be_packed(molecule)) {
    return ranks_by_rdkit(molecule);
  }
  Graph graph(molecule);
  Partition partition(molecule, graph);
  partition.refine(CompareAtoms{&graph});
  if (partition.has_ties()) {
    partition.refine(CompareNeighbors{&graph});
  }
  if (partition.is_highly_symmetric()) {
    return ranks_by_rdkit(molecule);
  }
  partition.break_ties(CompareAtoms{&graph});
  std::vector<unsigned int> ranks;
  ranks.reserve(graph.atoms.size());
  for (const auto &atom : graph.atoms) {
    ranks.push_back(static_cast<unsigned int>(atom.index));
  }
  return ranks;
}

}  // namespace xform
