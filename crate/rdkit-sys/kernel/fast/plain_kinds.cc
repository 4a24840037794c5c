#include "fast/plain_kinds.h"

namespace xform {

AtomKind PlainKinds::kind_of(std::size_t number) {
  const auto take = [&](std::size_t values) {
    const auto value = static_cast<int>(number % values);
    number /= values;
    return value;
  };
  AtomKind kind{};
  kind.may_be_aromatic = take(2);
  kind.in_ring = take(2);
  kind.hydrogens = take(kHydrogens);
  kind.degree = take(kDegrees);
  kind.charge = take(kCharges) - 1;
  kind.element = kElements[number];
  return kind;
}

BondKinds kinds_of(const RDKit::Bond &query) {
  BondKinds kinds = 0;
  for (const std::uint8_t order : {1, 2, 3}) {
    for (const bool in_ring : {false, true}) {
      for (const bool may_be_aromatic : {false, true}) {
        if (may_match(query, BondKind{order, in_ring, may_be_aromatic})) {
          kinds |= bond_kind(order, in_ring, may_be_aromatic);
        }
      }
    }
  }
  return kinds;
}

}  // namespace xform
