#include "../kernel/plain/sites.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "../kernel/plain/parent.h"
#include "sites.h"
#include "xform-rdkit-sys/src/sites.rs.h"

namespace xform {
namespace {

// As in SMILES: in lower case if it is aromatic.
rust::String symbol(const RDKit::Atom &atom) {
  auto text = atom.getSymbol();
  if (atom.getIsAromatic()) {
    text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  }
  return text;
}

ListedSite listed(const Site &site, const char *filter) {
  ListedSite result{site.index, {}, filter};
  for (const auto &pair : site.match) {
    result.atoms.push_back(static_cast<std::uint32_t>(pair.second));
  }
  return result;
}

}  // namespace

SiteList list_sites(const Transform &transform, rust::Str smiles) {
  Parent parent;
  Reason refusal;
  const std::string_view text(smiles.data(), smiles.size());
  if (!parse_parent(text, true, nullptr, parent, refusal)) {
    throw std::invalid_argument(refusal.words);
  }
  auto &reacted = reacting(parent, transform);
  SiteList list;
  for (const auto *atom : reacted.molecule->atoms()) {
    list.symbols.push_back(symbol(*atom));
  }
  std::vector<ExcludedSite> excluded;
  for (const auto &site : select_sites(reacted, transform, &excluded).run) {
    list.sites.push_back(listed(site, ""));
  }
  for (const auto &[site, filter] : excluded) {
    list.sites.push_back(listed(site, filter));
  }
  std::sort(list.sites.begin(), list.sites.end(),
            [](const auto &left, const auto &right) { return left.index < right.index; });
  return list;
}

}  // namespace xform
