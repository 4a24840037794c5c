#include "fast/canonical_smiles.h"

#include <GraphMol/Canon.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <GraphMol/new_canon.h>
#include <RDGeneral/types.h>

#include <algorithm>
#include <utility>

#include "fast/canonical_ranks.h"
#include "fast/canonical_walk.h"
#include "fast/ring_bonds.h"
#include "fast/stereo_marks.h"

namespace xform {
namespace {

using RDKit::Atom;
using RDKit::Bond;
using RDKit::RWMol;
namespace properties = RDKit::common_properties;

// The changes that MolToSmiles makes to its copy of a molecule with stereo marks before ranking.
void settle_marks(RWMol &molecule) {
  if (!molecule.hasProp(properties::_StereochemDone)) {
    const bool clean_it = true;
    RDKit::MolOps::assignStereochemistry(molecule, clean_it);
  }
  molecule.setStereoGroups({});
  for (auto *bond : molecule.bonds()) {
    if (bond->getBondDir() == Bond::UNKNOWN || bond->getBondDir() == Bond::EITHERDOUBLE) {
      bond->setBondDir(Bond::NONE);
    }
    if (bond->getStereo() == Bond::STEREOANY) {
      bond->setStereo(Bond::STEREONONE);
    }
  }
}

RDKit::Canon::MolStack walk_by_rdkit(RWMol &molecule, const std::vector<unsigned int> &ranks) {
  const auto first = std::min_element(ranks.begin(), ranks.end()) - ranks.begin();
  std::vector<RDKit::Canon::AtomColors> colors(molecule.getNumAtoms(), RDKit::Canon::WHITE_NODE);
  RDKit::Canon::MolStack stack;
  stack.reserve(molecule.getNumAtoms() + molecule.getNumBonds());
  const bool isomeric = true;
  RDKit::Canon::canonicalizeFragment(molecule, static_cast<int>(first), colors, ranks, stack, nullptr,
                                     nullptr, isomeric);
  return stack;
}

// Turns RDKit's traversal of a molecule into text.
class TextBuilder {
 public:
  explicit TextBuilder(const RWMol &molecule) : may_have_metal_(may_contain_metal(molecule)) {
    result_.text.reserve(2 * molecule.getNumAtoms());
    result_.atom_order.reserve(molecule.getNumAtoms());
  }

  CanonicalSmiles build(const RDKit::Canon::MolStack &stack) {
    for (const auto &element : stack) {
      switch (element.type) {
        case RDKit::Canon::MOL_STACK_ATOM:
          release_digits();
          add_atom(*element.obj.atom);
          break;
        case RDKit::Canon::MOL_STACK_BOND:
          add_bond(*element.obj.bond, element.number);
          break;
        case RDKit::Canon::MOL_STACK_RING:
          add_ring_digit(element.number);
          break;
        case RDKit::Canon::MOL_STACK_BRANCH_OPEN:
          result_.text += '(';
          break;
        case RDKit::Canon::MOL_STACK_BRANCH_CLOSE:
          result_.text += ')';
          break;
      }
    }
    return std::move(result_);
  }

 private:
  // Elements that are written without brackets are not metals, and neither is hydrogen.
  static bool may_contain_metal(const RWMol &molecule) {
    auto atoms = molecule.atoms();
    return std::any_of(atoms.begin(), atoms.end(), [](const Atom *atom) {
      return atom->getAtomicNum() != 1 && !RDKit::SmilesWrite::inOrganicSubset(atom->getAtomicNum());
    });
  }

