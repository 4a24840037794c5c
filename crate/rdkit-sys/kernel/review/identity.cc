#include "review/identity.h"

#include <GraphMol/QueryAtom.h>
#include <GraphMol/QueryBond.h>
#include <GraphMol/SmilesParse/SmartsWrite.h>

#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "base/map_number.h"
#include "review/labelled_graph.h"
#include "review/subject.h"

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;
using RDKit::ROMol;

bool is_chiral(const Atom &atom) {
  return atom.getChiralTag() == Atom::CHI_TETRAHEDRAL_CW || atom.getChiralTag() == Atom::CHI_TETRAHEDRAL_CCW;
}

// The atom's text without map number and, if it is chiral, without the mark, whose meaning depends on the
// order of its neighbours.
std::string label(const Atom &atom, std::string_view text) {
  std::string label;
  int depth = 0;  // of recursive patterns, whose marks stay
  for (std::size_t at = 0; at < text.size(); ++at) {
    depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
    const bool is_own = depth == 0;
    if (is_own && text[at] == ':') {
      at = text.find_first_not_of("0123456789", at + 1) - 1;
    } else if (!(is_own && text[at] == '@' && is_chiral(atom))) {
      label += text[at];
    }
  }
  return label;
}

std::string label(const Bond &bond) {
  const auto type = std::to_string(static_cast<int>(bond.getBondType()));
  if (!bond.hasQuery() || bond.getBondDir() != Bond::NONE) {
    return type;
  }
  return type + RDKit::SmartsWrite::GetBondSmarts(static_cast<const RDKit::QueryBond *>(&bond));
}

// The direction of a bond as seen from its beginning and its end.
std::pair<std::string, std::string> directions(const Bond &bond) {
  switch (bond.getBondDir()) {
    case Bond::NONE:
      return {"", ""};
    case Bond::ENDUPRIGHT:
      return {"/", "\\"};
    case Bond::ENDDOWNRIGHT:
      return {"\\", "/"};
    default:
      return {">" + std::to_string(bond.getBondDir()), "<" + std::to_string(bond.getBondDir())};
  }
}

// The templates as one graph, in which atoms with the same number are joined.
class RuleGraph {
 public:
  // `texts` of the atoms. Numbers join the atoms to those of the reactant template, which comes first.
  void add(const std::string &role, const ROMol &pattern, const std::vector<std::string> &texts) {
    const int whole = graph_.add_node(role);
    std::vector<int> nodes;
    for (const auto *atom : pattern.atoms()) {
      nodes.push_back(graph_.add_node(label(*atom, texts[atom->getIdx()])));
      graph_.add_edge(whole, nodes.back(), "has", "in");
      join(*atom, nodes.back(), is_first_);
    }
    for (const auto *bond : pattern.bonds()) {
      const auto [from_begin, from_end] = directions(*bond);
      const auto common = label(*bond) + ' ';
      graph_.add_edge(nodes[bond->getBeginAtomIdx()], nodes[bond->getEndAtomIdx()], common + from_begin,
                      common + from_end);
    }
    for (const auto *atom : pattern.atoms()) {
      if (is_chiral(*atom)) {
        add_chirality(*atom, nodes);
      }
    }
    is_first_ = false;
  }

  std::string canonical_text() const { return graph_.canonical_text(); }

 private:
  void join(const Atom &atom, int node, bool is_reactant) {
    const auto number = map_number(atom);
    if (number && is_reactant) {
      reactant_.emplace(*number, node);
    } else if (number && reactant_.count(*number)) {
      graph_.add_edge(reactant_[*number], node, "becomes", "was");
    }
  }

  void add_chirality(const Atom &atom, const std::vector<int> &nodes) {
    std::vector<int> neighbours;
    for (const auto *bond : atom.getOwningMol().atomBonds(&atom)) {
      neighbours.push_back(nodes[bond->getOtherAtomIdx(atom.getIdx())]);
    }
    if (!neighbours.empty()) {
      graph_.set_chiral(nodes[atom.getIdx()], neighbours, atom.getChiralTag() == Atom::CHI_TETRAHEDRAL_CW);
    }
  }

  LabelledGraph graph_;
  std::map<int, int> reactant_;  // number -> node
  bool is_first_ = true;
};

std::vector<std::string> texts_of(const Subject &subject, const std::vector<TemplateAtom> &atoms,
                                  std::size_t which) {
  std::vector<std::string> texts;
  for (const auto &atom : atoms) {
    if (atom.which == which) {
      texts.push_back(subject.text_of(atom));
    }
  }
  return texts;
}

void add_matched(const MatchedPattern &matched, RuleGraph &graph) {
  std::vector<std::string> texts;
  for (const auto &atom : matched.atoms) {
    texts.push_back(matched.text_of(atom));
  }
  const auto role = matched.pattern.part == TransformPart::kSmirks      ? "reactant"
                    : matched.pattern.part == TransformPart::kNotSmarts ? "not"
                                                                        : "query";
  graph.add(role, matched.molecule(), texts);
}

}  // namespace

std::string identity(const Transform &transform) {
  const Subject subject(transform);
  RuleGraph graph;
  for (const auto &matched : subject.matched()) {
    add_matched(matched, graph);
  }
  const auto &products = transform.reaction->getProducts();
  for (std::size_t which = 0; which < products.size(); ++which) {
    graph.add("product", *products[which], texts_of(subject, subject.products(), which));
  }
  const auto limit = transform.max_sites ? std::to_string(*transform.max_sites) : "none";
  return graph.canonical_text() + "sites " + limit + (transform.exclude_sugar_like ? ", no sugars" : "") +
         (transform.explicit_hydrogens ? ", hydrogens as atoms" : "");
}

}  // namespace xform
