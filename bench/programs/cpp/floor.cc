// The least that any loop around stock RDKit needs: one SmilesToMol per parent, one MolToSmiles per distinct product.
//
// Products have to be made to be written, but making them is not timed. Rows go through one at a time, so that the
// timed steps find their molecule in the cache, as they would in a real loop.
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <RDGeneral/RDLog.h>
#include <RDGeneral/versions.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <unordered_set>

#include "job.h"
#include "reactions.h"
#include "workers.h"

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

// The times of one thread.
struct Floor {
  Seconds parse{0}, write{0};
  std::size_t products = 0;

  void add_row(const std::string& smiles, const std::vector<CompiledTransform>& transforms) {
    const auto started = Clock::now();
    RDKit::ROMOL_SPTR parent;
    try {
      parent.reset(RDKit::SmilesToMol(smiles));
    } catch (const std::exception&) {
    }
    parse += Clock::now() - started;
    if (parent) {
      for (const auto& transform : transforms) {
        add_products(transform, parent);
      }
    }
  }

  void add_products(const CompiledTransform& transform, const RDKit::ROMOL_SPTR& parent) {
    std::unordered_set<std::string> seen;
    for_each_product(transform, parent, [&](const RDKit::RWMol& product) {
      const auto started = Clock::now();
      auto written = RDKit::MolToSmiles(product);
      const Seconds taken = Clock::now() - started;
      if (seen.insert(std::move(written)).second) {
        write += taken;
        ++products;
      }
    });
  }
};

}  // namespace

int main(int argc, char** argv) {
  boost::logging::disable_logs("rdApp.*");
  const auto job = read_job(argc, argv);
  std::mutex mutex;
  Floor sum;
  on_workers(job.workers, job.rows.size(), [&](const auto& take) {
    const auto transforms = compile(job.transforms);
    Floor own;
    for (std::size_t begin, end; take(begin, end);) {
      for (auto row = begin; row < end; ++row) {
        own.add_row(job.rows[row], transforms);
      }
    }
    const std::lock_guard lock(mutex);
    sum.parse += own.parse;
    sum.write += own.write;
    sum.products += own.products;
  });
  // As if the threads shared the work evenly.
  const double workers = static_cast<double>(job.workers);
  const double seconds = (sum.parse + sum.write).count() / workers;
  const double rows = static_cast<double>(job.rows.size());
  const double products = static_cast<double>(std::max<std::size_t>(sum.products, 1));
  std::printf(
      "{\"rows\": %zu, \"products\": %zu, \"seconds\": %.4f, \"microseconds\": {\"parse\": %.2f, \"write\": "
      "%.2f}, "
      "\"versions\": {\"rdkit\": \"%s\"}}\n",
      job.rows.size(), sum.products, seconds, 1e6 * sum.parse.count() / rows,
      1e6 * sum.write.count() / products, RDKit::rdkitVersion);
}
