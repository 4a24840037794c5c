#include "fast/plain_graph.h"

#include <algorithm>

#include "fast/kekule.h"
#include "fast/plain_reader.h"

namespace xform {
namespace {

// The limit of RDKit's queue of simple paths (MAX_BFSQ_SIZE in FindRings.cpp).
constexpr std::size_t kMaxPaths = 200'000;

// The valence of the bracket atoms that are plain.
int full_valence(const PlainGraph::Atom &atom) {
  const int uncharged = atom.element == 6 ? 4 : atom.element == 7 ? 3 : 2;
  return uncharged + atom.charge;
}

// The hydrogens that RDKit gives an atom that is not aromatic; -1 if the atom is not plain.
int hydrogens_of(const PlainGraph::Atom &atom) {
  const int sum = atom.order_sum;
  if (atom.bracket) {
    return sum + atom.hydrogens == full_valence(atom) ? atom.hydrogens : -1;
  }
  switch (atom.element) {
    case 5:
    case 7:
      return 3 - sum;
    case 6:
      return 4 - sum;
    case 8:
      return 2 - sum;
    case 9:
    case 17:
    case 35:
    case 53:
      return 1 - sum;
    case 15:
      return sum == 5 && atom.degree == 3 ? -1 : sum <= 3 ? 3 - sum : 5 - sum;
    default:  // sulphur
      return sum <= 2 ? 2 - sum : sum <= 4 ? 4 - sum : 6 - sum;
  }
}

}  // namespace

bool PlainGraph::read(std::string_view smiles) {
  atoms_.clear();
  bonds_.clear();
  closures_.clear();
  parents_.clear();
  stack_.clear();
  if (!PlainReader(*this, smiles).read()) {
    return false;
  }
  const auto first_closure = bonds_.size();
  for (const auto &closure : closures_) {
    if (!add_bond(closure.begin, closure.end, closure.order)) {
      return false;
    }
  }
  if (!fill_valences()) {
    return false;
  }
  mark_rings(first_closure);
  if (!has_plain_rings() || !KekuleProof(*this).settle()) {
    return false;
  }
  mark_aromatic_candidates();
  return true;
}

bool PlainGraph::add_bond(std::uint16_t begin, std::uint16_t end, std::uint8_t order) {
  const auto index = static_cast<std::uint16_t>(bonds_.size());
  for (const auto atom : {begin, end}) {
    auto &place = atoms_[atom];
    if (place.degree == kMaxDegree) {
      return false;
    }
    place.bonds[place.degree++] = index;
    place.order_sum = static_cast<std::uint8_t>(place.order_sum + (order == kAromatic ? 1 : order));
  }
  bonds_.push_back({begin, end, order, false, false});
  return true;
}

bool PlainGraph::fill_valences() {
  for (auto &atom : atoms_) {
    if (atom.aromatic) {
      continue;  // see kekule.h
    }
    const int hydrogens = hydrogens_of(atom);
    if (hydrogens < 0) {
      return false;
    }
    atom.hydrogens = static_cast<std::uint8_t>(hydrogens);
  }
  return true;
}

// The bonds along the text are a spanning tree in which each atom comes after its parent. A closure makes
// a cycle with the tree bonds between its ends; bond i - 1 leads from atom i to its parent.
void PlainGraph::mark_rings(std::size_t first_closure) {
  for (auto closure = first_closure; closure < bonds_.size(); ++closure) {
    auto &bond = bonds_[closure];
    bond.in_ring = atoms_[bond.begin].in_ring = atoms_[bond.end].in_ring = true;
    auto left = bond.begin, right = bond.end;
    while (left != right) {
      auto &later = left > right ? left : right;
      bonds_[later - 1].in_ring = true;
      later = parents_[later];
      atoms_[later].in_ring = true;
    }
  }
}

bool PlainGraph::has_plain_rings() {
  const auto is_odd = [](const Bond &bond) { return bond.in_ring && bond.order == 3; };
  return closures_.empty() ||
         (!std::any_of(bonds_.begin(), bonds_.end(), is_odd) && can_be_peeled() && has_few_paths());
}

// Whether repeatedly removing atoms with at most two bonds leaves none.
bool PlainGraph::can_be_peeled() {
  constexpr std::uint8_t kGone = 0xff;
  counts_.clear();
  stack_.clear();
  for (std::size_t atom = 0; atom < atoms_.size(); ++atom) {
    counts_.push_back(atoms_[atom].degree);
    if (counts_.back() <= 2) {
      stack_.push_back(static_cast<std::uint16_t>(atom));
    }
  }
  std::size_t gone = 0;
  while (!stack_.empty()) {
    const auto atom = stack_.back();
    stack_.pop_back();
    counts_[atom] = kGone;
    ++gone;
    for (unsigned int i = 0; i < atoms_[atom].degree; ++i) {
      const auto other = bonds_[atoms_[atom].bonds[i]].other(atom);
      if (counts_[other] != kGone && counts_[other]-- == 3) {
        stack_.push_back(other);
      }
    }
  }
  return gone == atoms_.size();
}

// Bounds the simple paths within each group of ring atoms that are bonded to each other.
bool PlainGraph::has_few_paths() {
  counts_.assign(atoms_.size(), 0);
  for (std::size_t first = 0; first < atoms_.size(); ++first) {
    if (!atoms_[first].in_ring || counts_[first]) {
      continue;
    }
    std::size_t size = 0, ends = 0;
    stack_.assign(1, static_cast<std::uint16_t>(first));
    counts_[first] = 1;
    while (!stack_.empty()) {
      const auto atom = stack_.back();
      stack_.pop_back();
      ++size;
      for (unsigned int i = 0; i < atoms_[atom].degree; ++i) {
        const auto other = bonds_[atoms_[atom].bonds[i]].other(atom);
        if (atoms_[other].in_ring) {
          ++ends;
          if (!counts_[other]) {
            counts_[other] = 1;
            stack_.push_back(other);
          }
        }
      }
    }
    const auto rings = ends / 2 - size + 1;
    if (rings > 16 || size << rings >= kMaxPaths) {
      return false;
    }
  }
  return true;
}

// Atoms that RDKit could count as part of an aromatic ring: all atoms of such a ring must be of these
// kinds.
//
// In Aromaticity.cpp a candidate has up to three neighbours, including hydrogens, and electrons to give: C
// and B by exactly one multiple bond (more than one is excluded), the others by a lone pair or such a bond
// in their lowest valence. Only cycles of candidates can be aromatic, so those that are not on such a
// cycle are peeled off.
void PlainGraph::mark_aromatic_candidates() {
  const auto is_candidate = [](const Atom &atom) {
    const int multiple = atom.order_sum - atom.degree;
    if (atom.charge) {
      return true;  // not examined
    }
    switch (atom.element) {
      case 5:
      case 6:
        return multiple == 1;
      case 7:
        return multiple <= 1;
      case 8:
        return true;
      case 15:
        return atom.order_sum <= 3 && multiple <= 1;
      case 16:
        return atom.order_sum <= 2;
      default:
        return false;
    }
  };
  counts_.assign(atoms_.size(), 0);
  for (auto &atom : atoms_) {
    atom.may_be_aromatic = atom.in_ring && is_candidate(atom);
  }
  stack_.clear();
  for (std::size_t atom = 0; atom < atoms_.size(); ++atom) {
    if (!atoms_[atom].may_be_aromatic) {
      continue;
    }
    for (unsigned int i = 0; i < atoms_[atom].degree; ++i) {
      const auto &bond = bonds_[atoms_[atom].bonds[i]];
      counts_[atom] += bond.in_ring && atoms_[bond.other(static_cast<std::uint16_t>(atom))].may_be_aromatic;
    }
    if (counts_[atom] < 2) {
      stack_.push_back(static_cast<std::uint16_t>(atom));
    }
  }
  while (!stack_.empty()) {
    const auto atom = stack_.back();
    stack_.pop_back();
    atoms_[atom].may_be_aromatic = false;
    for (unsigned int i = 0; i < atoms_[atom].degree; ++i) {
      const auto &bond = bonds_[atoms_[atom].bonds[i]];
      const auto other = bond.other(atom);
      if (bond.in_ring && atoms_[other].may_be_aromatic && counts_[other]-- == 2) {
        stack_.push_back(other);
      }
    }
  }
  for (auto &bond : bonds_) {
    bond.may_be_aromatic =
        bond.in_ring && atoms_[bond.begin].may_be_aromatic && atoms_[bond.end].may_be_aromatic;
  }
}

}  // namespace xform
