//! The sums of a run, per transform, and the check that they add up.
//!
//! Each side of an equation is counted by another part of the program (rows by the reader, sites and results by
//! the engine, products by the commit, unique ones by the deduplication), so that a batch that is lost on the
//! way breaks a sum instead of going unseen.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::dedup::DedupCounts;
use crate::engine::{RowOutcome, RowResult};

/// What an engine counts for one transform; added up over micro-batches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Rows with at least one product.
    pub rows_with_products: u64,
    /// Rows without a match of the reactant template.
    pub rows_no_site: u64,
    /// Rows all of whose sites were excluded.
    pub rows_all_sites_excluded: u64,
    /// Bad rows, and rows without a product that have a failed site.
    pub rows_rejected: u64,
    /// Matches of the reactant template.
    pub sites: u64,
    /// Sites that were run and gave a product.
    pub sites_applied: u64,
    /// Sites at which `query_smarts` does not hold.
    pub sites_excluded_query: u64,
    /// Sites in a sugar.
    pub sites_excluded_sugar: u64,
    /// Sites over `max_sites_per_mol`.
    pub sites_excluded_limit: u64,
    /// Sites that were run and gave no product.
    pub sites_failed: u64,
    /// Results: sites that were run, times product templates.
    pub results: u64,
    /// Results that are a product the parent already has.
    pub results_repeated: u64,
    /// Results that could not be made.
    pub results_failed: u64,
    /// Distinct products, summed over parents.
    pub products: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.rows_with_products += other.rows_with_products;
        self.rows_no_site += other.rows_no_site;
        self.rows_all_sites_excluded += other.rows_all_sites_excluded;
        self.rows_rejected += other.rows_rejected;
        self.sites += other.sites;
        self.sites_applied += other.sites_applied;
        self.sites_excluded_query += other.sites_excluded_query;
        self.sites_excluded_sugar += other.sites_excluded_sugar;
        self.sites_excluded_limit += other.sites_excluded_limit;
        self.sites_failed += other.sites_failed;
        self.results += other.results;
        self.results_repeated += other.results_repeated;
        self.results_failed += other.results_failed;
        self.products += other.products;
    }
}

/// Rows by what became of them, each row once however many transforms there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// Rows with a product of any transform.
    pub success: u64,
    /// Rows without a site of any transform.
    pub no_site: u64,
    /// Rows with sites, all excluded.
    pub all_sites_excluded: u64,
    /// Rows without a product that are bad or have a failed site.
    pub rejected: u64,
    /// Rows that at least one transform counts as rejected.
    #[serde(skip)]
    pub rejected_by_any: u64,
}

impl RowCounts {
    /// Whether there are rows and every one was rejected.
    pub fn all_rejected(&self) -> bool {
        self.rejected > 0 && self.rejected == self.total()
    }

    /// Counts one row.
    pub fn add(&mut self, row: RowResult) {
        match row.outcome {
            RowOutcome::WithProducts => self.success += 1,
            RowOutcome::NoSite => self.no_site += 1,
            RowOutcome::AllSitesExcluded => self.all_sites_excluded += 1,
            RowOutcome::Rejected => self.rejected += 1,
        }
        self.rejected_by_any += u64::from(row.rejected);
    }

    /// Rows with an outcome.
    pub fn total(&self) -> u64 {
        self.success + self.no_site + self.all_sites_excluded + self.rejected
    }
}

impl AddAssign for RowCounts {
    fn add_assign(&mut self, other: Self) {
        self.success += other.success;
        self.no_site += other.no_site;
        self.all_sites_excluded += other.all_sites_excluded;
        self.rejected += other.rejected;
        self.rejected_by_any += other.rejected_by_any;
    }
}

/// The sums of one transform, or of all together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Rows that were read.
    pub rows: u64,
    /// What the engine counted.
    #[serde(flatten)]
    pub tally: Tally,
    /// Products that were written.
    pub unique: u64,
    /// Products left out because they had been written before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicates: Option<u64>,
    /// Products left out because a Bloom filter took them for seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped_as_seen: Option<u64>,
}

impl Sums {
    /// Sets side by side what was counted apart: `rows` by the reader, `tally` by the engine, `counts` by the
    /// deduplication.
    pub fn new(rows: u64, tally: Tally, counts: DedupCounts, lossy: bool) -> Self {
        let left_out = Some(counts.left_out);
        let (duplicates, dropped_as_seen) = if lossy { (None, left_out) } else { (left_out, None) };
        Self { rows, tally, unique: counts.kept, duplicates, dropped_as_seen }
    }

