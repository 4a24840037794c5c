#include "review/drawing.h"

#include <GraphMol/Depictor/RDDepictor.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesParse.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "base/stack.h"
#include "plain/atom_count.h"
#include "review/sheet.h"

namespace xform {
namespace {

const RDKit::DrawColour kSite(1.0, 0.87, 0.55);

Panel panel_of(const Depiction &depiction) {
  require_stack(kReadSmiles, count_atoms(depiction.smiles));
  auto molecule = RDKit::v2::SmilesParse::MolFromSmiles(depiction.smiles);
  if (!molecule) {
    throw std::runtime_error("RDKit cannot read " + depiction.smiles);
  }
  Panel panel{std::move(molecule), {}, depiction.caption};
  const auto atoms = panel.molecule->getNumAtoms();
  if (std::any_of(depiction.atoms.begin(), depiction.atoms.end(),
                  [&](std::uint32_t atom) { return atom >= atoms; })) {
    RDKit::MolOps::addHs(*panel.molecule);
  }
  for (const auto atom : depiction.atoms) {
    if (atom < panel.molecule->getNumAtoms()) {
      panel.colours[static_cast<int>(atom)] = kSite;
    }
  }
  RDDepict::compute2DCoords(*panel.molecule);
  return panel;
}

}  // namespace

std::string draw_products(const Depiction &parent, const std::vector<Depiction> &products) {
  std::vector<Panel> after;
  std::transform(products.begin(), products.end(), std::back_inserter(after), panel_of);
  return draw_sheet(panel_of(parent), after, {});
}

}  // namespace xform
