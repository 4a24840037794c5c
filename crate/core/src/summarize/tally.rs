//! The figures of all groups while rows come.
//!
//! Medians are exact: the numbers are held, 8 bytes each, but no more than [`MAX_HELD`] of them. Beyond it, there are no
//! medians. Memory is that, twice while the total is computed, and 72 bytes for each group and column, of which there may be
//! [`MAX_CELLS`].

use arrow::array::{Array, ArrayRef, Float64Array};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use arrow::error::ArrowError;

use super::range::Numbers;
use crate::error::Error;
use crate::options::SummarizeInput;

/// Numbers that are held for medians: 64 MiB.
pub const MAX_HELD: usize = 1 << 23;
/// Groups times columns.
pub const MAX_CELLS: usize = 1 << 20;

/// A group of rows.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its rows.
    pub rows: u64,
    /// The numbers of each column.
    pub columns: Vec<Numbers>,
}

/// All groups, by their numbers.
#[derive(Debug)]
pub struct Tally {
    /// The groups.
    pub groups: Vec<Group>,
    columns: usize,
    held: usize,
    max_held: usize,
}

impl Tally {
    /// For groups with so many columns of numbers. At most `max_held` numbers are held for medians.
    pub fn new(columns: usize, max_held: usize) -> Self {
        Self { groups: Vec::new(), columns, held: 0, max_held }
    }

    /// Whether all numbers are held.
    pub fn has_medians(&self) -> bool {
        self.held <= self.max_held
    }

    /// Adds rows whose groups have these numbers, all less than `groups`.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] beyond [`MAX_CELLS`].
    pub fn add(&mut self, numbers: &[usize], groups: usize, columns: &[ArrayRef]) -> Result<(), Error> {
        if groups * self.columns > MAX_CELLS {
            let reason = format!(
                "{groups} groups of {} columns are more than {MAX_CELLS} ranges; name fewer columns",
                self.columns
            );
            return Err(SummarizeInput::columns.refuse(reason));
        }
        let empty = Group { rows: 0, columns: vec![Numbers::default(); self.columns] };
        self.groups.resize(groups.max(self.groups.len()), empty);
        numbers.iter().for_each(|&number| self.groups[number].rows += 1);
        for (place, column) in columns.iter().enumerate() {
            self.make_room(column.len());
            let holds = self.has_medians();
            let values = cast(column, &DataType::Float64).map_err(broken)?;
            let values = values.as_any().downcast_ref::<Float64Array>();
            let values = values.ok_or_else(|| Error::internal("numbers that are no numbers"))?;
            for (value, &number) in values.iter().zip(numbers) {
                self.groups[number].columns[place].add(value, holds);
            }
        }
        Ok(())
    }

    fn make_room(&mut self, numbers: usize) {
        let had_medians = self.has_medians();
        self.held = self.held.saturating_add(numbers);
        if had_medians && !self.has_medians() {
            self.groups.iter_mut().flat_map(|group| &mut group.columns).for_each(Numbers::let_go);
        }
    }

    /// All groups together.
    pub fn total(&self) -> Group {
        let mut total = Group { rows: 0, columns: vec![Numbers::default(); self.columns] };
        for group in &self.groups {
            total.rows += group.rows;
            total.columns.iter_mut().zip(&group.columns).for_each(|(total, numbers)| total.join(numbers));
        }
        total
    }
}

fn broken(error: ArrowError) -> Error {
    Error::internal(format!("adding up numbers: {error}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::Int32Array;

    use super::*;

    #[test]
    fn numbers_are_held_up_to_a_bound_and_then_there_are_no_medians() {
        let column: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), Some(5), None, Some(3)]));
        let mut tally = Tally::new(2, 20);
        for round in 1..=3 {
            tally.add(&[0, 0, 0, 1], 2, &[column.clone(), column.clone()]).unwrap();
            let held = |tally: &Tally| tally.total().columns[0].range().median;
            assert_eq!(tally.has_medians(), round < 3);
            assert_eq!(held(&tally), (round < 3).then_some(3.0));
        }
        let total = tally.total();
        assert_eq!((total.rows, total.columns[1].range().mean), (12, Some(3.0)));
        assert_eq!(tally.groups.iter().map(|group| group.rows).collect::<Vec<_>>(), [9, 3]);
    }

    #[test]
    fn more_ranges_than_there_is_room_for_are_refused() {
        let error = Tally::new(200, 0).add(&[], 9_999, &[]).unwrap_err();
        assert!(error.to_string().starts_with("columns: 9999 groups of 200 columns"), "{error}");
    }
}
