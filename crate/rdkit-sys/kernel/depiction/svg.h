// A molecule that has been laid out, as SVG.
//
// RDKit draws it, and what it writes is shortened to a third: names of bonds and atoms, defaults and metadata
// are left out, and lines of one style become one path. The picture has a viewBox of fixed size, a
// transparent background and no XML declaration. Equal input gives equal bytes.
#pragma once

#include <GraphMol/ROMol.h>

#include <cstdint>
#include <map>
#include <string>

namespace xform {

// A colour of the background of an atom, 0xRRGGBB.
using Colour = std::uint32_t;

// Pixels per Ångström at which the molecule, with labels, fits the picture; at most those that give bonds of
// their usual length.
double fitting_scale(const RDKit::ROMol &molecule);

// The picture. A bond between two atoms with a colour has that of its first. At `scale`, a molecule that does
// not fit shrinks. Throws what RDKit throws.
std::string draw_svg(const RDKit::ROMol &molecule, const std::map<int, Colour> &colours, double scale);

}  // namespace xform
