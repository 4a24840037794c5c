// Which transforms may have a site in a row, or which alerts a product may have, judged by its text.
//
// Mirrors: Substruct/SubstructMatch.cpp SubstructMatch.
#pragma once

#include <GraphMol/ROMol.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fast/atom_queries.h"
#include "fast/environments.h"
#include "fast/plain_graph.h"
#include "fast/template_block.h"

namespace xform {

// Necessary conditions of all reactant templates, checked on a plain graph, without RDKit. A plain row that
// no transform can match needs no molecule; for the other rows, only the transforms that may match are tried.
// Alerts are patterns, too: to a second object, each of them is what a transform is here.
//
// The templates are packed into blocks of 64 atoms, in which they are sought (template_block.h). With a
// single block, that is all. With more, most templates are ruled out before: all environments of their atoms
// must occur in the row (environments.h), which is what the first round in a block requires. Only the blocks
// of those that are left are sought. A verdict is therefore the same whatever other templates there are.
//
// Memory, by worker: what environments.h remembers is bounded there. On 2,000 plants, a kernel with 1,000
// rules took 8 MiB more than one with a single rule, RDKit's reactions included.
class Prefilter {
 public:
  // Adds the next transform's template. Equal templates are sought once. Of a template with more than 64
  // atoms, the first 64 are sought. One without atoms is not sought and always counts as possible. All are
  // added before the first row.
  void add(const RDKit::ROMol &reactant);

  // Adds a transform whose parents get their hydrogens as atoms, which no plain graph has. It always counts
  // as possible.
  void add_with_hydrogens() { add_unsought(kHydrogensAreAtoms); }

  // Examines a row. True if it has ruled out a transform.
  bool look_at(std::string_view smiles);

  // The first transform, from this one on, that may have a site in the row; the number of transforms if there
  // is none.
  std::size_t next_possible(std::size_t transform) const;

  // False if it is certain that the row is good and has no site.
  bool needs_molecule() const { return !is_plain_ || next_possible(0) < of_transform_.size(); }

  // What is checked for a transform, in words.
  std::string describe(std::size_t transform) const;

 private:
  using Bits = TemplateBlock::Bits;
  // Why a transform has no template that is sought.
  static constexpr std::size_t kNoAtoms = ~std::size_t{0}, kHydrogensAreAtoms = kNoAtoms - 1;

  struct Template {
    std::string smarts;
    std::size_t atoms;
    std::vector<std::size_t> transforms;
    std::size_t block;
    Bits bits;  // in the block
    std::vector<std::uint32_t> environments;
  };

  void add_unsought(std::size_t reason);
  std::size_t make_room();  // for the next transform, whose position it returns
  Template compile(const RDKit::ROMol &reactant, std::string smarts);
  std::vector<std::uint32_t> environments_of(Bits bits, const TemplateBlock &block);
  void choose();
  void choose_watching(std::size_t environment);
  bool conclude();
  void permit(const Template &each);

  std::vector<Template> templates_;        // distinct ones, in the order of their blocks
  std::vector<std::size_t> of_transform_;  // by transform: its template, or why it has none
  std::vector<std::uint64_t> unsought_;    // a bit for each transform
  std::unordered_map<std::string, std::size_t> by_smarts_;
  AtomQueries queries_;
  Environments environments_;
  std::vector<TemplateBlock> blocks_;
  std::vector<std::size_t> first_of_block_;  // by block: its first template
  // By environment: the templates that watch it. A template watches one of its environments, and nothing is
  // done about it while that one does not occur. If it does but another one is missing, the template watches
  // that one from then on.
  std::vector<std::vector<std::size_t>> watching_;

  // Of the last row:
  bool is_plain_ = false;
  PlainGraph graph_;
  std::vector<Bits> sought_;             // by block
  std::vector<Bits> left_;               // scratch of a block
  std::vector<std::uint64_t> possible_;  // a bit for each transform
};

}  // namespace xform
