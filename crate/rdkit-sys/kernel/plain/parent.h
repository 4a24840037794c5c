// The molecule of an input row.
#pragma once

#include <GraphMol/ROMol.h>

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/failure.h"
#include "base/limits.h"

namespace xform {

class FastWing;
struct Transform;

// A parsed row, and what is computed from it once, on first use, for all transforms. The molecule does not
// change after parsing, except for hybridization: every transform sees the same molecule.
struct Parent {
  RDKit::ROMOL_SPTR molecule;
  bool has_hybridization = true;
  // Whether it has several fragments, and products take over those that a site does not touch.
  bool keeps_salts = false;

  // By atom; see sugar.h.
  std::optional<std::vector<bool>> sugar_atoms;
  // By atom; see site_limit.h.
  std::optional<std::vector<unsigned int>> canonical_ranks;
  // The row with its hydrogens as atoms; see with_hydrogens.
  std::unique_ptr<Parent> with_hydrogens;
};

// Whether a row is small enough to be read. If not, `refusal` gives the reason. Only std::bad_alloc from
// recording the refusal can escape.
//
// The size is checked first, in the text: a row with too many atoms is refused for that, whatever else may
// be wrong with it. No text of such a length ever reaches a parser.
bool is_readable(std::string_view smiles, const Limits &limits, Reason &refusal);

// Parses a readable row as Python's Chem.MolFromSmiles(text) does: sanitized, hydrogens removed, with
// CXSMILES and name after a blank. `fast`, which may be null, is asked first; without `hybridization` (and
// conjugation) its molecule may lack them. False if RDKit refuses the row; then `refusal` gives the
// reason. Only std::bad_alloc from recording the refusal can escape.
bool parse_parent(std::string_view smiles, bool hybridization, FastWing *fast, Parent &parent,
                  Reason &refusal);

// The row with its hydrogens as atoms, as Python's Chem.AddHs(molecule) gives it: they follow the other
// atoms. Made on first use; throws what RDKit throws.
Parent &with_hydrogens(Parent &parent);

// What the transform reacts: the row, with its hydrogens as atoms if the transform takes them.
Parent &reacting(Parent &row, const Transform &transform);

// Computes the hybridization of the molecule if it lacks it.
void need_hybridization(Parent &parent);

}  // namespace xform
