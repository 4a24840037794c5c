#include "review/sheet.h"

#include <GraphMol/Conformer.h>
#include <GraphMol/MolDraw2D/MolDraw2DSVG.h>

#include <algorithm>
#include <sstream>

namespace xform {
namespace {

// All in pixels.
constexpr double kBond = 28;
constexpr int kMargin = 30;  // around the atoms of a molecule, for labels
constexpr int kLeastPanel = 130;
constexpr int kMostPanel = 560;  // beyond this a molecule shrinks
constexpr int kArrow = 64;
constexpr int kLine = 20;   // of text
constexpr int kLetter = 8;  // of monospaced text, at most
constexpr std::size_t kColumns = 3;

// RDKit declares ISO 8859-1, but captions are UTF-8.
const std::string kDeclaration = "<?xml version='1.0' encoding='UTF-8'?>\n";
const std::string kEndOfHeader = "<!-- END OF HEADER -->";

struct Size {
  int width = 0;
  int height = 0;
};

struct Point {
  int x = 0;
  int y = 0;
};

// Where everything stands.
struct Layout {
  Size panel;
  int caption = 0;  // height
  std::size_t columns = 1;
  std::size_t rows = 1;
  std::size_t notes = 0;
  int notes_width = 0;

  int row_height() const { return panel.height + caption; }
  int panels_height() const { return static_cast<int>(rows) * row_height(); }
  Size sheet() const {
    const auto width = panel.width + kArrow + static_cast<int>(columns) * panel.width;
    const auto text = notes == 0 ? 0 : static_cast<int>(notes) * kLine + kLine / 2;
    return {std::max(width, notes_width), panels_height() + text};
  }
  Point corner_before() const { return {0, (panels_height() - row_height()) / 2}; }
  Point corner_after(std::size_t index) const {
    return {panel.width + kArrow + static_cast<int>(index % columns) * panel.width,
            static_cast<int>(index / columns) * row_height()};
  }
};

Size size_of(const RDKit::ROMol &molecule) {
  const auto &positions = molecule.getConformer().getPositions();
  if (positions.empty()) {
    return {kLeastPanel, kLeastPanel};
  }
  const auto extent = [&](auto coordinate) {
    const auto [least, most] = std::minmax_element(
        positions.begin(), positions.end(),
        [&](const auto &one, const auto &other) { return coordinate(one) < coordinate(other); });
    // RDKit's bonds have the length 1.5.
    const auto pixels =
        static_cast<int>((coordinate(*most) - coordinate(*least)) / 1.5 * kBond) + 2 * kMargin;
    return std::clamp(pixels, kLeastPanel, kMostPanel);
  };
  return {extent([](const auto &point) { return point.x; }),
          extent([](const auto &point) { return point.y; })};
}

// The width of a line of text, by the widest letters.
int width_of(const std::string &text) { return static_cast<int>(text.size()) * kLetter + kMargin; }

Layout lay_out(const Panel &before, const std::vector<Panel> &after, const std::vector<std::string> &notes) {
  Layout layout;
  const auto include = [&](const Panel &panel) {
    const auto size = size_of(*panel.molecule);
    const auto caption = panel.caption.empty() ? 0 : width_of(panel.caption);
    layout.panel.width = std::max({layout.panel.width, size.width, caption});
    layout.panel.height = std::max(layout.panel.height, size.height);
    layout.caption = panel.caption.empty() ? layout.caption : kLine;
  };
  include(before);
  std::for_each(after.begin(), after.end(), include);
  layout.columns = std::clamp<std::size_t>(after.size(), 1, kColumns);
  layout.rows = std::max<std::size_t>((after.size() + layout.columns - 1) / layout.columns, 1);
  layout.notes = notes.size();
  for (const auto &note : notes) {
    layout.notes_width = std::max(layout.notes_width, width_of(note));
  }
  return layout;
}

// `text` in XML, in which control characters cannot stand.
std::string xml(const std::string &text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      default:
        escaped += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
  }
  return escaped;
}

void write(std::ostream &out, const std::string &text, Point place, const char *anchor, const char *family) {
  out << "<text x='" << place.x << "' y='" << place.y << "' style='font-size:13px;font-family:" << family
      << ";text-anchor:" << anchor << ";fill:#333333' xml:space='preserve'>" << xml(text) << "</text>\n";
}

void write_caption(std::ostream &out, const Panel &panel, Point corner, const Layout &layout) {
  if (!panel.caption.empty()) {
    const Point place{corner.x + layout.panel.width / 2, corner.y + layout.panel.height + kLine / 2};
    write(out, panel.caption, place, "middle", "sans-serif");
  }
}

void draw_arrow(std::ostream &out, const Layout &layout) {
  const int x = layout.panel.width + kArrow / 8;
  const int y = layout.corner_before().y + layout.panel.height / 2;
  const int tip = x + kArrow * 3 / 4;
  out << "<path d='M " << x << "," << y << " H " << tip << " M " << tip - 8 << "," << y - 5 << " L " << tip
      << "," << y << " L " << tip - 8 << "," << y + 5
      << "' style='fill:none;stroke:#000000;stroke-width:1.5px'/>\n";
}

void draw(RDKit::MolDraw2DSVG &drawer, const Panel &panel, Point corner) {
  drawer.setOffset(corner.x, corner.y);
  drawer.drawOptions().prepareMolsBeforeDrawing = !panel.is_template;
  std::vector<int> atoms;
  for (const auto &[atom, colour] : panel.colours) {
    atoms.push_back(atom);
  }
  std::vector<int> bonds;
  std::map<int, RDKit::DrawColour> bond_colours;
  for (const auto *bond : panel.molecule->bonds()) {
    const auto begin = panel.colours.find(static_cast<int>(bond->getBeginAtomIdx()));
    const auto end = panel.colours.find(static_cast<int>(bond->getEndAtomIdx()));
    if (begin != panel.colours.end() && end != panel.colours.end() && begin->second == end->second) {
      bonds.push_back(static_cast<int>(bond->getIdx()));
      bond_colours[bonds.back()] = begin->second;
    }
  }
  drawer.drawMolecule(*panel.molecule, "", &atoms, &bonds, &panel.colours, &bond_colours);
}

void set_options(RDKit::MolDrawOptions &options) {
  options.fixedBondLength = kBond;
  options.clearBackground = false;
  options.bondLineWidth = 1.5;
  options.padding = 0.02;
  options.includeMetadata = false;
  options.includeRadicals = true;
  options.standardColoursForHighlightedAtoms = true;
  options.highlightBondWidthMultiplier = 12;
  options.annotationFontScale = 0.7;
  options.atomNoteColour = RDKit::DrawColour(0.35, 0.35, 0.35);
}

}  // namespace

