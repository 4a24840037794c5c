#include "identifier.h"

#include <string_view>

#include "crash_record.h"
#include "offsets.h"
#include "xform-rdkit-sys/src/identifier.rs.h"

namespace xform {

static_assert(static_cast<int>(MoleculeIdentity::None) == static_cast<int>(IdentityKind::kNone));
static_assert(static_cast<int>(MoleculeIdentity::Smiles) == static_cast<int>(IdentityKind::kSmiles));
static_assert(static_cast<int>(MoleculeIdentity::InchiKey) == static_cast<int>(IdentityKind::kInchiKey));

std::unique_ptr<Identifier> new_identifier(bool by_inchi_key, rust::Str standardize) {
  auto identifier = std::make_unique<Identifier>(by_inchi_key);
  if (!standardize.empty()) {
    identifier->choose_standardization({standardize.data(), standardize.size()});
  }
  return identifier;
}

std::int32_t keep_identifier_record(Identifier &identifier, rust::Slice<const std::uint8_t> path) {
  return keep_crash_record_of(identifier, path);
}

IdentityView identify(Identifier &identifier, std::uint64_t first_row, rust::Slice<const std::uint8_t> bytes,
                      rust::Slice<const std::uint32_t> offsets, bool mol_blocks) {
  check_offsets(bytes, offsets);
  const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  identifier.identify(first_row, text, offsets.data(), offsets.size() - 1,
                      mol_blocks ? Notation::kMolBlock : Notation::kSmiles);
  const auto &kinds = identifier.kinds();
  const auto &texts = identifier.texts();
  return {{kinds.data(), kinds.size()},
          {reinterpret_cast<const std::uint8_t *>(texts.data()), texts.size()},
          {identifier.offsets().data(), identifier.offsets().size()}};
}

}  // namespace xform
