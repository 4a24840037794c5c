// The loop that an RDKit user writes in C++: SmilesToMol, runReactants, sanitizeMol, MolToSmiles. Each parent is
// parsed once and its distinct products are written as text. Nothing is deduplicated across parents.
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <RDGeneral/RDLog.h>
#include <RDGeneral/versions.h>

#include <chrono>
#include <cstdio>
#include <mutex>
#include <unordered_set>

#include "job.h"
#include "reactions.h"
#include "workers.h"

namespace {

// Appends the parent's distinct products as lines to `text`; returns their number.
std::size_t write_products(const std::string& smiles, const std::vector<CompiledTransform>& transforms,
                           std::string& text) {
  RDKit::ROMOL_SPTR parent;
  try {
    parent.reset(RDKit::SmilesToMol(smiles));
  } catch (const std::exception&) {
  }
  if (!parent) {
    return 0;
  }
  std::size_t products = 0;
  for (const auto& transform : transforms) {
    std::unordered_set<std::string> seen;
    for_each_product(transform, parent, [&](const RDKit::RWMol& product) {
      auto written = RDKit::MolToSmiles(product);
      if (seen.insert(written).second) {
        text.append(transform.name).append(1, '\t').append(written).append(1, '\n');
      }
    });
    products += seen.size();
  }
  return products;
}

}  // namespace

int main(int argc, char** argv) {
  boost::logging::disable_logs("rdApp.*");
  const auto started = std::chrono::steady_clock::now();
  const auto job = read_job(argc, argv);
  std::ofstream output(job.output);
  std::mutex mutex;
  std::size_t products = 0;
  on_workers(job.workers, job.rows.size(), [&](const auto& take) {
    const auto transforms = compile(job.transforms);
    for (std::size_t begin, end; take(begin, end);) {
      std::string text;
      std::size_t made = 0;
      for (auto row = begin; row < end; ++row) {
        made += write_products(job.rows[row], transforms, text);
      }
      const std::lock_guard lock(mutex);
      output << text;
      products += made;
    }
  });
  output.close();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  std::printf("{\"rows\": %zu, \"products\": %zu, \"seconds\": %.4f, \"versions\": {\"rdkit\": \"%s\"}}\n",
              job.rows.size(), products, seconds.count(), RDKit::rdkitVersion);
}
