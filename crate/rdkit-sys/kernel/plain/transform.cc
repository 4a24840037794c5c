#include "plain/transform.h"

#include <GraphMol/ChemReactions/ReactionParser.h>

#include <algorithm>
#include <new>
#include <set>
#include <utility>

#include "base/failure.h"
#include "base/map_number.h"
#include "plain/pattern_fault.h"
#include "plain/template_diff.h"
#include "plain/validation.h"

namespace xform {
namespace {

void check_reactant_count(const RDKit::ChemicalReaction &reaction) {
  const auto count = reaction.getNumReactantTemplates();
  if (count == 0) {
    throw UnusablePattern("it has no reactant template: write what to find before `>>`");
  }
  if (count > 1) {
    throw UnusablePattern("it has " + std::to_string(count) +
                          " reactant templates, and exactly one is needed: to find all parts in one "
                          "molecule, put them in parentheses, as in `([A].[B])>>`");
  }
}

void check_product_count(const RDKit::ChemicalReaction &reaction) {
  if (reaction.getNumProductTemplates() == 0) {
    throw UnusablePattern("it has no product template: write what to make after `>>`");
  }
}

// RDKit's validate() finds this too, but reports it only to its log.
void check_map_numbers(const RDKit::ROMol &reactant) {
  std::set<int> seen;
  for (const auto *atom : reactant.atoms()) {
    const auto number = map_number(*atom);
    if (number && !seen.insert(*number).second) {
      throw UnusablePattern("the reactant template has map number " + std::to_string(*number) +
                            " twice: give each atom its own");
    }
  }
}

std::unique_ptr<RDKit::ChemicalReaction> parse_reaction(const std::string &smirks) {
  try {
    auto reaction = RDKit::v2::ReactionParser::ReactionFromSmarts(smirks);
    if (!reaction) {
      throw UnusablePattern("RDKit returned no reaction");
    }
    return reaction;
  } catch (const RDKit::ChemicalReactionParserException &error) {
    throw UnusablePattern(explain_smirks(smirks, error.what()));
  }
}

std::unique_ptr<RDKit::ChemicalReaction> compile_reaction(const std::string &smirks) {
  auto reaction = parse_reaction(smirks);
  check_reactant_count(*reaction);
  check_product_count(*reaction);
  check_map_numbers(*reaction->getReactants().front());
  const bool silent = true;
  reaction->initReactantMatchers(silent);
  if (!reaction->isInitialized()) {
    throw UnusablePattern("RDKit finds the reaction inconsistent");
  }
  return reaction;
}

std::string trimmed(const std::string &text) {
  const char *blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string::npos) {
    return "";
  }
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// The text of the reactant template.
std::string reactant_text(const std::string &smirks) { return trimmed(smirks.substr(0, smirks.find('>'))); }

// No query is compiled if its answer is known: a template that is its own query is satisfied by each of
// its matches.
std::optional<SiteQuery> compile_query(const TransformText &text, const RDKit::ROMol &reactant) {
  if (!text.query_smarts || trimmed(*text.query_smarts) == reactant_text(text.smirks)) {
    return std::nullopt;
  }
  return SiteQuery(*text.query_smarts, reactant);
}

// Only these characters can refer to a hybridization (`^2`) or make a stereo mark.
bool may_read_hybridization(const TransformText &text) {
  const auto may_read = [](const std::string &pattern) {
    return pattern.find_first_of("^@/\\") != std::string::npos;
  };
  return may_read(text.smirks) || (text.query_smarts && may_read(*text.query_smarts)) ||
         std::any_of(text.not_smarts.begin(), text.not_smarts.end(), may_read);
}

// Runs `step`, and turns its exceptions into a fault of `part`.
template <typename Step>
bool try_part(TransformPart part, TransformFault &fault, Step &&step) {
  try {
    step();
    return true;
  } catch (const std::bad_alloc &) {
    throw;
  } catch (const UnusablePattern &unusable) {
    fault = {part, unusable.fault, 0};
    return false;
  } catch (...) {
    fault = {part, {reason_of_current_exception().words, std::nullopt}, 0};
    return false;
  }
}

bool compile_not_queries(const TransformText &text, Transform &transform, TransformFault &fault) {
  for (std::size_t entry = 0; entry < text.not_smarts.size(); ++entry) {
    if (!try_part(TransformPart::kNotSmarts, fault, [&] {
          transform.not_queries.emplace_back(text.not_smarts[entry], transform.reactant());
        })) {
      fault.entry = entry;
      return false;
    }
  }
  return true;
}

}  // namespace

std::unique_ptr<Transform> compile(const TransformText &text, TransformFault &fault) {
  auto transform = std::make_unique<Transform>();
  const bool usable = try_part(TransformPart::kSmirks, fault,
                               [&] {
                                 transform->reaction = compile_reaction(text.smirks);
                                 transform->changed = changed_atoms(*transform->reaction);
                                 transform->warnings = validation_warnings(*transform->reaction);
                               }) &&
                      try_part(TransformPart::kQuerySmarts, fault,
                               [&] { transform->query = compile_query(text, transform->reactant()); }) &&
                      compile_not_queries(text, *transform, fault);
  if (!usable) {
    return nullptr;
  }
  transform->text = text;
  transform->max_sites = text.max_sites;
  transform->exclude_sugar_like = text.exclude_sugar_like;
  transform->explicit_hydrogens = text.explicit_hydrogens;
  transform->reads_hybridization = may_read_hybridization(text);
  return transform;
}

}  // namespace xform
