#include "base/limits.h"

#include <stdexcept>
#include <string>

namespace xform {
namespace {

// 12345 -> "12,345"
std::string grouped(std::size_t number) {
  auto digits = std::to_string(number);
  for (auto place = static_cast<std::ptrdiff_t>(digits.size()) - 3; place > 0; place -= 3) {
    digits.insert(static_cast<std::size_t>(place), ",");
  }
  return digits;
}

}  // namespace

void Limits::set(std::string_view name, std::uint32_t value) {
  for (const auto &[known, limit] : kLimits) {
    if (known == name) {
      this->*limit = value;
      return;
    }
  }
  throw std::invalid_argument("no limit is called " + std::string(name));
}

Reason too_many_atoms(std::size_t atoms, std::uint32_t limit) {
  return {Code::kTooManyAtoms, grouped(atoms) + " atoms, more than " + grouped(limit) + " (--max-atoms)"};
}

Reason too_many_products(std::uint32_t limit) {
  return {Code::kTooManyProducts,
          "more than " + grouped(limit) + " distinct products (--max-products-per-mol)"};
}

}  // namespace xform
