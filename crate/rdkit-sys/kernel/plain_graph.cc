#include "plain_graph.h"

#include <algorithm>

namespace xform {
namespace {

constexpr std::size_t kMaxAtoms = 500;
// Of RDKit's queue of simple paths (MAX_BFSQ_SIZE in FindRings.cpp).
constexpr std::size_t kMaxPaths = 200'000;

// The hydrogens that RDKit gives an uncharged atom, or -1 where the atom is not plain.
int hydrogens_of(const PlainGraph::Atom &atom) {
  const int sum = atom.order_sum;
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

// The grammar.
class PlainGraph::Reader {
 public:
  Reader(PlainGraph &graph, std::string_view text) : graph_(graph), text_(text) { open_.fill({kNone, 0}); }

  bool read() {
    while (at_ < text_.size()) {
      if (!read_token()) {
        return false;
      }
    }
    return is_complete();
  }

 private:
  enum class Last { kNothing, kAtom, kBond, kOpen, kClose };

  struct OpenRing {
    int atom;
    std::uint8_t order;  // 0: not said
  };

  static constexpr int kNone = -1;

  bool read_token() {
    const char letter = text_[at_++];
    switch (letter) {
      case 'C':
        return skip('l') ? add_atom(17) : add_atom(6);
      case 'O':
        return add_atom(8);
      case 'N':
        return add_atom(7);
      case 'S':
        return add_atom(16);
      case 'P':
        return add_atom(15);
      case 'F':
        return add_atom(9);
      case 'I':
        return add_atom(53);
      case 'B':
        return skip('r') ? add_atom(35) : add_atom(5);
      case '-':
        return set_order(1);
      case '=':
        return set_order(2);
      case '#':
        return set_order(3);
      case '(':
        return open_branch();
      case ')':
        return close_branch();
      case '%':
        return read_ring_number();
      default:
        return is_digit(letter) && toggle_ring(letter - '0');
    }
  }

  static bool is_digit(char letter) { return letter >= '1' && letter <= '9'; }

  bool skip(char letter) {
    const bool found = at_ < text_.size() && text_[at_] == letter;
    at_ += found;
    return found;
  }

  bool add_atom(std::uint8_t element) {
    const auto index = static_cast<std::uint16_t>(graph_.atoms_.size());
    graph_.atoms_.push_back({element, {}, {}, {}, {}, {}, {}});
    graph_.parents_.push_back(static_cast<std::uint16_t>(std::max(previous_, 0)));
    const bool is_bonded = previous_ == kNone ||
                           graph_.add_bond(static_cast<std::uint16_t>(previous_), index, order_ ? order_ : 1);
    previous_ = index;
    order_ = 0;
    last_ = Last::kAtom;
    may_ring_ = true;
    return is_bonded && graph_.atoms_.size() <= kMaxAtoms;
  }

  bool set_order(std::uint8_t order) {
    if (last_ == Last::kNothing || last_ == Last::kBond) {
      return false;
    }
    order_ = order;
    last_ = Last::kBond;
    return true;
  }

  bool open_branch() {
    if (last_ != Last::kAtom && last_ != Last::kClose) {
      return false;
    }
    graph_.stack_.push_back(static_cast<std::uint16_t>(previous_));
    last_ = Last::kOpen;
    may_ring_ = false;
    return true;
  }

  bool close_branch() {
    if ((last_ != Last::kAtom && last_ != Last::kClose) || graph_.stack_.empty()) {
      return false;
    }
    previous_ = graph_.stack_.back();
    graph_.stack_.pop_back();
    last_ = Last::kClose;
    may_ring_ = false;
    return true;
  }

  bool read_ring_number() {
    if (at_ + 2 > text_.size() || !is_digit(text_[at_])) {
      return false;
    }
    const int tens = text_[at_] - '0', ones = text_[at_ + 1] - '0';
    at_ += 2;
    return ones >= 0 && ones <= 9 && toggle_ring(10 * tens + ones);
  }

  // Ring numbers stand behind their atom, before any branch.
  bool toggle_ring(int number) {
    if (!may_ring_) {
      return false;
    }
    auto &ring = open_[number];
    const auto order = order_;
    order_ = 0;
    last_ = Last::kAtom;
    if (ring.atom == kNone) {
      ring = {previous_, order};
      ++open_rings_;
      return true;
    }
    const auto opened = ring;
    ring.atom = kNone;
    --open_rings_;
    return close_ring(opened, order);
  }

  bool close_ring(const OpenRing &opened, std::uint8_t order) {
    if (opened.order && order && opened.order != order) {
      return false;
    }
    const std::uint8_t said = opened.order ? opened.order : order;
    const auto begin = static_cast<std::uint16_t>(opened.atom);
    const auto end = static_cast<std::uint16_t>(previous_);
    if (begin == end || are_bonded(begin, end)) {
      return false;
    }
    graph_.closures_.push_back({begin, end, said ? said : std::uint8_t{1}, {}, {}});
    return true;
  }

  bool are_bonded(std::uint16_t begin, std::uint16_t end) const {
    const auto joins = [&](const Bond &bond) {
      return (bond.begin == begin && bond.end == end) || (bond.begin == end && bond.end == begin);
    };
    return graph_.parents_[end] == begin || graph_.parents_[begin] == end ||
           std::any_of(graph_.closures_.begin(), graph_.closures_.end(), joins);
  }

  bool is_complete() const {
    return (last_ == Last::kAtom || last_ == Last::kClose) && graph_.stack_.empty() && !open_rings_;
  }

  PlainGraph &graph_;
  const std::string_view text_;
  std::size_t at_ = 0;
  Last last_ = Last::kNothing;  // a ring number counts as its atom
  bool may_ring_ = false;
  int previous_ = kNone;    // the atom that the next one is bonded to
  std::uint8_t order_ = 0;  // of the next bond; 0: not said
  int open_rings_ = 0;
  std::array<OpenRing, 100> open_;
};

bool PlainGraph::read(std::string_view smiles) {
  atoms_.clear();
  bonds_.clear();
  closures_.clear();
  parents_.clear();
  stack_.clear();
  if (!Reader(*this, smiles).read()) {
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
  if (!has_plain_rings()) {
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
    place.order_sum = static_cast<std::uint8_t>(place.order_sum + order);
  }
  bonds_.push_back({begin, end, order, false, false});
  return true;
}

bool PlainGraph::fill_valences() {
  for (auto &atom : atoms_) {
    const int hydrogens = hydrogens_of(atom);
    if (hydrogens < 0) {
      return false;
    }
    atom.hydrogens = static_cast<std::uint8_t>(hydrogens);
  }
  return true;
}

// The bonds along the text are a spanning tree in which each atom comes after its parent. A closure makes a
// cycle with the tree bonds between its ends; bond i - 1 leads from atom i to its parent.
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

// Whether taking away atoms of up to two bonds, again and again, leaves none.
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

// Atoms that RDKit could count to an aromatic ring: all of its atoms have to be of these kinds.
//
// In Aromaticity.cpp a candidate has up to three neighbours, hydrogens among them, and electrons to give: C
// and B by exactly one multiple bond (more than one is excluded), the others by a lone pair or such a bond in
// their lowest valence. Only cycles of candidates can be aromatic, so those on no such cycle are peeled off.
void PlainGraph::mark_aromatic_candidates() {
  const auto is_candidate = [](const Atom &atom) {
    const int multiple = atom.order_sum - atom.degree;
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
