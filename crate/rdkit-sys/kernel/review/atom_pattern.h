// What an atom of a template says about the state of a parent's atom.
//
// Mirrors: QueryAtom.cpp QueryAtom::Match; QueryOps.h, the queries that SMARTS consist of.
#pragma once

#include <GraphMol/Atom.h>

#include <cstdint>
#include <set>
#include <vector>

#include "review/bond_orders.h"

namespace xform {

// An atom of a parent without radicals and without hydrogen atoms.
struct AtomState {
  int element;
  int charge;
  int degree;
  int hydrogens;
  int valence;  // of the bonds to neighbours, in a Kekule form
  bool aromatic;
  bool in_ring;
};

// Kleene's logic: kMaybe is between kNo and kYes.
enum class Answer : std::uint8_t { kNo, kMaybe, kYes };

// A template atom with its bonds, translated so that many states can be asked for.
class AtomPattern {
 public:
  explicit AtomPattern(const RDKit::Atom &atom);

  // Whether it matches an atom in that state. kMaybe if it also depends on something else.
  Answer matches(const AtomState &state) const;

  // The charges that it mentions.
  const std::set<int> &charges() const { return charges_; }

 private:
  enum class Kind : std::uint8_t {
    kAnything,
    kAll,
    kAny,
    kElement,
    kType,
    kAromatic,
    kAliphatic,
    kHydrogens,
    kDegree,
    kConnections,
    kValence,
    kCharge,
    kNegativeCharge,
    kIsotope,
    kInRing,
    kRings,
    kRingBonds,
    kRingSize,
    kRecursive,
    kUnknown,
  };

  struct Query {
    Kind kind = Kind::kUnknown;
    bool negated = false;
    int value = 0;
    std::vector<Query> children;
    std::vector<AtomPattern> first;  // the first atom of a recursive pattern, which is the atom itself
    bool is_whole = false;           // there is no other
  };

  static Kind kind_of(const RDKit::Atom::QUERYATOM_QUERY &query);
  static Answer ask(const Query &query, const AtomState &state);
  static Answer ask_unnegated(const Query &query, const AtomState &state);
  Query translated(const RDKit::Atom::QUERYATOM_QUERY &query);
  bool has_room(const AtomState &state) const;

  Query query_;
  std::set<int> charges_;
  int bonds_ = 0;
  Orders orders_{0, 0};  // sums over the bonds
};

}  // namespace xform
