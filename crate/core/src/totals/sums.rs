//! The counts of one transform, and the equations that they must satisfy.
//!
//! Each side of an equation is counted by a different part of the program (rows by the commit, sites and results by
//! the engine, what is filtered by the filter, known products by the commit, unique products by the deduplication). If a
//! batch is lost on the way, an equation therefore no longer holds.

use serde::{Deserialize, Serialize};

use super::filter_tally::FilterTally;
use super::rows::RowCounts;
use super::tally::Tally;
use crate::dedup::Verdict;

/// Equations between counts, by name. `left_out` stands for the count of products that were left out, whatever the
/// deduplication calls them.
const EQUATIONS: [(&str, &[&str]); 5] = [
    ("rows", &["rows_with_products", "rows_no_site", "rows_all_sites_excluded", "rows_rejected"]),
    (
        "sites",
        &[
            "sites_applied",
            "sites_excluded_query",
            "sites_excluded_not_smarts",
            "sites_excluded_sugar",
            "sites_excluded_limit",
            "sites_failed",
        ],
    ),
    ("results", &["made", "results_repeated", "results_failed"]),
    ("made", &["filtered", "products"]),
    ("products", &["known", "unique", "left_out"]),
];

/// Counts that are a part of another one.
const PARTS: [(&str, &str); 5] = [
    ("products_same_as_parent", "made"),
    ("rows_stereo_groups_dropped", "rows_with_products"),
    ("inchi_warnings", "made"),
    ("rows_all_filtered", "rows_with_products"),
    ("rows_all_filtered", "filtered"),
];

/// The counts of one transform, or of all together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Rows read.
    pub rows: u64,
    /// The engine's counts.
    #[serde(flatten)]
    pub tally: Tally,
    /// The counts of the filter.
    #[serde(flatten)]
    pub filter: FilterTally,
    /// Products that the filter left.
    #[serde(default)]
    pub products: u64,
    /// Products that are known molecules.
    #[serde(default)]
    pub known: u64,
    /// Products written.
    pub unique: u64,
    /// Products left out because they had been written before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicates: Option<u64>,
    /// Products left out because a Bloom filter recognised them, perhaps by mistake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped_as_seen: Option<u64>,
}

impl Sums {
    /// Empty counts; a `lossy` deduplication counts the products that it leaves out as `dropped_as_seen`.
    pub fn new(lossy: bool) -> Self {
        let (duplicates, dropped_as_seen) = if lossy { (None, Some(0)) } else { (Some(0), None) };
        Self { duplicates, dropped_as_seen, ..Self::default() }
    }

