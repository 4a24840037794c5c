// The parts of a parse with RDKit's grammars for SMILES and SMARTS, so that a parse can be repeated step
// by step.
#pragma once

#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParseOps.h>

#include <cstddef>
#include <string>
#include <vector>

namespace xform {

constexpr int kStartMolecule = 258;  // START_MOL in RDKit's smiles.tab.hpp and smarts.tab.hpp

// The flex scanner of one parse.
template <int (*Begin)(void **), int (*End)(void *), std::size_t (*SetText)(const std::string &, void *)>
class Scanner {
 public:
  explicit Scanner(const std::string &text) {
    Begin(&handle_);
    trimmed_ = SetText(text, handle_);
  }
  ~Scanner() { End(handle_); }
  Scanner(const Scanner &) = delete;
  Scanner &operator=(const Scanner &) = delete;

  void *handle() { return handle_; }
  std::size_t trimmed() const { return trimmed_; }

 private:
  void *handle_ = nullptr;
  std::size_t trimmed_ = 0;  // leading bytes that the scanner skips
};

// The molecules that the parser makes, freed as RDKit frees them after an error.
struct Molecules {
  std::vector<RDKit::RWMol *> list;

  Molecules() = default;
  Molecules(const Molecules &) = delete;
  Molecules &operator=(const Molecules &) = delete;
  ~Molecules() {
    for (auto *molecule : list) {
      if (molecule) {
        SmilesParseOps::CleanupAfterParseError(molecule);
        delete molecule;
      }
    }
  }
};

// The checks that follow the grammar; each throws its error.
inline void check_structure(RDKit::RWMol &molecule) {
  SmilesParseOps::CloseMolRings(&molecule, false);
  SmilesParseOps::CheckChiralitySpecifications(&molecule, true);
  SmilesParseOps::SetUnspecifiedBondTypes(&molecule);
  SmilesParseOps::AdjustAtomChiralityFlags(&molecule);
}

}  // namespace xform
