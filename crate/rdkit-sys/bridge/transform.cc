#include "transform.h"

#include "../kernel/fast/fast.h"
#include "xform-rdkit-sys/src/transform.rs.h"

namespace xform {
namespace {

// Optionals do not cross the bridge, so each has an additional flag.
TransformText text_of(const TransformSpec &spec) {
  TransformText text;
  text.smirks = std::string(spec.smirks);
  if (spec.has_query_smarts) {
    text.query_smarts = std::string(spec.query_smarts);
  }
  for (const auto &smarts : spec.not_smarts) {
    text.not_smarts.emplace_back(smarts);
  }
  if (spec.has_max_sites) {
    text.max_sites = spec.max_sites;
  }
  text.exclude_sugar_like = spec.exclude_sugar_like;
  text.explicit_hydrogens = spec.explicit_hydrogens;
  return text;
}

FaultPart part_of(TransformPart part) {
  switch (part) {
    case TransformPart::kSmirks:
      return FaultPart::Smirks;
    case TransformPart::kQuerySmarts:
      return FaultPart::QuerySmarts;
    case TransformPart::kNotSmarts:
      return FaultPart::NotSmarts;
    case TransformPart::kNone:
      break;
  }
  return FaultPart::None;
}

}  // namespace

std::unique_ptr<Transform> compile_transform(const TransformSpec &spec, Fault &fault) {
  TransformFault found;
  auto transform = compile(text_of(spec), found);
  fault.part = part_of(found.part);
  fault.entry = found.entry;
  fault.reason = rust::String::lossy(found.pattern.reason);
  fault.has_position = found.pattern.position.has_value();
  fault.position = found.pattern.position.value_or(0);
  return transform;
}

std::size_t product_template_count(const Transform &transform) { return transform.product_templates(); }

rust::Vec<std::uint8_t> changed_template_atoms(const Transform &transform) {
  rust::Vec<std::uint8_t> changed;
  for (const bool is_changed : transform.changed) {
    changed.push_back(is_changed);
  }
  return changed;
}

rust::Vec<rust::String> validation_warnings(const Transform &transform) {
  rust::Vec<rust::String> warnings;
  for (const auto &warning : transform.warnings) {
    warnings.push_back(rust::String::lossy(warning));
  }
  return warnings;
}

rust::String why_no_edit(const Transform &transform) {
  FastWing fast;
  fast.add(*transform.reaction, transform.explicit_hydrogens);
  return rust::String::lossy(fast.why_no_edit(0));
}

}  // namespace xform
