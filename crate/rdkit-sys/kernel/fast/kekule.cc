#include "fast/kekule.h"

#include <algorithm>
#include <utility>

#include "fast/ring_core.h"

namespace xform {
namespace {

constexpr unsigned int kMaxChoices = 100;   // maxBackTracks of RDKit's Kekulize
constexpr unsigned int kMaxBranchings = 5;  // per system: 3 x 2^5 is below that

}  // namespace

template <typename Visit>
void KekuleProof::each_aromatic_neighbor(std::uint16_t atom, Visit &&visit) const {
  const auto &place = graph_.atoms_[atom];
  for (unsigned int i = 0; i < place.degree; ++i) {
    const auto &bond = graph_.bonds_[place.bonds[i]];
    if (bond.order == PlainGraph::kAromatic) {
      visit(bond.other(atom));
    }
  }
}

bool KekuleProof::settle() {
  const auto &atoms = graph_.atoms_;
  if (std::none_of(atoms.begin(), atoms.end(), [](const PlainGraph::Atom &atom) { return atom.aromatic; })) {
    return true;  // written in Kekule form, as complete libraries are
  }
  settle_bonds();
  return settle_atoms() && are_in_rings() && pair_all();
}

// RDKit turns aromatic bonds that are not on a cycle into single bonds (biphenyl, c1ccccc1c1ccccc1).
void KekuleProof::settle_bonds() {
  for (auto &bond : graph_.bonds_) {
    if (bond.order == PlainGraph::kAromatic && !bond.in_ring) {
      bond.order = 1;
    }
  }
}

bool KekuleProof::settle_atoms() {
  open_.assign(graph_.atoms_.size(), false);
  for (std::size_t index = 0; index < graph_.atoms_.size(); ++index) {
    auto &atom = graph_.atoms_[index];
    if (!atom.aromatic) {
      continue;
    }
    const auto share = share_of(atom, static_cast<std::uint16_t>(index));
    if (share == Share::kNotPlain) {
      return false;
    }
    open_[index] = share == Share::kPaired;
    atom.order_sum = static_cast<std::uint8_t>(atom.order_sum + open_[index]);
  }
  return true;
}

KekuleProof::Share KekuleProof::share_of(PlainGraph::Atom &atom, std::uint16_t index) const {
  unsigned int aromatic = 0, singles = 0, doubles = 0;
  for (unsigned int i = 0; i < atom.degree; ++i) {
    const auto &bond = graph_.bonds_[atom.bonds[i]];
    const bool is_aromatic = bond.order == PlainGraph::kAromatic;
    if (!is_aromatic && graph_.atoms_[bond.other(index)].aromatic && (bond.in_ring || bond.order != 1)) {
      return Share::kNotPlain;
    }
    aromatic += is_aromatic;
    singles += bond.order == 1;
    doubles += bond.order == 2;
  }
  const bool has_two = aromatic == 2 && atom.degree == 2;
  const bool has_single = aromatic == 2 && singles == 1 && atom.degree == 3;
  const bool has_double = aromatic == 2 && doubles == 1 && atom.degree == 3;
  const bool has_three = has_single || (aromatic == 3 && atom.degree == 3);
  const auto plain_if = [](bool is_plain, Share share) { return is_plain ? share : Share::kNotPlain; };
  switch (atom.element) {
    case 6:
      if (!atom.bracket) {
        atom.hydrogens = has_two;
      }
      return has_double ? plain_if(!atom.bracket, Share::kSingle)
                        : plain_if(atom.hydrogens == has_two && (has_two || has_three), Share::kPaired);
    case 7:
      if (!atom.bracket) {
        return has_three ? Share::kSingle : plain_if(has_two, Share::kPaired);
      }
      if (atom.charge > 0) {
        return plain_if(atom.hydrogens == has_two && (has_two || has_three), Share::kPaired);
      }
      return plain_if(has_two && atom.hydrogens == atom.charge + 1, Share::kSingle);
    default:  // oxygen, sulphur
      return plain_if(has_two, Share::kSingle);
  }
}

// Whether RDKit's rings are sure to have all aromatic bonds; see ring_core.h. Each of them is on a cycle.
bool KekuleProof::are_in_rings() {
  std::vector<RingCore::Bond> unsure;
  for (const auto &bond : graph_.bonds_) {
    if (bond.order == PlainGraph::kAromatic &&
        std::min(graph_.atoms_[bond.begin].degree, graph_.atoms_[bond.end].degree) > 2) {
      unsure.push_back({bond.begin, bond.end});
    }
  }
  if (unsure.empty()) {
    return true;
  }
  std::vector<RingCore::Bond> bonds;
  for (const auto &bond : graph_.bonds_) {
    bonds.push_back({bond.begin, bond.end});
  }
  return RingCore(graph_.atoms_.size(), bonds).surely_covers(std::move(unsure));
}

bool KekuleProof::pair_all() {
  unsigned int choices = 0;
  seen_.assign(graph_.atoms_.size(), false);
  for (std::size_t first = 0; first < graph_.atoms_.size(); ++first) {
    if (!graph_.atoms_[first].aromatic || seen_[first]) {
      continue;
    }
    collect_system(static_cast<std::uint16_t>(first));
    const auto branchings =
        static_cast<unsigned int>(std::count_if(system_.begin(), system_.end(), [this](std::uint16_t atom) {
          unsigned int bonds = 0;
          each_aromatic_neighbor(atom, [&](std::uint16_t) { ++bonds; });
          return bonds == 3;
        }));
    if (branchings > kMaxBranchings) {
      return false;
    }
    choices += 3u << branchings;
    if (choices > kMaxChoices || !pair_up()) {
      return false;
    }
  }
  return true;
}

void KekuleProof::collect_system(std::uint16_t first) {
  system_.assign(1, first);
  seen_[first] = true;
  for (std::size_t next = 0; next < system_.size(); ++next) {
    each_aromatic_neighbor(system_[next], [&](std::uint16_t neighbor) {
      if (!seen_[neighbor]) {
        seen_[neighbor] = true;
        system_.push_back(neighbor);
      }
    });
  }
}

// Pairs up the open atoms of the system, always an atom with the fewest open neighbours first.
bool KekuleProof::pair_up() {
  std::array<std::uint16_t, 3> best{};
  unsigned int fewest = 4;
  std::uint16_t chosen = 0;
  for (const auto atom : system_) {
    if (!open_[atom]) {
      continue;
    }
    std::array<std::uint16_t, 3> neighbors{};
    unsigned int count = 0;
    each_aromatic_neighbor(atom, [&](std::uint16_t neighbor) {
      if (open_[neighbor]) {
        neighbors[count++] = neighbor;
      }
    });
    if (count < fewest) {
      fewest = count;
      best = neighbors;
      chosen = atom;
    }
  }
  if (fewest == 4) {
    return true;
  }
  open_[chosen] = false;
  for (unsigned int i = 0; i < fewest; ++i) {
    open_[best[i]] = false;
    if (pair_up()) {
      return true;
    }
    open_[best[i]] = true;
  }
  open_[chosen] = true;
  return false;
}

}  // namespace xform
