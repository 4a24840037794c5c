#include "properties/crippen.h"

#include <GraphMol/Descriptors/Crippen.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/QueryAtom.h>
#include <GraphMol/QueryBond.h>
#include <GraphMol/QueryOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "base/query_logic.h"

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;

constexpr std::size_t kMostNodes = 6;

// SubstructMatch stops after as many matches, so that atoms of a large molecule can miss their type.
constexpr std::uint64_t kMostMatches = 1000;

// Queries whose answers are the same whether hydrogens are atoms or numbers. For "AtomHCount" and
// "AtomTotalDegree", RDKit counts both.
constexpr const char *kUnderstood[] = {
    "AtomAnd",          "AtomOr",
    "AtomType",         "AtomAtomicNum",
    "AtomIsAromatic",   "AtomIsAliphatic",
    "AtomHCount",       "AtomTotalDegree",
    "AtomFormalCharge", "AtomNegativeFormalCharge",
    "BondOrder",        "SingleOrAromaticBond",
};

template <typename Query>
void require_understood(const Query &query) {
  const auto &name = query.getDescription();
  if (std::find(std::begin(kUnderstood), std::end(kUnderstood), name) == std::end(kUnderstood)) {
    throw std::logic_error("a Crippen pattern asks for " + name);
  }
  std::for_each(query.beginChildren(), query.endChildren(),
                [](const auto &child) { require_understood(*child); });
}

std::unique_ptr<const RDKit::ROMol> make_water() {
  auto water = RDKit::v2::SmilesParse::MolFromSmiles("O");
  RDKit::MolOps::addHs(*water);
  return water;
}

// The number of ways to choose `wanted` of `from`, in order.
std::uint64_t choices(std::uint64_t from, std::size_t wanted) {
  std::uint64_t product = 1;
  for (; wanted > 0; --wanted, --from) {
    if (from == 0) {
      return 0;
    }
    product *= from;
  }
  return product;
}

unsigned int largest_degree(const RDKit::ROMol &molecule) {
  unsigned int largest = 1;
  for (const auto *atom : molecule.atoms()) {
    largest = std::max(largest, atom->getTotalDegree());
  }
  return largest;
}

// Hydrogens of the atom that are not atoms of the molecule.
unsigned int hydrogens_of(const Atom &atom) { return atom.getTotalNumHs(); }

}  // namespace

// Whether a pattern matches at an atom. One per molecule.
class Crippen::Search {
 public:
  explicit Search(const RDKit::ROMol &molecule) : molecule_(molecule) {}

  bool matches_at(const Pattern &pattern, const Atom &atom) {
    atoms_[0] = &atom;
    return pattern.nodes[0].atom->Match(&atom) && extend(pattern, 1);
  }

  // At a hydrogen of `host`, which matches the first atom.
  bool matches_at_hydrogen(const Pattern &pattern, const Atom &host, const Bond &bond) {
    const auto &nodes = pattern.nodes;
    if (nodes.size() == 1) {
      return true;
    }
    atoms_[0] = nullptr;
    hosts_[0] = atoms_[1] = &host;
    return nodes[0].children == 1 && nodes[1].bond->Match(&bond) && nodes[1].atom->Match(&host) &&
           extend(pattern, 2);
  }

 private:
  // Whether the nodes from `next` on can be matched; those before are.
  bool extend(const Pattern &pattern, std::size_t next) {
    if (next == pattern.nodes.size()) {
      return true;
    }
    const auto &node = pattern.nodes[next];
    const auto *parent = atoms_[node.parent];
    for (const auto *bond : molecule_.atomBonds(parent)) {
      const auto *neighbour = bond->getOtherAtom(parent);
      if (is_free(neighbour, next) && node.bond->Match(bond) && node.atom->Match(neighbour)) {
        atoms_[next] = neighbour;
        if (extend(pattern, next + 1)) {
          return true;
        }
      }
    }
    if (!node.takes_hydrogen || node.children > 0 || hydrogens_taken(parent, next) == hydrogens_of(*parent)) {
      return false;
    }
    atoms_[next] = nullptr;
    hosts_[next] = parent;
    return extend(pattern, next + 1);
  }

  bool is_free(const Atom *atom, std::size_t before) const {
    const auto end = atoms_.begin() + static_cast<std::ptrdiff_t>(before);
    return std::find(atoms_.begin(), end, atom) == end;
  }

  unsigned int hydrogens_taken(const Atom *host, std::size_t before) const {
    unsigned int taken = 0;
    for (std::size_t index = 0; index < before; ++index) {
      taken += !atoms_[index] && hosts_[index] == host;
    }
    return taken;
  }

  const RDKit::ROMol &molecule_;
  // By node that is matched: its atom, or the atom that its hydrogen is at.
  std::array<const Atom *, kMostNodes> atoms_{};  // null: a hydrogen
  std::array<const Atom *, kMostNodes> hosts_{};
};

Crippen::Crippen() : water_(make_water()) {
  const auto &parameters = *RDKit::Descriptors::CrippenParamCollection::getParams();
  for (const auto &one : parameters) {
    add(*one.dp_pattern, {one.logp, one.mr});
  }
  for (const auto &pattern : patterns_) {
    if (pattern.nodes[0].takes_hydrogen) {
      of_hydrogens_.push_back(&pattern);
    }
  }
}

