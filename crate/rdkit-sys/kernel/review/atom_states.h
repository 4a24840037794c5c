// The states in which an atom of a parent can be when template atoms match it.
#pragma once

#include <vector>

#include "review/atom_pattern.h"

namespace xform {

// The valences that RDKit gives an atom without radicals, ascending; none if it has no such rule for the
// element.
const std::vector<int> &valences(int element, int charge);

// Whether RDKit's sanitization accepts the valence.
bool accepts_valence(int element, int charge, int valence);

// The states in which an atom can match all of `patterns`. Only the elements of organic molecules are
// considered.
std::vector<AtomState> possible_states(const std::vector<AtomPattern> &patterns);

bool can_be_in_ring(const std::vector<AtomState> &states);

}  // namespace xform
