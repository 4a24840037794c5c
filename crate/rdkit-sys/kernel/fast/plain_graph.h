// SMILES of a plain kind, read without RDKit.
//
// Mirrors: SmilesParse/SmilesParse.cpp MolFromSmiles; MolOps.cpp sanitizeMol, cleanUp; Atom.cpp
// calculateExplicitValence, calculateImplicitValence; FindRings.cpp findSSSR, smallestRingsBfs;
// Aromaticity.cpp isAtomCandForArom.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace xform {

// The graph that a plain SMILES describes, in the state in which MolFromSmiles leaves it.
//
// A text is plain if it is one fragment of B, C, N, O, P, S and halogens, with aromatic c, n, o and s, and
// with the bracket atoms that plain_reader.h lists, in valences that RDKit fills with hydrogens and
// otherwise does not change, with rings that RDKit finds without its searches for cages. It is proved that
// MolFromSmiles accepts every plain text, so a row without a site needs no molecule. The proof, step by
// step:
//
// - Parser: the grammar here is a part of RDKit's; rings are closed, neither on their own atom nor
//   parallel to a bond, and bonds of closures do not contradict each other.
// - removeHs has no hydrogen atom to remove and sanitizes. cleanUp acts on uncharged N with valence 5, P
//   with valence 5 and degree 3, halogens with valence above 1; cleanUpOrganometallics acts on metals.
//   There are none of these.
// - updatePropertyCache(true): every valence is one that the element has, or lower; that of a bracket atom
//   is full. An aromatic atom has a sum of bond orders (1.5 each) at most 1.5 above it, which
//   calculateExplicitValence permits.
// - Ring search throws in three places. The search from an atom of degree three begins only if no atom of
//   lower degree is left; peeling off atoms with at most two bonds empties a plain graph. The search for
//   missed rings queues simple paths of ring atoms, which are fewer than atoms x 2^(independent rings); a
//   plain graph keeps that below RDKit's limit. The other queue holds each atom once.
// - Kekulize: see kekule.h. assignRadicals finds no valence that is not full.
// - Aromaticity, conjugation, hybridization: these functions refuse nothing.
// - The last updatePropertyCache(true) sees aromatic bonds, with the same sums (three bonds of N or P;
//   less for others). Hydrogens do not change: adjustHs restores those that an atom would lose. Triple
//   bonds in rings, which can gain one, are not plain.
// - Stereo: marks on carbon, and directions along single bonds that close no ring. assignStereochemistry
//   and its preparation keep or drop them, and refuse nothing.
class PlainGraph {
 public:
  static constexpr unsigned int kMaxDegree = 6;
  // The order of a bond between aromatic atoms: 1 or 2.
  static constexpr std::uint8_t kAromatic = 4;

  struct Atom {
    std::uint8_t element;
    std::int8_t charge = 0;
    bool aromatic = false;  // as written
    bool bracket = false;
    std::uint8_t hydrogens = 0;
    std::uint8_t degree = 0;
    std::uint8_t order_sum = 0;    // of its bonds, in a Kekule form
    bool in_ring = false;          // on a cycle
    bool may_be_aromatic = false;  // in the molecule after MolFromSmiles; false is certain
    std::array<std::uint16_t, kMaxDegree> bonds{};
  };

  struct Bond {
    std::uint16_t begin, end;
    std::uint8_t order;
    bool in_ring = false;
    bool may_be_aromatic = false;

    std::uint16_t other(std::uint16_t atom) const { return begin == atom ? end : begin; }
  };

  // Reads `smiles`; false if it is not plain, and then the graph must not be used.
  bool read(std::string_view smiles);

  const std::vector<Atom> &atoms() const { return atoms_; }
  const std::vector<Bond> &bonds() const { return bonds_; }

 private:
  friend class PlainReader;
  friend class KekuleProof;

  bool add_bond(std::uint16_t begin, std::uint16_t end, std::uint8_t order);
  bool fill_valences();
  void mark_rings(std::size_t first_closure);
  bool has_plain_rings();
  bool can_be_peeled();
  bool has_few_paths();
  void mark_aromatic_candidates();

  std::vector<Atom> atoms_;
  std::vector<Bond> bonds_;             // bonds along the text first, each to the atom that it adds
  std::vector<Bond> closures_;          // of rings, in the order of closing
  std::vector<std::uint16_t> parents_;  // by atom: the one before it in the text
  std::vector<std::uint16_t> stack_;    // scratch
  std::vector<std::uint8_t> counts_;    // scratch
};

}  // namespace xform
