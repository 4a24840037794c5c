// What molecules are recognised by, wherever they come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/in_hand.h"
#include "fast/fast.h"
#include "plain/parent.h"
#include "standardize/standardizer.h"

namespace xform {

enum class IdentityKind : std::uint8_t {
  kNone,      // it is not a molecule
  kSmiles,    // its canonical SMILES, as that of a product is written
  kInchiKey,  // its InChIKey, as that of a product is computed
};

// Recognises molecules as a run recognises its products. One per thread. Memory: one molecule, and the
// texts of the last batch.
class Identifier {
 public:
  // By InChIKey, or by SMILES if there is none; else always by SMILES.
  explicit Identifier(bool by_inchi_key) : by_inchi_key_(by_inchi_key) {}

  // Standardizes each molecule first, as rows are (Kernel::choose_standardization).
  void choose_standardization(std::string_view how) { standardizer_ = std::make_unique<Standardizer>(how); }

  // From now on, also records what is in hand in the file at `path`; see Kernel::keep_crash_record.
  void keep_crash_record(const std::string &path) { in_hand_.keep_record(path); }

  // Reads molecules as a run reads its rows of that notation, whatever their size: the text of each lies
  // between two consecutive ones of the `molecules + 1` ascending `offsets` into `bytes`; the first is row
  // `first_row` of its file. One that RDKit refuses, cannot standardize or cannot write is kNone. Throws
  // std::bad_alloc.
  void identify(std::uint64_t first_row, std::string_view bytes, const std::uint32_t *offsets,
                std::size_t molecules, Notation notation = Notation::kSmiles);

  // Of the last batch, one for each molecule; without a molecule the text is empty.
  const std::vector<std::uint8_t> &kinds() const { return kinds_; }
  const std::string &texts() const { return texts_; }
  // Where the texts begin and end.
  const std::vector<std::uint32_t> &offsets() const { return offsets_; }

 private:
  struct Identity {
    IdentityKind kind;
    std::string text;
  };

  Identity identity(std::string_view text, Notation notation);
  Identity identity_of_smiles(std::string_view smiles);
  // The molecule of a text, standardized if wanted. False if there is none; then `refusal` gives the reason.
  bool read(std::string_view smiles, Parent &molecule, Reason &refusal);
  FastWing *fast();

  bool by_inchi_key_;
  std::unique_ptr<Standardizer> standardizer_;
  FastWing fast_;
  InHand in_hand_;
  std::vector<std::uint8_t> kinds_;
  std::string texts_;
  std::vector<std::uint32_t> offsets_;
};

}  // namespace xform
