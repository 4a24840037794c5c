// The transforms of a job, compiled for one thread, and what RunReactants and sanitizeMol make of a parent.
#pragma once

#include <GraphMol/ChemReactions/Reaction.h>
#include <GraphMol/ChemReactions/ReactionParser.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

struct CompiledTransform {
  std::string name;
  std::unique_ptr<RDKit::ChemicalReaction> reaction;
  bool has_hydrogens;  // a product template has hydrogens as atoms; only then is there something for removeHs
};

inline bool has_hydrogens(const RDKit::ChemicalReaction& reaction) {
  for (const auto& product : reaction.getProducts()) {
    for (const auto* atom : product->atoms()) {
      if (atom->getAtomicNum() == 1) {
        return true;
      }
    }
  }
  return false;
}

inline std::vector<CompiledTransform> compile(
    const std::vector<std::pair<std::string, std::string>>& transforms) {
  std::vector<CompiledTransform> compiled;
  for (const auto& [name, smirks] : transforms) {
    std::unique_ptr<RDKit::ChemicalReaction> reaction(RDKit::RxnSmartsToChemicalReaction(smirks));
    reaction->initReactantMatchers();
    const bool hydrogens = has_hydrogens(*reaction);
    compiled.push_back({name, std::move(reaction), hydrogens});
  }
  return compiled;
}

// Calls `use(product)` for each product that can be sanitized.
template <typename Use>
void for_each_product(const CompiledTransform& transform, const RDKit::ROMOL_SPTR& parent, Use use) {
  constexpr unsigned int kNoLimit = 1'000'000;
  for (const auto& products : transform.reaction->runReactants({parent}, kNoLimit)) {
    for (const auto& product : products) {
      auto& molecule = static_cast<RDKit::RWMol&>(*product);
      try {
        RDKit::MolOps::sanitizeMol(molecule);
        if (transform.has_hydrogens) {
          RDKit::MolOps::removeHs(molecule);
        }
      } catch (const std::exception&) {
        continue;
      }
      use(molecule);
    }
  }
}
