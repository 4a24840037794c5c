// The counts of one transform.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace xform {

// The names of all counts, by which they leave the kernel. Their meanings and the equations between them
// are listed in crate/core/src/totals.
#define XFORM_COUNTS(COUNT)         \
  COUNT(rows_with_products)         \
  COUNT(rows_no_site)               \
  COUNT(rows_all_sites_excluded)    \
  COUNT(rows_rejected)              \
  COUNT(sites)                      \
  COUNT(sites_applied)              \
  COUNT(sites_excluded_query)       \
  COUNT(sites_excluded_not_smarts)  \
  COUNT(sites_excluded_sugar)       \
  COUNT(sites_excluded_limit)       \
  COUNT(sites_failed)               \
  COUNT(results)                    \
  COUNT(results_repeated)           \
  COUNT(results_failed)             \
  COUNT(made)                       \
  COUNT(products_same_as_parent)    \
  COUNT(rows_stereo_groups_dropped) \
  COUNT(inchi_warnings)

struct Tally {
#define XFORM_FIELD(name) std::uint64_t name = 0;
  XFORM_COUNTS(XFORM_FIELD)
#undef XFORM_FIELD

#define XFORM_ONE(name) +1
  static constexpr std::size_t kCounts = 0 XFORM_COUNTS(XFORM_ONE);
#undef XFORM_ONE

#define XFORM_NAME(name) #name,
  static constexpr std::array<const char *, kCounts> kNames{XFORM_COUNTS(XFORM_NAME)};
#undef XFORM_NAME

  // In the order of kNames.
  std::array<std::uint64_t, kCounts> values() const {
#define XFORM_VALUE(name) name,
    return {XFORM_COUNTS(XFORM_VALUE)};
#undef XFORM_VALUE
  }

  Tally &operator+=(const Tally &other) {
#define XFORM_ADD(name) name += other.name;
    XFORM_COUNTS(XFORM_ADD)
#undef XFORM_ADD
    return *this;
  }
};

}  // namespace xform
