// Templates in one line, in the manner of SMILES: `c-OH`, `C(=O)-O-CH3`.
#pragma once

#include <string>
#include <vector>

#include "review/labels.h"

namespace xform {

// The atoms of one template, or a part of them that hangs together, beginning with the first. Hydrogens that
// are atoms of a product template count as those of their neighbours.
std::string notation(const std::vector<const TemplateAtom *> &atoms, const Labels &labels);

// The symbol of a bond; empty for an aromatic bond.
std::string bond_symbol(const RDKit::Bond &bond, const Labels &labels);

// The whole transform: `c-OH -> c-O-CH3`.
std::string picture_of(const Subject &subject, const Labels &labels);

}  // namespace xform
