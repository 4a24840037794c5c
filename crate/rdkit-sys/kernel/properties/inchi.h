// The InChI of a molecule and its key.
#pragma once

#include <cstdint>
#include <string>

namespace RDKit {
class ROMol;
}

namespace xform {

// How the making of an InChI ended.
enum class InchiOutcome : std::uint8_t {
  kMade,
  kWarned,  // made, and InChI says what it changed or left out
  kNone,    // there is no InChI, or no key of it
};

struct Inchi {
  InchiOutcome outcome = InchiOutcome::kNone;
  std::string text;     // "InChI=1S/...", empty if there is none
  std::string key;      // 27 characters, empty if there is none
  std::string message;  // InChI's message: its warnings, or why there is no InChI
};

// Makes the standard InChI of a sanitized molecule, and its key, as MolToInchi and MolToInchiKey do in
// Python.
//
// Any number of threads may call it at once, and none waits for another. Nothing is printed. Time is not
// bounded here: InChI's own limit (its option W) counts the CPU time of the whole process, so that its
// results would depend on the other threads.
//
// A molecule that RDKit cannot kekulize has no InChI; Python raises an exception there.
Inchi make_inchi(const RDKit::ROMol &molecule);

}  // namespace xform
