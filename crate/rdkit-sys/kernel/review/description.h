// What a transform does, in words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "review/subject.h"

namespace xform {

// What a statement is about, with the name by which all other layers know it.
#define XFORM_TOPICS(TOPIC)      \
  TOPIC(kKept, "kept")           \
  TOPIC(kChanged, "changed")     \
  TOPIC(kRemoved, "removed")     \
  TOPIC(kAdded, "added")         \
  TOPIC(kBonds, "bonds")         \
  TOPIC(kCharges, "charges")     \
  TOPIC(kHydrogens, "hydrogens") \
  TOPIC(kRings, "rings")         \
  TOPIC(kStereo, "stereo")       \
  TOPIC(kProducts, "products")

#define XFORM_MEMBER(member, name) member,
enum class Topic : std::uint8_t { XFORM_TOPICS(XFORM_MEMBER) };
#undef XFORM_MEMBER

const char *name_of(Topic topic);

struct Statement {
  Topic topic;
  std::string text;  // without a full stop
};

struct Description {
  std::string picture;                // the templates in one line
  std::string change;                 // what changes, in a few words
  std::vector<Statement> statements;  // by topic, in the order of the topics
};

// Description of `transform` from its templates alone, as RDKit reads them.
Description describe(const Transform &transform);

}  // namespace xform
