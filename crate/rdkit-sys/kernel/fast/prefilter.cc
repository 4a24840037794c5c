#include "fast/prefilter.h"

#include <GraphMol/SmilesParse/SmartsWrite.h>

#include <algorithm>
#include <utility>

namespace xform {

void Prefilter::add(const RDKit::ROMol &reactant) {
  if (reactant.getNumAtoms() == 0) {
    add_unsought(kNoAtoms);
    return;
  }
  const auto transform = make_room();
  auto smarts = RDKit::MolToSmarts(reactant);
  const auto [known, is_new] = by_smarts_.try_emplace(smarts, templates_.size());
  if (is_new) {
    templates_.push_back(compile(reactant, std::move(smarts)));
  }
  templates_[known->second].transforms.push_back(transform);
  of_transform_.push_back(known->second);
}

void Prefilter::add_unsought(std::size_t reason) {
  const auto transform = make_room();
  unsought_.back() |= std::uint64_t{1} << (transform % 64);
  of_transform_.push_back(reason);
}

std::size_t Prefilter::make_room() {
  const auto transform = of_transform_.size();
  possible_.resize(transform / 64 + 1);
  unsought_.resize(transform / 64 + 1);
  return transform;
}

Prefilter::Template Prefilter::compile(const RDKit::ROMol &reactant, std::string smarts) {
  Template result{std::move(smarts), reactant.getNumAtoms(), {}, 0, 0, {}};
  if (blocks_.empty() || blocks_.back().room() < std::min(result.atoms, TemplateBlock::kBits)) {
    blocks_.emplace_back();
    first_of_block_.push_back(templates_.size());
    sought_.push_back(0);
  }
  auto &block = blocks_.back();
  result.block = blocks_.size() - 1;
  result.bits = block.add(reactant, queries_);
  result.environments = environments_of(result.bits, block);
  sought_.back() |= result.bits;
  watching_.resize(environments_.size());
  watching_[result.environments.front()].push_back(templates_.size());
  return result;
}

std::vector<std::uint32_t> Prefilter::environments_of(Bits bits, const TemplateBlock &block) {
  const auto query_of = [&](Bits bit) {
    return block.queries()[static_cast<std::size_t>(__builtin_ctzll(bit))];
  };
  std::vector<std::uint32_t> all;
  for (auto open = bits; open; open &= open - 1) {
    std::vector<Environments::Neighbor> neighbors;
    for (const auto &[neighbor, bonds] :
         block.requirements(static_cast<std::size_t>(__builtin_ctzll(open)))) {
      neighbors.emplace_back(bonds, query_of(neighbor));
    }
    all.push_back(environments_.add(query_of(open), std::move(neighbors)));
  }
  return all;
}

bool Prefilter::look_at(std::string_view smiles) {
  is_plain_ = graph_.read(smiles);
  if (!is_plain_) {
    std::fill(possible_.begin(), possible_.end(), ~std::uint64_t{0});
    return false;
  }
  queries_.take_up(graph_);
  if (blocks_.size() > 1) {
    choose();
  }
  return conclude();
}

// Fills `sought_` with the bits of the templates of which all environments occur.
void Prefilter::choose() {
  environments_.look_at(graph_, queries_);
  std::fill(sought_.begin(), sought_.end(), 0);
  environments_.each_occurring([&](std::size_t environment) { choose_watching(environment); });
}

void Prefilter::choose_watching(std::size_t environment) {
  auto &watching = watching_[environment];
  for (std::size_t place = 0; place < watching.size();) {
    const auto &each = templates_[watching[place]];
    const auto missing = std::find_if(each.environments.begin(), each.environments.end(),
                                      [&](std::uint32_t other) { return !environments_.occurs(other); });
    if (missing == each.environments.end()) {
      sought_[each.block] |= each.bits;
      ++place;
    } else {
      watching_[*missing].push_back(watching[place]);
      watching[place] = watching.back();
      watching.pop_back();
    }
  }
}

// Seeks the templates. Returns whether one is ruled out.
bool Prefilter::conclude() {
  possible_ = unsought_;
  std::size_t left = 0;
  for (std::size_t block = 0; block < blocks_.size(); ++block) {
    if (!sought_[block]) {
      continue;
    }
    const auto found = blocks_[block].seek(sought_[block], graph_, queries_, left_);
    for (auto index = first_of_block_[block]; index < templates_.size() && templates_[index].block == block;
         ++index) {
      if ((templates_[index].bits & ~found) == 0) {
        ++left;
        permit(templates_[index]);
      }
    }
  }
  return left < templates_.size();
}

void Prefilter::permit(const Template &each) {
  for (const auto transform : each.transforms) {
    possible_[transform / 64] |= std::uint64_t{1} << (transform % 64);
  }
}

std::size_t Prefilter::next_possible(std::size_t transform) const {
  const auto transforms = of_transform_.size();
  auto word = transform / 64;
  if (transform >= transforms) {
    return transforms;
  }
  auto bits = possible_[word] & ~std::uint64_t{0} << (transform % 64);
  while (!bits && ++word < possible_.size()) {
    bits = possible_[word];
  }
  return bits ? std::min(word * 64 + static_cast<std::size_t>(__builtin_ctzll(bits)), transforms)
              : transforms;
}

std::string Prefilter::describe(std::size_t transform) const {
  const auto index = of_transform_.at(transform);
  if (index == kNoAtoms) {
    return "not checked: the reactant template has no atoms";
  }
  if (index == kHydrogensAreAtoms) {
    return "not checked: parents get their hydrogens as atoms";
  }
  const auto &checked = templates_[index];
  const auto which = checked.atoms > TemplateBlock::kBits
                         ? "the first " + std::to_string(TemplateBlock::kBits) + " atoms of "
                         : std::string("atoms of ");
  return which + checked.smarts + " and their neighbours, on plain SMILES";
}

}  // namespace xform
