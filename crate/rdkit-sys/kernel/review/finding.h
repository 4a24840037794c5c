// What a review finds odd about a transform.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plain/transform.h"

namespace xform {

// Findings with the names by which all other layers know them. Severities, meanings and examples are in the
// list of all findings, crate/core/src/findings/codes.rs.
#define XFORM_FINDINGS(FINDING)                                       \
  FINDING(kMapOnlyInProduct, "map_only_in_product")                   \
  FINDING(kMapOnlyInReactant, "map_only_in_reactant")                 \
  FINDING(kMapTwice, "map_twice")                                     \
  FINDING(kMapZero, "map_zero")                                       \
  FINDING(kNoMappedAtom, "no_mapped_atom")                            \
  FINDING(kAgent, "agent")                                            \
  FINDING(kAlwaysParent, "always_parent")                             \
  FINDING(kKekuleRing, "kekule_ring")                                 \
  FINDING(kRecursiveSmarts, "recursive_smarts")                       \
  FINDING(kRingCut, "ring_cut")                                       \
  FINDING(kValenceImpossible, "valence_impossible")                   \
  FINDING(kValenceWithFixedHydrogens, "valence_with_fixed_hydrogens") \
  FINDING(kValenceAtSomeSites, "valence_at_some_sites")               \
  FINDING(kHydrogenAtom, "hydrogen_atom")                             \
  FINDING(kStereoNotMatched, "stereo_not_matched")                    \
  FINDING(kHydrogenReplacedAtCentre, "hydrogen_replaced_at_centre")   \
  FINDING(kBecomesHydrogenAtCentre, "becomes_hydrogen_at_centre")     \
  FINDING(kProductList, "product_list")                               \
  FINDING(kProductQuery, "product_query")                             \
  FINDING(kChargeUnsaid, "charge_unsaid")                             \
  FINDING(kIsotopeUnsaid, "isotope_unsaid")                           \
  FINDING(kHydrogensUnsaid, "hydrogens_unsaid")

#define XFORM_MEMBER(member, name) member,
enum class FindingCode : std::uint8_t { XFORM_FINDINGS(XFORM_MEMBER) };
#undef XFORM_MEMBER

const char *name_of(FindingCode code);

// A part of a pattern, in bytes: [begin, end).
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The pattern of a transform that a finding is about.
struct ReviewedPattern {
  TransformPart part = TransformPart::kSmirks;
  std::size_t entry = 0;  // of not_smarts
};

struct Finding {
  FindingCode code;
  ReviewedPattern pattern;
  std::optional<Span> span;  // none: the whole pattern
  std::string effect;        // what RDKit will do, as a sentence without its full stop
  std::string advice;        // what to write instead, as an imperative; empty if nothing has to change
};

// Collects the findings about one pattern.
class Findings {
 public:
  void add(FindingCode code, std::optional<Span> span, std::string effect, std::string advice,
           ReviewedPattern pattern = {}) {
    all_.push_back({code, pattern, span, std::move(effect), std::move(advice)});
  }

  std::vector<Finding> take() && { return std::move(all_); }

 private:
  std::vector<Finding> all_;
};

}  // namespace xform
