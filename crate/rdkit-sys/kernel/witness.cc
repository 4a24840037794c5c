#include "witness.h"

#include <algorithm>
#include <limits>
#include <set>
#include <sstream>
#include <variant>
#include <vector>

namespace xform {
namespace {

template <typename Numbers>
std::string listed(const Numbers &numbers) {
  std::ostringstream words;
  words.precision(std::numeric_limits<double>::max_digits10);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    words << (i ? "," : "") << +numbers[i];
  }
  return words.str();
}

std::string listed(const Texts &texts) { return {texts.values.begin(), texts.values.end()}; }

std::string listed(const Int32Lists &lists) { return listed(lists.values); }

// The texts with their lengths, so that other borders make other words.
std::string listed(const TextLists &lists) { return listed(lists.texts.offsets) + ' ' + listed(lists.texts); }

std::string words_of(const ProductRecord &product, const RowResults &results,
                     const std::vector<ComputedColumn> &columns) {
  std::ostringstream words;
  words << "product " << product.written.smiles << " of product template " << product.product_index
        << " at site " << product.site_index;
  for (const auto &column : columns) {
    ColumnValues value{column.none, {}};
    column.append(value, results, product);
    words << ", " << column.name << ' '
          << std::visit([](const auto &values) { return listed(values); }, value.values);
  }
  return words.str();
}

std::string words_of(const FailureRecord &failure) {
  std::ostringstream words;
  words << "failure at site " << failure.site << ", stage " << name_of(failure.stage) << ", code "
        << name_of(failure.reason.code) << ": " << failure.reason.words;
  return words.str();
}

std::string words_of(const ReadRow &read) {
  return "read as " + read.smiles + (read.lost_groups ? " without its stereo groups" : "") +
         (read.lost_details ? " without its details" : "");
}

std::string words_of(const Tally &tally) {
  std::ostringstream words;
  words << "counts";
  const auto counts = tally.values();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i]) {
      words << ' ' << Tally::kNames[i] << ' ' << counts[i];
    }
  }
  return words.str();
}

// All results of a row for a transform (kNone: those for no transform in particular, and how it was read).
std::vector<std::string> words_of(const RowResults &results, std::int32_t transform,
                                  const std::vector<ComputedColumn> &columns) {
  std::vector<std::string> words;
  for (const auto &product : results.products) {
    if (product.transform == transform) {
      words.push_back(words_of(product, results, columns));
    }
  }
  for (const auto &failure : results.failures) {
    if (failure.transform == transform) {
      words.push_back(words_of(failure));
    }
  }
  if (transform == kNone) {
    words.push_back(words_of(results.read));
  } else {
    words.push_back(words_of(results.counts_of(static_cast<std::uint16_t>(transform))));
  }
  return words;
}

bool lacks_memory(const RowResults &results) {
  return std::any_of(results.failures.begin(), results.failures.end(),
                     [](const FailureRecord &failure) { return failure.reason.code == Code::kOutOfMemory; });
}

// The transforms that either of the two mentions, after kNone.
std::set<std::int32_t> transforms_of(const RowResults &one, const RowResults &other) {
  std::set<std::int32_t> transforms{kNone};
  for (const auto *results : {&one, &other}) {
    for (const auto &tally : results->tallies) {
      transforms.insert(tally.transform);
    }
  }
  return transforms;
}

std::optional<Difference> first_difference(const std::vector<ComputedColumn> &columns, const RowResults &fast,
                                           const RowResults &plain) {
  for (const auto transform : transforms_of(fast, plain)) {
    const auto one = words_of(fast, transform, columns), other = words_of(plain, transform, columns);
    const auto [left, right] = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
    if (left != one.end() || right != other.end()) {
      return Difference{0, transform, left == one.end() ? "nothing more" : *left,
                        right == other.end() ? "nothing more" : *right};
    }
  }
  return std::nullopt;
}

}  // namespace

void Witness::compare(std::uint64_t source_row, const std::vector<ComputedColumn> &columns,
                      const RowResults &fast, const RowResults &plain) {
  ++rows;
  if (lacks_memory(fast) || lacks_memory(plain)) {
    ++incomplete;
    return;
  }
  difference = first_difference(columns, fast, plain);
  if (difference) {
    difference->source_row = source_row;
  }
}

}  // namespace xform
