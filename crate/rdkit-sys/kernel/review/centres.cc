#include <RDGeneral/types.h>

#include "base/elements.h"
#include "plain/demands.h"
#include "review/checks.h"
#include "review/demands.h"
#include "review/neighbours.h"

namespace xform {

namespace {

// The position of `neighbour` among the bonds of `atom`.
int position(const RDKit::Atom &atom, const RDKit::Atom *neighbour) {
  int before = 0;
  for (const auto *bond : atom.getOwningMol().atomBonds(&atom)) {
    if (bond->getOtherAtom(&atom) == neighbour) {
      break;
    }
    ++before;
  }
  return before;
}

// A stereocentre that stays one and whose configuration the templates leave open.
bool keeps_open_centre(const TemplateAtom &product) {
  const int element = product.atom->getAtomicNum();
  return (element == 0 || is_centre_element(element)) &&
         product.atom->getChiralTag() == RDKit::Atom::CHI_UNSPECIFIED &&
         may_have_single_bonds_only(*product.atom) &&
         prescribed_value(*product.atom, RDKit::common_properties::_QueryHCount).value_or(0) <= 1;
}

// RDKit copies the parent's mark and puts the template's neighbours first, in the order of the text. The mark
// counts the hydrogen as the second of the four; so a new atom there keeps the configuration.
void check_replaced_hydrogen(const TemplateAtom &reactant, const TemplateAtom &product,
                             const RDKit::Atom *gained, Findings &findings) {
  if (may_be_centre(*reactant.atom, 1) && position(*product.atom, gained) % 2 == 0) {
    findings.add(
        FindingCode::kHydrogenReplacedAtCentre, product.span,
        "a new neighbour takes the place of a hydrogen; if the atom is a stereocentre, RDKit inverts "
        "its configuration",
        "write one kept neighbour before the new one, as in [N:2][C:1]F, which keeps the "
        "configuration, or exclude stereocentres, for example with [CX4;H2]");
  }
}

void check_new_hydrogen(const TemplateAtom &reactant, const TemplateAtom &product, Findings &findings) {
  if (may_be_centre(*reactant.atom, 0)) {
    findings.add(
        FindingCode::kBecomesHydrogenAtCentre, product.span,
        "a hydrogen takes the place of an atom; if it is at a stereocentre, the configuration depends "
        "on the order of the parent's atoms",
        "write the hydrogen as an atom without a count, as in [C:1][H], which keeps the configuration");
  }
}

}  // namespace

void check_centres(const Subject &subject, Findings &findings) {
  for (const auto &reactant : subject.reactant()) {
    const auto *product = subject.product_of(reactant);
    if (!product || !keeps_open_centre(*product)) {
      continue;
    }
    const auto [lost, gained] = neighbour_change(reactant, *product);
    if (lost.empty() && gained.size() == 1) {
      check_replaced_hydrogen(reactant, *product, gained.front(), findings);
    } else if (gained.empty() && lost.size() == 1) {
      check_new_hydrogen(reactant, *product, findings);
    }
  }
}

}  // namespace xform
