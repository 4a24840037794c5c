#include "edits.h"

#include <stdexcept>
#include <string_view>

#include "../kernel/fast/fast.h"
#include "../kernel/plain/parent.h"
#include "../kernel/plain/sites.h"
#include "xform-rdkit-sys/src/edits.rs.h"

namespace xform {
rust::Vec<rust::String> edit_obstacles(const Transform &transform, rust::Str smiles) {
  Parent parent;
  Reason refusal;
  const std::string_view text(smiles.data(), smiles.size());
  FastWing fast;
  fast.add(*transform.reaction, transform.explicit_hydrogens);
  if (!parse_parent(text, transform.reads_hybridization, &fast, parent, refusal)) {
    throw std::invalid_argument(refusal.words);
  }
  rust::Vec<rust::String> obstacles;
  for (const auto &site : find_sites(*parent.molecule, transform)) {
    const char *obstacle = nullptr;
    fast.edit(*parent.molecule, 0, site.match, obstacle);
    obstacles.push_back(obstacle ? obstacle : "");
  }
  return obstacles;
}

}  // namespace xform
