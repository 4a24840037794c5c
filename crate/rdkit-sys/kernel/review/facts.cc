#include "review/facts.h"

#include <RDGeneral/types.h>

#include <algorithm>

#include "plain/demands.h"
#include "review/notation.h"

namespace xform {
namespace {

using Words = std::vector<std::string>;

void add_new(Words &words, const std::string &word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) {
    words.push_back(word);
  }
}

std::string joined(const Words &words, const std::string &separator) {
  std::string all;
  for (const auto &word : words) {
    all += (all.empty() ? "" : separator) + word;
  }
  return all;
}

std::string bond_text(const TemplateBond &bond, const Labels &labels,
                      std::string (Labels::*text)(const TemplateAtom &) const) {
  const auto symbol = bond_symbol(*bond.bond, labels);
  return (labels.*text)(*bond.begin) + (symbol.empty() ? "-" : symbol) + (labels.*text)(*bond.end);
}

// ---- in a few words

// The groups whose first atom is on `atom`, each with a double or triple bond before it: `=O`.
Words groups_on(const TemplateAtom *atom, const std::vector<AtomGroup> &groups, const Labels &labels) {
  Words words;
  for (const auto &group : groups) {
    if (group.on.empty() || group.on.front() != atom) {
      continue;
    }
    std::string symbol;
    for (const auto *bond : atom->atom->getOwningMol().atomBonds(atom->atom)) {
      if (bond->getOtherAtom(atom->atom) == group.atoms.front()->atom) {
        symbol = bond_symbol(*bond, labels);
      }
    }
    words.push_back((symbol == "=" || symbol == "#" ? symbol : "") + notation(group.atoms, labels));
  }
  return words;
}

// What goes from and comes to each kept atom: `C: OH -> F`, `O: +CH3`, `c: -Cl`.
Words exchanges(const Comparison &comparison, const Labels &labels) {
  Words words;
  for (const auto &kept : comparison.kept) {
    const auto lost = joined(groups_on(kept.before, comparison.removed, labels), " and ");
    const auto won = joined(groups_on(kept.after, comparison.added, labels), " and ");
    const auto name = labels.symbol(kept.before->atom) + ": ";
    const auto bracketed = [](const std::string &group) {
      return group.front() == '=' || group.front() == '#' ? "(" + group + ")" : group;
    };
    if (!lost.empty() && !won.empty()) {
      words.push_back(name + lost + " -> " + won);
    } else if (!lost.empty()) {
      words.push_back(name + "-" + bracketed(lost));
    } else if (!won.empty()) {
      words.push_back(name + "+" + bracketed(won));
    }
  }
  const auto add_lone = [&](const std::vector<AtomGroup> &groups, const std::string &sign) {
    for (const auto &group : groups) {
      if (group.on.empty()) {
        words.push_back(sign + notation(group.atoms, labels));
      }
    }
  };
  add_lone(comparison.removed, "-");
  add_lone(comparison.added, "+");
  return words;
}

void add_bond_changes(const Comparison &comparison, const Labels &labels, Words &words) {
  const auto short_text = [&](const TemplateBond &bond) { return bond_text(bond, labels, &Labels::label); };
  for (const auto &change : comparison.reordered) {
    add_new(words, short_text(change.before) + " -> " + short_text(change.after));
  }
  const auto between_kept = [&](const TemplateBond &bond) {
    return comparison.kept_as(*bond.begin) && comparison.kept_as(*bond.end);
  };
  for (const auto &bond : comparison.broken) {
    if (between_kept(bond)) {
      add_new(words, short_text(bond) + " cut");
    }
  }
  for (const auto &bond : comparison.made) {
    if (between_kept(bond)) {
      add_new(words, short_text(bond) + " made");
    }
  }
}

bool becomes_another(const KeptAtom &kept, const Labels &labels) {
  return labels.symbol(kept.before->atom) != labels.symbol(kept.after->atom) ||
         labels.look(*kept.before).charge.value_or(0) != labels.look(*kept.after).charge.value_or(0);
}

// ---- at length

void add_atoms(const Comparison &comparison, const Labels &labels, std::vector<Statement> &statements) {
  Words kept, changed;
  for (const auto &atom : comparison.kept) {
    kept.push_back(labels.name(*atom.before));
    if (labels.symbol(atom.before->atom) != labels.symbol(atom.after->atom)) {
      changed.push_back(labels.name(*atom.before) + " becomes " + labels.symbol(atom.after->atom));
    }
    if (const auto isotope = prescribed_value(*atom.after->atom, RDKit::common_properties::_QueryIsotope)) {
      changed.push_back(labels.name(*atom.before) + " gets the isotope " + std::to_string(*isotope));
    }
  }
  if (!kept.empty()) {
    statements.push_back({Topic::kKept, listed(kept) + ", with everything else attached to " +
                                            (kept.size() == 1 ? "it" : "them")});
  }
  if (!changed.empty()) {
    statements.push_back({Topic::kChanged, listed(changed)});
  }
}

void add_groups(const std::vector<AtomGroup> &groups, Topic topic, const std::string &link,
                const std::string &tail, const Labels &labels, std::vector<Statement> &statements) {
  Words words;
  for (const auto &group : groups) {
    Words on;
    for (const auto *atom : group.on) {
      add_new(on, labels.name(*atom));
    }
    words.push_back(notation(group.atoms, labels) + (on.empty() ? "" : link + listed(on)));
  }
  if (!words.empty()) {
    statements.push_back({topic, listed(words) + tail});
  }
}

void add_bonds(const Comparison &comparison, const Labels &labels, std::vector<Statement> &statements) {
  const auto text = [&](const TemplateBond &bond) { return bond_text(bond, labels, &Labels::name); };
  const auto add = [&](const std::string &what, const std::vector<TemplateBond> &bonds) {
    Words words;
    std::transform(bonds.begin(), bonds.end(), std::back_inserter(words), text);
    if (!words.empty()) {
      statements.push_back({Topic::kBonds, what + ": " + joined(words, ", ")});
    }
  };
  add("broken", comparison.broken);
  add("made", comparison.made);
  Words changed;
  for (const auto &change : comparison.reordered) {
    changed.push_back(text(change.before) + " to " + text(change.after));
  }
  if (!changed.empty()) {
    statements.push_back({Topic::kBonds, "changed: " + joined(changed, ", ")});
  }
}

std::string signed_text(int charge) { return (charge > 0 ? "+" : "") + std::to_string(charge); }

void add_charges(const Comparison &comparison, const Labels &labels, std::vector<Statement> &statements) {
  for (const auto &kept : comparison.kept) {
    const auto &look = labels.look(*kept.before);
    const int before = look.charge.value_or(0);
    const auto after = prescribed_value(*kept.after->atom, RDKit::common_properties::_QueryFormalCharge);
    const auto name = labels.name(*kept.before);
    if (after && (*after != before || !look.charge)) {
      const auto was = look.charge ? ", was " + signed_text(before) : "";
      statements.push_back({Topic::kCharges, name + " gets " + signed_text(*after) + was});
    } else if (!after && before != 0) {
      const bool inherits = labels.look(*kept.after).charge.value_or(0) == before;
      statements.push_back(
          {Topic::kCharges, name + (inherits ? " keeps " : " loses ") + signed_text(before)});
    }
  }
}

void add_products(const Transform &transform, std::vector<Statement> &statements) {
  if (const auto count = transform.product_templates(); count > 1) {
    statements.push_back({Topic::kProducts,
                          std::to_string(count) + " product templates, each of which gives its own product"});
  }
  for (const auto &product : transform.reaction->getProducts()) {
    std::vector<int> parts;
    if (const auto count = RDKit::MolOps::getMolFrags(*product, parts); count > 1) {
      statements.push_back({Topic::kProducts, "one product of " + std::to_string(count) + " parts"});
    }
  }
}

}  // namespace

