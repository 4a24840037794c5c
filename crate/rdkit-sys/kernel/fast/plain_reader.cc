#include "fast/plain_reader.h"

#include <algorithm>

namespace xform {
namespace {

constexpr std::size_t kMaxAtoms = 500;

bool is_digit(char letter) { return letter >= '1' && letter <= '9'; }

}  // namespace

PlainReader::PlainReader(PlainGraph &graph, std::string_view text) : graph_(graph), text_(text) {
  open_.fill({kNone, 0});
}

bool PlainReader::read() {
  while (at_ < text_.size()) {
    if (!read_token()) {
      return false;
    }
  }
  return is_complete();
}

bool PlainReader::read_token() {
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
    case 'c':
      return add_aromatic(6);
    case 'n':
      return add_aromatic(7);
    case 'o':
      return add_aromatic(8);
    case 's':
      return add_aromatic(16);
    case '[':
      return read_bracket();
    case '-':
      return set_order(1);
    case '=':
      return set_order(2);
    case '#':
      return set_order(3);
    case '/':
    case '\\':
      return set_direction();
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

bool PlainReader::skip(char letter) {
  const bool found = at_ < text_.size() && text_[at_] == letter;
  at_ += found;
  return found;
}

// Whether RDKit leaves the atom unchanged is decided where its valence is checked.
bool PlainReader::read_bracket() {
  PlainGraph::Atom atom{};
  atom.bracket = true;
  atom.aromatic = at_ < text_.size() && (text_[at_] == 'c' || text_[at_] == 'n');
  if (skip('C') || skip('c')) {
    atom.element = 6;
  } else if (skip('N') || skip('n')) {
    atom.element = 7;
  } else if (skip('O')) {
    atom.element = 8;
  } else if (skip('S')) {
    atom.element = 16;
  } else {
    return false;
  }
  const bool has_mark = skip('@');
  skip('@');
  if (skip('H')) {
    const bool is_counted = at_ < text_.size() && is_digit(text_[at_]);
    atom.hydrogens = static_cast<std::uint8_t>(is_counted ? text_[at_++] - '0' : 1);
  }
  atom.charge = static_cast<std::int8_t>(skip('+') ? 1 : skip('-') ? -1 : 0);
  const bool may_have_mark = atom.element == 6 && !atom.aromatic && atom.hydrogens <= 1;
  const bool may_have_charge = atom.element == 7 || (atom.element != 6 && atom.charge == -1);
  return skip(']') && (!has_mark || may_have_mark) && (!atom.charge || may_have_charge) && add_atom(atom);
}

// The order of a bond that the text writes as `said`.
std::uint8_t PlainReader::order_between(std::uint16_t begin, std::uint16_t end, std::uint8_t said) const {
  const bool aromatic = graph_.atoms_[begin].aromatic && graph_.atoms_[end].aromatic;
  return said ? said : aromatic ? PlainGraph::kAromatic : std::uint8_t{1};
}

bool PlainReader::add_atom(const PlainGraph::Atom &atom) {
  const auto index = static_cast<std::uint16_t>(graph_.atoms_.size());
  const auto before = static_cast<std::uint16_t>(std::max(previous_, 0));
  graph_.atoms_.push_back(atom);
  graph_.parents_.push_back(before);
  const bool is_bonded =
      previous_ == kNone || graph_.add_bond(before, index, order_between(before, index, order_));
  // RDKit treats a direction as a single bond; between aromatic atoms, other programs read it differently.
  const bool is_plain = !has_direction_ || !atom.aromatic || !graph_.atoms_[before].aromatic;
  previous_ = index;
  order_ = 0;
  has_direction_ = false;
  last_ = Last::kAtom;
  may_ring_ = true;
  return is_bonded && is_plain && graph_.atoms_.size() <= kMaxAtoms;
}

bool PlainReader::set_order(std::uint8_t order) {
  if (last_ == Last::kNothing || last_ == Last::kBond) {
    return false;
  }
  order_ = order;
  last_ = Last::kBond;
  return true;
}

bool PlainReader::set_direction() {
  has_direction_ = true;
  return set_order(1);
}

bool PlainReader::open_branch() {
  if (last_ != Last::kAtom && last_ != Last::kClose) {
    return false;
  }
  graph_.stack_.push_back(static_cast<std::uint16_t>(previous_));
  last_ = Last::kOpen;
  may_ring_ = false;
  return true;
}

bool PlainReader::close_branch() {
  if ((last_ != Last::kAtom && last_ != Last::kClose) || graph_.stack_.empty()) {
    return false;
  }
  previous_ = graph_.stack_.back();
  graph_.stack_.pop_back();
  last_ = Last::kClose;
  may_ring_ = false;
  return true;
}

bool PlainReader::read_ring_number() {
  if (at_ + 2 > text_.size() || !is_digit(text_[at_])) {
    return false;
  }
  const int tens = text_[at_] - '0', ones = text_[at_ + 1] - '0';
  at_ += 2;
  return ones >= 0 && ones <= 9 && toggle_ring(10 * tens + ones);
}

// Ring numbers come after their atom, before any branch.
bool PlainReader::toggle_ring(int number) {
  if (!may_ring_ || has_direction_) {
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

bool PlainReader::close_ring(const OpenRing &opened, std::uint8_t order) {
  if (opened.order && order && opened.order != order) {
    return false;
  }
  const std::uint8_t said = opened.order ? opened.order : order;
  const auto begin = static_cast<std::uint16_t>(opened.atom);
  const auto end = static_cast<std::uint16_t>(previous_);
  if (begin == end || are_bonded(begin, end)) {
    return false;
  }
  graph_.closures_.push_back({begin, end, order_between(begin, end, said), {}, {}});
  return true;
}

bool PlainReader::are_bonded(std::uint16_t begin, std::uint16_t end) const {
  const auto joins = [&](const PlainGraph::Bond &bond) {
    return (bond.begin == begin && bond.end == end) || (bond.begin == end && bond.end == begin);
  };
  return graph_.parents_[end] == begin || graph_.parents_[begin] == end ||
         std::any_of(graph_.closures_.begin(), graph_.closures_.end(), joins);
}

bool PlainReader::is_complete() const {
  return (last_ == Last::kAtom || last_ == Last::kClose) && graph_.stack_.empty() && !open_rings_;
}

}  // namespace xform
