//! How many products are left after the deduplication, from a sample.
//!
//! A product that occurs `m` times is written once, so the share that is left is the mean of `1 / m` over all products.
//! Two figures of the sample bound it:
//!
//! - **Below**: the mean number of other occurrences of a product, `u`. The mean of `1 / m` is at least `1 / (1 + u)`,
//!   because `1 / m` is convex. Occurrences near each other are counted in the runs, far ones among the even rows; each pair
//!   counts as often as its chance to be in the sample is small (Horvitz and Thompson).
//! - **Above**: the share of products in the second half of each run that no earlier row of the run gives. Rows further
//!   away can only take more, except from the first rows of the library, which have none before them.
//!
//! The range between is widened by what chance may do, and narrowed to a factor of [`WIDEST`].

use std::collections::{HashMap, HashSet};

use crate::dedup::Key;

/// The largest ratio of the two ends of the range: 1.5, with room for rounding.
pub const WIDEST: f64 = 1.499;
/// The lower end of a range that is narrowed to [`WIDEST`], as a share of what is likely at least. The truth is that if all
/// products occur as often, and up to 1.3 times that if they occur by chance (Poisson).
const ROOM: f64 = 0.93;
/// How many standard errors the range is widened by.
const ERRORS: f64 = 2.5;

/// What the number of products may be wrong at least, as a share of it.
const LEAST_ERROR: f64 = 0.02;
/// Earlier occurrences of a product that are looked at for each further one.
const MOST_EARLIER: usize = 64;

/// A product of the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Its key.
    pub key: Key,
    /// The number of the place of its parent.
    pub place: u32,
    /// The position of its parent in the place.
    pub offset: u32,
}

/// What is known of the even rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evenness {
    /// Rows of the library.
    pub rows: f64,
    /// Rows that were tried.
    pub tried: f64,
    /// Rows of each place.
    pub place_rows: f64,
    /// Number of places.
    pub places: f64,
    /// Whether the places are the whole library.
    pub is_read_whole: bool,
}

/// The sample.
pub struct Sampled<'a> {
    /// Products of the even rows, in the order of these.
    pub even: &'a [Found],
    /// Where the even rows are.
    pub evenness: Evenness,
    /// Products of the runs, in the order of their rows.
    pub runs: &'a [Found],
    /// Rows of a run.
    pub run_rows: f64,
    /// The standard error of the number of products, as a share of it.
    pub relative_error: f64,
}

/// The share of products that is left. It may exceed 1 by what the number of products may be wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// At least.
    pub low: f64,
    /// At most.
    pub high: f64,
}

impl Sampled<'_> {
    /// The share of the library's products that is left.
    pub fn share_left(&self) -> Share {
        let cell = self.evenness.cell();
        // Nearer pairs are counted in the runs, if these are long enough to have them.
        let near_rows = cell.min(self.run_rows / 2.0);
        let near = self.near_others(near_rows);
        let far = self.far_pairs(near_rows);
        let products = (self.even.len() as f64).max(1.0) * self.evenness.rows / self.evenness.tried.max(1.0);
        let others = |pairs: f64| 2.0 * pairs / products;
        let likely = near + others(far.plus(1.0));
        let most = near * (1.0 + ERRORS * self.run_error()) + others(far.plus(ERRORS));
        let first = self.first_in_runs();
        let error = (ERRORS * self.relative_error).max(LEAST_ERROR);
        let first = first + ERRORS * first * (1.0 - first) * self.run_error();
        let first = (first + self.run_rows / 2.0 / self.evenness.rows).min(1.0);
        let bound = Share { low: (1.0 - error) / (1.0 + most), high: (1.0 + error) * first };
        bound.narrowed(1.0 / (1.0 + likely))
    }

    /// The mean number of other occurrences of a product within `rows` rows.
    fn near_others(&self, rows: f64) -> f64 {
        let mut pairs = 0.0;
        each_pair(self.runs, &mut |one, other, count| {
            let distance = f64::from(other.offset.abs_diff(one.offset));
            if one.place == other.place && distance <= rows {
                pairs += count * self.run_rows / (self.run_rows - distance).max(1.0);
            }
        });
        2.0 * pairs / (self.runs.len() as f64).max(1.0)
    }

    /// The pairs of occurrences in the library that are more than `apart` rows apart.
    fn far_pairs(&self, apart: f64) -> Pairs {
        let mut far = Pairs { pairs: 0.0, seen: 0.0, weight: self.evenness.far_weight() };
        let mut rows = HashSet::new();
        each_pair(self.even, &mut |one, other, count| {
            let distance = f64::from(other.offset.abs_diff(one.offset));
            let weight = match one.place == other.place {
                true if distance <= apart => return,
                true => self.evenness.near_weight(distance),
                false => far.weight,
            };
            far.pairs += count * weight;
            // Two rows that have a product in common often have several.
            let is_first = rows.insert(((one.place, one.offset), (other.place, other.offset)));
            far.seen += f64::from(u8::from(is_first));
        });
        far
    }

    /// The share of the products in the second half of the runs that no earlier row of their run gives.
    fn first_in_runs(&self) -> f64 {
        let half = self.run_rows / 2.0;
        let mut seen: HashMap<Key, (u32, u32)> = HashMap::new();
        let (mut first, mut all) = (0.0, 0.0);
        for found in self.runs {
            let earlier = seen.insert(found.key, (found.place, found.offset));
            if f64::from(found.offset) < half {
                continue;
            }
            all += 1.0;
            first += f64::from(u8::from(earlier.is_none_or(|(place, _)| place != found.place)));
        }
        if all > 0.0 { first / all } else { 1.0 }
    }

    /// The standard error of a mean over the runs, as a share of it, if the runs differ by as much as they usually do.
    fn run_error(&self) -> f64 {
        let runs = self.runs.last().map_or(1.0, |found| f64::from(found.place) + 1.0);
        0.2 / runs.sqrt()
    }
}

