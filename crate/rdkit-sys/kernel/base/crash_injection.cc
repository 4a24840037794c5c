#include "base/crash_injection.h"

#ifdef XFORM_TEST_HOOKS
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

namespace xform {
namespace {

struct Order {
  std::string kind;
  std::int32_t transform = -1;
  std::string smiles;
};

Order order_of(const std::string &text) {
  const auto colon = text.find(':');
  const auto head = text.substr(0, colon);
  const auto at = head.find('@');
  Order order;
  order.kind = head.substr(0, at);
  order.transform = at == std::string::npos ? -1 : std::atoi(head.c_str() + at + 1);
  order.smiles = colon == std::string::npos ? "" : text.substr(colon + 1);
  return order;
}

std::vector<Order> read_orders() {
  const char *variable = std::getenv("XFORM_CRASH_SMILES");
  const std::string text = variable ? variable : "";
  std::vector<Order> orders;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(';', begin), text.size());
    orders.push_back(order_of(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return orders;
}

// The volatile parts keep the compiler from optimising the recursion away.
int dig(volatile int depth) {
  volatile char frame[256];  // smaller than the guard page, which the recursion must not skip
  frame[0] = static_cast<char>(depth);
  return depth < 0 ? 0 : dig(depth + 1) + frame[0];
}

[[noreturn]] void hog() {
  constexpr std::size_t kBytes = 16 << 20;
  for (std::vector<std::vector<char>> blocks;;) {
    blocks.emplace_back(kBytes, 'x');
  }
}

void crash(const std::string &kind) {
  if (kind == "abort") {
    std::abort();
  } else if (kind == "segv") {
    volatile int *volatile nowhere = nullptr;
    *nowhere = 1;
  } else if (kind == "stack") {
    dig(0);
  } else if (kind == "hog") {
    hog();
  } else if (kind == "spin") {
    for (volatile bool spinning = true; spinning;) {
    }
  }
}

// The kinds of crash ordered for this row and transform.
std::vector<std::string> kinds_for(std::string_view smiles, std::int32_t transform) {
  static const auto orders = read_orders();
  std::vector<std::string> kinds;
  for (const auto &order : orders) {
    if (order.transform == transform && order.smiles == smiles) {
      kinds.push_back(order.kind);
    }
  }
  return kinds;
}

}  // namespace

void crash_if_ordered(std::string_view smiles, std::int32_t transform) {
  for (const auto &kind : kinds_for(smiles, transform)) {
    crash(kind);
  }
}

bool is_lie_ordered(std::string_view smiles, std::int32_t transform) {
  const auto kinds = kinds_for(smiles, transform);
  return std::find(kinds.begin(), kinds.end(), "lie") != kinds.end();
}

}  // namespace xform
#endif
