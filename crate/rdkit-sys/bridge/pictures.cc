#include "pictures.h"

#include <utility>

#include "xform-rdkit-sys/src/pictures.rs.h"

namespace xform {
namespace {

Pictured pictured(rust::Str smiles, rust::Slice<const std::int32_t> atoms) {
  return {{smiles.data(), smiles.size()}, {atoms.begin(), atoms.end()}};
}

PictureView view_of(const Picture &picture) {
  PictureView view{rust::String::lossy(picture.svg),
                   rust::String::lossy(picture.parent_svg),
                   rust::String::lossy(picture.fault),
                   {}};
  for (const bool matches : picture.matches) {
    view.matches.push_back(matches);
  }
  return view;
}

}  // namespace

std::unique_ptr<Pictures> new_pictures() { return std::make_unique<Pictures>(); }

void add_pictured_transform(Pictures &pictures, std::unique_ptr<Transform> transform,
                            rust::Slice<const std::uint32_t> numbers, rust::Str symbol) {
  pictures.add({std::move(transform), {numbers.begin(), numbers.end()}, std::string(symbol)});
}

void add_query(Pictures &pictures, rust::Str smarts, QueryFault &fault) {
  try {
    pictures.add_query(std::string(smarts));
  } catch (const UnusablePattern &unusable) {
    fault.reason = rust::String::lossy(unusable.fault.reason);
    fault.has_position = unusable.fault.position.has_value();
    fault.position = unusable.fault.position.value_or(0);
  }
}

PictureView draw_molecule(const Pictures &pictures, rust::Str smiles, rust::Slice<const std::int32_t> atoms) {
  return view_of(pictures.draw(pictured(smiles, atoms)));
}

PictureView draw_product(const Pictures &pictures, rust::Str smiles, rust::Slice<const std::int32_t> atoms,
                         const ProductOrigin &origin) {
  PicturedOrigin from{{origin.parent.data(), origin.parent.size()},
                      {{origin.site_atoms.begin(), origin.site_atoms.end()}, origin.product_index},
                      std::nullopt};
  if (origin.has_transform) {
    from.transform = origin.transform;
  }
  return view_of(pictures.draw(pictured(smiles, atoms), from));
}

}  // namespace xform
