// A transform, compiled.
#pragma once

#include <GraphMol/ChemReactions/Reaction.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plain/pattern_fault.h"
#include "plain/query.h"

namespace xform {

// A transform as its author wrote it.
struct TransformText {
  std::string smirks;
  std::optional<std::string> query_smarts;
  std::vector<std::string> not_smarts;
  std::optional<std::uint32_t> max_sites;  // none: no limit
  bool exclude_sugar_like = false;
  bool explicit_hydrogens = false;  // whether parents get their hydrogens as atoms
};

// Everything that a thread needs to apply a transform. Matching locks RDKit's query objects, so threads do
// not share one.
struct Transform {
  TransformText text;
  std::unique_ptr<RDKit::ChemicalReaction> reaction;  // one reactant template, one or more product templates
  std::vector<bool> changed;                          // by atom of the reactant template; see template_diff.h
  std::optional<SiteQuery> query;                     // none: every site holds
  std::vector<SiteQuery> not_queries;                 // a site that one of them accepts is excluded
  std::optional<std::uint32_t> max_sites;
  bool exclude_sugar_like = false;
  bool explicit_hydrogens = false;
  // Whether a template or a query may use the hybridization of a parent's atoms, or a product may get a
  // stereo mark, which RDKit judges by hybridization.
  bool reads_hybridization = false;
  std::vector<std::string> warnings;  // see validation.h

  const RDKit::ROMol &reactant() const { return *reaction->getReactants().front(); }
  std::size_t product_templates() const { return reaction->getNumProductTemplates(); }
};

// The invalid part of a transform.
enum class TransformPart : std::uint8_t { kNone, kSmirks, kQuerySmarts, kNotSmarts };

// Why a transform cannot be used; part kNone if it can.
struct TransformFault {
  TransformPart part = TransformPart::kNone;
  PatternFault pattern;
  std::size_t entry = 0;  // of not_smarts
};

// Compiles `text`, reading the SMIRKS as Python's AllChem.ReactionFromSmarts does and the queries as
// MolFromSmarts does. Null if the text is invalid; then `fault` gives the place and the reason. Throws
// only std::bad_alloc.
std::unique_ptr<Transform> compile(const TransformText &text, TransformFault &fault);

}  // namespace xform
