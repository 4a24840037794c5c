#include "properties/lipinski.h"

#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/Substruct/SubstructMatch.h>

#include <vector>

namespace xform {
namespace {

constexpr const char *kRotatableBond =
    "[!$(*#*)&!D1&!$(C(F)(F)F)&!$(C(Cl)(Cl)Cl)&!$(C(Br)(Br)Br)&!$(C([CH3])([CH3])[CH3])"
    "&!$([CD3](=[N,O,S])-!@[#7,O,S!D1])&!$([#7,O,S!D1]-!@[CD3]=[N,O,S])"
    "&!$([CD3](=[N+])-!@[#7!D1])&!$([#7!D1]-!@[CD3]=[N+])]"
    "-,:;!@"
    "[!$(*#*)&!D1&!$(C(F)(F)F)&!$(C(Cl)(Cl)Cl)&!$(C(Br)(Br)Br)&!$(C([CH3])([CH3])[CH3])]";

constexpr const char *kAcceptor =
    "[$([O,S;H1;v2]-[!$(*=[O,N,P,S])]),$([O,S;H0;v2]),$([O,S;-]),"
    "$([N;v3;!$(N-*=!@[O,N,P,S])]),$([nH0,o,s;+0])]";

// With SubstructMatch's defaults, as RDKit counts.
unsigned int count(const RDKit::ROMol &pattern, const RDKit::ROMol &molecule) {
  std::vector<RDKit::MatchVectType> matches;
  RDKit::SubstructMatch(molecule, pattern, matches);
  return static_cast<unsigned int>(matches.size());
}

}  // namespace

Lipinski::Lipinski()
    : rotatable_bond_(RDKit::v2::SmilesParse::MolFromSmarts(kRotatableBond)),
      acceptor_(RDKit::v2::SmilesParse::MolFromSmarts(kAcceptor)) {}

unsigned int Lipinski::rotatable_bonds(const RDKit::ROMol &molecule) const {
  return count(*rotatable_bond_, molecule);
}

unsigned int Lipinski::acceptors(const RDKit::ROMol &molecule) const { return count(*acceptor_, molecule); }

}  // namespace xform
