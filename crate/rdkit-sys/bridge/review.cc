#include "review.h"

#include "../kernel/review/identity.h"
#include "../kernel/review/review.h"
#include "xform-rdkit-sys/src/review.rs.h"

namespace xform {
namespace {

ReviewedPart part_of(TransformPart part) {
  switch (part) {
    case TransformPart::kQuerySmarts:
      return ReviewedPart::QuerySmarts;
    case TransformPart::kNotSmarts:
      return ReviewedPart::NotSmarts;
    default:
      return ReviewedPart::Smirks;
  }
}

}  // namespace

rust::Vec<ReviewFinding> review_transform(const Transform &transform) {
  rust::Vec<ReviewFinding> findings;
  for (const auto &finding : review(transform)) {
    const auto span = finding.span.value_or(Span{});
    findings.push_back({name_of(finding.code), part_of(finding.pattern.part), finding.pattern.entry,
                        finding.span.has_value(), span.begin, span.end, rust::String::lossy(finding.effect),
                        rust::String::lossy(finding.advice)});
  }
  return findings;
}

rust::String transform_identity(const Transform &transform) {
  return rust::String::lossy(identity(transform));
}

}  // namespace xform
