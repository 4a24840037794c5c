#include "fast/edit_script.h"

#include <GraphMol/ChemReactions/ReactionRunner.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <RDGeneral/types.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "base/elements.h"
#include "base/map_number.h"

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;
using RDKit::ROMol;
namespace properties = RDKit::common_properties;

// The mark that convertTemplateToMol sets on such double bonds.
constexpr const char *kForgetsStereo = "_UnknownStereoRxnBond";

// Thrown only within this file.
struct Inexpressible : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void demand(bool holds, const char *obstacle) {
  if (!holds) {
    throw Inexpressible(obstacle);
  }
}

// A copy of the relevant fields, without properties: the notes of a reaction on its templates are read
// here, and nothing uses them later.
Atom bare_copy(const Atom &atom) {
  Atom copy(atom);
  copy.clear();
  return copy;
}

bool is_in_pieces(const ROMol &pattern) {
  std::vector<int> piece_of_atom;
  return RDKit::MolOps::getMolFrags(pattern, piece_of_atom) > 1;
}

// Whether a SMILES shows something about the atom in addition to its fields, from the extension of a
// SMIRKS.
bool has_written_property(const Atom &atom) {
  return atom.hasProp(properties::smilesSymbol) || atom.hasProp(properties::_supplementalSmilesLabel);
}

// Whether RemoveHs always removes this atom of a product template.
bool is_removable_hydrogen(const Atom &atom) {
  if (atom.getAtomicNum() != kHydrogen || atom.getDegree() != 1 || atom.getFormalCharge() ||
      atom.getIsotope() || atom.hasProp(properties::reactionMapNum) || atom.getNumExplicitHs()) {
    return false;
  }
  const auto &molecule = atom.getOwningMol();
  const auto *bond = *molecule.atomBonds(&atom).begin();
  return bond->getBondType() == Bond::SINGLE && bond->getOtherAtom(&atom)->getAtomicNum() > kHydrogen;
}

class Compiler {
 public:
  Compiler(const RDKit::ChemicalReaction &reaction, std::size_t which)
      : reaction_(reaction),
        reactant_(*reaction.getReactants().front()),
        template_(*reaction.getProducts()[which]),
        start_(RDKit::ReactionRunnerUtils::convertTemplateToMol(reaction.getProducts()[which])) {}

  EditScript compile() {
    demand(reaction_.getImplicitPropertiesFlag(), "its atoms take nothing from the parent");
    demand(template_.getStereoGroups().empty(), "it has enhanced stereo");
    // New atoms between two pieces would close a ring if the parent joins these pieces as well.
    demand(!is_in_pieces(reactant_), "its reactant template is in pieces");
    for (const auto *atom : reactant_.atoms()) {
      if (const auto number = map_number(*atom)) {
        reactant_atoms_[*number] = static_cast<int>(atom->getIdx());
      }
    }
    script_.product_atom.assign(reactant_.getNumAtoms(), -1);
    add_atoms();
    add_bonds();
    note_reactant_bonds();
    demand(std::any_of(script_.atoms.begin(), script_.atoms.end(),
                       [](const ScriptAtom &atom) { return !atom.is_new(); }),
           "it keeps no atom of the parent");
    return std::move(script_);
  }

 private:
  void add_atoms() {
    position_.assign(start_->getNumAtoms(), -1);
    for (const auto *atom : start_->atoms()) {
      if (!is_removable_hydrogen(*atom)) {
        position_[atom->getIdx()] = static_cast<int>(script_.atoms.size());
        script_.atoms.push_back(script_atom(*atom));
      }
    }
    for (const auto *atom : start_->atoms()) {
      if (position_[atom->getIdx()] < 0) {
        const auto *neighbour = *start_->atomNeighbors(atom).begin();
        ++script_.atoms[position_[neighbour->getIdx()]].hydrogens;
      }
    }
  }

