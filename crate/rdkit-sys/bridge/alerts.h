// Structural alerts: the catalogs of RDKit, and compiling a choice.
#pragma once

#include <memory>

#include "../kernel/properties/alerts.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct CatalogInfo;
struct AlertSpec;
struct AlertFault;

// Compiles alerts. Null if one of `own` cannot be used; then `fault` says which and why. Throws
// std::invalid_argument for an unknown catalog.
std::unique_ptr<Alerts> compile_alerts(rust::Slice<const rust::String> catalogs,
                                       rust::Slice<const AlertSpec> own, AlertFault &fault);

// The declared catalogs.
rust::Vec<CatalogInfo> catalog_list();

// alert_names in kernel/properties/alerts.h.
rust::Vec<rust::String> alert_names_of(rust::Str catalog);

}  // namespace xform
