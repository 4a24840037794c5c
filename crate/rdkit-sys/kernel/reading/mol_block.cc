#include "reading/mol_block.h"

#include <GraphMol/FileParsers/FileParsers.h>
#include <GraphMol/QueryOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <GraphMol/SubstanceGroup.h>
#include <RDGeneral/FileParseException.h>
#include <RDGeneral/types.h>

#include <algorithm>
#include <cctype>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/stack.h"
#include "fast/fast.h"

namespace xform {
namespace {

bool is_digit(char letter) { return std::isdigit(static_cast<unsigned char>(letter)) != 0; }

// RDKit names a line of the block in many ways ("on line 4", "on line4", "(line: 4)"), last of all. In its
// place comes the line of the file. Empty if there is none.
std::string with_line_of_file(const std::string &words, std::uint64_t first_line) {
  const std::string key = "line";
  const auto at = words.rfind(key);
  if (at == std::string::npos) {
    return {};
  }
  const auto begin = words.find_first_not_of(": ", at + key.size());
  if (begin == std::string::npos || !is_digit(words[begin])) {
    return {};
  }
  auto end = begin;
  while (end < words.size() && is_digit(words[end])) {
    ++end;
  }
  // A block has fewer lines than that.
  constexpr std::size_t kDigits = 9;
  if (end - begin > kDigits) {
    return {};
  }
  const auto line = first_line + std::stoul(words.substr(begin, end - begin)) - 1;
  return words.substr(0, at) + key + ' ' + std::to_string(line) + words.substr(end);
}

// The words with the line that they are about, or that of the block.
std::string with_line(std::string words, const MolBlock &block, bool names_line) {
  if (block.line == 0) {
    return words;
  }
  const auto exact = names_line ? with_line_of_file(words, block.line) : std::string();
  return exact.empty() ? words + " (mol block on line " + std::to_string(block.line) + ")" : exact;
}

// Whether an atom stands for anything: an R group, an attachment point or another dummy.
bool is_dummy(const RDKit::Atom &atom) {
  return atom.getAtomicNum() == 0 && (!atom.hasQuery() || atom.getQuery()->getDescription() == "AtomNull" ||
                                      atom.hasProp(RDKit::common_properties::_MolFileRLabel));
}

// Why the block is a pattern; nothing if it is a molecule.
std::optional<Reason> pattern_reason(const RDKit::ROMol &molecule) {
  auto atoms = molecule.atoms();
  if (std::any_of(atoms.begin(), atoms.end(), [](const RDKit::Atom *atom) { return is_dummy(*atom); })) {
    return Reason{Code::kRGroup, "an atom is an R group or another dummy atom"};
  }
  if (std::any_of(atoms.begin(), atoms.end(), [](const RDKit::Atom *atom) { return atom->hasQuery(); })) {
    return Reason{Code::kQuery, "an atom is a query, such as an atom list"};
  }
  auto bonds = molecule.bonds();
  if (std::any_of(bonds.begin(), bonds.end(), [](const RDKit::Bond *bond) { return bond->hasQuery(); })) {
    return Reason{Code::kQuery, "a bond is a query, such as `single or double`"};
  }
  return std::nullopt;
}

// Whether the molecule has what no SMILES of it says, stereo groups aside: polymers, mixtures and data in
// substance groups, attachment points, repeated link nodes.
bool has_more_than_smiles(const RDKit::ROMol &molecule) {
  auto atoms = molecule.atoms();
  return !RDKit::getSubstanceGroups(molecule).empty() ||
         molecule.hasProp(RDKit::common_properties::molFileLinkNodes) ||
         std::any_of(atoms.begin(), atoms.end(), [](const RDKit::Atom *atom) {
           return atom->hasProp(RDKit::common_properties::molAttachPoint);
         });
}

// `fast` not null: it has made the molecule.
std::string write(RDKit::RWMol &molecule, bool stereo_groups, FastWing *fast) {
  require_stack(kWriteSmiles, molecule.getNumAtoms());
  if (stereo_groups && !molecule.getStereoGroups().empty()) {
    return RDKit::MolToCXSmiles(molecule, RDKit::SmilesWriteParams(),
                                RDKit::SmilesWrite::CXSmilesFields::CX_ENHANCEDSTEREO);
  }
  CanonicalSmiles smiles;
  return fast && fast->write(molecule, smiles) ? std::move(smiles.text) : RDKit::MolToSmiles(molecule);
}

std::optional<Reason> refusal_of(const RDKit::RWMol *molecule, const Limits &limits) {
  if (!molecule) {
    return Reason{Code::kNullResult, "RDKit does not support a feature of the mol block"};
  }
  if (molecule->getNumAtoms() == 0) {
    return Reason{Code::kMolBlock, "the mol block has no atoms"};
  }
  if (auto reason = pattern_reason(*molecule)) {
    return reason;
  }
  if (molecule->getNumAtoms() > limits.max_atoms) {
    return too_many_atoms(molecule->getNumAtoms(), limits.max_atoms);
  }
  return std::nullopt;
}

}  // namespace

bool read_mol_block(const MolBlock &block, const Limits &limits, bool stereo_groups, FastWing *fast,
                    ReadRow &row, Reason &refusal) {
  try {
    // Each atom has a line.
    const auto lines = std::count(block.text.begin(), block.text.end(), '\n');
    require_stack(kReadSmiles, static_cast<std::size_t>(lines));
    const std::string text(block.text);
    auto molecule = fast ? fast->parse_mol_block(text) : nullptr;
    if (!molecule) {
      fast = nullptr;
      molecule = RDKit::v2::FileParsers::MolFromMolBlock(text);
    }
    if (auto reason = refusal_of(molecule.get(), limits)) {
      refusal = {reason->code, with_line(std::move(reason->words), block, false)};
      return false;
    }
    row.lost_groups = !stereo_groups && !molecule->getStereoGroups().empty();
    row.lost_details = has_more_than_smiles(*molecule);
    row.smiles = write(*molecule, stereo_groups, fast);
    return true;
  } catch (const RDKit::FileParseException &error) {
    refusal = {Code::kMolBlock, with_line(error.what(), block, true)};
  } catch (...) {
    refusal = reason_of_current_exception();
    if (refusal.code != Code::kOutOfMemory) {
      refusal.words = with_line(std::move(refusal.words), block, false);
    }
  }
  return false;
}

}  // namespace xform
