#include "review/subject.h"

#include <GraphMol/QueryAtom.h>
#include <GraphMol/SmilesParse/SmartsWrite.h>

#include <algorithm>

#include "base/map_number.h"

namespace xform {
namespace {

// The end of the bracket that opens at `begin`; brackets of recursive SMARTS are nested in it.
std::size_t end_of_bracket(std::string_view text, std::size_t begin) {
  int depth = 0;
  for (auto at = begin; at < text.size(); ++at) {
    depth += text[at] == '[' ? 1 : text[at] == ']' ? -1 : 0;
    if (depth == 0) {
      return at + 1;
    }
  }
  return text.size();
}

// The length of the atom without brackets that begins at `at`; 0 if none does.
std::size_t bare_atom(std::string_view text, std::size_t at) {
  const auto two = text.substr(at, 2);
  if (two == "Cl" || two == "Br") {
    return 2;
  }
  return std::string_view("BCNOPSFIbcnopsAa*").find(text[at]) != std::string_view::npos ? 1 : 0;
}

// The positions of the two arrows of a reaction, outside brackets; `->` is a bond.
std::pair<std::size_t, std::size_t> arrows(std::string_view smirks) {
  std::vector<std::size_t> found;
  for (std::size_t at = 0; at < smirks.size() && found.size() < 2; ++at) {
    if (smirks[at] == '[') {
      at = end_of_bracket(smirks, at) - 1;
    } else if (smirks[at] == '>' && (at == 0 || smirks[at - 1] != '-')) {
      found.push_back(at);
    }
  }
  found.resize(2, smirks.size());
  return {found[0], found[1]};
}

std::vector<TemplateAtom> atoms_of(const std::vector<const RDKit::ROMol *> &templates,
                                   const std::vector<Span> &spans, std::size_t offset) {
  std::vector<TemplateAtom> atoms;
  for (std::size_t which = 0; which < templates.size(); ++which) {
    for (const auto *atom : templates[which]->atoms()) {
      atoms.push_back({atom, which, map_number(*atom), std::nullopt});
    }
  }
  if (atoms.size() == spans.size()) {
    for (std::size_t index = 0; index < atoms.size(); ++index) {
      atoms[index].span = Span{offset + spans[index].begin, offset + spans[index].end};
    }
  }
  return atoms;
}

std::vector<const RDKit::ROMol *> pointers(const RDKit::MOL_SPTR_VECT &templates) {
  std::vector<const RDKit::ROMol *> all;
  for (const auto &one : templates) {
    all.push_back(one.get());
  }
  return all;
}

// The text of an atom of `pattern`; without a place, RDKit's SMARTS of it.
std::string text_in(std::string_view pattern, const TemplateAtom &atom) {
  if (atom.span) {
    return std::string(pattern.substr(atom.span->begin, atom.span->end - atom.span->begin));
  }
  return RDKit::SmartsWrite::GetAtomSmarts(static_cast<const RDKit::QueryAtom *>(atom.atom));
}

const TemplateAtom *find(const std::vector<TemplateAtom> &atoms, int number) {
  const auto found = std::find_if(atoms.begin(), atoms.end(),
                                  [&](const TemplateAtom &atom) { return atom.number == number; });
  return found == atoms.end() ? nullptr : &*found;
}

}  // namespace

std::vector<TemplateBond> bonds_between(const std::vector<TemplateAtom> &atoms) {
  std::vector<TemplateBond> bonds;
  const auto find_atom = [&](const RDKit::Atom *atom) {
    return &*std::find_if(atoms.begin(), atoms.end(), [&](const auto &one) { return one.atom == atom; });
  };
  for (const auto &atom : atoms) {
    for (const auto *bond : atom.atom->getOwningMol().atomBonds(atom.atom)) {
      if (bond->getBeginAtom() == atom.atom) {
        bonds.push_back({bond, &atom, find_atom(bond->getEndAtom())});
      }
    }
  }
  return bonds;
}

std::optional<Span> span_of(const std::vector<const TemplateAtom *> &atoms) {
  std::optional<Span> all;
  for (const auto *atom : atoms) {
    if (!atom->span) {
      return std::nullopt;
    }
    all = all ? Span{std::min(all->begin, atom->span->begin), std::max(all->end, atom->span->end)}
              : *atom->span;
  }
  return all;
}

std::vector<Span> atom_spans(std::string_view smarts) {
  std::vector<Span> spans;
  for (std::size_t at = 0; at < smarts.size();) {
    const auto end = smarts[at] == '[' ? end_of_bracket(smarts, at) : at + bare_atom(smarts, at);
    if (end == at) {
      ++at;
      continue;
    }
    spans.push_back({at, end});
    at = end;
  }
  return spans;
}

Subject::Subject(const Transform &transform) : transform_(transform) {
  const std::string_view text(smirks());
  const auto [first, second] = arrows(text);
  const auto begin = std::min(second + 1, text.size());
  // An extension (`|...|`) follows the products after a blank.
  const auto products = text.substr(begin, text.find_first_of(" \t", begin) - begin);
  reactant_ = atoms_of(pointers(transform.reaction->getReactants()), atom_spans(text.substr(0, first)), 0);
  products_ = atoms_of(pointers(transform.reaction->getProducts()), atom_spans(products), begin);
  matched_.push_back({{TransformPart::kSmirks}, text, reactant_});
  const auto add = [&](ReviewedPattern pattern, std::string_view smarts, const SiteQuery &query) {
    matched_.push_back({pattern, smarts, atoms_of({&query.pattern()}, atom_spans(smarts), 0)});
  };
  if (transform.query) {
    add({TransformPart::kQuerySmarts}, *transform.text.query_smarts, *transform.query);
  }
  for (std::size_t entry = 0; entry < transform.not_queries.size(); ++entry) {
    add({TransformPart::kNotSmarts, entry}, transform.text.not_smarts[entry], transform.not_queries[entry]);
  }
}

std::optional<Span> Subject::agents() const {
  const auto [first, second] = arrows(smirks());
  return second > first + 1 ? std::optional<Span>(Span{first + 1, second}) : std::nullopt;
}

const TemplateAtom *Subject::in_reactant(int number) const { return find(reactant_, number); }

const TemplateAtom *Subject::in_products(int number) const { return find(products_, number); }

const TemplateAtom *Subject::product_of(const TemplateAtom &atom) const {
  return atom.number ? in_products(*atom.number) : nullptr;
}

std::optional<Span> Subject::span_between(const TemplateAtom &one, const TemplateAtom &other) const {
  const auto both = span_of({&one, &other});
  if (!both) {
    return both;
  }
  const auto end = std::max(one.span->begin, other.span->begin);
  auto begin = end;
  while (begin > both->begin &&
         std::string_view("-=#:~@$/\\!&,;").find(smirks()[begin - 1]) != std::string_view::npos) {
    --begin;
  }
  return begin < end ? Span{begin, end} : both;
}

std::string Subject::text_of(const TemplateAtom &atom) const { return text_in(smirks(), atom); }

std::string MatchedPattern::text_of(const TemplateAtom &atom) const { return text_in(text, atom); }

}  // namespace xform
