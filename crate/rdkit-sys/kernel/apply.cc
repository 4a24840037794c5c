#include "apply.h"

#include <GraphMol/QueryAtom.h>
#include <GraphMol/QueryOps.h>
#include <GraphMol/RWMol.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/map_number.h"
#include "fast/fast.h"
#include "plain/product.h"
#include "plain/sites.h"

namespace xform {
namespace {

std::vector<std::int32_t> atoms_of(const Site &site) {
  std::vector<std::int32_t> atoms;
  atoms.reserve(site.match.size());
  for (const auto &pair : site.match) {
    atoms.push_back(pair.second);
  }
  return atoms;
}

// Whether every atom that satisfies the query is certain to be of that element.
bool demands_element(const RDKit::Atom::QUERYATOM_QUERY &query, int element) {
  if (query.getNegation()) {
    return false;
  }
  const auto demands = [&](const auto &part) { return demands_element(*part, element); };
  const auto has_value = [&](int value) {
    return static_cast<const RDKit::ATOM_EQUALS_QUERY &>(query).getVal() == value;
  };
  const auto &kind = query.getDescription();
  if (kind == "AtomAnd") {
    return std::any_of(query.beginChildren(), query.endChildren(), demands);
  }
  if (kind == "AtomOr") {
    return std::all_of(query.beginChildren(), query.endChildren(), demands);
  }
  if (kind == "AtomType") {
    return has_value(RDKit::makeAtomType(element, true)) || has_value(RDKit::makeAtomType(element, false));
  }
  return kind == "AtomAtomicNum" && has_value(element);
}

bool keeps_element(const RDKit::Atom &reactant, const RDKit::Atom &product) {
  // A product atom without its own element (`*`, a list) takes the parent's.
  const auto element = product.getAtomicNum();
  return element == 0 || (reactant.hasQuery() && demands_element(*reactant.getQuery(), element));
}

// Whether a product template has exactly the atoms of the reactant template, whose map numbers are unique.
bool keeps_atoms(const RDKit::ROMol &reactant, const RDKit::ROMol &product) {
  const auto is_kept = [&](const RDKit::Atom *atom) {
    const auto number = map_number(*atom);
    auto atoms = product.atoms();
    return number && std::any_of(atoms.begin(), atoms.end(), [&](const RDKit::Atom *candidate) {
             return map_number(*candidate) == number && keeps_element(*atom, *candidate);
           });
  };
  auto atoms = reactant.atoms();
  return reactant.getNumAtoms() == product.getNumAtoms() && std::all_of(atoms.begin(), atoms.end(), is_kept);
}

// Whether the templates keep all atoms and their elements. A transform that does not is not meant to give
// back its parent.
bool keeps_all_atoms(const Transform &transform) {
  const auto &products = transform.reaction->getProducts();
  return std::all_of(products.begin(), products.end(),
                     [&](const auto &product) { return keeps_atoms(transform.reactant(), *product); });
}

// The parent's canonical SMILES; empty if it cannot be written.
std::string canonical_smiles(const RDKit::ROMol &parent, FastWing *fast) {
  try {
    RDKit::RWMol copy(parent);
    return write_product(copy, 0, fast).smiles;
  } catch (...) {
    return {};
  }
}

// The results of one transform on one parent, made distinct as they arrive.
class Application {
 public:
  Application(const Parent &row, const Parent &parent, const Transform &transform, std::uint16_t index,
              FastWing *fast, RowResults &results)
      : row_(row),
        parent_(parent),
        transform_(transform),
        index_(index),
        fast_(fast),
        results_(results),
        tally_(results.tally(index)),
        first_position_(results.products.size()),
        first_failure_(results.failures.size()) {}

  // Runs the sites in order. False if it stopped because there were more than `max_products` products.
  bool run(const std::vector<Site> &sites, std::uint32_t max_products) {
    for (const auto &site : sites) {
      run_site(site);
      if (tally_.made > max_products) {
        return false;
      }
    }
    return true;
  }

  // Drops everything kept and recorded, as if each of the `sites` sites had failed.
  void take_back(std::size_t sites) {
    results_.products.erase(results_.products.begin() + static_cast<std::ptrdiff_t>(first_position_),
                            results_.products.end());
    results_.failures.erase(results_.failures.begin() + static_cast<std::ptrdiff_t>(first_failure_),
                            results_.failures.end());
    tally_.sites_applied = 0;
    tally_.sites_failed = sites;
    tally_.results = tally_.results_failed = sites * transform_.product_templates();
    tally_.made = tally_.results_repeated = tally_.products_same_as_parent = 0;
  }

 private:
  void run_site(const Site &site) {
    tally_.results += transform_.product_templates();
    const auto edited = edited_products(site);
    const auto made = edited.empty() ? run_plain(site) : write_edited(edited, site);
    (made ? tally_.sites_applied : tally_.sites_failed) += 1;
  }

  // Empty if the site takes the plain path. If an edit throws, that path may throw again, and records it.
  std::vector<EditedProduct> edited_products(const Site &site) {
    // An edit leaves out the fragments that it does not reach.
    if (!fast_ || parent_.keeps_salts) {
      return {};
    }
    try {
      const char *obstacle = nullptr;
      return fast_->edit(*parent_.molecule, index_, site.match, obstacle);
    } catch (...) {
      return {};
    }
  }

