// What the comparison of the templates says, in words.
#pragma once

#include <string>
#include <vector>

#include "review/comparison.h"
#include "review/description.h"
#include "review/labels.h"

namespace xform {

// In a few words: `O: +CH3`.
std::string change_of(const Subject &subject, const Comparison &comparison, const Labels &labels);

// By topic, in the order of the topics.
std::vector<Statement> statements_of(const Subject &subject, const Comparison &comparison,
                                     const Labels &labels);

// The parts of it that need more than one line.
std::vector<std::string> hydrogen_facts(const Comparison &comparison, const Labels &labels);
std::vector<std::string> ring_facts(const Subject &subject, const Comparison &comparison,
                                    const Labels &labels);
std::vector<std::string> stereo_facts(const Subject &subject, const Comparison &comparison,
                                      const Labels &labels);

// `a, b and c`
std::string listed(const std::vector<std::string> &words);

}  // namespace xform
