//! Which rows are tried: two samples of a library, each spread evenly over it.
//!
//! The **even** rows lie apart: one row in each of many cells of equal size, at a random place in its cell. They give the
//! counts, and the repeats of far rows. The **runs** are short stretches of consecutive rows. They give what depends on
//! neighbours: the repeats of near rows, and how well rows compress.
//!
//! A position is a row of the library, or a byte of a text file that is too large to be read. A library that is too large
//! is read in windows, and the cells are in these.

use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Windows in which a large library is read.
const WINDOWS: u64 = 64;
/// Rows of a window, and of the part of a library that is read before windows are used, for each window.
const WINDOW_ROWS: u64 = 25_000;
/// Bytes of a window in a text file.
const WINDOW_BYTES: u64 = 1 << 20;
/// Rows of a run, at most. Libraries that were made by an earlier reaction have some hundred rows of each parent, whose
/// products are alike.
const RUN_ROWS: u64 = 600;
/// The least number of runs, unless these would be shorter than a row.
const MIN_RUNS: u64 = 16;
/// Rows of a place if all rows are tried.
const WHOLE_ROWS: u64 = 4_096;

/// Consecutive rows that are read together, and which of them are tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where they are.
    pub at: Extent,
    /// Which of them are tried.
    pub tried: Tried,
}

/// Consecutive rows of a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// The rows at these positions.
    Rows(Range<u64>),
    /// The lines that begin between these bytes.
    Bytes(Range<u64>),
    /// This many rows, from the first line that begins at this byte or later.
    RowsFromByte(u64, u64),
}

/// Which rows of a place are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// All of them.
    All,
    /// One in each of this many cells, or all if there are fewer rows.
    OneOfEach(u64),
}

/// The part of a library that is sampled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// These rows.
    Rows(Range<u64>),
    /// The lines that begin between these bytes.
    Bytes(Range<u64>),
}

/// Random numbers that depend on a seed and on what they are for.
#[derive(Debug, Clone, Copy)]
pub struct Chance {
    seed: u64,
}

impl Chance {
    /// The numbers of this seed.
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// A number below `bound`, which is not 0, for the thing with this number.
    pub fn below(self, bound: u64, of: u64) -> u64 {
        let hash = xxh3_64_with_seed(&of.to_le_bytes(), self.seed);
        // Wide, because the product of the two may not fit.
        ((u128::from(hash) * u128::from(bound)) >> 64) as u64
    }
}

impl Part {
    /// Rows or bytes.
    fn range(&self) -> &Range<u64> {
        match self {
            Self::Rows(range) | Self::Bytes(range) => range,
        }
    }

    /// Number of these.
    pub fn len(&self) -> u64 {
        self.range().end - self.range().start
    }

    /// The number of rows, if it is known.
    pub fn rows(&self) -> Option<u64> {
        match self {
            Self::Rows(range) => Some(range.end - range.start),
            Self::Bytes(_) => None,
        }
    }

    fn extent(&self, range: Range<u64>) -> Extent {
        match self {
            Self::Rows(_) => Extent::Rows(range),
            Self::Bytes(_) => Extent::Bytes(range),
        }
    }

    /// Rows, or bytes, of a window.
    fn window(&self) -> u64 {
        match self {
            Self::Rows(_) => WINDOW_ROWS,
            Self::Bytes(_) => WINDOW_BYTES,
        }
    }

    /// All rows; `None` if their number is not known.
    pub fn all(&self) -> Option<Vec<Place>> {
        let Self::Rows(range) = self else { return None };
        let starts = range.clone().step_by(WHOLE_ROWS as usize);
        let places = starts.map(|start| Place {
            at: Extent::Rows(start..range.end.min(start + WHOLE_ROWS)),
            tried: Tried::All,
        });
        Some(places.collect())
    }

    /// About `count` even rows.
    pub fn even(&self, count: u64, chance: Chance) -> Vec<Place> {
        let windows = WINDOWS.min(count).max(1);
        let part = |index: u64| {
            let bound =
                |index: u64| (u128::from(index) * u128::from(self.len()) / u128::from(windows)) as u64;
            self.range().start + bound(index)..self.range().start + bound(index + 1)
        };
        let place = |index: u64| {
            let part = part(index);
            let length = part.end - part.start;
            let window = self.window().min(length);
            let start = part.start + chance.below(length - window + 1, index);
            let cells = count * (index + 1) / windows - count * index / windows;
            Place { at: self.extent(start..start + window), tried: Tried::OneOfEach(cells) }
        };
        (0..windows).map(place).collect()
    }

