#include "edits.h"

#include <stdexcept>
#include <string>
#include <string_view>

#include "../kernel/edit.h"
#include "../kernel/parent.h"
#include "../kernel/sites.h"
#include "xform-rdkit-sys/src/edits.rs.h"

namespace xform {
namespace {

std::string obstacle_at(Editor &editor, const Transform &transform, const Site &site) {
  if (transform.scripts.empty()) {
    return transform.plain_because;
  }
  for (const auto &script : transform.scripts) {
    const char *obstacle = nullptr;
    editor.edit(script, site.match, obstacle);
    if (obstacle) {
      return obstacle;
    }
  }
  return "";
}

}  // namespace

rust::Vec<rust::String> edit_obstacles(const Transform &transform, rust::Str smiles) {
  Parent parent;
  Reason refusal;
  const std::string_view text(smiles.data(), smiles.size());
  if (!parse_parent(text, transform.reads_hybridization, parent, refusal)) {
    throw std::invalid_argument(refusal.words);
  }
  Editor editor(*parent.molecule);
  rust::Vec<rust::String> obstacles;
  for (const auto &site : find_sites(*parent.molecule, transform)) {
    obstacles.push_back(obstacle_at(editor, transform, site));
  }
  return obstacles;
}

}  // namespace xform
