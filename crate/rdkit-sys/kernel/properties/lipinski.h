// Counts by RDKit's patterns with recursive parts.
//
// Mirrors: Descriptors/Lipinski.cpp calcNumRotatableBonds (Strict), calcNumHBA. All threads share RDKit's
// patterns, so RDKit copies one for each molecule, which takes most of the time of a count.
#pragma once

#include <GraphMol/ROMol.h>

#include <memory>

namespace xform {

// RDKit's patterns. One per thread.
class Lipinski {
 public:
  Lipinski();

  // Both are equal to RDKit's.
  unsigned int rotatable_bonds(const RDKit::ROMol &molecule) const;
  unsigned int acceptors(const RDKit::ROMol &molecule) const;

 private:
  std::unique_ptr<const RDKit::ROMol> rotatable_bond_;
  std::unique_ptr<const RDKit::ROMol> acceptor_;
};

}  // namespace xform
