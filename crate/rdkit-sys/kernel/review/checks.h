// The checks of a review; each looks at one kind of mistake.
#pragma once

#include "review/finding.h"
#include "review/parents.h"
#include "review/subject.h"

namespace xform {

// Map numbers that pair nothing, or too much.
void check_mapping(const Subject &subject, Findings &findings);

// Agents.
void check_agents(const Subject &subject, Findings &findings);

// Rules whose products are their parents.
void check_always_parent(const Subject &subject, Findings &findings);

// Aromatic rings written with double bonds, which nothing matches.
void check_kekule_rings(const Subject &subject, Findings &findings);

// Recursive patterns that make a rule slow.
void check_recursive(const Subject &subject, Findings &findings);

// Bonds between two products that may be in a ring.
void check_ring_cuts(const Subject &subject, const Parents &parents, Findings &findings);

// Valences that RDKit rejects: of all products, of those whose parents have fixed hydrogens, or of some
// sites.
void check_valences(const Subject &subject, const Parents &parents, Findings &findings);
// Hydrogens as atoms of a pattern, which match none of a parent's counts.
void check_hydrogen_atoms(const Subject &subject, Findings &findings);

// Stereo marks of a pattern, which do not select.
void check_stereo(const Subject &subject, Findings &findings);

// Exchanges of a hydrogen and another neighbour at stereocentres.
void check_centres(const Subject &subject, Findings &findings);

// Lists and queries in product templates, where RDKit builds something else or ignores them.
void check_product_atoms(const Subject &subject, Findings &findings);
void check_product_bonds(const Subject &subject, Findings &findings);

// Charges, isotopes and hydrogens that stay because the product template does not mention them.
void check_unsaid(const Subject &subject, Findings &findings);

}  // namespace xform
