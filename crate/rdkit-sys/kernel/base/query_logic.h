// What can be said about a match of a SMARTS atom or bond with an atom or bond of which little is known.
//
// Mirrors: QueryAtom.cpp QueryAtom::Match; QueryBond.cpp QueryBond::Match; QueryOps.h, the queries that
// SMARTS consist of.
#pragma once

#include <GraphMol/Atom.h>
#include <GraphMol/Bond.h>

namespace xform {

// An atom without isotope in a molecule without hydrogen atoms.
struct AtomKind {
  int element;
  int charge;
  int degree;
  int hydrogens;
  bool in_ring;
  bool may_be_aromatic;  // false: it is not
};

struct BondKind {
  int order;  // 1 to 3 in a Kekule form
  bool in_ring;
  bool may_be_aromatic;
};

// Whether the template's atom or bond can match one of that kind. True if this is not known: the query may
// concern something that the kind does not show (ring sizes, chirality, recursive patterns beyond their
// first atom), or be of a type that is not understood here.
bool may_match(const RDKit::Atom &query, const AtomKind &kind);
bool may_match(const RDKit::Bond &query, const BondKind &kind);

}  // namespace xform
