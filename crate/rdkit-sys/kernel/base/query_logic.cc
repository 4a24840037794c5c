#include "base/query_logic.h"

#include <GraphMol/QueryOps.h>
#include <GraphMol/ROMol.h>

#include <algorithm>
#include <string>

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;

// Kleene's logic: kMaybe is between kNo and kYes.
enum class Answer { kNo, kMaybe, kYes };

Answer negated(Answer answer) {
  return answer == Answer::kMaybe ? answer : answer == Answer::kNo ? Answer::kYes : Answer::kNo;
}

Answer sure(bool value) { return value ? Answer::kYes : Answer::kNo; }

Answer possible(bool value) { return value ? Answer::kMaybe : Answer::kNo; }

template <typename Query, typename Kind>
Answer ask(const Query &query, const Kind &kind);

template <typename Query, typename Kind>
Answer ask_all(const Query &query, const Kind &kind) {
  auto answer = Answer::kYes;
  for (auto child = query.beginChildren(); child != query.endChildren(); ++child) {
    answer = std::min(answer, ask(**child, kind));
  }
  return answer;
}

template <typename Query, typename Kind>
Answer ask_any(const Query &query, const Kind &kind) {
  auto answer = Answer::kNo;
  for (auto child = query.beginChildren(); child != query.endChildren(); ++child) {
    answer = std::max(answer, ask(**child, kind));
  }
  return answer;
}

using AtomQuery = Atom::QUERYATOM_QUERY;
using BondQuery = Bond::QUERYBOND_QUERY;

int value_of(const AtomQuery &query) { return static_cast<const RDKit::ATOM_EQUALS_QUERY &>(query).getVal(); }
int value_of(const BondQuery &query) { return static_cast<const RDKit::BOND_EQUALS_QUERY &>(query).getVal(); }

// SMARTS `C` and `c`: RDKit's number for element and aromaticity.
Answer is_of_type(int type, const AtomKind &kind) {
  int element = 0;
  bool aromatic = false;
  RDKit::parseAtomType(type, element, aromatic);
  if (element != kind.element) {
    return Answer::kNo;
  }
  return kind.may_be_aromatic ? Answer::kMaybe : sure(!aromatic);
}

// The first atom of a recursive pattern is the atom itself.
Answer begins_pattern(const AtomQuery &query, const AtomKind &kind) {
  const auto *pattern = static_cast<const RDKit::RecursiveStructureQuery &>(query).getQueryMol();
  return possible(!pattern || !pattern->getNumAtoms() || may_match(*pattern->getAtomWithIdx(0), kind));
}

// The only thing assumed of RDKit's ring search is that it finds no ring if there is no cycle.
Answer is_in_rings(int rings, const AtomKind &kind) {
  return kind.in_ring ? Answer::kMaybe : sure(rings == 0);
}

Answer ask_one(const AtomQuery &query, const AtomKind &kind) {
  const auto &name = query.getDescription();
  if (name == "AtomNull") return Answer::kYes;
  if (name == "AtomAtomicNum") return sure(value_of(query) == kind.element);
  if (name == "AtomType") return is_of_type(value_of(query), kind);
  if (name == "AtomIsAromatic") return possible(kind.may_be_aromatic);
  if (name == "AtomIsAliphatic") return kind.may_be_aromatic ? Answer::kMaybe : Answer::kYes;
  if (name == "AtomHCount") return sure(value_of(query) == kind.hydrogens);
  if (name == "AtomExplicitDegree") return sure(value_of(query) == kind.degree);
  if (name == "AtomTotalDegree") return sure(value_of(query) == kind.degree + kind.hydrogens);
  if (name == "AtomFormalCharge") return sure(value_of(query) == kind.charge);
  if (name == "AtomNegativeFormalCharge") return sure(value_of(query) == -kind.charge);
  if (name == "AtomIsotope") return sure(value_of(query) == 0);
  if (name == "AtomInRing") return possible(kind.in_ring);
  if (name == "AtomInNRings") return is_in_rings(value_of(query), kind);
  if (name == "RecursiveStructure") return begins_pattern(query, kind);
  return Answer::kMaybe;
}

Answer has_order(int type, const BondKind &kind) {
  if (kind.may_be_aromatic) {
    return possible(type == kind.order || type == Bond::AROMATIC);
  }
  return sure(type == kind.order);
}

Answer ask_one(const BondQuery &query, const BondKind &kind) {
  const auto &name = query.getDescription();
  if (name == "BondNull") return Answer::kYes;
  if (name == "BondOrder") return has_order(value_of(query), kind);
  if (name == "SingleOrAromaticBond") return kind.order == 1 ? Answer::kYes : possible(kind.may_be_aromatic);
  if (name == "BondInRing") return possible(kind.in_ring);
  return Answer::kMaybe;
}

bool ends_with(const std::string &text, const std::string &end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

template <typename Query, typename Kind>
Answer ask(const Query &query, const Kind &kind) {
  const auto &name = query.getDescription();
  const auto answer = name == "AtomAnd" || name == "BondAnd" ? ask_all(query, kind)
                      : name == "AtomOr" || name == "BondOr" ? ask_any(query, kind)
                      : ends_with(name, "Xor")               ? Answer::kMaybe
                                                             : ask_one(query, kind);
  return query.getNegation() ? negated(answer) : answer;
}

}  // namespace

bool may_match(const Atom &query, const AtomKind &kind) {
  return !query.hasQuery() || ask(*query.getQuery(), kind) != Answer::kNo;
}

bool may_match(const Bond &query, const BondKind &kind) {
  return !query.hasQuery() || ask(*query.getQuery(), kind) != Answer::kNo;
}

}  // namespace xform