    /// The first equation that does not hold, in words, for a transform of `templates` product templates, if that is
    /// known.
    pub fn broken(&self, templates: Option<u64>) -> Option<String> {
        let t = &self.tally;
        let left_out = self.duplicates.or(self.dropped_as_seen).unwrap_or(0);
        let equations = [
            (
                "rows = with products + no site + all sites excluded + rejected",
                self.rows,
                t.rows_with_products + t.rows_no_site + t.rows_all_sites_excluded + t.rows_rejected,
            ),
            (
                "sites = applied + excluded + failed",
                t.sites,
                t.sites_applied
                    + t.sites_excluded_query
                    + t.sites_excluded_sugar
                    + t.sites_excluded_limit
                    + t.sites_failed,
            ),
            (
                "results = products + repeated + failed",
                t.results,
                t.products + t.results_repeated + t.results_failed,
            ),
            (
                "results = (applied + failed) x templates",
                t.results,
                templates.map_or(t.results, |templates| (t.sites_applied + t.sites_failed) * templates),
            ),
            ("products = unique + left out", t.products, self.unique + left_out),
        ];
        equations
            .iter()
            .find(|(_, left, right)| left != right)
            .map(|(name, left, right)| format!("{name} does not hold: {left} against {right}"))
    }

    /// The sums of all transforms: rows once, the rest added up.
    pub fn total(rows: u64, counts: &RowCounts, transforms: &[Sums]) -> Self {
        let mut total = Self { rows, ..Self::default() };
        for sums in transforms {
            total.tally += sums.tally;
            total.unique += sums.unique;
            total.duplicates = add(total.duplicates, sums.duplicates);
            total.dropped_as_seen = add(total.dropped_as_seen, sums.dropped_as_seen);
        }
        total.tally.rows_with_products = counts.success;
        total.tally.rows_no_site = counts.no_site;
        total.tally.rows_all_sites_excluded = counts.all_sites_excluded;
        total.tally.rows_rejected = counts.rejected;
        total
    }
}

fn add(left: Option<u64>, right: Option<u64>) -> Option<u64> {
    match (left, right) {
        (None, None) => None,
        (left, right) => Some(left.unwrap_or(0) + right.unwrap_or(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plants() -> Sums {
        let tally = Tally {
            rows_with_products: 12_976,
            rows_no_site: 20_796,
            sites: 34_240,
            sites_applied: 34_240,
            results: 34_240,
            results_repeated: 1_515,
            products: 32_725,
            ..Tally::default()
        };
        Sums::new(33_772, tally, DedupCounts { kept: 31_459, left_out: 1_266 }, false)
    }

    #[test]
    fn the_sums_of_plants_hold() {
        assert_eq!(plants().broken(Some(1)), None);
    }

    #[test]
    fn each_equation_is_checked() {
        type Spoil = fn(&mut Sums);
        let faults: [(&str, Spoil); 5] = [
            ("rows =", |s| s.rows += 50_000),
            ("sites =", |s| s.tally.sites_applied -= 1),
            ("results = products", |s| s.tally.results_failed += 1),
            ("results = (applied", |s| (s.tally.results, s.tally.results_repeated) = (34_241, 1_516)),
            ("products =", |s| s.unique -= 1),
        ];
        for (name, spoil) in faults {
            let mut sums = plants();
            spoil(&mut sums);
            let message = sums.broken(Some(1)).unwrap();
            assert!(message.starts_with(name), "{message}");
        }
    }

    #[test]
    fn the_total_counts_rows_once() {
        let mut counts = RowCounts::default();
        counts.add(RowResult { outcome: RowOutcome::WithProducts, rejected: true });
        counts.add(RowResult { outcome: RowOutcome::NoSite, rejected: false });
        let one = Sums::new(
            2,
            Tally {
                rows_with_products: 1,
                rows_no_site: 1,
                sites: 1,
                sites_applied: 1,
                results: 1,
                products: 1,
                ..Tally::default()
            },
            DedupCounts { kept: 1, left_out: 0 },
            true,
        );
        let total = Sums::total(2, &counts, &[one, one]);
        assert_eq!(total.broken(Some(1)), None);
        assert_eq!((total.rows, total.tally.rows_with_products, total.tally.products), (2, 1, 2));
        assert_eq!((total.duplicates, total.dropped_as_seen), (None, Some(0)));
        assert_eq!(counts.rejected_by_any, 1);
    }
}
