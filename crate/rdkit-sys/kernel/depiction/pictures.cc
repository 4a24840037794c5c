#include "depiction/pictures.h"

#include <GraphMol/Conformer.h>
#include <GraphMol/Depictor/RDDepictor.h>
#include <GraphMol/PeriodicTable.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/Substruct/SubstructMatch.h>

#include <algorithm>
#include <map>
#include <new>
#include <stdexcept>
#include <utility>

#include "base/failure.h"
#include "base/limits.h"
#include "base/map_number.h"
#include "depiction/kinship.h"
#include "depiction/svg.h"
#include "plain/atom_count.h"
#include "plain/parent.h"
#include "plain/pattern_fault.h"

namespace xform {
namespace {

constexpr Colour kSite = 0xFFB000;
constexpr Colour kMatch = 0x4C9BE8;
// The site's halogens, by atomic number.
const std::map<int, Colour> kHalogens = {{9, 0x21B6A8}, {17, 0x228B22}, {35, 0xCC5500}, {53, 0x800080}};

// A larger molecule is a tangle in a picture of this size, and takes seconds to lay out.
constexpr std::size_t kMostAtoms = 500;

// Of a bond, in Ångström; atoms that are not bonded keep a third of that.
constexpr double kBond = 1.5;

using Colours = std::map<int, Colour>;

// A molecule and the backgrounds of its atoms.
struct Drawing {
  Parent parsed;
  Colours colours;