std::string listed(const Words &words) {
  std::string all;
  for (std::size_t index = 0; index < words.size(); ++index) {
    all += (index == 0 ? "" : index + 1 == words.size() ? " and " : ", ") + words[index];
  }
  return all;
}

std::string change_of(const Subject &, const Comparison &comparison, const Labels &labels) {
  auto words = exchanges(comparison, labels);
  for (const auto &kept : comparison.kept) {
    if (becomes_another(kept, labels)) {
      add_new(words, labels.label(*kept.before) + " -> " + labels.label(*kept.after));
    }
  }
  add_bond_changes(comparison, labels, words);
  if (!words.empty()) {
    return joined(words, ", ");
  }
  for (const auto &kept : comparison.kept) {
    if (labels.label(*kept.before) != labels.label(*kept.after)) {
      add_new(words, labels.label(*kept.before) + " -> " + labels.label(*kept.after));
    }
  }
  return words.empty() ? "nothing" : joined(words, ", ");
}

std::vector<Statement> statements_of(const Subject &subject, const Comparison &comparison,
                                     const Labels &labels) {
  std::vector<Statement> statements;
  add_atoms(comparison, labels, statements);
  add_groups(comparison.removed, Topic::kRemoved, " from ",
             ", with everything attached only to what is removed", labels, statements);
  add_groups(comparison.added, Topic::kAdded, " on ", "", labels, statements);
  add_bonds(comparison, labels, statements);
  add_charges(comparison, labels, statements);
  const auto add_all = [&](Topic topic, const Words &facts) {
    for (const auto &fact : facts) {
      statements.push_back({topic, fact});
    }
  };
  add_all(Topic::kHydrogens, hydrogen_facts(comparison, labels));
  add_all(Topic::kRings, ring_facts(subject, comparison, labels));
  add_all(Topic::kStereo, stereo_facts(subject, comparison, labels));
  add_products(subject.transform(), statements);
  return statements;
}

}  // namespace xform
