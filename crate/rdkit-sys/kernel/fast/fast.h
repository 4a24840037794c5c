// The interface of the fast wing.
//
// The wing gives the same answers as RDKit, faster, if it can prove them. Otherwise it does not know, and
// RDKit is asked (plain/). Results are the same without the wing. No file outside of this folder includes
// any other header of it (scripts/doors.mjs). Each header names the functions of RDKit 2025.03.1 that it
// mirrors, by file below Code/GraphMol.
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

// A product that was made by an edit of its parent and only has to be written. Its first `site_atoms`
// atoms are those of the product template, without the hydrogens that RemoveHs removes.
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

  // Adds the next transform: an initialized reaction with one reactant template. Nothing is known about one
  // whose parents get their hydrogens as atoms (`explicit_hydrogens`).
  void add(const RDKit::ChemicalReaction &reaction, bool explicit_hydrogens);

  // Adds the next pattern that is sought in products.
  void add_alert(const RDKit::ROMol &pattern);

  // Why no product of the transform is made by an edit; empty if products may be.
  const std::string &why_no_edit(std::size_t transform) const;

  // What a row's text must show before the transform is tried, in words. Throws std::out_of_range.
  std::string describe_prefilter(std::size_t transform) const;

  // Forgets the last row.
  void put_down();

  // Reads the text of the next row.
  void take_up(std::string_view smiles);

  // False if it is certain that MolFromSmiles can read the row and that no transform has a site in it.
  bool needs_molecule() const;

  // The first transform, from this one on, that may have a site in the row. Past the last one if it is
  // certain that there is none.
  std::size_t next_possible(std::size_t transform) const;

  // The molecule that MolFromSmiles makes of the row, except for properties that nothing here reads; null
  // if it does not know, or if the row is bad: RDKit itself then gives the reason, which can differ from
  // that of fewer steps. Without `hybridization`, the molecule lacks that and conjugation.
  std::unique_ptr<RDKit::RWMol> parse(const std::string &smiles, bool hybridization);

  // The molecule that MolFromMolBlock makes of the text, except for properties that nothing here reads, and
  // for hybridization and conjugation; null as in `parse`. `write` may write it.
  std::unique_ptr<RDKit::RWMol> parse_mol_block(const std::string &text);

  // The products of the site `match` of `parent`, the row's molecule, one per product template. Empty if
  // it does not know; then `obstacle` gives the reason.
  std::vector<EditedProduct> edit(const RDKit::ROMol &parent, std::size_t transform,
                                  const RDKit::MatchVectType &match, const char *&obstacle);

  // Runs MolOps::sanitizeMol. True if MolOps::removeHs, called next with its defaults, would not change
  // the molecule; false if it does not know.
  bool sanitize(RDKit::RWMol &product);

  // The result of MolToSmiles(molecule) with its defaults, character for character, and the atom order
  // that it stores as _smilesAtomOutputOrder. `molecule` is a sanitized or an edited product, or one of
  // parse_mol_block; the function changes its stereo marks, directions and properties. False if it does not
  // know; then `molecule` is ready for MolToSmiles.
  bool write(RDKit::RWMol &molecule, CanonicalSmiles &smiles);

  // Reads the text of a product, in which alerts are sought next.
  void take_up_product(std::string_view smiles);

  // The first alert, from this one on, that the product may have. Past the last one if it is certain that
  // there is none.
  std::size_t next_possible_alert(std::size_t alert) const;

  // Whether it has answered anything about the row.
  bool has_answered() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace xform
