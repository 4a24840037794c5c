#include "depiction/svg.h"

#include <GraphMol/Conformer.h>
#include <GraphMol/MolDraw2D/MolDraw2DSVG.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace xform {
namespace {

// All in pixels.
constexpr int kWidth = 280;
constexpr int kHeight = 210;
constexpr double kScale = 18;   // for an Ångström: a bond has 27
constexpr double kMargin = 22;  // around the atoms, for labels
constexpr double kLine = 1.5;   // the width
constexpr int kLabel = 13;      // letters of labels, at most

// Of all backgrounds together, so that labels stay legible and overlaps are not darker.
const std::string kBackgrounds = "<g opacity='.55'>\n";
const std::string kHead =
    "<svg xmlns='http://www.w3.org/2000/svg' width='280' height='210' viewBox='0 0 280 210' fill='none' "
    "stroke-width='1.5' font-family='sans-serif'>\n";
const std::string kEndOfHeader = "<!-- END OF HEADER -->\n";

// RDKit cuts off what is behind the point of 255 times a channel.
RDKit::DrawColour drawn(Colour colour) {
  const auto channel = [&](int shift) { return (static_cast<double>(colour >> shift & 0xff) + 0.5) / 255; };
  return {channel(16), channel(8), channel(0)};
}

// The declarations of a style that are not those of the picture, or of SVG itself.
std::string shortened(std::string_view style) {
  static const std::vector<std::string_view> defaults = {
      "fill:none",           "fill-rule:evenodd",  "fill-opacity:1",         "stroke:none",
      "stroke-linecap:butt", "stroke-opacity:1",   "font-style:normal",      "font-weight:normal",
      "text-anchor:start",   "stroke-width:1.5px", "font-family:sans-serif", "stroke-linejoin:miter"};
  std::string kept;
  while (!style.empty()) {
    const auto declaration = style.substr(0, style.find(';'));
    style.remove_prefix(std::min(declaration.size() + 1, style.size()));
    if (!declaration.empty() && std::find(defaults.begin(), defaults.end(), declaration) == defaults.end()) {
      kept += (kept.empty() ? "" : ";") + std::string(declaration);
    }
  }
  return kept;
}

// The value of an attribute of a line of RDKit's, which has one element. Empty if it lacks the attribute.
std::string_view attribute(std::string_view line, std::string_view name) {
  const auto mark = " " + std::string(name) + "='";
  const auto begin = line.find(mark);
  if (begin == std::string_view::npos) {
    return {};
  }
  const auto value = line.substr(begin + mark.size());
  return value.substr(0, value.find('\''));
}

// Rewrites RDKit's elements.
class Shortening {
 public:
  explicit Shortening(bool has_backgrounds) : in_backgrounds_(has_backgrounds) {
    svg_ += kHead + (has_backgrounds ? kBackgrounds : "");
  }

  void add(std::string_view line) {
    // The backgrounds come first, and only they are filled; bonds follow, of which wedges are filled as well.
    const auto style = shortened(attribute(line, "style"));
    if (in_backgrounds_ && !is_background(line)) {
      end_path();
      svg_ += "</g>\n";
      in_backgrounds_ = false;
    }
    if (line.rfind("<path", 0) == 0) {
      add_path(attribute(line, "d"), style);
      return;
    }
    end_path();
    add_other(line, style);
  }

  std::string finish() {
    end_path();
    return svg_ + (in_backgrounds_ ? "</g>\n</svg>\n" : "</svg>\n");
  }

 private:
  // RDKit fills the area behind a bond with a line of no width around it.
  static bool is_background(std::string_view line) {
    return line.rfind("<ellipse", 0) == 0 || line.find("stroke-width:0.0px") != std::string_view::npos;
  }

  void add_path(std::string_view data, const std::string &style) {
    const bool is_line = style.find("fill") == std::string::npos;
    if (!is_line || style != style_) {
      end_path();
      style_ = style;
    }
    data_ += data;
    if (!is_line) {
      end_path();
    }
  }

