#include "properties/alerts.h"

#include <GraphMol/FilterCatalog/Filters.h>
#include <GraphMol/SmilesParse/SmilesParse.h>

#include <algorithm>
#include <memory>
#include <new>

#include "base/failure.h"
#include "fast/fast.h"

namespace xform {
namespace {

using Catalogs = RDKit::FilterCatalogParams;

std::vector<AlertCatalog> declare() {
  return {
      {"PAINS",
       "pan-assay interference compounds, families A, B and C",
       "Baell and Holloway 2010, doi:10.1021/jm901137j",
       {Catalogs::PAINS_A, Catalogs::PAINS_B, Catalogs::PAINS_C}},
      {"BRENK",
       "groups that may be toxic, reactive or unfavourable for pharmacokinetics",
       "Brenk 2008, doi:10.1002/cmdc.200700139",
       {Catalogs::BRENK}},
      {"NIH",
       "problematic functional groups",
       "Jadhav 2010, doi:10.1021/jm901070c; Doveston 2015, doi:10.1039/C4OB02287D",
       {Catalogs::NIH}},
      {"ZINC",
       "unwanted functional groups, and too many of some atoms and groups",
       "the rules of the ZINC database, http://blaster.docking.org/filtering/",
       {Catalogs::ZINC}},
  };
}

const AlertCatalog &catalog_called(std::string_view name) {
  const auto &all = alert_catalogs();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const AlertCatalog &each) { return each.name == name; });
  if (found == all.end()) {
    throw std::invalid_argument("no catalog is called " + std::string(name));
  }
  return *found;
}

// Calls `visit` with each entry of RDKit's data.
template <typename Visit>
void each_entry(const AlertCatalog &catalog, Visit &&visit) {
  for (const auto part : catalog.parts) {
    const auto *entries = RDKit::GetFilterData(part);
    for (unsigned int index = 0; index < RDKit::GetNumEntries(part); ++index) {
      visit(entries[index]);
    }
  }
}

RDKit::ROMOL_SPTR parse(const std::string &smarts) {
  RDKit::v2::SmilesParse::SmartsParserParams params;
  params.mergeHs = true;
  RDKit::ROMOL_SPTR pattern(RDKit::v2::SmilesParse::MolFromSmarts(smarts, params).release());
  if (!pattern) {
    auto fault = explain_smarts(smarts);
    fault.reason = "RDKit cannot parse it as SMARTS: " + fault.reason;
    throw UnusablePattern(std::move(fault));
  }
  if (!pattern->getNumAtoms()) {
    throw UnusablePattern("it has no atoms");
  }
  return pattern;
}

// Runs `compile` for a pattern of the user.
template <typename Compile>
void try_own(std::size_t index, Compile &&compile) {
  try {
    compile();
  } catch (const std::bad_alloc &) {
    throw;
  } catch (const UnusablePattern &unusable) {
    throw UnusableAlert(index, unusable.fault);
  } catch (...) {
    throw UnusableAlert(index, {reason_of_current_exception().words, std::nullopt});
  }
}

}  // namespace

const std::vector<AlertCatalog> &alert_catalogs() {
  static const std::vector<AlertCatalog> all = declare();
  return all;
}

std::vector<std::string> alert_names(std::string_view catalog) {
  std::vector<std::string> names;
  each_entry(catalog_called(catalog),
             [&](const RDKit::FilterData_t &entry) { names.emplace_back(entry.name); });
  return names;
}

Alerts::Alerts(const std::vector<std::string> &catalogs, const std::vector<AlertPattern> &own) {
  for (const auto &name : catalogs) {
    catalog_called(name);
  }
  for (const auto &catalog : alert_catalogs()) {
    if (std::find(catalogs.begin(), catalogs.end(), catalog.name) != catalogs.end()) {
      each_entry(catalog,
                 [&](const RDKit::FilterData_t &entry) { add(entry.name, entry.smarts, entry.max); });
    }
  }
  for (std::size_t index = 0; index < own.size(); ++index) {
    try_own(index, [&] { add(own[index].name, own[index].smarts, 0); });
  }
}

void Alerts::teach(FastWing &fast) const {
  for (const auto &matcher : matchers_) {
    fast.add_alert(*matcher.getPattern());
  }
}

// `max`: how often the pattern may occur without an alert, as MakeFilterCatalogEntry in RDKit's
// FilterCatalogEntry.cpp counts.
void Alerts::add(const std::string &name, const std::string &smarts, unsigned int max) {
  matchers_.emplace_back(name, parse(smarts), max + 1);
  reads_hybridization_ = reads_hybridization_ || smarts.find('^') != std::string::npos;
}

std::vector<std::string> Alerts::of(const RDKit::ROMol &molecule, std::string_view smiles,
                                    FastWing *fast) const {
  std::vector<std::string> names;
  if (fast) {
    fast->take_up_product(smiles);
  }
  const auto from = [&](std::size_t index) { return fast ? fast->next_possible_alert(index) : index; };
  for (auto index = from(0); index < matchers_.size(); index = from(index + 1)) {
    if (matchers_[index].hasMatch(molecule)) {
      names.push_back(matchers_[index].getName());
    }
  }
  return names;
}

}  // namespace xform
