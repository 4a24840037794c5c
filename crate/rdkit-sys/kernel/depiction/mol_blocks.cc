#include "depiction/mol_blocks.h"

#include <GraphMol/Depictor/RDDepictor.h>
#include <GraphMol/FileParsers/FileWriters.h>
#include <GraphMol/RWMol.h>

#include <limits>
#include <new>
#include <stdexcept>

#include "base/failure.h"
#include "base/limits.h"
#include "plain/parent.h"

namespace xform {
namespace {

// What Python's Compute2DCoords(molecule) and MolToMolBlock(molecule) give. Empty if there is no molecule.
std::string mol_block(std::string_view smiles) {
  Parent parent;
  Reason refusal;
  if (!is_readable(smiles, Limits(), refusal) || !parse_parent(smiles, true, nullptr, parent, refusal)) {
    // Want of memory says nothing about the molecule.
    return refusal.code == Code::kOutOfMemory ? throw std::bad_alloc() : std::string();
  }
  try {
    auto &molecule = *parent.molecule;
    // What follows the SMILES in its text is not the name of the record.
    molecule.clearProp(RDKit::common_properties::_Name);
    RDDepict::Compute2DCoordParameters depiction;
    depiction.canonOrient = true;  // Python's default
    depiction.forceRDKit = true;
    RDDepict::compute2DCoords(molecule, depiction);
    return RDKit::MolToMolBlock(molecule);
  } catch (const std::bad_alloc &) {
    throw;
  } catch (...) {
    return {};
  }
}

}  // namespace

void MolBlocks::draw(std::string_view bytes, const std::uint32_t *offsets, std::size_t molecules) {
  texts_.clear();
  offsets_.assign(1, 0);
  for (std::size_t index = 0; index < molecules; ++index) {
    const auto smiles = bytes.substr(offsets[index], offsets[index + 1] - offsets[index]);
    if (!smiles.empty()) {
      texts_ += mol_block(smiles);
    }
    if (texts_.size() > std::numeric_limits<std::uint32_t>::max()) {
      throw std::length_error("the mol blocks of a batch have more than 4 GiB");
    }
    offsets_.push_back(static_cast<std::uint32_t>(texts_.size()));
  }
}

}  // namespace xform
