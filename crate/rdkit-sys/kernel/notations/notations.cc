#include "notations/notations.h"

#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <RDGeneral/types.h>

#include <utility>

#include "base/failure.h"
#include "base/stack.h"
#include "fast/fast.h"
#include "plain/made_again.h"
#include "plain/parent.h"
#include "plain/product.h"
#include "plain/transform.h"

namespace xform {
namespace {

// A column of texts that may be missing: the one at `place` of a product's notations.
ComputedColumn text_column(const char *name, const char *meaning, std::size_t place) {
  const bool is_nullable = true;
  return {name, meaning, Texts(), is_nullable,
          [place](ColumnValues &column, const RowResults &, const ProductRecord &product) {
            static const std::string none;
            const bool is_missing = product.notations.empty();
            const auto &text = is_missing ? none : product.notations[place];
            std::get<Texts>(column.values).push(text.begin(), text.end());
            column.nulls.push_back(is_missing);
          }};
}

// The molecule's canonical SMILES, in which the atoms have these map numbers and no other ones.
template <typename Number>
std::string write_mapped(const RDKit::ROMol &molecule, Number &&number) {
  RDKit::RWMol copy(molecule);
  for (auto *atom : copy.atoms()) {
    atom->setAtomMapNum(number(*atom));
  }
  return mol_to_smiles(copy).text;
}

int number_of_index(unsigned int index) { return static_cast<int>(index) + 1; }

std::string mapped_parent(const RDKit::ROMol &parent) {
  return write_mapped(parent, [](const RDKit::Atom &atom) { return number_of_index(atom.getIdx()); });
}

// RDKit notes on each atom that a reaction carries over its index in the parent.
int number_in_parent(const RDKit::Atom &atom) {
  unsigned int index = 0;
  const bool is_from_parent = atom.getPropIfPresent(RDKit::common_properties::reactantAtomIdx, index);
  return is_from_parent ? number_of_index(index) : 0;
}

std::string cxsmiles(const RDKit::ROMol &product) {
  return RDKit::MolToCXSmiles(product, RDKit::SmilesWriteParams(),
                              RDKit::SmilesWrite::CXSmilesFields::CX_ENHANCEDSTEREO);
}

}  // namespace

void Notations::choose(bool mapped, bool cxsmiles) {
  mapped_ = mapped;
  cxsmiles_ = cxsmiles;
}

std::vector<ComputedColumn> Notations::columns() const {
  std::vector<ComputedColumn> columns;
  const auto add = [&](const char *name, const char *meaning) {
    columns.push_back(text_column(name, meaning, columns.size()));
  };
  if (mapped_) {
    add("mapped_smiles",
        "the product; an atom from the parent has the atom's index in the parent + 1 as its map number");
    add("reaction_smiles", "parent and product, `>>` between them, with the same map numbers");
  }
  if (cxsmiles_) {
    add("cxsmiles", "the product as CXSMILES with its stereo groups");
  }
  return columns;
}

void Notations::write(Parent &row, const Transform &transform, std::size_t first, RowResults &results) const {
  if (!mapped_ && !cxsmiles_) {
    return;
  }
  for (auto index = first; index < results.products.size(); ++index) {
    auto &product = results.products[index];
    try {
      require_stack(kWriteSmiles, row.molecule->getNumAtoms());
      if (mapped_ && results.mapped_parent.empty()) {
        results.mapped_parent = mapped_parent(*row.molecule);
      }
      const Origin origin{product.site_atoms, product.product_index};
      const auto made = make_again(reacting(row, transform), transform, origin);
      product.notations = texts_of(*made.molecule, results.mapped_parent);
    } catch (...) {
      auto reason = reason_of_current_exception();
      reason.code = reason.code == Code::kOutOfMemory ? reason.code : Code::kNoProperty;
      reason.words = "notations: " + reason.words;
      results.fail(product.transform, product.site_index, Stage::kProperties, std::move(reason));
    }
  }
}

std::vector<std::string> Notations::texts_of(const RDKit::ROMol &product,
                                             const std::string &mapped_parent) const {
  require_stack(kWriteSmiles, product.getNumAtoms());
  std::vector<std::string> texts;
  if (mapped_) {
    const auto mapped = write_mapped(product, number_in_parent);
    texts = {mapped, mapped_parent + ">>" + mapped};
  }
  if (cxsmiles_) {
    texts.push_back(cxsmiles(product));
  }
  return texts;
}

}  // namespace xform
