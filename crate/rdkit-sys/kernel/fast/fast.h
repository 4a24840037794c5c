// The door of the fast wing.
//
// The wing answers what RDKit would answer, sooner, where it can prove the answer. Elsewhere it does not
// know, and RDKit is asked (plain/). Without the wing, results are the same. No file outside of this folder
// includes another of its headers (scripts/doors.mjs). Each header names the functions of RDKit 2025.03.1
// that it mirrors, by file below Code/GraphMol.
#pragma once

#include <GraphMol/ChemReactions/Reaction.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/Substruct/SubstructMatch.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace xform {

// A canonical SMILES.
struct CanonicalSmiles {
  std::string text;
  std::vector<unsigned int> atom_order;  // position in `text` -> atom of the molecule
};

// A product that was made by an edit of its parent and only has to be written. The `site_atoms` first atoms
// are those of the product template, less the hydrogens that RemoveHs takes out.
struct EditedProduct {
  std::unique_ptr<RDKit::RWMol> molecule;
  unsigned int site_atoms;
};

// The wing of one thread: the transforms of a run, and what the steps of a row share.
class FastWing {
 public:
  FastWing();
  ~FastWing();
  FastWing(const FastWing &) = delete;
  FastWing &operator=(const FastWing &) = delete;

  // Adds the next transform: an initialized reaction with one reactant template.
  void add(const RDKit::ChemicalReaction &reaction);

  // Why no product of the transform is made by an edit; empty if products may be.
  const std::string &why_no_edit(std::size_t transform) const;

  // What is asked of a row's text before the transform is tried, in words. Throws std::out_of_range.
  std::string describe_prefilter(std::size_t transform) const;

  // Forgets the last row.
  void put_down();

  // Looks at the text of the next row.
  void take_up(std::string_view smiles);

  // False if MolFromSmiles is known to read the row, and no transform to have a site in it.
  bool needs_molecule() const;

  // False if the transform is known to have no site in the row.
  bool may_match(std::size_t transform) const;

  // The molecule that MolFromSmiles makes of the row, except for properties that nothing here reads; null if
  // it does not know. Without `hybridization`, the molecule lacks that and conjugation. Throws what RDKit
  // throws at a bad row.
  std::unique_ptr<RDKit::RWMol> parse(const std::string &smiles, bool hybridization);

  // The products of the site `match` of `parent`, the row's molecule, one a product template. Empty if it
  // does not know; then `obstacle` says why.
  std::vector<EditedProduct> edit(const RDKit::ROMol &parent, std::size_t transform,
                                  const RDKit::MatchVectType &match, const char *&obstacle);

  // Runs MolOps::sanitizeMol. True if MolOps::removeHs, called next with its defaults, would leave the
  // molecule as it is; false if it does not know.
  bool sanitize(RDKit::RWMol &product);

  // What MolToSmiles(molecule) gives with its defaults, character for character, and the atom order that it
  // leaves as _smilesAtomOutputOrder. `molecule` is a sanitized or an edited product; its stereo marks,
  // directions and properties are used up. False if it does not know; then `molecule` is ready for
  // MolToSmiles.
  bool write(RDKit::RWMol &molecule, CanonicalSmiles &smiles);

  // Whether it has answered anything about the row.
  bool has_answered() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace xform