  // Both return the number of results that became a product.
  std::size_t write_edited(const std::vector<EditedProduct> &products, const Site &site) {
    std::size_t made = 0;
    for (std::size_t which = 0; which < products.size(); ++which) {
      const auto &product = products[which];
      made += run_template(static_cast<std::int32_t>(which), site, [&](Stage &stage) {
        stage = Stage::kWrite;
        return write_product(*product.molecule, product.site_atoms, fast_);
      });
    }
    return made;
  }

  std::size_t run_plain(const Site &site) {
    std::size_t made = 0;
    const auto products = raw_products(site);
    for (std::size_t which = 0; which < products.size(); ++which) {
      const auto template_atoms = transform_.reaction->getProducts()[which]->getNumAtoms();
      made += run_template(static_cast<std::int32_t>(which), site, [&](Stage &stage) {
        auto &product = as_editable(*products[which]);
        const auto site_atoms = settle_product(product, template_atoms, fast_, stage);
        stage = Stage::kWrite;
        return write_product(product, site_atoms, fast_);
      });
    }
    return made;
  }

  // Empty if the reaction fails; then each product template has failed.
  RDKit::MOL_SPTR_VECT raw_products(const Site &site) {
    try {
      return run_reaction(parent_, transform_, site);
    } catch (...) {
      const auto reason = reason_of_current_exception();
      for (std::size_t which = 0; which < transform_.product_templates(); ++which) {
        fail(site, Stage::kReaction, reason);
      }
      return {};
    }
  }

  // Keeps the product that `finish` writes, or records the stage in which it threw.
  template <typename Finish>
  bool run_template(std::int32_t which, const Site &site, Finish &&finish) {
    auto stage = Stage::kSanitize;
    WrittenProduct written;
    try {
      written = finish(stage);
    } catch (...) {
      fail(site, stage, reason_of_current_exception());
      return false;
    }
    keep(std::move(written), which, site);
    return true;
  }

  void fail(const Site &site, Stage stage, Reason reason) {
    results_.fail(index_, site.index, stage, std::move(reason));
    ++tally_.results_failed;
  }

  void keep(WrittenProduct written, std::int32_t which, const Site &site) {
    const auto [known, is_new] = positions_.try_emplace(written.smiles, results_.products.size());
    if (is_new) {
      tally_.products_same_as_parent += is_parent(written.smiles);
      results_.products.push_back({index_, which, site.index, 1, atoms_of(site), std::move(written)});
      last_sites_.push_back(site.index);
      ++tally_.made;
      return;
    }
    ++tally_.results_repeated;
    auto &last_site = last_sites_[known->second - first_position_];
    if (last_site != site.index) {
      last_site = site.index;
      ++results_.products[known->second].site_count;
    }
  }

  // Asked only of transforms that could give back their parent, because writing the parent takes time.
  bool is_parent(const std::string &smiles) {
    if (!parent_smiles_) {
      parent_smiles_ = keeps_all_atoms(transform_) ? canonical_smiles(*row_.molecule, fast_) : std::string();
    }
    return smiles == *parent_smiles_;
  }

  const Parent &row_;
  const Parent &parent_;  // the one that reacts
  const Transform &transform_;
  const std::uint16_t index_;
  FastWing *const fast_;  // null: RDKit alone
  RowResults &results_;
  Tally &tally_;
  // SMILES -> position in results_.products, in which this transform's products begin at first_position_.
  const std::size_t first_position_;
  const std::size_t first_failure_;
  std::unordered_map<std::string, std::size_t> positions_;
  // For each product of this transform: the last site that gave it, so that a site counts once.
  std::vector<std::int32_t> last_sites_;
  // Written when first asked for; empty if no product can be equal to it.
  std::optional<std::string> parent_smiles_;
};

// Fills `selection`; if the sites cannot be found, the transform rejects the row and this function returns
// false.
bool try_select(Parent &parent, const Transform &transform, std::uint16_t index, RowResults &results,
                Selection &selection) {
  try {
    selection = select_sites(reacting(parent, transform), transform);
    return true;
  } catch (...) {
    results.refuse(index, Stage::kMatch, reason_of_current_exception());
    return false;
  }
}

void count(const Selection &selection, Tally &tally) {
  tally.sites += selection.found;
  tally.sites_excluded_query += selection.excluded_query;
  tally.sites_excluded_not_smarts += selection.excluded_not_smarts;
  tally.sites_excluded_sugar += selection.excluded_sugar;
  tally.sites_excluded_limit += selection.excluded_limit;
}

Outcome outcome_of(const Selection &selection, const Tally &tally) {
  if (selection.run.empty()) {
    return Outcome::kAllSitesExcluded;
  }
  return tally.made ? Outcome::kWithProducts : Outcome::kRejected;
}

}  // namespace

void apply_transform(Parent &parent, const Transform &transform, std::uint16_t index, const Limits &limits,
                     FastWing *fast, RowResults &results) {
  Selection selection;
  if (!try_select(parent, transform, index, results, selection)) {
    return;
  }
  if (selection.found == 0) {
    return;
  }
  auto &tally = results.tally(index);
  count(selection, tally);
  Application application(parent, reacting(parent, transform), transform, index, fast, results);
  if (!application.run(selection.run, limits.max_products_per_mol)) {
    application.take_back(selection.run.size());
    results.refuse(index, Stage::kReaction, too_many_products(limits.max_products_per_mol));
    return;
  }
  results.conclude(index, outcome_of(selection, tally));
}

bool has_site(Parent &parent, const Transform &transform) {
  try {
    return select_sites(reacting(parent, transform), transform).found > 0;
  } catch (...) {
    return false;
  }
}

}  // namespace xform
