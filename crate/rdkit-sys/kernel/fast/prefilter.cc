#include "fast/prefilter.h"

#include <GraphMol/SmilesParse/SmartsWrite.h>

#include <algorithm>
#include <utility>

namespace xform {
namespace {

// The elements of plain graphs.
constexpr std::array<int, 10> kElementNumbers{5, 6, 7, 8, 9, 15, 16, 17, 35, 53};

std::size_t place_of(int element) {
  return static_cast<std::size_t>(std::find(kElementNumbers.begin(), kElementNumbers.end(), element) -
                                  kElementNumbers.begin());
}

}  // namespace

std::size_t Prefilter::number_of(const PlainGraph::Atom &atom) {
  static const auto places = [] {
    std::array<std::uint8_t, 54> table{};
    for (const int element : kElementNumbers) {
      table[element] = static_cast<std::uint8_t>(place_of(element));
    }
    return table;
  }();
  const std::size_t ion = places[atom.element] * kCharges + static_cast<std::size_t>(atom.charge + 1);
  const std::size_t counts = (ion * kDegrees + atom.degree) * kHydrogens + atom.hydrogens;
  return counts * 4 + 2 * atom.in_ring + atom.may_be_aromatic;
}

Prefilter::BondKinds Prefilter::bit_of(std::uint8_t order, bool in_ring, bool may_be_aromatic) {
  return static_cast<BondKinds>(1u << ((order - 1) * 4 + 2 * in_ring + may_be_aromatic));
}

Prefilter::BondKinds Prefilter::bits_of(const PlainGraph::Bond &bond) {
  const auto with = [&](std::uint8_t order) { return bit_of(order, bond.in_ring, bond.may_be_aromatic); };
  return bond.order == PlainGraph::kAromatic ? static_cast<BondKinds>(with(1) | with(2)) : with(bond.order);
}

void Prefilter::add(const RDKit::ROMol &reactant) {
  auto smarts = RDKit::MolToSmarts(reactant);
  const auto known = std::find_if(templates_.begin(), templates_.end(),
                                  [&](const Template &other) { return other.smarts == smarts; });
  of_transform_.push_back(static_cast<std::size_t>(known - templates_.begin()));
  if (known == templates_.end()) {
    templates_.push_back(compile(reactant, std::move(smarts)));
  }
}

void Prefilter::add_unchecked() {
  of_transform_.push_back(templates_.size());
  templates_.emplace_back();
}

Prefilter::Template Prefilter::compile(const RDKit::ROMol &reactant, std::string smarts) {
  Template result{std::move(smarts), 0, true};
  const auto first_bit = bits_used_;
  if (first_bit + reactant.getNumAtoms() > kBits) {
    return result;
  }
  for (const auto *atom : reactant.atoms()) {
    add_atom(*atom, bits_used_);
    result.atoms |= Bits{1} << bits_used_++;
  }
  for (const auto *bond : reactant.bonds()) {
    add_bond(*bond, first_bit);
  }
  return result;
}

void Prefilter::add_atom(const RDKit::Atom &atom, std::size_t bit) {
  std::size_t number = 0;
  for (const int element : kElementNumbers) {
    for (const int charge : {-1, 0, 1}) {
      for (std::size_t degree = 0; degree < kDegrees; ++degree) {
        for (std::size_t hydrogens = 0; hydrogens < kHydrogens; ++hydrogens) {
          for (const bool in_ring : {false, true}) {
            for (const bool may_be_aromatic : {false, true}) {
              const AtomKind kind{
                  element, charge,         static_cast<int>(degree), static_cast<int>(hydrogens),
                  in_ring, may_be_aromatic};
              by_kind_[number++] |= Bits{xform::may_match(atom, kind)} << bit;
            }
          }
        }
      }
    }
  }
}

void Prefilter::add_bond(const RDKit::Bond &bond, std::size_t first_bit) {
  BondKinds kinds = 0;
  for (const std::uint8_t order : {1, 2, 3}) {
    for (const bool in_ring : {false, true}) {
      for (const bool may_be_aromatic : {false, true}) {
        if (xform::may_match(bond, BondKind{order, in_ring, may_be_aromatic})) {
          kinds |= bit_of(order, in_ring, may_be_aromatic);
        }
      }
    }
  }
  const auto begin = first_bit + bond.getBeginAtomIdx(), end = first_bit + bond.getEndAtomIdx();
  requirements_[begin].push_back({Bits{1} << end, kinds});
  requirements_[end].push_back({Bits{1} << begin, kinds});
}

bool Prefilter::look_at(std::string_view smiles) {
  is_plain_ = graph_.read(smiles);
  if (!is_plain_) {
    for (auto &each : templates_) {
      each.is_possible = true;
    }
    return false;
  }
  match_atoms();
  // Each round removes at least one bit; the bound keeps long chains of templates from costing more than
  // they save.
  for (int round = 0; round < 8 && prune(); ++round) {
  }
  return conclude();
}

bool Prefilter::needs_molecule() const {
  return !is_plain_ || std::any_of(templates_.begin(), templates_.end(),
                                   [](const Template &each) { return each.is_possible; });
}

void Prefilter::match_atoms() {
  bits_.clear();
  for (const auto &atom : graph_.atoms()) {
    bits_.push_back(by_kind_[number_of(atom)]);
  }
}

// Removes the bits that lack a neighbour. Returns whether there were any.
bool Prefilter::prune() {
  bool changed = false;
  for (std::size_t atom = 0; atom < bits_.size(); ++atom) {
    if (bits_[atom]) {
      const auto left = supported(static_cast<std::uint16_t>(atom));
      changed = changed || left != bits_[atom];
      bits_[atom] = left;
    }
  }
  return changed;
}

Prefilter::Bits Prefilter::supported(std::uint16_t index) const {
  const auto &atom = graph_.atoms()[index];
  const auto meets = [&](const Requirement &requirement) {
    return std::any_of(atom.bonds.begin(), atom.bonds.begin() + atom.degree, [&](std::uint16_t place) {
      const auto &bond = graph_.bonds()[place];
      return (bits_of(bond) & requirement.bonds) && (bits_[bond.other(index)] & requirement.neighbor);
    });
  };
  auto left = bits_[index];
  for (auto open = left; open; open &= open - 1) {
    const auto &needed = requirements_[static_cast<std::size_t>(__builtin_ctzll(open))];
    if (!std::all_of(needed.begin(), needed.end(), meets)) {
      left &= ~(open & -open);
    }
  }
  return left;
}

bool Prefilter::conclude() {
  Bits found = 0;
  for (const auto bits : bits_) {
    found |= bits;
  }
  bool rules_out = false;
  for (auto &each : templates_) {
    each.is_possible = (each.atoms & ~found) == 0;
    rules_out = rules_out || !each.is_possible;
  }
  return rules_out;
}

std::string Prefilter::describe(std::size_t transform) const {
  const auto &checked = templates_[of_transform_.at(transform)];
  if (checked.smarts.empty()) {
    return "not checked: parents get their hydrogens as atoms";
  }
  if (!checked.atoms) {
    return "not checked: the templates of this run have more than 64 atoms";
  }
  return "atoms of " + checked.smarts + " and their neighbours, on plain SMILES";
}

}  // namespace xform