  RDKit::ROMol &molecule() const { return *parsed.molecule; }
};

Parent read(std::string_view smiles) {
  if (count_atoms(smiles) > kMostAtoms) {
    throw std::runtime_error("it has more than " + std::to_string(kMostAtoms) + " atoms");
  }
  Parent parsed;
  Reason refusal;
  if (!is_readable(smiles, Limits(), refusal) || !parse_parent(smiles, true, nullptr, parsed, refusal)) {
    // Want of memory says nothing about the molecule.
    if (refusal.code == Code::kOutOfMemory) {
      throw std::bad_alloc();
    }
    throw std::runtime_error(refusal.words);
  }
  if (parsed.molecule->getNumAtoms() == 0) {
    throw std::runtime_error("it has no atoms");
  }
  return parsed;
}

// Calls `act`. Returns why it failed; empty if it did not.
template <typename Act>
std::string fault_of(Act &&act) {
  try {
    act();
    return {};
  } catch (const std::bad_alloc &) {
    throw;
  } catch (...) {
    auto reason = reason_of_current_exception();
    return reason.code == Code::kOutOfMemory ? throw std::bad_alloc() : std::move(reason.words);
  }
}

void note(std::string &fault, const std::string &about, const std::string &words) {
  if (!words.empty()) {
    fault += (fault.empty() ? "" : "; ") + about + ": " + words;
  }
}

Colour colour_of(const RDKit::Atom &atom) {
  const auto halogen = kHalogens.find(atom.getAtomicNum());
  return halogen == kHalogens.end() ? kSite : halogen->second;
}

void highlight(Drawing &drawing, const std::vector<int> &atoms) {
  const auto count = static_cast<int>(drawing.molecule().getNumAtoms());
  for (const int atom : atoms) {
    if (atom >= 0 && atom < count) {
      drawing.colours[atom] = colour_of(*drawing.molecule().getAtomWithIdx(static_cast<unsigned int>(atom)));
    }
  }
}

// Those of `atoms` with the element, or all if no atom has it.
std::vector<int> of_element(const RDKit::ROMol &molecule, std::vector<int> atoms, const std::string &symbol) {
  const auto has_it = [&](int atom) {
    return atom >= 0 && atom < static_cast<int>(molecule.getNumAtoms()) &&
           molecule.getAtomWithIdx(static_cast<unsigned int>(atom))->getSymbol() == symbol;
  };
  std::vector<int> chosen;
  std::copy_if(atoms.begin(), atoms.end(), std::back_inserter(chosen), has_it);
  return chosen.empty() ? atoms : chosen;
}

// The parent's atoms of a site that its transform wants highlighted.
std::vector<int> chosen_of_site(const PicturedTransform &shown, const std::vector<std::int32_t> &site_atoms) {
  const auto &numbers = shown.highlighted_numbers;
  const auto &reactant = shown.transform->reactant();
  std::vector<int> chosen;
  for (std::size_t index = 0; index < std::min<std::size_t>(site_atoms.size(), reactant.getNumAtoms());
       ++index) {
    const auto number = map_number(*reactant.getAtomWithIdx(static_cast<unsigned int>(index)));
    if (number && std::find(numbers.begin(), numbers.end(), *number) != numbers.end()) {
      chosen.push_back(site_atoms[index]);
    }
  }
  return chosen.empty() ? std::vector<int>(site_atoms.begin(), site_atoms.end()) : chosen;
}

// The product's atoms of a site: those that are new, and those that were `chosen` ones of the parent.
std::vector<int> chosen_of_product(const Kinship &kinship, const std::vector<int> &chosen) {
  std::vector<int> atoms;
  for (const int atom : kinship.site) {
    const auto kept = kinship.kept.find(atom);
    if (kept == kinship.kept.end() || std::find(chosen.begin(), chosen.end(), kept->second) != chosen.end()) {
      atoms.push_back(atom);
    }
  }
  return atoms;
}

void lay_out(RDKit::ROMol &molecule, const RDGeom::INT_POINT2D_MAP *places = nullptr) {
  RDDepict::Compute2DCoordParameters depiction;
  depiction.coordMap = places;
  depiction.canonOrient = places == nullptr;  // Python's default
  depiction.forceRDKit = true;
  RDDepict::compute2DCoords(molecule, depiction);
}

// Whether bonds have about their length and atoms do not cover each other.
bool is_clear(const RDKit::ROMol &molecule) {
  const auto &places = molecule.getConformer().getPositions();
  for (std::size_t one = 0; one < places.size(); ++one) {
    for (std::size_t other = one + 1; other < places.size(); ++other) {
      const auto distance = (places[one] - places[other]).length();
      const auto *bond =
          molecule.getBondBetweenAtoms(static_cast<unsigned int>(one), static_cast<unsigned int>(other));
      if (distance < kBond / 3 || (bond && distance > kBond * 3 / 2)) {
        return false;
      }
    }
  }
  return true;
}

// Lays `product` out so that its kept atoms are where they are in `parent`. If the rest would then be a
// tangle, it is laid out alone and turned as a whole.
void lay_out_beside(RDKit::ROMol &product, const RDKit::ROMol &parent, const std::map<int, int> &kept) {
  if (kept.size() < 2) {
    lay_out(product);
    return;
  }
  RDGeom::INT_POINT2D_MAP places;
  RDKit::MatchVectType pairs;
  for (const auto &[atom, of_parent] : kept) {
    const auto &place = parent.getConformer().getAtomPos(static_cast<unsigned int>(of_parent));
    places[atom] = RDGeom::Point2D(place.x, place.y);
    pairs.emplace_back(of_parent, atom);
  }
  lay_out(product, &places);
  if (!is_clear(product) && is_clear(parent)) {
    lay_out(product);
    RDDepict::ConstrainedDepictionParams params;
    params.alignOnly = true;
    RDDepict::generateDepictionMatching2DStructure(product, parent, pairs, -1, params);
  }
}

std::unique_ptr<RDKit::ROMol> parse_query(const std::string &smarts) {
  std::unique_ptr<RDKit::ROMol> query = RDKit::v2::SmilesParse::MolFromSmarts(smarts);
  if (!query) {
    auto fault = explain_smarts(smarts);
    fault.reason = "RDKit cannot parse it as SMARTS: " + fault.reason;
    throw UnusablePattern(std::move(fault));
  }
  if (!query->getNumAtoms()) {
    throw UnusablePattern("it has no atoms");
  }
  return query;
}

using Queries = std::vector<std::unique_ptr<RDKit::ROMol>>;

// Seeks the queries, and highlights the atoms of their matches that are not highlighted yet.
std::vector<bool> seek(const Queries &queries, Drawing &drawing) {
  std::vector<bool> found;
  for (const auto &query : queries) {
    const auto matches = RDKit::SubstructMatch(drawing.molecule(), *query);
    for (const auto &match : matches) {
      for (const auto &pair : match) {
        drawing.colours.emplace(pair.second, kMatch);
      }
    }
    found.push_back(!matches.empty());
  }
  return found;
}

}  // namespace

void Pictures::add_query(const std::string &smarts) { queries_.push_back(parse_query(smarts)); }

Picture Pictures::draw(const Pictured &pictured) const {
  Picture picture;
  const auto fault = fault_of([&] {
    Drawing drawing{read(pictured.smiles), {}};
    highlight(drawing, {pictured.atoms.begin(), pictured.atoms.end()});
    picture.matches = seek(queries_, drawing);
    lay_out(drawing.molecule());
    picture.svg = draw_svg(drawing.molecule(), drawing.colours, fitting_scale(drawing.molecule()));
  });
  note(picture.fault, "not drawn", fault);
  picture.matches.resize(queries_.size());
  return picture;
}

Picture Pictures::draw(const Pictured &pictured, const PicturedOrigin &origin) const {
  Drawing parent;
  const auto parent_fault = fault_of([&] {
    parent.parsed = read(origin.parent);
    lay_out(parent.molecule());
  });
  if (!parent_fault.empty()) {
    auto picture = draw(pictured);
    note(picture.fault, "parent not drawn", parent_fault);
    return picture;
  }

  Picture picture;
  const auto *shown = origin.transform ? &transforms_.at(*origin.transform) : nullptr;
  const auto &site = origin.made.site_atoms;
  const auto chosen = shown ? chosen_of_site(*shown, site) : std::vector<int>(site.begin(), site.end());
  highlight(parent, chosen);
  auto scale = fitting_scale(parent.molecule());
  const auto product_fault = fault_of([&] {
    Drawing product{read(pictured.smiles), {}};
    std::vector<int> atoms(pictured.atoms.begin(), pictured.atoms.end());
    bool is_beside = false;
    const auto kin_fault = fault_of([&] {
      if (!shown) {
        throw std::runtime_error("the file does not have the transform");
      }
      const auto kinship = find_kinship(parent.parsed, *shown->transform, origin.made, pictured.smiles);
      atoms = chosen_of_product(kinship, chosen);
      lay_out_beside(product.molecule(), parent.molecule(), kinship.kept);
      is_beside = true;
    });
    note(picture.fault, "not aligned with its parent", kin_fault);
    if (!is_beside) {
      lay_out(product.molecule());
    }
    highlight(product,
              of_element(product.molecule(), std::move(atoms), shown ? shown->highlighted_symbol : ""));
    picture.matches = seek(queries_, product);
    // Both at one scale.
    scale = std::min(scale, fitting_scale(product.molecule()));
    picture.svg = draw_svg(product.molecule(), product.colours, scale);
  });
  note(picture.fault, "not drawn", product_fault);
  note(picture.fault, "parent not drawn",
       fault_of([&] { picture.parent_svg = draw_svg(parent.molecule(), parent.colours, scale); }));
  picture.matches.resize(queries_.size());
  return picture;
}

}  // namespace xform
