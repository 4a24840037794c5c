#include "plain/query.h"

#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/map_number.h"
#include "plain/pattern_fault.h"

namespace xform {
namespace {

std::unique_ptr<RDKit::ROMol> parse_pattern(const std::string &smarts) {
  auto pattern = RDKit::v2::SmilesParse::MolFromSmarts(smarts);
  if (!pattern) {
    auto fault = explain_smarts(smarts);
    fault.reason = "RDKit cannot parse it as SMARTS: " + fault.reason;
    throw UnusablePattern(std::move(fault));
  }
  if (!pattern->getNumAtoms()) {
    throw UnusablePattern(
        "it has no atoms: write a SMARTS that shares a map number with the reactant template");
  }
  return pattern;
}

// Map number -> atom.
std::map<int, int> atoms_by_number(const RDKit::ROMol &pattern) {
  std::map<int, int> atoms;
  for (const auto *atom : pattern.atoms()) {
    const auto number = map_number(*atom);
    if (number && !atoms.emplace(*number, static_cast<int>(atom->getIdx())).second) {
      throw UnusablePattern("it has map number " + std::to_string(*number) +
                            " twice: give each atom its own");
    }
  }
  return atoms;
}

std::vector<int> atoms_at(const RDKit::MatchVectType &match, const std::vector<int> &pattern_atoms) {
  std::vector<int> atoms;
  atoms.reserve(pattern_atoms.size());
  for (const int atom : pattern_atoms) {
    atoms.push_back(match[atom].second);
  }
  return atoms;
}

}  // namespace

SiteQuery::SiteQuery(const std::string &smarts, const RDKit::ROMol &reactant)
    : pattern_(parse_pattern(smarts)) {
  const auto in_template = atoms_by_number(reactant);
  for (const auto &[number, atom] : atoms_by_number(*pattern_)) {
    const auto shared = in_template.find(number);
    if (shared != in_template.end()) {
      pattern_atoms_.push_back(atom);
      template_atoms_.push_back(shared->second);
    }
  }
  if (pattern_atoms_.empty()) {
    throw UnusablePattern(
        "it shares no map number with the reactant template: give an atom that both describe the "
        "same number in both");
  }
}

std::vector<SiteQuery::Anchor> SiteQuery::anchors(const RDKit::ROMol &parent) const {
  std::vector<Anchor> anchors;
  for (const auto &match : all_matches(parent, *pattern_, RDKit::SubstructMatchParameters())) {
    anchors.push_back(atoms_at(match, pattern_atoms_));
  }
  std::sort(anchors.begin(), anchors.end());
  return anchors;
}

std::vector<Site> SiteQuery::filter(const RDKit::ROMol &parent, std::vector<Site> sites,
                                    bool accepted) const {
  const auto all = anchors(parent);
  const auto is_excluded = [&](const Site &site) {
    return std::binary_search(all.begin(), all.end(), atoms_at(site.match, template_atoms_)) != accepted;
  };
  sites.erase(std::remove_if(sites.begin(), sites.end(), is_excluded), sites.end());
  return sites;
}

}  // namespace xform
