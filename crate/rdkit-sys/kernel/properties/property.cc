#include "properties/property.h"

#include <GraphMol/ChemTransforms/ChemTransforms.h>
#include <GraphMol/Descriptors/MolDescriptors.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "base/stack.h"
#include "properties/qed.h"

namespace xform {
namespace {

namespace Descriptors = RDKit::Descriptors;
using Molecule = const RDKit::ROMol &;

// The value of each type of column.
std::int32_t value_in(const Int32s &, std::int64_t number) { return static_cast<std::int32_t>(number); }
double value_in(const Float64s &, double number) { return number; }
std::string value_in(const Texts &, std::string text) { return text; }

// `compute` without tools as a property's function, for a column of that type.
template <typename Type, auto compute>
PropertyValue value_of(Molecule molecule, PropertyTools &) {
  return value_in(Type(), compute(molecule));
}

template <typename Type, auto compute>
Property property(const char *name, const char *unit, const char *meaning, const char *function,
                  bool is_quick = false, Need need = Need::kSanitized) {
  return {name, unit, meaning, function, need, is_quick, Code::kNoProperty, Type(), value_of<Type, compute>};
}

unsigned int heavy_atoms(Molecule molecule) { return molecule.getNumHeavyAtoms(); }

double average_weight(Molecule molecule) { return Descriptors::calcAMW(molecule); }
double exact_weight(Molecule molecule) { return Descriptors::calcExactMW(molecule); }
std::string formula(Molecule molecule) { return Descriptors::calcMolFormula(molecule); }
double polar_surface(Molecule molecule) { return Descriptors::calcTPSA(molecule); }

// The steps of GetScaffoldForMol, then MolToSmiles.
std::string scaffold(Molecule molecule) {
  require_stack(kWriteSmiles, molecule.getNumAtoms());
  const std::unique_ptr<RDKit::ROMol> rest(RDKit::MurckoDecompose(molecule));
  rest->clearComputedProps();
  rest->updatePropertyCache();
  RDKit::MolOps::symmetrizeSSSR(*rest);
  return RDKit::MolToSmiles(*rest);
}

// A tool, which is made when it is first asked for.
template <typename Tool>
Tool &made(std::unique_ptr<Tool> &tool) {
  if (!tool) {
    tool = std::make_unique<Tool>();
  }
  return *tool;
}

template <auto count>
PropertyValue lipinski_count(Molecule molecule, PropertyTools &tools) {
  return value_in(Int32s(), (made(tools.lipinski).*count)(molecule));
}

// One of the two sums.
template <auto sum>
PropertyValue crippen_sum(Molecule molecule, PropertyTools &tools) {
  if (!tools.crippen_sums) {
    tools.crippen_sums = made(tools.crippen).of(molecule);
  }
  return (*tools.crippen_sums).*sum;
}

PropertyValue qed(Molecule molecule, PropertyTools &tools) {
  return made(tools.qed).of(molecule, made(tools.crippen), made(tools.lipinski));
}

// One of the two texts of an InChI.
template <auto text>
PropertyValue inchi(Molecule molecule, PropertyTools &tools) {
  if (!tools.inchi) {
    tools.inchi = make_inchi(molecule);
  }
  if (tools.inchi->outcome == InchiOutcome::kNone) {
    throw std::runtime_error(tools.inchi->message);
  }
  return (*tools.inchi).*text;
}

constexpr bool kQuick = true;

std::vector<Property> declare() {
  return {
      property<Float64s, average_weight>("MW", "g/mol", "average molecular weight, hydrogens included",
                                         "Descriptors.MolWt", kQuick),
      property<Float64s, exact_weight>(
          "ExactMW", "g/mol", "weight of the molecule of the commonest isotopes, or of those that are given",
          "Descriptors.ExactMolWt"),
      property<Texts, formula>("Formula", "", "molecular formula in Hill order, with the net charge",
                               "rdMolDescriptors.CalcMolFormula"),
      property<Int32s, heavy_atoms>("HeavyAtoms", "", "atoms other than hydrogen",
                                    "Descriptors.HeavyAtomCount"),
      property<Float64s, polar_surface>("TPSA", "Å²",
                                        "topological polar surface area (Ertl 2000), of N and O only",
                                        "rdMolDescriptors.CalcTPSA", kQuick),
      property<Int32s, Descriptors::calcNumHBD>("HBD", "", "hydrogen-bond donors",
                                                "rdMolDescriptors.CalcNumHBD", kQuick),
      {"HBA", "", "hydrogen-bond acceptors", "rdMolDescriptors.CalcNumHBA", Need::kSanitized, kQuick,
       Code::kNoProperty, Int32s(), lipinski_count<&Lipinski::acceptors>},
      {"cLogP", "", "octanol-water partition coefficient, as a logarithm (Wildman and Crippen 1999)",
       "Crippen.MolLogP", Need::kSanitized, kQuick, Code::kNoProperty, Float64s(),
       crippen_sum<&CrippenSums::log_p>},
      {"MR", "cm³/mol", "molar refractivity (Wildman and Crippen 1999)", "Crippen.MolMR", Need::kSanitized,
       false, Code::kNoProperty, Float64s(), crippen_sum<&CrippenSums::refractivity>},
      {"RotB", "", "rotatable bonds, in the strict definition", "rdMolDescriptors.CalcNumRotatableBonds",
       Need::kSanitized, kQuick, Code::kNoProperty, Int32s(), lipinski_count<&Lipinski::rotatable_bonds>},
      property<Int32s, Descriptors::calcNumRings>(
          "Rings", "", "rings of the smallest set of smallest rings, in RDKit's symmetrized form",
          "rdMolDescriptors.CalcNumRings"),
      property<Int32s, Descriptors::calcNumAromaticRings>("AromaticRings", "", "aromatic rings among these",
                                                          "rdMolDescriptors.CalcNumAromaticRings"),
      property<Float64s, Descriptors::calcFractionCSP3>(
          "Fsp3", "", "share of the carbon atoms that have four neighbours, from 0 to 1; 0 without carbon",
          "rdMolDescriptors.CalcFractionCSP3"),
      {"QED", "", "quantitative estimate of drug-likeness, from 0 to 1 (Bickerton 2012), with mean weights",
       "QED.qed", Need::kSanitized, false, Code::kNoProperty, Float64s(), qed},
      property<Int32s, RDKit::MolOps::getFormalCharge>("Charge", "e", "net formal charge",
                                                       "Chem.GetFormalCharge"),
      property<Int32s, Descriptors::numAtomStereoCenters>(
          "StereoCenters", "", "stereocentres, marked or not; atoms only",
          "rdMolDescriptors.CalcNumAtomStereoCenters", false, Need::kEverything),
      property<Int32s, Descriptors::numUnspecifiedAtomStereoCenters>(
          "UndefinedStereoCenters", "", "stereocentres that are not marked; atoms only",
          "rdMolDescriptors.CalcNumUnspecifiedAtomStereoCenters", false, Need::kEverything),
      property<Texts, scaffold>(
          "Scaffold", "",
          "Murcko scaffold as canonical SMILES: rings, the chains between them, and what is "
          "double-bonded to these; empty without a ring",
          "MurckoScaffold.GetScaffoldForMol", false, Need::kEverything),
      {"InChIKey", "", "hash of the standard InChI, 27 characters", "Chem.MolToInchiKey", Need::kEverything,
       false, Code::kNoInchi, Texts(), inchi<&Inchi::key>},
      {"InChI", "", "standard InChI (version 1.07.3)", "Chem.MolToInchi", Need::kEverything, false,
       Code::kNoInchi, Texts(), inchi<&Inchi::text>},
  };
}

}  // namespace

PropertyTools::PropertyTools() = default;
PropertyTools::~PropertyTools() = default;

const std::vector<Property> &declared_properties() {
  static const std::vector<Property> all = declare();
  return all;
}

}  // namespace xform
