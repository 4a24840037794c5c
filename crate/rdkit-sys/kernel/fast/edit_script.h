// A product template, compiled into the edit that it makes to a parent.
//
// Mirrors: ChemReactions/ReactionRunner.cpp convertTemplateToMol, updatePropsFromImplicitProps,
// getAtomMappingsReactantProduct; AddHs.cpp removeHs.
#pragma once

#include <GraphMol/Atom.h>
#include <GraphMol/Bond.h>
#include <GraphMol/ChemReactions/Reaction.h>

#include <cstddef>
#include <string>
#include <vector>

namespace xform {

// An atom of the product template. Template hydrogens that RemoveHs merges are not listed: they are
// counted at their neighbour.
struct ScriptAtom {
  RDKit::Atom prototype;       // as RDKit's reaction runner begins with it, without properties
  int source = -1;             // position in the reactant template of the atom that it is; -1: new
  bool takes_element = false;  // `*`
  // Whether the parent's charge is kept, as long as the element is.
  bool keeps_charge = false;
  bool keeps_isotope = false;
  bool keeps_hydrogens = false;
  bool retains_stereo =
      false;  // required by the template; properties that it does not mention may still be kept
  unsigned int hydrogens = 0;  // template hydrogens

  bool is_new() const { return source < 0; }
};

// A bond of the product template, between positions in `atoms`.
struct ScriptBond {
  unsigned int begin = 0;
  unsigned int end = 0;
  RDKit::Bond::BondType type = RDKit::Bond::SINGLE;
  bool takes_parents = false;   // `~`
  bool forgets_stereo = false;  // a double bond with neighbours on both sides
};

struct EditScript {
  std::vector<ScriptAtom> atoms;    // in template order
  std::vector<ScriptBond> bonds;    // in template order
  std::vector<int> product_atom;    // by atom of the reactant template: position in `atoms`; -1: removed
  std::vector<bool> bonded_before;  // by pair of reactant template atoms, row by row: bonded there

  bool were_bonded(int one, int other) const {
    return bonded_before[static_cast<std::size_t>(one) * product_atom.size() + other];
  }
};

// Compiles the product template at position `which` of an initialized reaction with one reactant template.
// False if it requires something that no edit can do; then `obstacle` names it.
bool compile_script(const RDKit::ChemicalReaction &reaction, std::size_t which, EditScript &script,
                    std::string &obstacle);

}  // namespace xform
