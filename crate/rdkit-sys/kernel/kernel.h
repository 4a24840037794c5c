// The batch kernel: rows of SMILES or mol blocks in, columns out, all transforms in one pass.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/columns.h"
#include "base/in_hand.h"
#include "base/limits.h"
#include "base/row.h"
#include "base/skip.h"
#include "fast/fast.h"
#include "notations/notations.h"
#include "plain/transform.h"
#include "properties/properties.h"
#include "row_profile.h"
#include "standardize/standardizer.h"
#include "witness.h"

namespace xform {

struct Parent;

// Rows of one notation.
struct Batch {
  std::uint64_t first_row;  // position in the library of the first one
  // The text of each row lies between two consecutive ones of the `rows + 1` ascending `offsets` into
  // `bytes`.
  std::string_view bytes;
  const std::uint32_t *offsets;
  std::size_t rows;
  std::vector<RowSkip> skips;           // in the order (row, transform)
  std::vector<std::uint32_t> rechecks;  // rows to make a second time with RDKit alone, ascending
  std::vector<std::uint32_t>
      trials;  // rows to try neutral, if they are charged and without a site; ascending
  Notation notation = Notation::kSmiles;
  // Of mol blocks that stand in a file: the line at which each row begins, from 1; otherwise null.
  const std::uint64_t *lines = nullptr;
};

// What came of the rows of a batch that were tried neutral.
struct ChargedRows {
  std::uint64_t tried = 0;
  std::uint64_t found = 0;               // how many of these then have a site
  std::optional<std::uint64_t> example;  // the first of these, as its position in the library
};

// Applies its transforms to batches of rows. One per thread. Memory: one row's molecules, the compiled
// transforms and the columns of the last batch.
class Kernel {
 public:
  Kernel();

  // Limits::set. By default there are no limits.
  void set_limit(std::string_view name, std::uint32_t value) { limits_.set(name, value); }

  void add(std::unique_ptr<Transform> transform);  // at most 65,536

  // Standardizes the molecule of each row before the transforms: the result is written and read again, and
  // is the parent of all that follows. See Standardizer for `how`.
  void choose_standardization(std::string_view how);

  // Sets the alerts to seek in products, at most once. By default there are none.
  void set_alerts(std::unique_ptr<const Alerts> alerts);

  // Properties::choose. By default there are none.
  void choose_columns(const std::vector<std::string> &columns);

  // Notations::choose. By default there are none.
  void choose_notations(bool mapped, bool cxsmiles);

  // Whether products keep the fragments of the parent that a site does not touch. Off by default.
  void keep_salts(bool on) { keep_salts_ = on; }

  // InHand::keep_record.
  void keep_crash_record(const std::string &path) { in_hand_.keep_record(path); }

  // Applies all transforms to the rows of `batch`, parsing each row once. An empty row stands for one that
  // was refused before: every transform rejects it, without a record. A skipped row or transform is
  // rejected with a record. A bad row is a record and never an exception; std::bad_alloc escapes only if
  // there is not even memory for the record.
  //
  // Those rows to recheck about which the fast wing has answered something are made again and compared
  // (witness.h). At the first difference the run ends, and the columns lack the rows after it.
  //
  // Those rows to try that have a net charge and no site are neutralized, to see whether they then have one.
  // This changes nothing but the counts of charged().
  void run(const Batch &batch);

  // Whether the fast wing is asked before RDKit. On by default; it does not change any result.
  void turn_fast(bool on) { is_fast_ = on; }
  const FastWing &fast() const { return fast_; }

  // The transforms that the prefilter does not rule out for a row; if there is none, the row needs no
  // molecule.
  std::vector<std::uint16_t> possible_transforms(std::string_view smiles);

  std::size_t transforms() const { return transforms_.size(); }

  // The columns of the last run.
  const Columns &columns() const { return columns_; }
  const RowProfile &profile() const { return profile_; }
  const Witness &witness() const { return witness_; }
  const ChargedRows &charged() const { return charged_; }

 private:
  // A row on its way through the transforms.
  struct Row {
    std::uint64_t source_row;
    std::string_view smiles;  // its text, a mol block if `notation` says so
    SkipsOfRow skips;
    Notation notation = Notation::kSmiles;
    std::uint64_t line = 0;  // see MolBlock

    // The same row, with this SMILES for its text.
    Row as(std::string_view smiles) const { return {source_row, smiles, skips}; }
  };

  void declare_columns();
  void run_row(const Row &row);
  // Makes all results of a row. `fast` null: with RDKit alone.
  void make_all(const Row &row, FastWing *fast, RowResults &results);
  // The row's SMILES, for which a mol block is read, into `results.read`. Nothing if it cannot be read, which
  // `results` then has.
  std::optional<Row> read_row(const Row &row, FastWing *fast, RowResults &results);
  // Makes all results of a row of SMILES.
  void make_smiles(const Row &row, FastWing *fast, RowResults &results);
  // Fills `results.parent`. False if the row is bad or cannot be standardized, which `results` then has.
  bool standardize_row(const Row &row, RowResults &results);
  // Makes all results of a parent, which is `row`, as it is in the library or standardized. If it cannot be
  // read, the failure is at `stage`.
  void make_parent(const Row &row, Stage stage, FastWing *fast, RowResults &results);
  // Fills `parent`, unless no transform can have a site in the row and its molecule is not needed to know
  // that it is good. False if the row is bad.
  bool read(std::string_view smiles, FastWing *fast, Parent &parent, Reason &refusal);
  void make(const Row &row, std::uint16_t index, FastWing *fast, Parent &parent, RowResults &results);
  void recheck(const Row &row);
  void try_neutral(const Row &row);
  // Whether a transform has a site in the molecule when it is neutral.
  bool has_site_when_neutral(const RDKit::ROMol &molecule);

  Limits limits_;
  InHand in_hand_;
  std::vector<std::unique_ptr<Transform>> transforms_;
  FastWing fast_;
  std::unique_ptr<Standardizer> standardizer_;  // null: parents are as they are in the library
  std::unique_ptr<Standardizer> neutralizer_;   // made when first needed
  Notations notations_;
  Properties properties_;
  bool is_fast_ = true;
  bool keep_salts_ = false;
  bool reads_hybridization_ = false;  // whether any of the transforms does
  RowResults results_;                // of the row at hand
  RowResults again_;                  // the same by RDKit alone
  RowProfile profile_;
  Witness witness_;
  ChargedRows charged_;
  Columns columns_;
};

}  // namespace xform
