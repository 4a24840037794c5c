// How much stack RDKit needs.
//
// Some of RDKit's steps walk a molecule by recursion. A stack overflow would end the process, so a step
// that might overflow is refused first. The figures were measured on a painted stack, as the growth from
// chains, nested branches, combs, rings, ladders and polyphenylenes of 500 to 20,000 atoms (RDKit
// 2025.03.1, GCC 12, -O3):
//
//   step                                               bytes of stack
//   MolFromSmiles: grammar, stereo, removing Hs        does not grow
//   sanitizeMol: rings                                 116 per atom, if all are in one ring
//   SubstructMatch, canonical ranks, making a product  does not grow
//   MolToSmiles                                        726 per atom, if all are in one chain
//   copying a molecule with a CXSMILES extension       56 per byte of it: `u:0,0,0` nests an atom's queries
//
// Making a product also walks along conjugated double bonds with marks by recursion, but this needs far
// less than the others.
#pragma once

#include <cstddef>

namespace xform {

// A step that recurses.
struct RecursiveStep {
  const char *name;        // "writing a product"
  const char *unit;        // of its size, "atoms"
  std::size_t bytes_each;  // what it may need for each of them; more than was measured
};

constexpr RecursiveStep kReadSmiles{"reading a SMILES", "atoms", 192};
constexpr RecursiveStep kReadExtension{"reading a CXSMILES extension", "bytes", 96};
constexpr RecursiveStep kWriteSmiles{"writing a product", "atoms", 1024};

// Throws std::runtime_error if `step` may overflow the calling thread's stack at this size.
void require_stack(const RecursiveStep &step, std::size_t size);

}  // namespace xform
