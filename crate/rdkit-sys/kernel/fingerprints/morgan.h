// Morgan fingerprints.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace RDKit {
template <typename OutputType>
class FingerprintGenerator;
}

namespace xform {

// Computes the fingerprints that Python's rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
// gives. One per thread. Memory: one molecule, and the fingerprints of the last batch.
class Fingerprints {
 public:
  static constexpr std::size_t kBits = 2048;
  static constexpr std::size_t kWords = kBits / 64;

  Fingerprints();
  ~Fingerprints();

  // Reads molecules as MolFromSmiles does, whatever their size: the text of each lies between two
  // consecutive ones of the `molecules + 1` ascending `offsets` into `bytes`. Throws std::bad_alloc.
  void compute(std::string_view bytes, const std::uint32_t *offsets, std::size_t molecules);

  // Of the last batch: kWords words for each molecule, the lowest bits first, all of them 0 without a
  // molecule.
  const std::vector<std::uint64_t> &words() const { return words_; }
  // 1 for each text that is a molecule, else 0.
  const std::vector<std::uint8_t> &are_molecules() const { return are_molecules_; }

 private:
  // Adds the fingerprint of a molecule to words_. False if there is no molecule.
  bool add(std::string_view smiles);

  std::unique_ptr<RDKit::FingerprintGenerator<std::uint64_t>> generator_;
  std::vector<std::uint64_t> words_;
  std::vector<std::uint8_t> are_molecules_;
};

}  // namespace xform
