//! How many rows have how many of something.

use serde::{Deserialize, Serialize};

use super::lines::one_a_line;

/// The rows whose count lies in a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bin {
    /// The lowest count.
    pub from: u64,
    /// The highest count.
    pub to: u64,
    /// Rows.
    pub rows: u64,
}

/// Rows by a count, in bins that double their width: 0, 1, 2, 3 to 4, 5 to 8, and so on up to the highest count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Distribution(#[serde(serialize_with = "one_a_line")] Vec<Bin>);

impl Distribution {
    /// Adds a row with this count.
    pub fn add(&mut self, count: u64) {
        self.add_to_bin(position(count), 1);
    }

    /// Adds the rows of another distribution.
    pub fn absorb(&mut self, other: &Self) {
        other.0.iter().enumerate().for_each(|(index, bin)| self.add_to_bin(index, bin.rows));
    }

    fn add_to_bin(&mut self, index: usize, rows: u64) {
        while self.0.len() <= index {
            self.0.push(empty(self.0.len()));
        }
        self.0[index].rows += rows;
    }

    /// Its bins, ascending.
    pub fn bins(&self) -> &[Bin] {
        &self.0
    }

    /// All rows.
    pub fn rows(&self) -> u64 {
        self.0.iter().map(|bin| bin.rows).sum()
    }

    /// Rows with a count of 0.
    pub fn rows_of_none(&self) -> u64 {
        self.0.first().map_or(0, |bin| bin.rows)
    }

    /// The lowest and the highest total that the counts of these rows may have.
    pub fn totals(&self) -> (u64, u64) {
        let total = |count: fn(&Bin) -> u64| {
            let each = self.0.iter().map(|bin| count(bin).saturating_mul(bin.rows));
            each.fold(0, u64::saturating_add)
        };
        (total(|bin| bin.from), total(|bin| bin.to))
    }

    /// Whether its bins are those in which counts are put, up to one that has a row.
    pub fn is_regular(&self) -> bool {
        let is_own = |(index, bin): (usize, &Bin)| Bin { rows: 0, ..*bin } == empty(index);
        self.0.iter().enumerate().all(is_own) && self.0.last().is_none_or(|bin| bin.rows > 0)
    }
}

/// The position of the bin of this count.
fn position(count: u64) -> usize {
    match count.checked_sub(1) {
        None => 0,
        Some(less) => 1 + (u64::BITS - less.leading_zeros()) as usize,
    }
}

fn empty(index: usize) -> Bin {
    let power = |exponent: usize| 1_u64.checked_shl(exponent as u32).unwrap_or(u64::MAX);
    let (from, to) = match index {
        0 | 1 => (index as u64, index as u64),
        _ => (power(index - 2).saturating_add(1), power(index - 1)),
    };
    Bin { from, to, rows: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(counts: impl IntoIterator<Item = u64>) -> Distribution {
        let mut distribution = Distribution::default();
        counts.into_iter().for_each(|count| distribution.add(count));
        distribution
    }

    #[test]
    fn each_count_is_in_the_bin_that_holds_it() {
        let distribution = of(0..=9);
        let bins: Vec<_> = distribution.bins().iter().map(|bin| (bin.from, bin.to, bin.rows)).collect();
        assert_eq!(bins, [(0, 0, 1), (1, 1, 1), (2, 2, 1), (3, 4, 2), (5, 8, 4), (9, 16, 1)]);
        assert_eq!((distribution.rows(), distribution.rows_of_none()), (10, 1));
        let (least, most) = distribution.totals();
        assert!((least..=most).contains(&45), "{least} {most}");
        for count in [1 << 20, (1 << 20) + 1, u64::MAX - 1, u64::MAX] {
            let last = *of([count]).bins().last().unwrap();
            assert!((last.from..=last.to).contains(&count) && last.rows == 1, "{count}: {last:?}");
        }
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let mut sum = of(0..7);
        sum.absorb(&of(7..100));
        assert_eq!(sum, of(0..100));
        assert!(sum.is_regular() && Distribution::default().is_regular());
        sum.0[3].to += 1;
        assert!(!sum.is_regular());
    }
}
