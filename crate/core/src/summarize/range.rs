//! The range of the numbers of a column.

use serde::Serialize;

/// What is known of the numbers of a column in some rows. All figures but `nulls` are `None` if there is no number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnRange {
    /// Rows without a number: null or NaN.
    pub nulls: u64,
    /// The smallest.
    pub min: Option<f64>,
    /// The arithmetic mean.
    pub mean: Option<f64>,
    /// The exact median; of an even count the mean of the two in the middle. `None` as well if there are more numbers than
    /// are held.
    pub median: Option<f64>,
    /// The largest.
    pub max: Option<f64>,
}

/// Numbers on their way to a range. Memory is 64 bytes, and 8 for each value that is held.
#[derive(Debug, Clone, Default)]
pub struct Numbers {
    count: u64,
    nulls: u64,
    sum: f64,
    min: f64,
    max: f64,
    /// All of them, as long as they are held.
    held: Vec<f64>,
}

impl Numbers {
    /// Adds a row; `holds` if its number is to be held.
    pub fn add(&mut self, number: Option<f64>, holds: bool) {
        let Some(number) = number.filter(|number| !number.is_nan()) else {
            self.nulls += 1;
            return;
        };
        (self.min, self.max) = match self.count {
            0 => (number, number),
            _ => (self.min.min(number), self.max.max(number)),
        };
        self.count += 1;
        self.sum += number;
        if holds {
            self.held.push(number);
        }
    }

    /// Adds the rows of `other`.
    pub fn join(&mut self, other: &Self) {
        (self.min, self.max) = match (self.count, other.count) {
            (_, 0) => (self.min, self.max),
            (0, _) => (other.min, other.max),
            _ => (self.min.min(other.min), self.max.max(other.max)),
        };
        self.count += other.count;
        self.nulls += other.nulls;
        self.sum += other.sum;
        self.held.extend(&other.held);
    }

    /// Lets go of the numbers that are held.
    pub fn let_go(&mut self) {
        self.held = Vec::new();
    }

    /// The range.
    pub fn range(&self) -> ColumnRange {
        let some = |figure: f64| (self.count > 0).then_some(figure);
        ColumnRange {
            nulls: self.nulls,
            min: some(self.min),
            mean: some(self.sum / self.count as f64),
            median: median(&self.held).filter(|_| self.held.len() as u64 == self.count),
            max: some(self.max),
        }
    }
}

fn median(numbers: &[f64]) -> Option<f64> {
    let mut numbers = numbers.to_vec();
    let middle = numbers.len() / 2;
    let is_even = numbers.len().is_multiple_of(2);
    if numbers.is_empty() {
        return None;
    }
    let (before, upper, _) = numbers.select_nth_unstable_by(middle, f64::total_cmp);
    let lower = before.iter().copied().max_by(f64::total_cmp).filter(|_| is_even);
    Some(lower.map_or(*upper, |lower| lower + (*upper - lower) / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[Option<f64>]) -> Numbers {
        let mut found = Numbers::default();
        numbers.iter().for_each(|number| found.add(*number, true));
        found
    }

    #[test]
    fn a_range_is_that_of_the_numbers_that_there_are() {
        let [nan, inf] = [f64::NAN, f64::INFINITY];
        let range = |numbers: &[Option<f64>]| {
            let ColumnRange { nulls, min, mean, median, max } = of(numbers).range();
            (nulls, [min, mean, median, max])
        };
        assert_eq!(range(&[]), (0, [None; 4]));
        assert_eq!(range(&[None, Some(nan)]), (2, [None; 4]));
        assert_eq!(range(&[Some(3.0), None, Some(-1.0), Some(4.0)]), (1, [-1.0, 2.0, 3.0, 4.0].map(Some)));
        assert_eq!(range(&[Some(3.0), Some(1.0)]), (0, [1.0, 2.0, 2.0, 3.0].map(Some)));
        assert_eq!(range(&[Some(inf), Some(1.0), Some(2.0)]), (0, [1.0, inf, 2.0, inf].map(Some)));
    }

    #[test]
    fn groups_join_to_the_range_of_all() {
        let (one, other) = ([Some(5.0), None], [Some(-2.0), Some(9.0)]);
        let all = of(&[one, other].concat());
        let mut joined = Numbers::default();
        [of(&[]), of(&one), of(&[None]), of(&other)].iter().for_each(|group| joined.join(group));
        assert_eq!(joined.range(), ColumnRange { nulls: 2, ..all.range() });
        joined.let_go();
        assert_eq!(joined.range().median, None);
    }
}
