//! Rows of a table that were chosen by their numbers.

/// Fewer rows than this are read and dropped: a new beginning within a row group costs about as much.
const WORTH_SKIPPING: u64 = 16 * 1024;

/// The numbers of rows of a table, from 0, consumed in the order of the table.
#[derive(Debug)]
pub struct ChosenRows {
    rows: Vec<u64>,
    next: usize,
}

impl ChosenRows {
    /// The rows with these numbers, in any order.
    pub fn new(mut rows: Vec<u64>) -> Self {
        rows.sort_unstable();
        Self { rows, next: 0 }
    }

    /// Whether none is left.
    pub fn is_done(&self) -> bool {
        self.next == self.rows.len()
    }

    /// How many rows, from row `row` on, need not be read.
    pub fn gap(&self, row: u64) -> u64 {
        let gap = self.rows.get(self.next).map_or(0, |next| next - row);
        if gap < WORTH_SKIPPING { 0 } else { gap }
    }

    /// The positions of chosen rows among the next `count` rows, the first of which has the number `first`.
    pub fn take(&mut self, first: u64, count: u32) -> Vec<u32> {
        let left = &self.rows[self.next..];
        let taken = left.partition_point(|&row| row < first + u64::from(count));
        self.next += taken;
        left[..taken].iter().map(|row| (row - first) as u32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_in_their_chunks_and_long_gaps_are_skipped() {
        let far = 1_000_000;
        let mut chosen = ChosenRows::new(vec![far, 3, 0, far + 9, 1_024]);
        assert_eq!((chosen.gap(0), chosen.take(0, 1_024)), (0, vec![0, 3]));
        assert_eq!((chosen.gap(1_024), chosen.take(1_024, 100)), (0, vec![0]));
        assert_eq!(chosen.gap(1_124), far - 1_124);
        assert!(!chosen.is_done());
        assert_eq!((chosen.take(far, 10), chosen.gap(far + 10)), (vec![0, 9], 0));
        assert!(chosen.is_done());
    }
}
