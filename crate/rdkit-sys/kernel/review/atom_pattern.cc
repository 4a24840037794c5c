#include "review/atom_pattern.h"

#include <GraphMol/QueryOps.h>
#include <GraphMol/ROMol.h>

#include <algorithm>
#include <string>
#include <unordered_map>

namespace xform {
namespace {

using RDKit::Atom;

Answer negated(Answer answer) {
  return answer == Answer::kMaybe ? answer : answer == Answer::kNo ? Answer::kYes : Answer::kNo;
}

Answer sure(bool value) { return value ? Answer::kYes : Answer::kNo; }

Answer possible(bool value) { return value ? Answer::kMaybe : Answer::kNo; }

// SMARTS `C` and `c`: RDKit's number for element and aromaticity.
Answer is_of_type(int type, const AtomState &state) {
  int element = 0;
  bool aromatic = false;
  RDKit::parseAtomType(type, element, aromatic);
  return sure(element == state.element && aromatic == state.aromatic);
}

// An atom in at least one ring, of which SMARTS demands `rings`: `R2`, or `R` with -1 for any number.
Answer at_least_one_ring(int rings) { return rings < 0 ? Answer::kYes : possible(rings > 0); }

}  // namespace

AtomPattern::AtomPattern(const Atom &atom) {
  if (atom.hasQuery()) {
    query_ = translated(*atom.getQuery());
  } else {
    query_.kind = Kind::kElement;
    query_.value = atom.getAtomicNum();
  }
  for (const auto *bond : atom.getOwningMol().atomBonds(&atom)) {
    const auto orders = orders_matched(*bond);
    orders_ = {orders_.least + orders.least, orders_.most + orders.most};
    ++bonds_;
  }
}

AtomPattern::Kind AtomPattern::kind_of(const Atom::QUERYATOM_QUERY &query) {
  static const std::unordered_map<std::string, Kind> kKinds{
      {"AtomNull", Kind::kAnything},
      {"AtomAnd", Kind::kAll},
      {"AtomOr", Kind::kAny},
      {"AtomAtomicNum", Kind::kElement},
      {"AtomType", Kind::kType},
      {"AtomIsAromatic", Kind::kAromatic},
      {"AtomIsAliphatic", Kind::kAliphatic},
      {"AtomHCount", Kind::kHydrogens},
      {"AtomExplicitDegree", Kind::kDegree},
      {"AtomNonHydrogenDegree", Kind::kDegree},
      {"AtomTotalDegree", Kind::kConnections},
      {"AtomTotalValence", Kind::kValence},
      {"AtomFormalCharge", Kind::kCharge},
      {"AtomNegativeFormalCharge", Kind::kNegativeCharge},
      {"AtomIsotope", Kind::kIsotope},
      {"AtomInRing", Kind::kInRing},
      {"AtomHasRingBond", Kind::kInRing},
      {"AtomInNRings", Kind::kRings},
      {"AtomRingBondCount", Kind::kRingBonds},
      {"AtomRingSize", Kind::kRingSize},
      {"AtomMinRingSize", Kind::kRingSize},
      {"RecursiveStructure", Kind::kRecursive},
  };
  const auto found = kKinds.find(query.getDescription());
  return found == kKinds.end() ? Kind::kUnknown : found->second;
}

AtomPattern::Query AtomPattern::translated(const Atom::QUERYATOM_QUERY &query) {
  Query found;
  found.kind = kind_of(query);
  found.negated = query.getNegation();
  for (auto child = query.beginChildren(); child != query.endChildren(); ++child) {
    found.children.push_back(translated(**child));
  }
  if (found.kind == Kind::kRecursive) {
    const auto *pattern = static_cast<const RDKit::RecursiveStructureQuery &>(query).getQueryMol();
    if (pattern && pattern->getNumAtoms()) {
      found.first.emplace_back(*pattern->getAtomWithIdx(0));
      found.is_whole = pattern->getNumAtoms() == 1;
    }
  } else if (found.kind > Kind::kAny && found.kind < Kind::kRecursive) {
    found.value = static_cast<const RDKit::ATOM_EQUALS_QUERY &>(query).getVal();
  }
  if (found.kind == Kind::kCharge) charges_.insert(found.value);
  if (found.kind == Kind::kNegativeCharge) charges_.insert(-found.value);
  return found;
}

bool AtomPattern::has_room(const AtomState &state) const {
  const int others = state.degree - bonds_;
  return others >= 0 && state.valence - orders_.least >= others &&
         state.valence - orders_.most <= kMostOrder * others;
}

Answer AtomPattern::matches(const AtomState &state) const {
  return has_room(state) ? ask(query_, state) : Answer::kNo;
}

Answer AtomPattern::ask(const Query &query, const AtomState &state) {
  const auto answer = ask_unnegated(query, state);
  return query.negated ? negated(answer) : answer;
}

Answer AtomPattern::ask_unnegated(const Query &query, const AtomState &state) {
  switch (query.kind) {
    case Kind::kAnything:
      return Answer::kYes;
    case Kind::kAll: {
      auto answer = Answer::kYes;
      for (const auto &child : query.children) {
        answer = std::min(answer, ask(child, state));
      }
      return answer;
    }
    case Kind::kAny: {
      auto answer = Answer::kNo;
      for (const auto &child : query.children) {
        answer = std::max(answer, ask(child, state));
      }
      return answer;
    }
    case Kind::kElement:
      return sure(query.value == state.element);
    case Kind::kType:
      return is_of_type(query.value, state);
    case Kind::kAromatic:
      return sure(state.aromatic);
    case Kind::kAliphatic:
      return sure(!state.aromatic);
    case Kind::kHydrogens:
      return sure(query.value == state.hydrogens);
    case Kind::kDegree:
      return sure(query.value == state.degree);
    case Kind::kConnections:
      return sure(query.value == state.degree + state.hydrogens);
    case Kind::kValence:
      return sure(query.value == state.valence + state.hydrogens);
    case Kind::kCharge:
      return sure(query.value == state.charge);
    case Kind::kNegativeCharge:
      return sure(query.value == -state.charge);
    case Kind::kIsotope:
      return query.value ? Answer::kMaybe : Answer::kYes;
    case Kind::kInRing:
      return sure(state.in_ring);
    case Kind::kRings:
      return state.in_ring ? at_least_one_ring(query.value) : sure(query.value == 0);
    case Kind::kRingBonds:
      return state.in_ring ? possible(query.value >= 2) : sure(query.value == 0);
    case Kind::kRingSize:
      return possible(state.in_ring);
    case Kind::kRecursive: {
      const auto answer = query.first.empty() ? Answer::kMaybe : query.first.front().matches(state);
      return query.is_whole ? answer : std::min(answer, Answer::kMaybe);
    }
    case Kind::kUnknown:
      break;
  }
  return Answer::kMaybe;
}

}  // namespace xform
