// Facts about rings that are opened or closed.
#include <GraphMol/MolOps.h>
#include <GraphMol/QueryBond.h>
#include <GraphMol/RWMol.h>

#include <algorithm>
#include <set>

#include "plain/demands.h"
#include "review/facts.h"

namespace xform {
namespace {

using Words = std::vector<std::string>;
using Bonds = std::vector<TemplateBond>;

struct TemplateRing {
  std::vector<const TemplateAtom *> atoms;
  Bonds bonds;
  std::set<const TemplateAtom *> kept;  // those of them that are kept, as atoms of the reactant template
};

bool has(const Bonds &bonds, const RDKit::Bond *bond) {
  return std::any_of(bonds.begin(), bonds.end(), [&](const TemplateBond &one) { return one.bond == bond; });
}

// The ring of those atoms of `pattern`.
TemplateRing ring_of(const std::vector<int> &indices, const RDKit::ROMol *pattern,
                     const std::vector<TemplateAtom> &atoms, const Bonds &bonds,
                     const Comparison &comparison) {
  const auto is_member = [&](const TemplateAtom &atom) {
    const auto index = static_cast<int>(atom.atom->getIdx());
    return &atom.atom->getOwningMol() == pattern &&
           std::find(indices.begin(), indices.end(), index) != indices.end();
  };
  TemplateRing ring;
  for (const auto &atom : atoms) {
    if (is_member(atom)) {
      ring.atoms.push_back(&atom);
      if (const auto *kept = comparison.kept_as(atom)) {
        ring.kept.insert(kept->before);
      }
    }
  }
  std::copy_if(bonds.begin(), bonds.end(), std::back_inserter(ring.bonds),
               [&](const TemplateBond &bond) { return is_member(*bond.begin) && is_member(*bond.end); });
  return ring;
}

// The rings of the templates of one side that lose or get one of the `changed` bonds, or of which no atom
// stays.
std::vector<TemplateRing> changed_rings(const std::vector<TemplateAtom> &atoms, const Comparison &comparison,
                                        const Bonds &changed) {
  std::vector<TemplateRing> rings;
  const auto bonds = bonds_between(atoms);
  std::set<const RDKit::ROMol *> seen;
  for (const auto &atom : atoms) {
    const auto *pattern = &atom.atom->getOwningMol();
    if (!seen.insert(pattern).second) {
      continue;
    }
    RDKit::RWMol copy(*pattern);
    std::vector<std::vector<int>> found;
    RDKit::MolOps::findSSSR(copy, found);
    for (const auto &indices : found) {
      auto ring = ring_of(indices, pattern, atoms, bonds, comparison);
      const auto is_changed = [&](const TemplateBond &bond) { return has(changed, bond.bond); };
      if (ring.kept.empty() || std::any_of(ring.bonds.begin(), ring.bonds.end(), is_changed)) {
        rings.push_back(std::move(ring));
      }
    }
  }
  return rings;
}

std::string ring_text(const TemplateRing &ring, const Labels &labels) {
  Words names;
  for (const auto *atom : ring.kept) {
    names.push_back(labels.name(*atom));
  }
  std::sort(names.begin(), names.end());
  const auto size = "a ring of " + std::to_string(ring.atoms.size()) + " atoms";
  return names.empty() ? size : size + " with " + listed(names);
}

// Whether a query demands that the bond is, or that it is not, in a ring; nothing if it demands neither.
std::optional<bool> demands_ring(const RDKit::Bond::QUERYBOND_QUERY &query) {
  if (query.getDescription() == "BondInRing") {
    return !query.getNegation();
  }
  std::optional<bool> demanded;
  if (query.getDescription() == "BondAnd" && !query.getNegation()) {
    for (auto child = query.beginChildren(); child != query.endChildren() && !demanded; ++child) {
      demanded = demands_ring(**child);
    }
  }
  return demanded;
}

// Whether the atom has a single bond to something else than a hydrogen.
bool is_terminal(const TemplateAtom &atom, const Labels &labels) {
  const auto &symbol = labels.symbol(atom.atom);
  const int hydrogens = labels.look(atom).hydrogens.value_or(0);
  const int valence = symbol == "C" ? 4 : symbol == "N" ? 3 : symbol == "O" || symbol == "S" ? 2 : 9;
  return demanded_value(*atom.atom, "AtomExplicitDegree").value_or(9) == 1 ||
         demanded_value(*atom.atom, "AtomTotalDegree").value_or(9) == 1 || valence - hydrogens < 2;
}

bool is_in(const std::vector<TemplateRing> &rings, const TemplateBond &bond) {
  return std::any_of(rings.begin(), rings.end(),
                     [&](const TemplateRing &ring) { return has(ring.bonds, bond.bond); });
}

// Whether the atoms of a new bond are in parts of the reactant template that its grouping finds in one
// parent. In a single part, a cut may separate them, and then the bond only moves.
bool are_apart(const TemplateBond &bond, const Subject &subject, const Comparison &comparison) {
  std::vector<int> parts;
  RDKit::MolOps::getMolFrags(subject.transform().reactant(), parts);
  const auto part_of = [&](const TemplateAtom &atom) {
    return parts[comparison.kept_as(atom)->before->atom->getIdx()];
  };
  return part_of(*bond.begin) != part_of(*bond.end);
}

// A bond between kept atoms that is cut outside the rings of the template.
std::string cut_fact(const TemplateBond &bond, const Labels &labels) {
  const auto demanded = bond.bond->hasQuery() ? demands_ring(*bond.bond->getQuery()) : std::nullopt;
  if (demanded == false || is_terminal(*bond.begin, labels) || is_terminal(*bond.end, labels)) {
    return "";
  }
  const auto between = "the bond between " + labels.name(*bond.begin) + " and " + labels.name(*bond.end);
  return demanded ? "opens the ring of " + between : "opens a ring if " + between + " is in one";
}

}  // namespace

std::vector<std::string> ring_facts(const Subject &subject, const Comparison &comparison,
                                    const Labels &labels) {
  Words facts;
  const auto opened = changed_rings(subject.reactant(), comparison, comparison.broken);
  auto closed = changed_rings(subject.products(), comparison, comparison.made);
  const auto both_kept = [&](const TemplateBond &bond) {
    return comparison.kept_as(*bond.begin) && comparison.kept_as(*bond.end);
  };
  for (const auto &bond : comparison.made) {
    if (both_kept(bond) && !is_in(closed, bond) && are_apart(bond, subject, comparison)) {
      facts.push_back("closes a ring, because " + labels.name(*bond.begin) + " and " +
                      labels.name(*bond.end) + " are in one parent");
    }
  }
  for (const auto &bond : comparison.broken) {
    if (both_kept(bond) && !is_in(opened, bond)) {
      facts.push_back(cut_fact(bond, labels));
    }
  }
  for (const auto &ring : opened) {
    const auto same = std::find_if(closed.begin(), closed.end(), [&](const TemplateRing &other) {
      return !ring.kept.empty() && other.kept == ring.kept;
    });
    const auto verb = same != closed.end() ? "rebuilds " : ring.kept.empty() ? "removes " : "opens ";
    facts.push_back(verb + ring_text(ring, labels));
    if (same != closed.end()) {
      closed.erase(same);
    }
  }
  for (const auto &ring : closed) {
    facts.push_back((ring.kept.empty() ? "adds " : "closes ") + ring_text(ring, labels));
  }
  facts.erase(std::remove(facts.begin(), facts.end(), ""), facts.end());
  return facts;
}

}  // namespace xform
