// What edits read of a parent, computed once for all its sites, and whether it may be edited at all.
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
// An edit leaves out sanitizeMol, so it is allowed only where sanitizing would leave every untouched atom and
// bond as the parent has it, whatever the order of the atoms. `obstacle` names what may prevent that:
// - Cleaning of functional groups, dative bonds: only elements and bonds on the list of elements.h, no
//   halogen of higher valence, no P that could become an ylide.
// - RemoveHs: no hydrogen atoms.
// - Radicals are counted anew only on atoms without implicit hydrogens: no radicals.
// - Kekulize and aromaticity: which aromatic atoms take a double bond, and how many electrons an atom gives,
//   depends on the atom, its neighbours and which bonds are in rings, not on the Kekule structure that is
//   found, so what the parent's sanitizing made is made again. Not so with a multiple bond at an aromatic
//   atom other than the C=X of a pyridone: RDKit makes C1=c2oc[cH+]cc21 and C=[n+]1cscc1O, and kekulizes
//   neither. Kekulize gives up after 100 wrong turns, in an order that depends on atom indices. A ring has
//   one choice and each ring fused to it at most two more: four aromatic rings in a fused system stay below
//   100 in practice, three by count.
// - Stereo: only tetrahedral centres with four neighbours, hydrogens counted, whose mark no other atom can
//   take away, and double bonds that know their neighbours.
// - Rings: which rings RDKit finds depends on the order of the atoms; aromaticity and text depend on the
//   rings. Unless they are proved to be the same in any order (fixed_rings.h), the rings of the product are
//   found and compared. A parent whose rings do not cover every cycle is not edited: a template could open a
//   cycle unseen.
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
  // Copies as sanitizing a product leaves them, without computed properties.
  std::vector<RDKit::Atom> atoms;
  std::vector<ParentBond> bonds;
  // Neighbours of atom i, in the parent's order, are those between first[i] and first[i + 1].
  std::vector<unsigned int> first;
  std::vector<Neighbour> neighbours;
  std::vector<bool> in_ring;  // by atom

 private:
  const char *find_obstacle() const;
  void note_stereo();
  void copy_graph();
  void judge_rings();
};

// Kekulize frees the hydrogen of a pyrrole's nitrogen, and the last steps of sanitizing put it back as an
// explicit one: the mark that forbids implicit hydrogens is gone then.
void free_pyrrole_hydrogen(RDKit::Atom &atom);

}  // namespace xform
