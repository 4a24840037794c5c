// The version of RDKit, and whether the environment changes its behaviour.
#pragma once

#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

// Version of the RDKit that is linked in, for example "2025.03.1".
rust::String rdkit_version();

// Names of environment variables that are set and change how RDKit handles a molecule (it reads them at
// every call); products would then differ from those of Python elsewhere.
rust::Vec<rust::String> bending_variables();

}  // namespace xform
