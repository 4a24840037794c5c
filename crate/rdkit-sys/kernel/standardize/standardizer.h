// Standardization of parents by RDKit's MolStandardize.
#pragma once

#include <GraphMol/RWMol.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/failure.h"
#include "base/row.h"

namespace xform {

struct StandardizationTools;

// Turns a molecule into what RDKit makes of it in Python: `cleanup` is Cleanup; `neutral` is Cleanup, then
// Uncharger().uncharge; `parent` is ChargeParent; then MolToSmiles.
//
// RDKit's own functions compile their patterns and reactions again for each molecule. A standardizer
// compiles them once. One per thread. RDKit reports each step to its log, which is closed (base/failure.h).
class Standardizer {
 public:
  // Throws std::invalid_argument unless `how` is one of the three names.
  explicit Standardizer(std::string_view how);
  ~Standardizer();

  // Standardizes a molecule that is as MolFromSmiles gives it. False if RDKit cannot; then `refusal` gives
  // the reason. Only std::bad_alloc from recording the refusal can escape.
  bool standardize(const RDKit::ROMol &molecule, StandardParent &parent, Reason &refusal);

 private:
  void (*steps_)(StandardizationTools &tools, RDKit::RWMol &molecule);
  std::unique_ptr<StandardizationTools> tools_;
};

}  // namespace xform
