// A sheet of pictures: a molecule, an arrow, and what becomes of it, as SVG.
#pragma once

#include <GraphMol/MolDraw2D/MolDraw2DHelpers.h>
#include <GraphMol/RWMol.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace xform {

// A molecule with 2D coordinates, in which some atoms have a coloured background.
struct Panel {
  std::unique_ptr<RDKit::RWMol> molecule;
  std::map<int, RDKit::DrawColour> colours;  // by atom
  std::string caption;                       // below the molecule; may be empty
  // Whether it is a template, to be drawn as it is, and not a molecule to prepare for drawing.
  bool is_template = false;
};

// `before`, an arrow, and `after`, several in a row; `notes` are lines below. Equal input gives equal bytes.
std::string draw_sheet(const Panel &before, const std::vector<Panel> &after,
                       const std::vector<std::string> &notes);

}  // namespace xform
