// What the queries of template atoms say: elements, charges, recursive patterns.
#pragma once

#include <GraphMol/QueryAtom.h>
#include <GraphMol/ROMol.h>

#include <bitset>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace xform {

// A set of atomic numbers; 0 is the dummy atom.
using Elements = std::bitset<128>;

// The elements that an atom may match, judged by its element queries; other queries exclude none.
Elements possible_elements(const RDKit::Atom &atom);

// A query without parts, for example `D2`, with its RDKit name.
using AtomQuery = RDKit::Atom::QUERYATOM_QUERY;

// Calls `visit` for each query without parts of the atom. `negated` tells whether an odd number of negations
// applies to it.
void for_each_query(const RDKit::Atom &atom,
                    const std::function<void(const AtomQuery &query, bool negated)> &visit);

// Whether the atom may have a value other than 0 in a query of one of these RDKit names because one of its
// conditions or alternatives names it.
bool names_value(const RDKit::Atom &atom, const std::vector<std::string> &names);

// The patterns in `$(...)` of an atom, and those inside them.
std::vector<const RDKit::ROMol *> recursive_patterns(const RDKit::Atom &atom);

// The only order that a bond may have; that of a bond without a symbol is single. Nothing if it has
// alternatives, as `-,=` and `~` have.
std::optional<RDKit::Bond::BondType> demanded_order(const RDKit::Bond &bond);

// The sum of the orders of an atom's bonds in its template; nothing if a bond has alternatives.
std::optional<double> order_sum(const RDKit::Atom &atom);

// Whether no bond of the atom in its template demands an order other than single.
bool may_have_single_bonds_only(const RDKit::Atom &atom);

// The elements whose stereocentres are looked at: carbon and silicon.
bool is_centre_element(int element);

// Whether the reactant template's atom may be an sp3 stereocentre with that many hydrogens (0 or 1).
bool may_be_centre(const RDKit::Atom &atom, int hydrogens);

}  // namespace xform