  ScriptAtom script_atom(const Atom &atom) {
    const auto &written = *template_.getAtomWithIdx(atom.getIdx());
    ScriptAtom made{bare_copy(atom)};
    made.retains_stereo = retains_stereo(atom, written);
    const auto number = map_number(written);
    const auto source = number ? reactant_atoms_.find(*number) : reactant_atoms_.end();
    if (source != reactant_atoms_.end()) {
      auto &product_atom = script_.product_atom[source->second];
      demand(product_atom < 0, "it has an atom of the reactant template twice");
      product_atom = static_cast<int>(script_.atoms.size());
      made.source = source->second;
      made.takes_element = atom.getAtomicNum() == 0;
      made.keeps_charge = !written.hasProp(properties::_QueryFormalCharge);
      made.keeps_isotope = !written.hasProp(properties::_QueryIsotope);
      made.keeps_hydrogens =
          !written.hasProp(properties::_ReactionDegreeChanged) && !written.hasProp(properties::_QueryHCount);
    }
    demand(made.takes_element || is_plain_element(atom.getAtomicNum()),
           "it has an atom other than B, C, N, O, F, Si, P, S, Cl, Se, Br, I");
    demand(is_plain_charge(atom.getFormalCharge()), "it has an atom of a charge that no element has");
    demand(!has_written_property(atom), "it has an atom with a label");
    demand(!made.is_new() || !atom.getIsAromatic(), "it brings an aromatic ring");
    return made;
  }

  static bool retains_stereo(const Atom &atom, const Atom &written) {
    // Set by the reaction parser: 1 inverts, 2 retains, 3 removes, 4 sets (new atoms have that, too).
    int inversion = 0;
    written.getPropIfPresent(properties::molInversionFlag, inversion);
    demand(inversion != 1 && inversion != 3 && atom.getChiralTag() == Atom::CHI_UNSPECIFIED,
           "it sets, inverts or removes stereo");
    return inversion == 2;
  }

  void add_bonds() {
    for (const auto *bond : start_->bonds()) {
      const int begin = position_[bond->getBeginAtomIdx()], end = position_[bond->getEndAtomIdx()];
      if (begin < 0 || end < 0) {
        continue;
      }
      const bool takes_parents = bond->hasProp(properties::NullBond);
      demand(takes_parents || is_plain_bond(bond->getBondType()),
             "it has a bond other than single, double, triple or aromatic");
      demand(!takes_parents || !(script_.atoms[begin].is_new() || script_.atoms[end].is_new()),
             "it takes a bond from the parent that is not there");
      demand(bond->getBondDir() == Bond::NONE, "it sets double bond stereo");
      script_.bonds.push_back({static_cast<unsigned int>(begin), static_cast<unsigned int>(end),
                               bond->getBondType(), takes_parents, bond->hasProp(kForgetsStereo)});
    }
    for (const auto &bond : script_.bonds) {
      const bool has_new_end = script_.atoms[bond.begin].is_new() || script_.atoms[bond.end].is_new();
      demand(!has_new_end || !closes_ring(bond), "it makes a ring");
    }
  }

  // Whether other bonds of the template connect the ends of `bond`.
  bool closes_ring(const ScriptBond &bond) const {
    std::vector<bool> reached(script_.atoms.size(), false);
    std::vector<unsigned int> queue{bond.begin};
    reached[bond.begin] = true;
    while (!queue.empty()) {
      const auto at = queue.back();
      queue.pop_back();
      for (const auto &other : script_.bonds) {
        if (&other == &bond || (other.begin != at && other.end != at)) {
          continue;
        }
        const auto next = other.begin == at ? other.end : other.begin;
        if (!reached[next]) {
          reached[next] = true;
          queue.push_back(next);
        }
      }
    }
    return reached[bond.end];
  }

  void note_reactant_bonds() {
    const std::size_t atoms = reactant_.getNumAtoms();
    script_.bonded_before.assign(atoms * atoms, false);
    for (const auto *bond : reactant_.bonds()) {
      const std::size_t one = bond->getBeginAtomIdx(), other = bond->getEndAtomIdx();
      script_.bonded_before[one * atoms + other] = script_.bonded_before[other * atoms + one] = true;
    }
  }

  const RDKit::ChemicalReaction &reaction_;
  const ROMol &reactant_;
  const ROMol &template_;
  const RDKit::RWMOL_SPTR start_;  // what the reaction runner makes from template_ before it uses a parent
  std::map<int, int> reactant_atoms_;  // by map number
  std::vector<int> position_;          // by atom of start_: position in script_.atoms; -1: merged hydrogen
  EditScript script_;
};

}  // namespace

bool compile_script(const RDKit::ChemicalReaction &reaction, std::size_t which, EditScript &script,
                    std::string &obstacle) {
  try {
    script = Compiler(reaction, which).compile();
    return true;
  } catch (const Inexpressible &found) {
    obstacle = found.what();
    return false;
  }
}

}  // namespace xform
