#include "description.h"

#include "../kernel/review/description.h"
#include "xform-rdkit-sys/src/description.rs.h"

namespace xform {

TransformDescription describe_transform(const Transform &transform) {
  const auto description = describe(transform);
  TransformDescription given{
      rust::String::lossy(description.picture), rust::String::lossy(description.change), {}};
  for (const auto &statement : description.statements) {
    given.statements.push_back({name_of(statement.topic), rust::String::lossy(statement.text)});
  }
  return given;
}

}  // namespace xform
