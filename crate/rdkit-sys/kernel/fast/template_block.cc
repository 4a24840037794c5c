#include "fast/template_block.h"

#include <algorithm>

namespace xform {

TemplateBlock::Bits TemplateBlock::add(const RDKit::ROMol &reactant, AtomQueries &queries) {
  const auto first_bit = queries_.size();
  const auto atoms = std::min<std::size_t>(room(), reactant.getNumAtoms());
  Bits bits = 0;
  for (unsigned int atom = 0; atom < atoms; ++atom) {
    bits |= Bits{1} << queries_.size();
    queries_.push_back(queries.add(*reactant.getAtomWithIdx(atom)));
  }
  for (const auto *bond : reactant.bonds()) {
    if (std::max(bond->getBeginAtomIdx(), bond->getEndAtomIdx()) < atoms) {
      add_bond(*bond, first_bit);
    }
  }
  return bits;
}

void TemplateBlock::add_bond(const RDKit::Bond &bond, std::size_t first_bit) {
  const auto kinds = kinds_of(bond);
  const auto begin = first_bit + bond.getBeginAtomIdx(), end = first_bit + bond.getEndAtomIdx();
  requirements_[begin].push_back({Bits{1} << end, kinds});
  requirements_[end].push_back({Bits{1} << begin, kinds});
}

TemplateBlock::Bits TemplateBlock::seek(Bits sought, const PlainGraph &graph, const AtomQueries &answers,
                                        std::vector<Bits> &left) {
  if (by_kind_.size() < answers.kinds_seen()) {
    learn_kinds(answers);
  }
  left.clear();
  for (const auto kind : answers.kinds()) {
    left.push_back(by_kind_[kind] & sought);
  }
  // Each round removes at least one bit; the bound keeps long chains of templates from costing more than
  // they save.
  for (int round = 0; round < 8 && prune(graph, left); ++round) {
  }
  Bits found = 0;
  for (const auto bits : left) {
    found |= bits;
  }
  return found;
}

void TemplateBlock::learn_kinds(const AtomQueries &answers) {
  for (auto kind = by_kind_.size(); kind < answers.kinds_seen(); ++kind) {
    Bits bits = 0;
    for (std::size_t bit = 0; bit < queries_.size(); ++bit) {
      bits |= Bits{answers.may_match(queries_[bit], kind)} << bit;
    }
    by_kind_.push_back(bits);
  }
}

// Removes the bits that lack a neighbour. Returns whether there were any.
bool TemplateBlock::prune(const PlainGraph &graph, std::vector<Bits> &left) const {
  bool changed = false;
  for (std::size_t atom = 0; atom < left.size(); ++atom) {
    if (left[atom]) {
      const auto bits = supported(static_cast<std::uint16_t>(atom), graph, left);
      changed = changed || bits != left[atom];
      left[atom] = bits;
    }
  }
  return changed;
}

TemplateBlock::Bits TemplateBlock::supported(std::uint16_t index, const PlainGraph &graph,
                                             const std::vector<Bits> &left) const {
  const auto &atom = graph.atoms()[index];
  const auto meets = [&](const Requirement &requirement) {
    return std::any_of(atom.bonds.begin(), atom.bonds.begin() + atom.degree, [&](std::uint16_t place) {
      const auto &bond = graph.bonds()[place];
      return (kinds_of(bond) & requirement.bonds) && (left[bond.other(index)] & requirement.neighbor);
    });
  };
  auto bits = left[index];
  for (auto open = bits; open; open &= open - 1) {
    const auto &needed = requirements_[static_cast<std::size_t>(__builtin_ctzll(open))];
    if (!std::all_of(needed.begin(), needed.end(), meets)) {
      bits &= ~(open & -open);
    }
  }
  return bits;
}

}  // namespace xform
