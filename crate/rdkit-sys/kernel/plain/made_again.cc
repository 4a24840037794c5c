#include "plain/made_again.h"

#include <GraphMol/Substruct/SubstructMatch.h>

#include <stdexcept>

#include "plain/parent.h"
#include "plain/product.h"
#include "plain/transform.h"

namespace xform {
namespace {

RDKit::MatchVectType match_of(const std::vector<std::int32_t> &site_atoms, const RDKit::ROMol &parent,
                              const RDKit::ROMol &reactant) {
  if (site_atoms.size() != reactant.getNumAtoms()) {
    throw std::out_of_range("the site has another number of atoms than the reactant template");
  }
  RDKit::MatchVectType match;
  for (const auto atom : site_atoms) {
    if (atom < 0 || static_cast<unsigned int>(atom) >= parent.getNumAtoms()) {
      throw std::out_of_range("the parent does not have the atoms of the site");
    }
    match.emplace_back(static_cast<int>(match.size()), atom);
  }
  return match;
}

}  // namespace

MadeProduct make_again(const Parent &parent, const Transform &transform, const Origin &origin) {
  constexpr std::int32_t kAnySite = 0;
  auto match = match_of(origin.site_atoms, *parent.molecule, transform.reactant());
  const auto which = static_cast<std::size_t>(origin.product_index);
  auto made = run_reaction(parent, transform, {kAnySite, std::move(match)}).at(which);
  auto stage = Stage::kSanitize;
  const auto template_atoms = transform.reaction->getProducts()[which]->getNumAtoms();
  const auto left = settle_product(as_editable(*made), template_atoms, nullptr, stage);
  return {std::move(made), left};
}

}  // namespace xform
