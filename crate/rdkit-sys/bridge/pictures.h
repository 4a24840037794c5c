// Pictures of molecules and products, for Rust.
#pragma once

#include <memory>

#include "../kernel/depiction/pictures.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct PictureView;
struct ProductOrigin;
struct QueryFault;

std::unique_ptr<Pictures> new_pictures();

// Pictures::add. Map numbers and symbol are those to highlight; none: all.
void add_pictured_transform(Pictures &pictures, std::unique_ptr<Transform> transform,
                            rust::Slice<const std::uint32_t> numbers, rust::Str symbol);

// Pictures::add_query. Without a reason in `fault`, the query was added.
void add_query(Pictures &pictures, rust::Str smarts, QueryFault &fault);

// Pictures::draw.
PictureView draw_molecule(const Pictures &pictures, rust::Str smiles, rust::Slice<const std::int32_t> atoms);
PictureView draw_product(const Pictures &pictures, rust::Str smiles, rust::Slice<const std::int32_t> atoms,
                         const ProductOrigin &origin);

}  // namespace xform
