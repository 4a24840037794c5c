//! Everything that is counted on the way through a library. [`Totals`] grow with each micro-batch, are part of every
//! line of the manifest, and become part of the summary as they are.

mod charged;
mod counts;
mod filter_tally;
mod filtered;
mod rechecks;
mod rows;
pub mod sums;
mod tally;

use serde::{Deserialize, Serialize};

pub use self::charged::ChargedRows;
pub use self::filter_tally::FilterTally;
pub use self::filtered::{ClauseCount, Filtered};
pub use self::rechecks::RecheckCounts;
pub use self::rows::{RowCounts, RowOutcome, RowResult};
pub use self::sums::Sums;
pub use self::tally::Tally;
use crate::failed_results::CommonestFailure;
use crate::source::Unlisted;

/// The counts of a run or merge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Rows of the library.
    #[serde(rename = "total_input")]
    pub rows: u64,
    /// Rows that at least one transform counts as rejected.
    pub rejected_rows: u64,
    /// Rows that standardizing turned into another molecule, whatever their outcome.
    #[serde(default)]
    pub rows_standardized: u64,
    /// Mol blocks that say more of their molecules than a SMILES can, stereo groups aside, whatever their outcome.
    #[serde(default)]
    pub rows_simplified: u64,
    /// Rows by outcome, each once.
    #[serde(rename = "stats")]
    pub by_outcome: RowCounts,
    /// Rows with made products, of any transform, all of which `where` took out.
    #[serde(default)]
    pub rows_all_filtered: u64,
    /// What each clause of `where` took out; empty without it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filtered_by_clause: Vec<ClauseCount>,
    /// Values in carried columns that could not be kept as they were: invalid UTF-8 bytes were replaced by U+FFFD, and
    /// INT96 timestamps lost fractions of a microsecond.
    #[serde(default)]
    pub replaced_values: u64,
    /// Values that were not carried over, because the first rows do not have their columns.
    #[serde(flatten)]
    pub unlisted: Unlisted,
    /// Charged rows without a site.
    #[serde(flatten)]
    pub charged: ChargedRows,
    /// How rows were made and rechecked.
    #[serde(flatten)]
    pub rechecks: RecheckCounts,
    /// The counts of each transform, in file order.
    pub transforms: Vec<TransformSums>,
}

/// The counts of one transform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransformSums {
    /// Its name.
    pub name: String,
    /// Its counts.
    pub sums: Sums,
    /// The most frequent reason why it made no product, if there is one; known when the rejects are published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commonest_failure: Option<CommonestFailure>,
}

impl Totals {
    /// Empty totals, for transforms with these `names` and a deduplication that is `lossy` or not.
    pub fn new(names: &[String], lossy: bool) -> Self {
        let of = |name: &String| TransformSums {
            name: name.clone(),
            sums: Sums::new(lossy),
            commonest_failure: None,
        };
        Self { transforms: names.iter().map(of).collect(), ..Self::default() }
    }

    /// The totals with a count for each of the `clauses` of a filter.
    pub fn with_clauses<'a>(self, clauses: impl Iterator<Item = &'a str>) -> Self {
        let none = |clause: &str| ClauseCount { clause: clause.to_owned(), filtered: 0 };
        Self { filtered_by_clause: clauses.map(none).collect(), ..self }
    }

    /// Names of the transforms, in file order.
    pub fn names(&self) -> Vec<String> {
        self.transforms.iter().map(|transform| transform.name.clone()).collect()
    }

    /// Counts rows.
    pub fn add_rows(&mut self, rows: &[RowResult]) {
        for row in rows {
            self.by_outcome.add(row.outcome);
            self.rejected_rows += u64::from(row.rejected);
            self.rows_standardized += u64::from(row.standardized);
            self.rows_simplified += u64::from(row.simplified);
        }
        self.rows += rows.len() as u64;
        self.transforms.iter_mut().for_each(|transform| transform.sums.rows += rows.len() as u64);
    }

    /// Counts what an engine made, what a filter took of it, and the products that are left, each given by its transform.
    pub fn add_products(&mut self, made: &[Tally], filtered: &Filtered, left: &[u16]) {
        for (transform, &tally) in self.transforms.iter_mut().zip(made) {
            transform.sums.tally += tally;
        }
        self.add_filtered(filtered);
        for &transform in left {
            self.transforms[usize::from(transform)].sums.products += 1;
        }
    }

    /// Counts what a filter took out.
    pub fn add_filtered(&mut self, filtered: &Filtered) {
        for (transform, &tally) in self.transforms.iter_mut().zip(&filtered.transforms) {
            transform.sums.filter += tally;
        }
        self.rows_all_filtered += filtered.rows_all_filtered;
        for (clause, count) in self.filtered_by_clause.iter_mut().zip(&filtered.by_clause) {
            clause.filtered += count;
        }
    }

    /// Adds the totals of a shard of the same run, whose unique products are still to be compared with those of the
    /// other shards.
    pub fn add_shard(&mut self, shard: &Self) {
        self.rows += shard.rows;
        self.rejected_rows += shard.rejected_rows;
        self.rows_standardized += shard.rows_standardized;
        self.rows_simplified += shard.rows_simplified;
        self.by_outcome += shard.by_outcome;
        self.rows_all_filtered += shard.rows_all_filtered;
        for (all, shard) in self.filtered_by_clause.iter_mut().zip(&shard.filtered_by_clause) {
            all.filtered += shard.filtered;
        }
        self.replaced_values += shard.replaced_values;
        self.unlisted.add(&shard.unlisted);
        self.charged += shard.charged;
        self.rechecks += shard.rechecks;
        for (all, shard) in self.transforms.iter_mut().zip(&shard.transforms) {
            all.sums.rows += shard.sums.rows;
            all.sums.tally += shard.sums.tally;
            all.sums.filter += shard.sums.filter;
            all.sums.products += shard.sums.products;
            all.sums.known += shard.sums.known;
            all.sums.leave_out(shard.sums.left_out());
        }
    }

    /// Products that were judged: as known, unique or duplicates.
    pub fn judged(&self) -> u64 {
        let judged = |sums: &Sums| sums.known + sums.unique + sums.left_out();
        self.transforms.iter().map(|transform| judged(&transform.sums)).sum()
    }

    /// The counts of all transforms: everything added up, but each row counted once.
    pub fn sums(&self) -> Sums {
        let transforms = self.transforms.iter().map(|transform| &transform.sums);
        let rows_all_filtered = self.rows_all_filtered;
        Sums::total(self.rows, &self.by_outcome, rows_all_filtered, transforms)
    }

    /// The first equation that does not hold, in words. `templates` are the product templates of each transform, if
    /// known.
    pub fn broken(&self, templates: Option<&[u64]>) -> Option<String> {
        let with_outcome = self.by_outcome.total();
        if with_outcome != self.rows {
            return Some(format!("{with_outcome} of {} rows have an outcome", self.rows));
        }
        let filtered: u64 = self.transforms.iter().map(|transform| transform.sums.filter.filtered).sum();
        let by_clause: u64 = self.filtered_by_clause.iter().map(|clause| clause.filtered).sum();
        if filtered != by_clause {
            return Some(format!("{filtered} products were filtered, and {by_clause} by the clauses"));
        }
        self.transforms.iter().enumerate().find_map(|(index, TransformSums { name, sums, .. })| {
            let templates = templates.and_then(|templates| templates.get(index).copied());
            sums.broken(templates).map(|broken| format!("transform {name:?}: {broken}"))
        })
    }
}
