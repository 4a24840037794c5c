#include "version.h"

#include <GraphMol/Chirality.h>
#include <RDGeneral/versions.h>

namespace xform {

rust::String rdkit_version() { return RDKit::rdkitVersion; }

rust::Vec<rust::String> bending_variables() {
  rust::Vec<rust::String> names;
  if (!RDKit::Chirality::getUseLegacyStereoPerception()) {
    names.push_back("RDK_USE_LEGACY_STEREO_PERCEPTION");
  }
  if (!RDKit::Chirality::getAllowNontetrahedralChirality()) {
    names.push_back("RDK_ENABLE_NONTETRAHEDRAL_STEREO");
  }
  return names;
}

}  // namespace xform
