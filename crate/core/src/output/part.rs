//! A part of the products' table, and the cut into parts.
//!
//! A part becomes one row group. It ends at the first boundary between source rows after [`PART_BYTES`] of values.
//! The cut depends only on the rows, never on the slices in which they arrive.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Rows;

/// Rows of a record batch, counted from the start of its part.
pub const BATCH_ROWS: usize = 8_192;
/// Value bytes after which a part ends.
pub const PART_BYTES: u64 = 16 << 20;

/// A complete part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its position among the parts.
    pub index: u32,
    /// Its rows.
    pub rows: u64,
    /// Size of its file.
    pub bytes: u64,
    /// SHA-256 of its file, in hex.
    pub sha256: String,
}

impl Part {
    /// The path of part `index`, in the folder of the parts.
    pub fn path(folder: &Path, index: u32) -> PathBuf {
        folder.join(format!("products-{index:06}.parquet"))
    }
}

/// Finds the ends of parts.
#[derive(Debug)]
pub struct PartCutter {
    part_bytes: u64,
    open_bytes: u64,
    last_source_row: Option<i64>,
}

impl PartCutter {
    /// A cutter for parts of `part_bytes` (a constant of the format; smaller in tests).
    pub fn new(part_bytes: u64) -> Self {
        Self { part_bytes, open_bytes: 0, last_source_row: None }
    }

    /// Splits the next rows into pieces: every piece except the last ends a part, and the last one stays open.
    pub fn split(&mut self, rows: &Rows) -> Vec<Rows> {
        let (mut pieces, mut start) = (Vec::new(), 0);
        for (index, (&source_row, &bytes)) in rows.source_rows.iter().zip(&rows.value_bytes).enumerate() {
            if self.open_bytes >= self.part_bytes && self.last_source_row != Some(source_row) {
                pieces.push(rows.slice(start, index));
                (self.open_bytes, start) = (0, index);
            }
            self.open_bytes += u64::from(bytes);
            self.last_source_row = Some(source_row);
        }
        pieces.push(rows.slice(start, rows.source_rows.len()));
        pieces
    }

    /// Notes that the open part was ended from outside.
    pub fn end_part(&mut self) {
        self.open_bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The lengths of the parts.
    fn parts_of(all: &Rows, boundaries: &[usize], part_bytes: u64) -> Vec<usize> {
        let mut cutter = PartCutter::new(part_bytes);
        let (mut parts, mut start) = (vec![0], 0);
        for &end in boundaries.iter().chain([&all.source_rows.len()]) {
            for (index, piece) in cutter.split(&all.slice(start, end)).iter().enumerate() {
                if index > 0 {
                    parts.push(0);
                }
                *parts.last_mut().unwrap() += piece.source_rows.len();
            }
            start = end;
        }
        parts
    }

    proptest! {
        #[test]
        fn the_cut_does_not_depend_on_the_slices(
            repeats in prop::collection::vec(1_usize..40, 1..800),
            mut boundaries in prop::collection::vec(0.0_f64..1.0, 0..12),
            part_bytes in 200_u64..200_000,
        ) {
            let source_rows: Vec<i64> =
                repeats.iter().enumerate().flat_map(|(row, &n)| std::iter::repeat_n(row as i64, n)).collect();
            let all = Rows::of_source_rows(source_rows.clone());
            boundaries.sort_by(f64::total_cmp);
            let boundaries: Vec<usize> =
                boundaries.iter().map(|share| (share * source_rows.len() as f64) as usize).collect();
            let whole = parts_of(&all, &[], part_bytes);
            prop_assert_eq!(&whole, &parts_of(&all, &boundaries, part_bytes));
            prop_assert_eq!(whole.iter().sum::<usize>(), source_rows.len());
            let mut end = 0;
            for &length in &whole[..whole.len() - 1] {
                end += length;
                prop_assert!(source_rows[end - 1] != source_rows[end], "a part ends between source rows");
                prop_assert!(length as u64 * 10 >= part_bytes, "a part is full");
            }
        }
    }
}