std::string draw_sheet(const Panel &before, const std::vector<Panel> &after,
                       const std::vector<std::string> &notes) {
  const auto layout = lay_out(before, after, notes);
  const auto [width, height] = layout.sheet();
  const bool no_freetype = true;
  RDKit::MolDraw2DSVG drawer(width, height, layout.panel.width, layout.panel.height, no_freetype);
  set_options(drawer.drawOptions());
  std::ostringstream texts;
  draw(drawer, before, layout.corner_before());
  write_caption(texts, before, layout.corner_before(), layout);
  for (std::size_t index = 0; index < after.size(); ++index) {
    draw(drawer, after[index], layout.corner_after(index));
    write_caption(texts, after[index], layout.corner_after(index), layout);
  }
  draw_arrow(texts, layout);
  for (std::size_t line = 0; line < notes.size(); ++line) {
    const Point place{kMargin / 2, layout.panels_height() + static_cast<int>(line + 1) * kLine - kLine / 4};
    write(texts, notes[line], place, "start", "monospace");
  }
  drawer.finishDrawing();
  auto svg = drawer.getDrawingText();
  svg.insert(svg.rfind("</svg>"), texts.str());
  svg.insert(svg.find(kEndOfHeader) + kEndOfHeader.size(),
             "\n<rect style='fill:#FFFFFF' width='100%' height='100%'/>");
  return kDeclaration + svg.substr(svg.find("<svg"));
}

}  // namespace xform
