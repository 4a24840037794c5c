// The quantitative estimate of drug-likeness of Bickerton et al., Nat. Chem. 4 (2012) 90-98: the geometric
// mean of eight desirabilities, each a function of one property with published parameters.
//
// RDKit has it in Python only (rdkit/Chem/QED.py). Acceptors, aromatic rings and structural alerts are
// counted as there, which differs from RDKit's own counts.
#pragma once

#include <GraphMol/ROMol.h>

#include <memory>
#include <vector>

namespace xform {

class Crippen;
class Lipinski;

// The compiled patterns. Memory: about 150 small queries.
class Qed {
 public:
  Qed();

  // From 0 to 1, with the mean weights of the paper. Throws what RDKit throws.
  double of(const RDKit::ROMol &molecule, Crippen &crippen, const Lipinski &lipinski) const;

 private:
  using Pattern = std::unique_ptr<const RDKit::ROMol>;

  double of_settled(const RDKit::ROMol &molecule, Crippen &crippen, const Lipinski &lipinski) const;
  std::size_t acceptors(const RDKit::ROMol &molecule) const;
  std::size_t alerts(const RDKit::ROMol &molecule) const;
  std::size_t aromatic_rings(const RDKit::ROMol &molecule) const;

  std::vector<Pattern> acceptors_;
  std::vector<Pattern> alerts_;
  Pattern aliphatic_ring_atom_;
};

}  // namespace xform
