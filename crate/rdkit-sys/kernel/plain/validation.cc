#include "plain/validation.h"

#include <set>
#include <utility>

#include "base/map_number.h"

namespace xform {
namespace {

using Numbers = std::set<int>;

// The map numbers of all atoms that have one.
std::vector<int> map_numbers(const RDKit::ROMol &pattern) {
  std::vector<int> numbers;
  for (const auto *atom : pattern.atoms()) {
    if (const auto number = map_number(*atom)) {
      numbers.push_back(*number);
    }
  }
  return numbers;
}

class Validation {
 public:
  void look_at_reactants(const RDKit::MOL_SPTR_VECT &reactants) {
    for (std::size_t which = 0; which < reactants.size(); ++which) {
      const auto numbers = map_numbers(*reactants[which]);
      if (numbers.empty()) {
        warn("reactant " + std::to_string(which) + " has no mapped atoms");
      }
      in_reactants_.insert(numbers.begin(), numbers.end());
    }
  }

  void look_at_products(const RDKit::MOL_SPTR_VECT &products) {
    for (std::size_t which = 0; which < products.size(); ++which) {
      const auto numbers = map_numbers(*products[which]);
      for (const int number : numbers) {
        look_at_product_number(number);
      }
      if (numbers.empty()) {
        warn("product " + std::to_string(which) + " has no mapped atoms");
      }
    }
  }

  void look_for_unmapped() {
    std::string unmapped;
    for (const int number : in_reactants_) {
      if (!in_products_.count(number)) {
        unmapped += ' ' + std::to_string(number);
      }
    }
    if (!unmapped.empty()) {
      warn("mapped atoms in the reactants were not mapped in the products:" + unmapped);
    }
  }

  // RDKit also counts how often a product atom gets a different charge, hydrogen count, mass or isotope.
  std::vector<std::string> warnings(unsigned int counted) && {
    if (counted > warnings_.size()) {
      const auto others = counted - warnings_.size();
      warn(std::to_string(others) + (others == 1 ? " atom" : " atoms") +
           " of a product has several charges, hydrogen counts, masses or isotopes");
    }
    return std::move(warnings_);
  }

 private:
  void look_at_product_number(int number) {
    const auto text = "product atom-mapping number " + std::to_string(number);
    if (!in_products_.insert(number).second) {
      warn(text + " found multiple times");
    } else if (!in_reactants_.count(number)) {
      warn(text + " not found in reactants");
    }
  }

  void warn(std::string warning) { warnings_.push_back(std::move(warning)); }

  Numbers in_reactants_;
  Numbers in_products_;
  std::vector<std::string> warnings_;
};

}  // namespace

std::vector<std::string> validation_warnings(const RDKit::ChemicalReaction &reaction) {
  Validation validation;
  validation.look_at_reactants(reaction.getReactants());
  validation.look_at_products(reaction.getProducts());
  validation.look_for_unmapped();
  unsigned int warnings = 0, errors = 0;
  const bool silent = true;
  reaction.validate(warnings, errors, silent);
  return std::move(validation).warnings(warnings);
}

}  // namespace xform
