// Which RDKit this is, and whether the environment bends it.
#pragma once

#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

// Version of the RDKit that is linked in, for example "2025.03.1".
rust::String rdkit_version();

// Names of environment variables that are set and change what RDKit makes of a molecule (it reads them at
// every call); products would then differ from what Python gives elsewhere.
rust::Vec<rust::String> bending_variables();

}  // namespace xform