  // The symbol of an atom that GetAtomSmiles writes without brackets; null if GetAtomSmiles must decide.
  // The conditions are those of GetAtomSmiles and atomNeedsBracket in RDKit's SmilesWrite.cpp.
  const char *bare_symbol(const Atom &atom) const {
    const bool plain = !atom.getFormalCharge() && !atom.getIsotope() && !atom.getNumRadicalElectrons() &&
                       atom.getChiralTag() == Atom::CHI_UNSPECIFIED && !may_have_metal_ &&
                       !atom.hasProp(properties::molAtomMapNumber) &&
                       !atom.hasProp(properties::smilesSymbol) &&
                       !atom.hasProp(properties::_supplementalSmilesLabel);
    if (!plain) {
      return nullptr;
    }
    const auto valence = atom.getTotalValence();
    const bool no_hydrogens = atom.getTotalNumHs() == 0;
    const bool aromatic = atom.getIsAromatic();
    switch (atom.getAtomicNum()) {
      case 6:
        return valence == 4 || no_hydrogens ? (aromatic ? "c" : "C") : nullptr;
      case 7:
        return aromatic && atom.getNumExplicitHs() ? nullptr
               : valence == 3 || no_hydrogens      ? (aromatic ? "n" : "N")
                                                   : nullptr;
      case 8:
        return valence == 2 || no_hydrogens ? (aromatic ? "o" : "O") : nullptr;
      case 16:
        return valence == 2 || no_hydrogens ? (aromatic ? "s" : "S") : nullptr;
      case 9:
        return valence == 1 || no_hydrogens ? "F" : nullptr;
      case 17:
        return valence == 1 || no_hydrogens ? "Cl" : nullptr;
      case 35:
        return valence == 1 || no_hydrogens ? "Br" : nullptr;
      case 53:
        return valence == 1 || no_hydrogens ? "I" : nullptr;
      default:
        return nullptr;
    }
  }

  void add_atom(const Atom &atom) {
    if (const char *symbol = bare_symbol(atom)) {
      result_.text += symbol;
    } else {
      result_.text += RDKit::SmilesWrite::GetAtomSmiles(&atom, parameters_);
    }
    result_.atom_order.push_back(atom.getIdx());
  }

  // A bond without direction needs no mark if it is aromatic between aromatic atoms, or if it is single
  // and one of its ends is not aromatic; GetBondSmiles decides about the others.
  void add_bond(const Bond &bond, int left) {
    if (bond.getBondDir() == Bond::NONE) {
      const bool aromatic = bond.getBeginAtom()->getIsAromatic() && bond.getEndAtom()->getIsAromatic() &&
                            (bond.getBeginAtom()->getAtomicNum() || bond.getEndAtom()->getAtomicNum());
      if (bond.getBondType() == (aromatic ? Bond::AROMATIC : Bond::SINGLE)) {
        return;
      }
    }
    result_.text += RDKit::SmilesWrite::GetBondSmiles(&bond, parameters_, left);
  }

  // A digit is the lowest one that no open ring uses. The digit that closes a ring is free again from the
  // next atom on.
  void add_ring_digit(int ring) {
    auto found = std::find(rings_.begin(), rings_.end(), ring);
    if (found != rings_.end()) {
      closed_.push_back(static_cast<std::size_t>(found - rings_.begin()));
    } else {
      found = std::find(rings_.begin(), rings_.end(), kNoRing);
      if (found == rings_.end()) {
        found = rings_.insert(found, ring);
      }
      *found = ring;
    }
    append_digit(static_cast<int>(found - rings_.begin()) + 1);
  }

  void append_digit(int digit) {
    if (digit < 10) {
      result_.text += static_cast<char>('0' + digit);
    } else if (digit < 100) {
      result_.text += '%' + std::to_string(digit);
    } else {
      result_.text += "%(" + std::to_string(digit) + ')';
    }
  }

  void release_digits() {
    for (const auto place : closed_) {
      rings_[place] = kNoRing;
    }
    closed_.clear();
  }

  static constexpr int kNoRing = 0;  // RDKit counts rings from 1

  const bool may_have_metal_;
  const RDKit::SmilesWriteParams parameters_;
  CanonicalSmiles result_;
  std::vector<int> rings_;  // by digit - 1: the open ring that uses it
  std::vector<std::size_t> closed_;
};

}  // namespace

bool write_canonical_smiles(RWMol &molecule, CanonicalSmiles &smiles) {
  auto cycles = find_cycles(molecule);
  if (!molecule.getNumAtoms() || !cycles.is_connected) {
    know_rings(molecule);
    return false;
  }
  if (has_stereo_marks(molecule) || molecule.getNumAtoms() > RDKit::Canon::MAX_NATOMS) {
    know_rings(molecule);
    settle_marks(molecule);
    std::vector<unsigned int> ranks;
    RDKit::Canon::rankMolAtoms(molecule, ranks);
    smiles = TextBuilder(molecule).build(walk_by_rdkit(molecule, ranks));
    return true;
  }
  const auto ring_bonds = knows_rings(molecule) ? bonds_in_known_rings(molecule) : std::move(cycles.has_bond);
  const auto ranks = canonical_ranks(molecule, ring_bonds);
  smiles = TextBuilder(molecule).build(canonical_walk(molecule, ranks, ring_bonds));
  return true;
}

}  // namespace xform
