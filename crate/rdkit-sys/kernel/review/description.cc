#include "review/description.h"

#include "review/facts.h"
#include "review/notation.h"

namespace xform {

const char *name_of(Topic topic) {
#define XFORM_NAME(member, name) name,
  static constexpr const char *kNames[] = {XFORM_TOPICS(XFORM_NAME)};
#undef XFORM_NAME
  return kNames[static_cast<std::size_t>(topic)];
}

Description describe(const Transform &transform) {
  const Subject subject(transform);
  const Comparison comparison(subject);
  const Labels labels(subject, comparison);
  return {picture_of(subject, labels), change_of(subject, comparison, labels),
          statements_of(subject, comparison, labels)};
}

}  // namespace xform
