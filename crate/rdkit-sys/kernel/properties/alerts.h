// Structural alerts: patterns of RDKit's filter catalogs and of the user that are sought in products.
#pragma once

#include <GraphMol/FilterCatalog/FilterCatalog.h>
#include <GraphMol/FilterCatalog/FilterMatchers.h>
#include <GraphMol/ROMol.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plain/pattern_fault.h"

namespace xform {

class FastWing;

// A catalog of RDKit. Each is declared once, in alerts.cc: all other code, the bridge and the documentation
// pass it on.
struct AlertCatalog {
  const char *name;
  const char *meaning;    // in the documentation
  const char *reference;  // the publication or page that the patterns are from
  std::vector<RDKit::FilterCatalogParams::FilterCatalogs> parts;
};

// All, in the order in which their alerts are listed.
const std::vector<AlertCatalog> &alert_catalogs();

// The names of the catalog's alerts, in its order. Throws std::invalid_argument for an unknown catalog.
std::vector<std::string> alert_names(std::string_view catalog);

// A pattern of the user.
struct AlertPattern {
  std::string name;
  std::string smarts;
};

// Thrown for a pattern of the user that RDKit cannot use.
struct UnusableAlert : std::runtime_error {
  UnusableAlert(std::size_t index, PatternFault found)
      : std::runtime_error(found.reason), pattern(index), fault(std::move(found)) {}

  std::size_t pattern;
  PatternFault fault;
};

// Alerts, compiled. One per thread: matching locks RDKit's query objects, so threads do not share one.
class Alerts {
 public:
  Alerts() = default;

  // Compiles the patterns of `catalogs`, in declared order, then those of `own`, all with hydrogens merged
  // into their neighbours as in RDKit's FilterCatalog. Throws std::invalid_argument for an unknown catalog,
  // and UnusableAlert.
  Alerts(const std::vector<std::string> &catalogs, const std::vector<AlertPattern> &own);

  // Tells `fast` the patterns, so that it can be asked about them.
  void teach(FastWing &fast) const;

  // Whether a pattern may ask for the hybridization of an atom.
  bool reads_hybridization() const { return reads_hybridization_; }

  // The names of the alerts that a molecule has, those of the catalogs first; `smiles` is its text. `fast`,
  // which may be null and has been taught, is asked first which it cannot have. Throws what RDKit throws.
  std::vector<std::string> of(const RDKit::ROMol &molecule, std::string_view smiles, FastWing *fast) const;

 private:
  void add(const std::string &name, const std::string &smarts, unsigned int max);

  std::vector<RDKit::SmartsMatcher> matchers_;
  bool reads_hybridization_ = false;
};

}  // namespace xform
