#include "fingerprints/morgan.h"

#include <DataStructs/ExplicitBitVect.h>
#include <GraphMol/Fingerprints/MorganGenerator.h>

#include <boost/dynamic_bitset.hpp>
#include <iterator>
#include <new>
#include <stdexcept>

#include "base/failure.h"
#include "base/limits.h"
#include "plain/parent.h"

namespace xform {
namespace {

constexpr unsigned int kRadius = 2;

}  // namespace

// All else than the radius is the default, which is Python's as well.
Fingerprints::Fingerprints()
    : generator_(RDKit::MorganFingerprint::getMorganGenerator<std::uint64_t>(kRadius)) {}

Fingerprints::~Fingerprints() = default;

void Fingerprints::compute(std::string_view bytes, const std::uint32_t *offsets, std::size_t molecules) {
  words_.clear();
  are_molecules_.clear();
  for (std::size_t index = 0; index < molecules; ++index) {
    const auto smiles = bytes.substr(offsets[index], offsets[index + 1] - offsets[index]);
    are_molecules_.push_back(!smiles.empty() && add(smiles) ? 1 : 0);
    words_.resize(kWords * are_molecules_.size());
  }
}

bool Fingerprints::add(std::string_view smiles) {
  Parent parent;
  Reason refusal;
  if (!is_readable(smiles, Limits(), refusal) || !parse_parent(smiles, true, nullptr, parent, refusal)) {
    // Want of memory says nothing about the molecule.
    return refusal.code == Code::kOutOfMemory ? throw std::bad_alloc() : false;
  }
  std::unique_ptr<ExplicitBitVect> bits;
  try {
    bits.reset(generator_->getFingerprint(*parent.molecule));
  } catch (const std::bad_alloc &) {
    throw;
  } catch (...) {
    return false;
  }
  if (bits->getNumBits() != kBits) {
    throw std::logic_error("RDKit's Morgan fingerprint has a different number of bits");
  }
  boost::to_block_range(*bits->dp_bits, std::back_inserter(words_));
  return true;
}

}  // namespace xform
