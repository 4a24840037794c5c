// The facts about a parent that edits need, computed once for all its sites, and whether it may be edited
// at all.
//
// Mirrors: MolOps.cpp sanitizeMol, cleanUp, assignRadicals, adjustHs; AddHs.cpp removeHs; Kekulize.cpp
// Kekulize; Chirality.cpp assignStereochemistry.
#pragma once

#include <GraphMol/Atom.h>
#include <GraphMol/Bond.h>
#include <GraphMol/ROMol.h>

#include <vector>

namespace xform {

// A parent in flat arrays.
//
// An edit skips sanitizeMol, so it is allowed only if sanitizing would leave every untouched atom and bond
// as it is in the parent, whatever the order of the atoms. `obstacle` names what may prevent that:
// - Cleaning of functional groups, dative bonds: only elements and bonds on the list of elements.h, no
//   halogen of higher valence, no P that could become an ylide.
// - RemoveHs: no hydrogen atoms.
// - Radicals are recounted only on atoms without implicit hydrogens: no radicals.
// - Kekulize and aromaticity: which aromatic atoms take a double bond, and how many electrons an atom
//   gives, depends on the atom, its neighbours and which bonds are in rings, but not on the Kekule
//   structure that is found. The parent's sanitizing therefore gives the same result again. This does not
//   hold for a multiple bond at an aromatic atom other than the C=X of a pyridone: RDKit makes
//   C1=c2oc[cH+]cc21 and C=[n+]1cscc1O, and kekulizes neither. Kekulize gives up after 100 wrong turns, in
//   an order that depends on atom indices. A ring has one choice and each ring fused to it at most two
//   more: four aromatic rings in a fused system stay below 100 in practice, three by count.
// - Stereo: only tetrahedral centres with four neighbours, including hydrogens, whose mark no other atom
//   can remove, and double bonds that know their neighbours.
// - Rings: which rings RDKit finds depends on the order of the atoms, and aromaticity and text depend on
//   the rings. Unless they are proved to be the same in any order (fixed_rings.h), the rings of the
//   product are found and compared. A parent whose rings do not cover every cycle is not edited, because a
//   template could then open a cycle unnoticed.
struct EditableParent {
  struct Neighbour {
    unsigned int atom;
    unsigned int bond;
  };
  struct ParentBond {
    unsigned int begin;
    unsigned int end;
    RDKit::Bond::BondType type;
    const RDKit::Bond *bond;
  };

  explicit EditableParent(const RDKit::ROMol &parent);

  bool has_stereo_marks() const { return has_centres || has_stereo_bonds || has_directions; }

  const char *obstacle = nullptr;  // null: may be edited
  bool rings_are_fixed = false;    // see fixed_rings.h
  bool rings_may_differ = false;   // in a product, in what matters to sanitizing and its text
  bool has_centres = false;        // stereo centres
  bool has_stereo_bonds = false;   // double bonds with a mark
  bool has_directions = false;     // single bonds that show where their neighbours lie

  const RDKit::ROMol &molecule;
  // Copies in the state after a product is sanitized, without computed properties.
  std::vector<RDKit::Atom> atoms;
  std::vector<ParentBond> bonds;
  // The neighbours of atom i, in the parent's order, are those between first[i] and first[i + 1].
  std::vector<unsigned int> first;
  std::vector<Neighbour> neighbours;
  std::vector<bool> in_ring;  // by atom

 private:
  const char *find_obstacle() const;
  void note_stereo();
  void copy_graph();
  void judge_rings();
};

// Kekulize frees the hydrogen of a pyrrole's nitrogen, and the last steps of sanitizing restore it as an
// explicit one; the mark that forbids implicit hydrogens is then gone.
void free_pyrrole_hydrogen(RDKit::Atom &atom);

}  // namespace xform
