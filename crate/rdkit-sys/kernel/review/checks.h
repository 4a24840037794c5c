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
void check_kekule_rings(const Subject &subject, const Parents &parents, Findings &findings);

// Recursive patterns that make a rule slow.
void check_recursive(const Subject &subject, Findings &findings);

// Bonds between two products that may be in a ring.
void check_ring_cuts(const Subject &subject, const Parents &parents, Findings &findings);

// Valences that RDKit rejects: of all products, of those whose parents have fixed hydrogens, or of some
// sites.
void check_valences(const Subject &subject, const Parents &parents, Findings &findings);

}  // namespace xform
