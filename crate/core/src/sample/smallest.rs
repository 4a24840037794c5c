//! A random choice of rows: those whose numbers have the smallest hashes. It depends on the seed and the numbers alone, so
//! neither on threads nor on how the table is cut, and every row has the same chance. Memory is 16 bytes for each chosen row.

use std::collections::BinaryHeap;

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The row's place in a random order of all rows.
pub fn place(seed: u64, row: u64) -> u64 {
    xxh3_64_with_seed(&row.to_le_bytes(), seed)
}

/// The chosen rows so far.
#[derive(Debug)]
pub struct Smallest {
    seed: u64,
    capacity: usize,
    /// Hash and row.
    heap: BinaryHeap<(u64, u64)>,
}

impl Smallest {
    /// Chooses `capacity` rows.
    pub fn new(seed: u64, capacity: u64) -> Self {
        Self { seed, capacity: capacity as usize, heap: BinaryHeap::new() }
    }

    /// Another row.
    pub fn add(&mut self, row: u64) {
        let entry = (place(self.seed, row), row);
        if self.heap.len() < self.capacity {
            self.heap.push(entry);
        } else if let Some(mut largest) = self.heap.peek_mut().filter(|largest| entry < **largest) {
            *largest = entry;
        }
    }

    /// Rows that are held.
    #[cfg(test)]
    pub fn held(&self) -> usize {
        self.heap.len()
    }

    /// The chosen rows, in a random order.
    pub fn into_rows(self) -> Vec<u64> {
        self.heap.into_sorted_vec().into_iter().map(|(_, row)| row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(seed: u64, n: u64, rows: impl Iterator<Item = u64>) -> Vec<u64> {
        let mut smallest = Smallest::new(seed, n);
        rows.for_each(|row| {
            smallest.add(row);
            assert!(smallest.held() <= n as usize);
        });
        smallest.into_rows()
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter_but_the_seed_does() {
        let forth = chosen(7, 50, 0..10_000);
        assert_eq!(forth.len(), 50);
        assert_eq!(chosen(7, 50, (0..10_000).rev()), forth);
        assert_ne!(chosen(8, 50, 0..10_000), forth);
        assert_eq!(chosen(7, 20, 0..10_000), forth[..20], "a smaller choice is a part of it");
        assert_eq!(chosen(7, 50, 0..3).len(), 3);
        assert_eq!(chosen(7, 0, 0..3), [0; 0]);
    }

    /// The sum of the squared deviations of `counts` from `expected`, in units of `expected`.
    fn chi_square(counts: &[u64], expected: f64) -> f64 {
        counts.iter().map(|&count| (count as f64 - expected).powi(2) / expected).sum()
    }

    /// With 99 degrees of freedom, chi-square lies between these with a probability of 0.998.
    const LIKELY: std::ops::Range<f64> = 60.0..150.0;

    #[test]
    fn each_row_has_the_same_chance() {
        let (rows, n, seeds) = (100, 10, 2_000);
        let mut by_row = vec![0; rows as usize];
        for seed in 0..seeds {
            chosen(seed, n, 0..rows).into_iter().for_each(|row| by_row[row as usize] += 1);
        }
        // The picks of a seed are without replacement, which makes the counts less uneven by the share that is picked.
        let found = chi_square(&by_row, (n * seeds / rows) as f64) / (1.0 - n as f64 / rows as f64);
        assert!(LIKELY.contains(&found), "{found}");
    }

    #[test]
    fn each_part_of_a_table_gives_its_share() {
        let (parts, rows, n) = (100, 1_000_000, 10_000);
        for seed in [0, 1, u64::MAX] {
            let mut by_part = vec![0; parts];
            chosen(seed, n, 0..rows)
                .into_iter()
                .for_each(|row| by_part[row as usize * parts / rows as usize] += 1);
            let found = chi_square(&by_part, n as f64 / parts as f64);
            assert!(LIKELY.contains(&found), "{found}");
        }
    }
}
