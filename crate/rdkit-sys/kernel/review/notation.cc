#include "review/notation.h"

#include <GraphMol/QueryBond.h>
#include <GraphMol/SmilesParse/SmartsWrite.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;

bool is_small(const std::string &symbol) {
  return !symbol.empty() && std::islower(static_cast<unsigned char>(symbol.front()));
}

// Writes a connected part of a template, depth first.
class Writer {
 public:
  Writer(std::set<const Atom *> atoms, const Labels &labels) : atoms_(std::move(atoms)), labels_(labels) {}

  bool is_left(const Atom *atom) const { return atoms_.count(atom) > 0 && seen_.count(atom) == 0; }

  std::string write(const Atom *first) {
    const auto written = seen_;
    find_rings(first, nullptr);
    seen_ = written;
    return write_from(first, nullptr);
  }

 private:
  std::vector<const Bond *> bonds_of(const Atom *atom, const Bond *from) const {
    std::vector<const Bond *> bonds;
    for (const auto *bond : atom->getOwningMol().atomBonds(atom)) {
      if (bond != from && atoms_.count(bond->getOtherAtom(atom)) > 0) {
        bonds.push_back(bond);
      }
    }
    std::sort(bonds.begin(), bonds.end(),
              [](const Bond *one, const Bond *other) { return one->getIdx() < other->getIdx(); });
    return bonds;
  }

  // Numbers the bonds that close rings.
  void find_rings(const Atom *atom, const Bond *from) {
    seen_.insert(atom);
    for (const auto *bond : bonds_of(atom, from)) {
      const auto *other = bond->getOtherAtom(atom);
      if (seen_.count(other) == 0) {
        find_rings(other, bond);
      } else if (closures_.count(bond) == 0) {
        const auto number = static_cast<int>(closures_.size()) + 1;
        closures_[bond] = number;
      }
    }
  }

  std::string closures_of(const Atom *atom) const {
    std::string text;
    for (const auto &[bond, number] : closures_) {
      if (bond->getBeginAtom() == atom || bond->getEndAtom() == atom) {
        const auto symbol = bond_symbol(*bond, labels_);
        text += (symbol == "-" ? "" : symbol) + (number > 9 ? "%" : "") + std::to_string(number);
      }
    }
    return text;
  }

  // In brackets as in SMILES if hydrogens, charge or isotope could be taken for something else.
  std::string text_of(const Atom *atom) const {
    const auto label = labels_.label(atom);
    const auto bonds = bonds_of(atom, nullptr);
    const bool is_marked = std::any_of(bonds.begin(), bonds.end(), [&](const Bond *bond) {
      return closures_.count(bond) > 0 || bond_symbol(*bond, labels_).empty();
    });
    const bool has_sign = label.find_first_of("+-") != std::string::npos ||
                          std::isdigit(static_cast<unsigned char>(label.front()));
    const bool needs_brackets = (is_marked && label != labels_.symbol(atom)) || (has_sign && !bonds.empty());
    return needs_brackets ? "[" + label + "]" : label;
  }

  std::string write_from(const Atom *atom, const Bond *from) {
    seen_.insert(atom);
    auto text = text_of(atom) + closures_of(atom);
    std::vector<std::string> branches;
    for (const auto *bond : bonds_of(atom, from)) {
      const auto *other = bond->getOtherAtom(atom);
      if (closures_.count(bond) == 0 && seen_.count(other) == 0) {
        branches.push_back(bond_symbol(*bond, labels_) + write_from(other, bond));
      }
    }
    for (std::size_t index = 0; index + 1 < branches.size(); ++index) {
      const auto &branch = branches[index];
      text += "(" + (branch.front() == '-' ? branch.substr(1) : branch) + ")";
    }
    return branches.empty() ? text : text + branches.back();
  }

  struct ByIndex {
    bool operator()(const Bond *one, const Bond *other) const { return one->getIdx() < other->getIdx(); }
  };

  std::set<const Atom *> atoms_;
  const Labels &labels_;
  std::set<const Atom *> seen_;
  std::map<const Bond *, int, ByIndex> closures_;
};

// The templates of one side, those of the products with a plus between them.
std::string side(const std::vector<TemplateAtom> &atoms, std::size_t templates, const Labels &labels) {
  std::string text;
  for (std::size_t which = 0; which < templates; ++which) {
    std::vector<const TemplateAtom *> own;
    for (const auto &atom : atoms) {
      if (atom.which == which) {
        own.push_back(&atom);
      }
    }
    text += (which > 0 ? " + " : "") + notation(own, labels);
  }
  return text;
}

}  // namespace

std::string bond_symbol(const Bond &bond, const Labels &labels) {
  const auto order = demanded_order(bond);
  const bool unmarked = bond.hasQuery() && bond.getQuery()->getDescription() == "SingleOrAromaticBond";
  const auto is_aromatic = [&](const Atom *atom) { return is_small(labels.symbol(atom)); };
  const bool aromatic = is_aromatic(bond.getBeginAtom()) && is_aromatic(bond.getEndAtom());
  if (aromatic && (unmarked || order == Bond::AROMATIC)) {
    return "";
  }
  if (!order) {
    auto text = RDKit::SmartsWrite::GetBondSmarts(static_cast<const RDKit::QueryBond *>(&bond));
    return text.empty() ? "~" : text;
  }
  switch (*order) {
    case Bond::SINGLE:
      return "-";
    case Bond::DOUBLE:
      return "=";
    case Bond::TRIPLE:
      return "#";
    case Bond::AROMATIC:
      return ":";
    default:
      return "~";
  }
}

std::string notation(const std::vector<const TemplateAtom *> &atoms, const Labels &labels) {
  std::set<const Atom *> shown;
  for (const auto *atom : atoms) {
    if (!labels.is_folded(atom->atom)) {
      shown.insert(atom->atom);
    }
  }
  Writer writer(std::move(shown), labels);
  std::string text;
  for (const auto *atom : atoms) {
    if (writer.is_left(atom->atom)) {
      text += (text.empty() ? "" : ".") + writer.write(atom->atom);
    }
  }
  return text;
}

std::string picture_of(const Subject &subject, const Labels &labels) {
  const auto &reaction = *subject.transform().reaction;
  return side(subject.reactant(), reaction.getNumReactantTemplates(), labels) + " -> " +
         side(subject.products(), reaction.getNumProductTemplates(), labels);
}

}  // namespace xform