  void end_path() {
    if (!data_.empty()) {
      svg_ += "<path d='" + data_ + "' style='" + style_ + "'/>\n";
    }
    data_.clear();
    style_.clear();
  }

  // An ellipse or a text, whose attributes RDKit writes in the order places, class, style.
  void add_other(std::string_view line, const std::string &style) {
    const auto places = line.substr(0, std::min(line.find(" class="), line.find(" style=")));
    const auto end = line.find('>');
    svg_ += std::string(places.substr(0, places.find_last_not_of(' ') + 1)) + " style='" + style + "'";
    svg_ += line[end - 1] == '/' ? "/>" : std::string(line.substr(end));
    svg_ += "\n";
  }

  std::string svg_;
  std::string data_;   // of the path that is being added to
  std::string style_;  // its style
  bool in_backgrounds_;
};

std::string shortened(const std::string &svg, bool has_backgrounds) {
  Shortening shortening(has_backgrounds);
  std::string_view rest = svg;
  rest.remove_prefix(rest.find(kEndOfHeader) + kEndOfHeader.size());
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (!line.empty() && line != "</svg>") {
      shortening.add(line);
    }
  }
  return shortening.finish();
}

void set_options(RDKit::MolDrawOptions &options, double scale) {
  options.fixedBondLength = scale;
  options.clearBackground = false;
  options.bondLineWidth = kLine;
  options.scaleBondWidth = false;
  options.maxFontSize = kLabel;
  options.padding = 0.01;
  options.includeMetadata = false;
  options.includeRadicals = true;
  // A halogen's label has nearly the colour of its background.
  options.standardColoursForHighlightedAtoms = false;
  options.atomHighlightsAreCircles = true;
  options.highlightBondWidthMultiplier = 12;
  options.highlightRadius = 0.4;
}

}  // namespace

double fitting_scale(const RDKit::ROMol &molecule) {
  const auto &positions = molecule.getConformer().getPositions();
  const auto fitting = [&](int pixels, auto coordinate) {
    const auto [least, most] = std::minmax_element(
        positions.begin(), positions.end(),
        [&](const auto &one, const auto &other) { return coordinate(one) < coordinate(other); });
    const auto extent = positions.empty() ? 0 : coordinate(*most) - coordinate(*least);
    return extent > 0 ? (pixels - 2 * kMargin) / extent : kScale;
  };
  return std::min({kScale, fitting(kWidth, [](const auto &point) { return point.x; }),
                   fitting(kHeight, [](const auto &point) { return point.y; })});
}

std::string draw_svg(const RDKit::ROMol &molecule, const std::map<int, Colour> &colours, double scale) {
  const bool no_freetype = true;
  RDKit::MolDraw2DSVG drawer(kWidth, kHeight, kWidth, kHeight, no_freetype);
  set_options(drawer.drawOptions(), scale);
  std::vector<int> atoms;
  std::map<int, RDKit::DrawColour> atom_colours;
  for (const auto &[atom, colour] : colours) {
    atoms.push_back(atom);
    atom_colours[atom] = drawn(colour);
  }
  std::vector<int> bonds;
  std::map<int, RDKit::DrawColour> bond_colours;
  for (const auto *bond : molecule.bonds()) {
    const auto begin = colours.find(static_cast<int>(bond->getBeginAtomIdx()));
    const auto end = colours.find(static_cast<int>(bond->getEndAtomIdx()));
    if (begin != colours.end() && end != colours.end()) {
      bonds.push_back(static_cast<int>(bond->getIdx()));
      bond_colours[bonds.back()] = drawn(begin->second);
    }
  }
  drawer.drawMolecule(molecule, "", &atoms, &bonds, &atom_colours, &bond_colours);
  drawer.finishDrawing();
  return shortened(drawer.getDrawingText(), !atoms.empty());
}

}  // namespace xform
