// The kinds of atoms and bonds that plain graphs have, as numbers.
#pragma once

#include <GraphMol/Bond.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/query_logic.h"
#include "fast/plain_graph.h"

namespace xform {

// An atom's kind is numbered by element, charge, degree, hydrogens, ring and aromaticity.
struct PlainKinds {
  static constexpr std::array<int, 10> kElements{5, 6, 7, 8, 9, 15, 16, 17, 35, 53};
  static constexpr std::size_t kCharges = 3, kDegrees = PlainGraph::kMaxDegree + 1, kHydrogens = 5;
  static constexpr std::size_t kAtoms = kElements.size() * kCharges * kDegrees * kHydrogens * 4;

  static constexpr auto kPlaces = [] {
    std::array<std::uint8_t, 54> places{};
    for (std::size_t place = 0; place < kElements.size(); ++place) {
      places[static_cast<std::size_t>(kElements[place])] = static_cast<std::uint8_t>(place);
    }
    return places;
  }();

  static std::size_t number_of(const PlainGraph::Atom &atom) {
    const std::size_t ion = kPlaces[atom.element] * kCharges + static_cast<std::size_t>(atom.charge + 1);
    const std::size_t counts = (ion * kDegrees + atom.degree) * kHydrogens + atom.hydrogens;
    return counts * 4 + 2 * atom.in_ring + atom.may_be_aromatic;
  }

  static AtomKind kind_of(std::size_t number);
};

// A set of kinds of bonds: a bit for each order from 1 to 3, in rings or not, aromatic or not.
using BondKinds = std::uint16_t;

inline BondKinds bond_kind(std::uint8_t order, bool in_ring, bool may_be_aromatic) {
  return static_cast<BondKinds>(1u << ((order - 1) * 4 + 2 * in_ring + may_be_aromatic));
}

// The kinds of which a bond may be.
inline BondKinds kinds_of(const PlainGraph::Bond &bond) {
  const auto with = [&](std::uint8_t order) { return bond_kind(order, bond.in_ring, bond.may_be_aromatic); };
  return bond.order == PlainGraph::kAromatic ? static_cast<BondKinds>(with(1) | with(2)) : with(bond.order);
}

// The kinds that a template's bond may match.
BondKinds kinds_of(const RDKit::Bond &query);

}  // namespace xform