/// Pairs of occurrences.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pairs {
    /// In the library, estimated.
    pairs: f64,
    /// Pairs of rows with such occurrences in the sample.
    seen: f64,
    /// How many a pair in different places stands for.
    weight: f64,
}

impl Pairs {
    /// The pairs of the library and this many standard errors: that of a number of rare things is its root.
    fn plus(&self, errors: f64) -> f64 {
        let each = if self.seen > 0.0 { self.pairs / self.seen } else { self.weight };
        self.pairs + each * errors * self.seen.sqrt().max(1.0)
    }
}

impl Evenness {
    /// Rows of a cell.
    fn cell(&self) -> f64 {
        self.places * self.place_rows / self.tried.max(1.0)
    }

    /// How many pairs a pair in different places stands for.
    fn far_weight(&self) -> f64 {
        (self.rows / self.tried.max(1.0)).powi(2)
    }

    /// How many pairs a pair in the same place stands for.
    fn near_weight(&self, distance: f64) -> f64 {
        // Two rows of a cell are never both in the sample.
        let both = (distance / self.cell()).min(1.0);
        if self.is_read_whole {
            return self.far_weight() / both;
        }
        let in_a_place = self.places * (self.place_rows - distance).max(1.0) / self.rows;
        self.cell().powi(2) / (both * in_a_place)
    }
}

impl Share {
    /// The range, at most [`WIDEST`] wide; `likely` is likely to be less than the truth, but not by much.
    fn narrowed(self, likely: f64) -> Self {
        let (low, high) = (self.low.min(self.high), self.high.max(self.low));
        if high <= WIDEST * low {
            return Self { low, high };
        }
        let low = low.max((ROOM * likely).min(high / WIDEST));
        Self { low, high: high.min(WIDEST * low) }
    }
}

/// Calls `take` for each two products of equal key, the earlier one first, and with the number of pairs that these stand
/// for: of a product that occurs very often, not all pairs are looked at.
fn each_pair(found: &[Found], take: &mut dyn FnMut(&Found, &Found, f64)) {
    let mut by_key: HashMap<Key, Vec<&Found>> = HashMap::new();
    for each in found {
        let earlier = by_key.entry(each.key).or_default();
        let step = earlier.len().div_ceil(MOST_EARLIER).max(1);
        earlier.iter().step_by(step).for_each(|one| take(one, each, step as f64));
        earlier.push(each);
    }
}

#[cfg(test)]
mod tests {
    use super::super::places::{Chance, Extent, Part};
    use super::*;

    /// Samples a library in which row `r` gives the products `keys(r)`; returns the range.
    fn sampled(rows: u64, keys: fn(u64) -> Vec<u64>, tried: u64, seed: u64) -> Share {
        let (library, chance) = (Part::Rows(0..rows), Chance::new(seed));
        let found = |places: Vec<super::super::places::Place>| {
            let mut found = Vec::new();
            for (place, each) in (0_u32..).zip(&places) {
                let Extent::Rows(range) = each.at.clone() else { panic!("rows") };
                for offset in each.tried.among(range.end - range.start, place.into(), chance) {
                    let keys = keys(range.start + offset).into_iter();
                    found.extend(keys.map(|key| Found { key: key.into(), place, offset: offset as u32 }));
                }
            }
            found
        };
        let (even, runs) = (library.even(tried - tried / 3, chance), library.runs(tried / 3, chance));
        let (even, runs) = (found(even), found(runs));
        let evenness = Evenness {
            rows: rows as f64,
            tried: (tried - tried / 3) as f64,
            place_rows: (rows as f64 / 64.0).min(25_000.0),
            places: 64.0,
            is_read_whole: library.is_read_whole(),
        };
        let run_rows = (tried as f64 / 3.0 / 16.0).min(600.0);
        let sampled = Sampled { even: &even, evenness, runs: &runs, run_rows, relative_error: 0.005 };
        sampled.share_left()
    }

    fn holds(rows: u64, keys: fn(u64) -> Vec<u64>) {
        let all: Vec<u64> = (0..rows).flat_map(keys).collect();
        let truth = all.iter().collect::<HashSet<_>>().len() as f64 / all.len() as f64;
        for seed in 0..10 {
            let Share { low, high } = sampled(rows, keys, 30_000, seed);
            assert!(low <= truth && truth <= high, "{low} to {high} does not hold {truth}, seed {seed}");
            assert!(high <= 1.5 * low * 1.000_001, "{low} to {high} is too wide");
        }
    }

    /// A number that looks random.
    fn mixed(number: u64) -> u64 {
        Chance::new(7).below(u64::MAX, number)
    }

    #[test]
    fn a_library_without_repeats() {
        holds(300_000, |row| vec![3 * row, 3 * row + 1]);
    }

    #[test]
    fn repeats_far_apart() {
        holds(300_000, |row| vec![mixed(row) % 4_000_000]);
        holds(300_000, |row| vec![mixed(row) % 1_000_000]);
    }

    #[test]
    fn every_product_three_times_far_apart() {
        holds(300_000, |row| vec![mixed(row % 100_000)]);
    }

    #[test]
    fn families_of_neighbours_give_each_product_about_three_times() {
        holds(100_000, |row| {
            let family = row / 150;
            (0..12).map(|index| (family << 32) | (mixed(row * 12 + index) % 700)).collect()
        });
    }

    #[test]
    fn families_near_and_far() {
        holds(300_000, |row| {
            let family = mixed(row / 150) % 1_800;
            (0..4).map(|index| (family << 32) | (row % 150 * 4 + index)).collect()
        });
    }
}
