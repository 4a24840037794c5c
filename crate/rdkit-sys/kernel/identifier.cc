#include "identifier.h"

#include <new>
#include <utility>

#include "base/failure.h"
#include "base/limits.h"
#include "plain/parent.h"
#include "plain/product.h"
#include "properties/inchi.h"
#include "reading/mol_block.h"

namespace xform {

void Identifier::identify(std::uint64_t first_row, std::string_view bytes, const std::uint32_t *offsets,
                          std::size_t molecules, Notation notation) {
  kinds_.clear();
  texts_.clear();
  offsets_.assign(1, 0);
  for (std::size_t index = 0; index < molecules; ++index) {
    const auto text = bytes.substr(offsets[index], offsets[index + 1] - offsets[index]);
    if (!text.empty()) {
      in_hand_.take_up(first_row + index, text);
    }
    const auto found = identity(text, notation);
    kinds_.push_back(static_cast<std::uint8_t>(found.kind));
    texts_ += found.text;
    offsets_.push_back(static_cast<std::uint32_t>(texts_.size()));
  }
  in_hand_.put_down();
}

Identifier::Identity Identifier::identity(std::string_view text, Notation notation) {
  if (text.empty() || notation == Notation::kSmiles) {
    return identity_of_smiles(text);
  }
  const bool stereo_groups = false;
  ReadRow row;
  Reason refusal;
  if (!read_mol_block({text}, Limits(), stereo_groups, nullptr, row, refusal) &&
      refusal.code == Code::kOutOfMemory) {
    throw std::bad_alloc();
  }
  in_hand_.read_as(row.smiles);
  return identity_of_smiles(row.smiles);
}

Identifier::Identity Identifier::identity_of_smiles(std::string_view smiles) {
  const Identity none{IdentityKind::kNone, {}};
  if (smiles.empty()) {
    return none;
  }
  Parent parent;
  Reason refusal;
  if (!read(smiles, parent, refusal)) {
    // Want of memory says nothing about the molecule.
    return refusal.code == Code::kOutOfMemory ? throw std::bad_alloc() : none;
  }
  try {
    if (by_inchi_key_) {
      auto inchi = make_inchi(*parent.molecule);
      if (!inchi.key.empty()) {
        return {IdentityKind::kInchiKey, std::move(inchi.key)};
      }
    }
    auto &molecule = static_cast<RDKit::RWMol &>(*parent.molecule);
    return {IdentityKind::kSmiles, write_product(molecule, 0, fast()).smiles};
  } catch (const std::bad_alloc &) {
    throw;
  } catch (...) {
    return none;
  }
}

// The fast wing's molecules lack what InChI reads.
FastWing *Identifier::fast() { return by_inchi_key_ ? nullptr : &fast_; }

bool Identifier::read(std::string_view smiles, Parent &molecule, Reason &refusal) {
  const bool hybridization = false;
  if (!standardizer_) {
    return is_readable(smiles, Limits(), refusal) &&
           parse_parent(smiles, hybridization, fast(), molecule, refusal);
  }
  Parent as_given;
  StandardParent standard;
  return is_readable(smiles, Limits(), refusal) && parse_parent(smiles, true, nullptr, as_given, refusal) &&
         standardizer_->standardize(*as_given.molecule, standard, refusal) &&
         is_readable(standard.smiles, Limits(), refusal) &&
         parse_parent(standard.smiles, hybridization, fast(), molecule, refusal);
}

}  // namespace xform
