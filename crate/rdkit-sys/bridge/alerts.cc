#include "alerts.h"

#include <string>
#include <vector>

#include "xform-rdkit-sys/src/alerts.rs.h"

namespace xform {

std::unique_ptr<Alerts> compile_alerts(rust::Slice<const rust::String> catalogs,
                                       rust::Slice<const AlertSpec> own, AlertFault &fault) {
  const std::vector<std::string> names(catalogs.begin(), catalogs.end());
  std::vector<AlertPattern> patterns;
  for (const auto &alert : own) {
    patterns.push_back({std::string(alert.name), std::string(alert.smarts)});
  }
  try {
    return std::make_unique<Alerts>(names, patterns);
  } catch (const UnusableAlert &unusable) {
    fault.alert = unusable.pattern;
    fault.reason = rust::String::lossy(unusable.fault.reason);
    fault.has_position = unusable.fault.position.has_value();
    fault.position = unusable.fault.position.value_or(0);
    return nullptr;
  }
}

rust::Vec<CatalogInfo> catalog_list() {
  rust::Vec<CatalogInfo> all;
  for (const auto &catalog : alert_catalogs()) {
    all.push_back({catalog.name, catalog.meaning, catalog.reference});
  }
  return all;
}

rust::Vec<rust::String> alert_names_of(rust::Str catalog) {
  rust::Vec<rust::String> all;
  for (const auto &name : alert_names({catalog.data(), catalog.size()})) {
    all.push_back(name);
  }
  return all;
}

}  // namespace xform