    /// Whether the windows of the even rows are the whole library.
    pub fn is_read_whole(&self) -> bool {
        self.len() <= WINDOWS * self.window()
    }

    /// Runs of about `count` rows together.
    pub fn runs(&self, count: u64, chance: Chance) -> Vec<Place> {
        let rows = (count / MIN_RUNS).clamp(1, RUN_ROWS);
        let runs = (count / rows).max(1);
        let place = |index: u64| {
            let bound = |index: u64| (u128::from(index) * u128::from(self.len()) / u128::from(runs)) as u64;
            let (start, end) = (bound(index), bound(index + 1));
            let room = (end - start).saturating_sub(match self {
                Self::Rows(_) => rows,
                Self::Bytes(_) => 0,
            });
            let at = self.range().start + start + chance.below(room + 1, WINDOWS + index);
            let at = match self {
                Self::Rows(range) => Extent::Rows(at..range.end.min(at + rows)),
                Self::Bytes(_) => Extent::RowsFromByte(at, rows),
            };
            Place { at, tried: Tried::All }
        };
        (0..runs).map(place).collect()
    }
}

impl Extent {
    /// Rows or bytes.
    pub fn len(&self) -> u64 {
        match self {
            Self::Rows(range) | Self::Bytes(range) => range.end - range.start,
            Self::RowsFromByte(_, rows) => *rows,
        }
    }
}

impl Tried {
    /// The positions of the rows that are tried among `rows` rows of the place with number `place`.
    pub fn among(self, rows: u64, place: u64, chance: Chance) -> Vec<u64> {
        let cells = match self {
            Self::OneOfEach(cells) if cells < rows => cells,
            Self::OneOfEach(_) | Self::All => return (0..rows).collect(),
        };
        let bound = |cell: u64| cell * rows / cells;
        let of = |cell: u64| {
            let (start, end) = (bound(cell), bound(cell + 1));
            start + chance.below(end - start, (place + 1) << 32 | cell)
        };
        (0..cells).map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The rows that `places` try, if all of them are in rows.
    fn rows_of(places: &[Place], chance: Chance) -> Vec<u64> {
        let rows = |(index, place): (usize, &Place)| {
            let Extent::Rows(range) = place.at.clone() else { panic!("rows") };
            let tried = place.tried.among(range.end - range.start, index as u64, chance);
            tried.into_iter().map(move |row| range.start + row).collect::<Vec<_>>()
        };
        places.iter().enumerate().flat_map(rows).collect()
    }

    proptest! {
        #[test]
        fn samples_are_even_and_in_the_library(
            start in 0_u64..1_000,
            total in 1_u64..5_000_000,
            count in 1_u64..3_000,
            seed: u64,
        ) {
            let (library, chance) = (Part::Rows(start..start + total), Chance::new(seed));
            let count = count.min(total);
            for places in [library.even(count, chance), library.runs(count, chance)] {
                let rows = rows_of(&places, chance);
                prop_assert!(rows.is_sorted_by(|a, b| a < b), "no row twice");
                prop_assert!(rows.iter().all(|row| (start..start + total).contains(row)));
                prop_assert!(rows.len() as u64 <= count);
                prop_assert!(rows.len() as u64 + count / 5 + 4 >= count, "{} of {count}", rows.len());
            }
            let even = rows_of(&library.even(count, chance), chance);
            let before_middle = even.iter().filter(|&&row| row - start < total / 2).count() as u64;
            prop_assert!(before_middle.abs_diff(count / 2) <= count / WINDOWS + 2, "{before_middle} of {count}");
        }
    }

    #[test]
    fn a_seed_chooses_other_rows() {
        let library = Part::Rows(0..100_000);
        let rows = |seed| {
            let chance = Chance::new(seed);
            [library.even(500, chance), library.runs(500, chance)].map(|places| rows_of(&places, chance))
        };
        assert_eq!(rows(1), rows(1));
        let ([even, runs], [other_even, other_runs]) = (rows(1), rows(2));
        assert!(even != other_even && runs != other_runs);
    }

    #[test]
    fn all_rows_are_tried_once() {
        let library = Part::Rows(7..10_007);
        let rows = rows_of(&library.all().unwrap(), Chance::new(0));
        assert_eq!(rows, (7..10_007).collect::<Vec<_>>());
        assert_eq!(Part::Bytes(0..5).all(), None);
    }
}
