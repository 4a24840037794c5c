#include "fingerprints.h"

#include <string_view>

#include "offsets.h"
#include "xform-rdkit-sys/src/fingerprints.rs.h"

namespace xform {

std::unique_ptr<Fingerprints> new_fingerprints() { return std::make_unique<Fingerprints>(); }

FingerprintView compute_fingerprints(Fingerprints &fingerprints, rust::Slice<const std::uint8_t> bytes,
                                     rust::Slice<const std::uint32_t> offsets) {
  check_offsets(bytes, offsets);
  const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  fingerprints.compute(text, offsets.data(), offsets.size() - 1);
  return {{fingerprints.words().data(), fingerprints.words().size()},
          {fingerprints.are_molecules().data(), fingerprints.are_molecules().size()}};
}

}  // namespace xform