    /// Counts a product by its verdict; a deferred one counts when it is settled.
    pub fn judge(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::New => self.unique += 1,
            Verdict::Seen => self.leave_out(1),
            Verdict::Deferred => {}
        }
    }

    /// Counts products that are left out.
    pub fn leave_out(&mut self, products: u64) {
        *self.dropped_as_seen.as_mut().unwrap_or_else(|| self.duplicates.get_or_insert(0)) += products;
    }

    /// Products that were left out.
    pub fn left_out(&self) -> u64 {
        self.duplicates.or(self.dropped_as_seen).unwrap_or(0)
    }

    /// Product templates of the transform, if a site was run: each such site has as many results.
    pub fn templates(&self) -> Option<u64> {
        self.tally.results.checked_div(self.tally.sites_applied + self.tally.sites_failed)
    }

    /// The first equation that does not hold, in words, or a part that exceeds its whole, for a transform of `templates`
    /// product templates, if that is known.
    pub fn broken(&self, templates: Option<u64>) -> Option<String> {
        let of_names = EQUATIONS.into_iter().map(|(left, right)| {
            let sum = right.iter().map(|name| self.get(name)).sum();
            (format!("{left} = {}", right.join(" + ")), self.get(left), sum)
        });
        let run = self.tally.sites_applied + self.tally.sites_failed;
        let of_templates = templates.map(|templates| {
            let words = "results = (sites_applied + sites_failed) x templates";
            (words.to_owned(), self.tally.results, run * templates)
        });
        of_names
            .chain(of_templates)
            .find(|(_, left, right)| left != right)
            .map(|(words, left, right)| format!("{words} does not hold: {left} and {right}"))
            .or_else(|| self.broken_part())
    }

    /// The first count that exceeds the one that it is a part of, in words.
    fn broken_part(&self) -> Option<String> {
        PARTS.into_iter().find_map(|(part, whole)| {
            let (count, most) = (self.get(part), self.get(whole));
            (count > most).then(|| format!("{part} <= {whole} does not hold: {count} and {most}"))
        })
    }

    fn get(&self, name: &str) -> u64 {
        match name {
            "rows" => self.rows,
            "products" => self.products,
            "known" => self.known,
            "unique" => self.unique,
            "left_out" => self.left_out(),
            name => {
                let found = self.tally.get(name).or_else(|| self.filter.get(name));
                found.unwrap_or_else(|| panic!("no count is called {name}"))
            }
        }
    }

    /// The counts of all `transforms`: everything added up, but each of the `rows` counted once.
    pub fn total<'a>(
        rows: u64,
        by_outcome: &RowCounts,
        rows_all_filtered: u64,
        transforms: impl Iterator<Item = &'a Self>,
    ) -> Self {
        let mut total = Self { rows, ..Self::default() };
        for sums in transforms {
            total.tally += sums.tally;
            total.filter += sums.filter;
            total.products += sums.products;
            total.known += sums.known;
            total.unique += sums.unique;
            total.duplicates = add(total.duplicates, sums.duplicates);
            total.dropped_as_seen = add(total.dropped_as_seen, sums.dropped_as_seen);
        }
        total.tally.rows_with_products = by_outcome.with_products;
        total.tally.rows_no_site = by_outcome.no_site;
        total.tally.rows_all_sites_excluded = by_outcome.all_sites_excluded;
        total.tally.rows_rejected = by_outcome.rejected;
        total.filter.rows_all_filtered = rows_all_filtered;
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
    use crate::totals::RowOutcome;

    fn plants() -> Sums {
        let tally = Tally {
            rows_with_products: 12_976,
            rows_no_site: 20_796,
            sites: 34_240,
            sites_applied: 34_240,
            results: 34_240,
            results_repeated: 1_515,
            made: 32_725,
            ..Tally::default()
        };
        let mut sums = Sums { rows: 33_772, tally, products: 32_725, unique: 31_459, ..Sums::new(false) };
        sums.leave_out(1_266);
        sums
    }

    #[test]
    fn the_sums_of_plants_hold() {
        assert_eq!(plants().broken(Some(1)), None);
    }

    #[test]
    fn each_equation_is_checked() {
        type Spoil = fn(&mut Sums);
        let faults: [(&str, Spoil); 14] = [
            ("rows =", |s| s.rows += 50_000),
            ("sites =", |s| s.tally.sites_applied -= 1),
            ("sites =", |s| s.tally.sites_excluded_not_smarts += 1),
            ("results = made", |s| s.tally.results_failed += 1),
            ("results = (sites_applied", |s| (s.tally.results, s.tally.results_repeated) = (34_241, 1_516)),
            ("made =", |s| s.filter.filtered += 1),
            ("made =", |s| s.products -= 1),
            ("products =", |s| s.unique -= 1),
            ("products =", |s| s.known += 1),
            ("products_same_as_parent <= made", |s| s.tally.products_same_as_parent = 32_726),
            ("rows_stereo_groups_dropped <= rows_with_products", |s| {
                s.tally.rows_stereo_groups_dropped = 12_977
            }),
            ("inchi_warnings <= made", |s| s.tally.inchi_warnings = 32_726),
            ("rows_all_filtered <= rows_with_products", |s| s.filter.rows_all_filtered = 12_977),
            ("rows_all_filtered <= filtered", |s| s.filter.rows_all_filtered = 1),
        ];
        for (name, spoil) in faults {
            let mut sums = plants();
            spoil(&mut sums);
            let message = sums.broken(Some(1)).unwrap();
            assert!(message.starts_with(name), "{message}");
        }
    }

    #[test]
    fn what_is_left_out_is_called_by_the_deduplication() {
        for (lossy, expected) in [(false, (Some(1), None)), (true, (None, Some(1)))] {
            let mut sums = Sums::new(lossy);
            [Verdict::New, Verdict::Seen, Verdict::Deferred]
                .into_iter()
                .for_each(|verdict| sums.judge(verdict));
            assert_eq!((sums.unique, sums.left_out()), (1, 1));
            assert_eq!((sums.duplicates, sums.dropped_as_seen), expected);
        }
    }

    #[test]
    fn the_total_counts_rows_once() {
        let mut by_outcome = RowCounts::default();
        by_outcome.add(RowOutcome::WithProducts);
        by_outcome.add(RowOutcome::NoSite);
        let tally = Tally {
            rows_with_products: 1,
            rows_no_site: 1,
            sites: 1,
            sites_applied: 1,
            results: 1,
            made: 1,
            ..Tally::default()
        };
        let one = Sums { rows: 2, tally, products: 1, unique: 1, ..Sums::new(true) };
        let total = Sums::total(2, &by_outcome, 0, [one, one].iter());
        assert_eq!(total.broken(Some(1)), None);
        assert_eq!((total.rows, total.tally.rows_with_products, total.products), (2, 1, 2));
        assert_eq!((total.duplicates, total.dropped_as_seen), (None, Some(0)));
    }
}
