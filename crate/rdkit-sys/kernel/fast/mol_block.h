// A shorter way to do MolFromMolBlock.
//
// Mirrors: FileParsers/MolFileParser.cpp finishMolProcessing; AddHs.cpp removeHs; MolOps.cpp sanitizeMol;
// Chirality.cpp setDoubleBondNeighborDirections, legacyStereoPerception.
#pragma once

#include <GraphMol/RWMol.h>

#include <memory>
#include <string>

namespace xform {

// MolFromMolBlock for a block that RDKit neither cleans up nor reads as a pattern; null for any other.
//
// RDKit cleans up, looks for stereo bonds, which takes the rings, and sanitizes, which forgets the rings and
// finds them again. If there is nothing to clean up, the look for stereo bonds may as well come first, as it
// does in MolFromMolBlock without sanitizing, and its rings are those that sanitizing would find. Without a
// stereo mark, nothing reads the hybridization, nor the notes where marks would be possible.
//
// The molecule lacks hybridization and conjugation if it has no stereo marks. Throws what RDKit throws for a
// bad block, though not always the same as MolFromMolBlock.
std::unique_ptr<RDKit::RWMol> parse_plain_block(const std::string &text);

}  // namespace xform