void Crippen::add(const RDKit::ROMol &pattern, CrippenSums contribution) {
  const auto atoms = pattern.getNumAtoms();
  if (atoms > kMostNodes || pattern.getNumBonds() + 1 != atoms) {
    throw std::logic_error("a Crippen pattern is too large or has a ring");
  }
  const auto &hydrogen = *water_->getAtomWithIdx(1);
  const auto &to_hydrogen = *water_->getBondWithIdx(0);
  Pattern added{patterns_.size(), {}, contribution};
  for (const auto *atom : pattern.atoms()) {
    require_understood(*atom->getQuery());
    // SMARTS numbers an atom after the one that it is bonded to.
    const Bond *back = nullptr;
    for (const auto *bond : pattern.atomBonds(atom)) {
      back = bond->getOtherAtomIdx(atom->getIdx()) < atom->getIdx() ? bond : back;
    }
    if (back) {
      require_understood(*static_cast<const RDKit::QueryBond *>(back)->getQuery());
    }
    const auto parent = back ? back->getOtherAtomIdx(atom->getIdx()) : 0;
    const auto children = atom->getDegree() - (back ? 1 : 0);
    const bool takes_hydrogen = atom->Match(&hydrogen) && (!back || back->Match(&to_hydrogen));
    added.nodes.push_back({atom, back, parent, children, takes_hydrogen});
  }
  patterns_.push_back(std::move(added));
}

std::uint64_t Crippen::Kind::key() const {
  std::uint64_t key = is_aromatic;
  for (const auto part : {element, charge, neighbours, hydrogens, degree}) {
    key = key << 8 | static_cast<std::uint8_t>(part);
  }
  return key;
}

const std::vector<Crippen::Candidate> &Crippen::candidates_for(const Atom &atom) {
  const Kind kind{atom.getAtomicNum(),
                  atom.getFormalCharge(),
                  static_cast<int>(atom.getDegree()),
                  static_cast<int>(atom.getTotalNumHs(true)),
                  static_cast<int>(atom.getTotalDegree()),
                  atom.getIsAromatic()};
  const auto [found, is_new] = candidates_.try_emplace(kind.key());
  if (!is_new) {
    return found->second;
  }
  const AtomKind asked{kind.element,   kind.charge, kind.degree - kind.hydrogens,
                       kind.hydrogens, true,        kind.is_aromatic};
  for (const auto &pattern : patterns_) {
    const auto &nodes = pattern.nodes;
    if (may_match(*nodes[0].atom, asked)) {
      const bool may_be_hydrogens = std::any_of(nodes.begin() + 1, nodes.end(), [](const Node &node) {
        return node.parent == 0 && node.takes_hydrogen;
      });
      const auto neighbours = may_be_hydrogens ? kind.degree : kind.neighbours;
      found->second.push_back({&pattern, choices(static_cast<std::uint64_t>(neighbours), nodes[0].children)});
    }
  }
  return found->second;
}

// Whether each pattern certainly has no more matches in the molecule, with its hydrogens as atoms, than RDKit
// looks at.
bool Crippen::counts_all_matches(const RDKit::ROMol &molecule,
                                 const std::vector<const std::vector<Candidate> *> &candidates) const {
  std::vector<std::uint64_t> matches(patterns_.size());
  for (const auto *of_atom : candidates) {
    for (const auto &candidate : *of_atom) {
      matches[candidate.pattern->index] += candidate.choices;
    }
  }
  for (const auto *atom : molecule.atoms()) {
    for (const auto *pattern : of_hydrogens_) {
      const auto &nodes = pattern->nodes;
      const bool may_match = nodes.size() == 1 || nodes[1].atom->Match(atom);
      const auto others = nodes.size() == 1 ? 1 : choices(atom->getTotalDegree() - 1, nodes[1].children);
      matches[pattern->index] += may_match ? hydrogens_of(*atom) * others : 0;
    }
  }
  const auto degree = largest_degree(molecule);
  return std::all_of(patterns_.begin(), patterns_.end(), [&](const Pattern &pattern) {
    auto bound = matches[pattern.index];
    for (auto node = pattern.nodes.begin() + 1; node < pattern.nodes.end(); ++node) {
      bound *= choices(degree - 1, node->children);
    }
    return bound <= kMostMatches;
  });
}

CrippenSums Crippen::of(const RDKit::ROMol &molecule) {
  CrippenSums sums{0, 0};
  std::vector<const std::vector<Candidate> *> candidates;
  candidates.reserve(molecule.getNumAtoms());
  for (const auto *atom : molecule.atoms()) {
    candidates.push_back(&candidates_for(*atom));
  }
  if (!counts_all_matches(molecule, candidates)) {
    RDKit::Descriptors::calcCrippenDescriptors(molecule, sums.log_p, sums.refractivity);
    return sums;
  }
  const auto add = [&sums](const Pattern &pattern, unsigned int times) {
    for (; times > 0; --times) {
      sums.log_p += pattern.contribution.log_p;
      sums.refractivity += pattern.contribution.refractivity;
    }
  };
  // In RDKit's order, so that the sums of floats are the same: atoms, then hydrogens by the atom that they
  // are at.
  Search search(molecule);
  for (const auto *atom : molecule.atoms()) {
    const auto &some = *candidates[atom->getIdx()];
    const auto found = std::find_if(some.begin(), some.end(), [&](const Candidate &candidate) {
      return search.matches_at(*candidate.pattern, *atom);
    });
    if (found != some.end()) {
      add(*found->pattern, 1);
    }
  }
  const auto &to_hydrogen = *water_->getBondWithIdx(0);
  for (const auto *atom : molecule.atoms()) {
    const auto hydrogens = hydrogens_of(*atom);
    const auto found = std::find_if(of_hydrogens_.begin(), of_hydrogens_.end(), [&](const Pattern *pattern) {
      return hydrogens > 0 && search.matches_at_hydrogen(*pattern, *atom, to_hydrogen);
    });
    if (found != of_hydrogens_.end()) {
      add(**found, hydrogens);
    }
  }
  return sums;
}

}  // namespace xform
