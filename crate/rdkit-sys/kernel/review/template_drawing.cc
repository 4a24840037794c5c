// The picture of a transform.
#include <GraphMol/Depictor/RDDepictor.h>
#include <GraphMol/MolOps.h>
#include <RDGeneral/types.h>

#include <algorithm>

#include "review/drawing.h"
#include "review/notation.h"
#include "review/sheet.h"

namespace xform {
namespace {

const RDKit::DrawColour kRemoved(1.0, 0.78, 0.78);
const RDKit::DrawColour kAdded(0.76, 0.94, 0.76);
const RDKit::DrawColour kChanged(1.0, 0.93, 0.62);

constexpr std::size_t kNoteLetters = 96;

struct Drawing {
  const Subject &subject;
  const Comparison &comparison;
  const Labels &labels;
};

// The label in RDKit's markup, `CH<sub>3</sub>`.
std::string marked_up(const AtomLook &look) {
  std::string text = look.isotope > 0 ? "<sup>" + std::to_string(look.isotope) + "</sup>" : "";
  text += look.symbol;
  const int hydrogens = look.hydrogens.value_or(0);
  if (hydrogens > 0) {
    text += hydrogens == 1 ? "H" : "H<sub>" + std::to_string(hydrogens) + "</sub>";
  }
  if (const int charge = look.charge.value_or(0)) {
    const auto size = std::abs(charge) > 1 ? std::to_string(std::abs(charge)) : "";
    text += "<sup>" + size + (charge > 0 ? "+" : "-") + "</sup>";
  }
  return text;
}

// RDKit itself places the hydrogens of an element's symbol, and leaves out carbon. Atoms that stay keep their
// symbol, because what else is bonded to them is not known.
bool needs_label(const TemplateAtom &atom, const AtomLook &look) {
  const bool is_element = look.symbol.find_first_of("*#/aA") == std::string::npos;
  return !is_element || (atom.number && atom.atom->getAtomicNum() == 6);
}

RDKit::Bond::BondType drawn_type(const RDKit::Bond &bond, const Labels &labels) {
  const auto symbol = bond_symbol(bond, labels);
  if (symbol.empty() || symbol == ":") {
    return RDKit::Bond::AROMATIC;
  }
  const auto order = demanded_order(bond);
  return order ? *order : bond.getBondType() == RDKit::Bond::SINGLE ? RDKit::Bond::SINGLE : RDKit::Bond::ZERO;
}

RDKit::Atom drawn_atom(const TemplateAtom &atom, const AtomLook &look) {
  RDKit::Atom drawn(atom.atom->getAtomicNum());
  drawn.setNoImplicit(true);
  drawn.setNumExplicitHs(static_cast<unsigned int>(std::max(look.hydrogens.value_or(0), 0)));
  drawn.setFormalCharge(look.charge.value_or(0));
  drawn.setIsotope(static_cast<unsigned int>(look.isotope));
  if (needs_label(atom, look)) {
    drawn.setProp(RDKit::common_properties::_displayLabel, marked_up(look));
  }
  if (atom.number) {
    drawn.setProp(RDKit::common_properties::atomNote, std::to_string(*atom.number));
  }
  return drawn;
}

bool is_changed(const KeptAtom &kept, const Drawing &drawing) {
  const auto &changes = drawing.comparison.reordered;
  return drawing.labels.label(*kept.before) != drawing.labels.label(*kept.after) ||
         std::any_of(changes.begin(), changes.end(), [&](const OrderChange &change) {
           return change.before.begin == kept.before || change.before.end == kept.before;
         });
}

// Template atom -> atom of the panel.
using Places = std::map<const TemplateAtom *, int>;

// The template `which` of one side, without coordinates.
Panel panel_of(const std::vector<TemplateAtom> &atoms, std::size_t which, const RDKit::DrawColour &lone,
               const Drawing &drawing, Places &places) {
  Panel panel{std::make_unique<RDKit::RWMol>(), {}, {}};
  panel.is_template = true;
  for (const auto &atom : atoms) {
    if (atom.which != which || drawing.labels.is_folded(atom.atom)) {
      continue;
    }
    auto drawn = drawn_atom(atom, drawing.labels.look(atom));
    const auto index = static_cast<int>(panel.molecule->addAtom(&drawn, false, false));
    places[&atom] = index;
    if (const auto *kept = drawing.comparison.kept_as(atom); !kept) {
      panel.colours[index] = lone;
    } else if (is_changed(*kept, drawing)) {
      panel.colours[index] = kChanged;
    }
  }
  for (const auto &bond : bonds_between(atoms)) {
    if (bond.begin->which == which && places.count(bond.begin) > 0 && places.count(bond.end) > 0) {
      panel.molecule->addBond(static_cast<unsigned int>(places.at(bond.begin)),
                              static_cast<unsigned int>(places.at(bond.end)),
                              drawn_type(*bond.bond, drawing.labels));
    }
  }
  const bool strict = false;
  panel.molecule->updatePropertyCache(strict);
  RDKit::MolOps::symmetrizeSSSR(*panel.molecule);
  RDDepict::compute2DCoords(*panel.molecule);
  return panel;
}

// Turns a product template so that the atoms that stay are where they were.
void align(Panel &product, const Places &after, const Panel &reactant, const Places &before,
           const Comparison &comparison) {
  RDKit::MatchVectType pairs;
  for (const auto &kept : comparison.kept) {
    const auto here = after.find(kept.after);
    if (here != after.end()) {
      pairs.emplace_back(before.at(kept.before), here->second);
    }
  }
  if (pairs.size() > 1) {
    RDDepict::ConstrainedDepictionParams params;
    params.alignOnly = true;
    RDDepict::generateDepictionMatching2DStructure(*product.molecule, *reactant.molecule, pairs, -1, params);
  }
}

void add_note(std::vector<std::string> &notes, const std::string &head, const std::string &text) {
  constexpr std::size_t kHead = 7;
  for (std::size_t at = 0; at < text.size(); at += kNoteLetters) {
    auto line = at == 0 ? head : "";
    line.resize(kHead, ' ');
    notes.push_back(line + text.substr(at, kNoteLetters));
  }
}

// What the query and the atoms of the reactant template demand beyond their labels.
std::vector<std::string> notes_of(const Subject &subject, const Labels &labels) {
  std::vector<std::string> notes;
  for (const auto &atom : subject.reactant()) {
    const auto text = subject.text_of(atom);
    if (atom.number && text != "[" + labels.label(atom) + ":" + std::to_string(*atom.number) + "]") {
      add_note(notes, std::to_string(*atom.number), text);
    }
  }
  if (const auto &query = subject.transform().text.query_smarts) {
    add_note(notes, "query", *query);
  }
  return notes;
}

}  // namespace

std::string draw_reaction(const Transform &transform) {
  const Subject subject(transform);
  const Comparison comparison(subject);
  const Labels labels(subject, comparison);
  const Drawing drawing{subject, comparison, labels};
  Places before;
  const auto reactant = panel_of(subject.reactant(), 0, kRemoved, drawing, before);
  std::vector<Panel> products;
  for (std::size_t which = 0; which < transform.product_templates(); ++which) {
    Places after;
    auto product = panel_of(subject.products(), which, kAdded, drawing, after);
    align(product, after, reactant, before, comparison);
    products.push_back(std::move(product));
  }
  return draw_sheet(reactant, products, notes_of(subject, labels));
}

}  // namespace xform
