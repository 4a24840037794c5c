//! The cut into parts and record batches.
//!
//! A part becomes one row group. It ends at the first boundary between source rows after [`PART_BYTES`] of values,
//! and its record batches have [`BATCH_ROWS`] rows counted from its start. The cut depends on the rows alone, never
//! on the slices they arrive in.

use arrow::compute::BatchCoalescer;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

use super::Rows;

/// Rows of a record batch.
pub const BATCH_ROWS: usize = 8_192;
/// Value bytes after which a part ends.
pub const PART_BYTES: u64 = 16 << 20;

/// What to do next, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Cut {
    /// Write these rows to the open part.
    Write(RecordBatch),
    /// Close the open part.
    EndPart,
}

/// Cuts rows anew.
pub struct PartCutter {
    coalescer: BatchCoalescer,
    part_bytes: u64,
    open_bytes: u64,
    last_source_row: Option<i64>,
}

impl PartCutter {
    /// A cutter for rows of `schema`, with parts of `part_bytes` (a constant of the format; smaller in tests).
    pub fn new(schema: SchemaRef, part_bytes: u64) -> Self {
        Self {
            coalescer: BatchCoalescer::new(schema, BATCH_ROWS),
            part_bytes,
            open_bytes: 0,
            last_source_row: None,
        }
    }

    /// Takes the next rows, hands on what is complete.
    pub fn push(&mut self, rows: &Rows, cuts: &mut Vec<Cut>) -> Result<(), ArrowError> {
        let mut start = 0;
        for (index, (&source_row, &bytes)) in rows.source_rows.iter().zip(&rows.value_bytes).enumerate() {
            if self.open_bytes >= self.part_bytes && self.last_source_row != Some(source_row) {
                self.take(rows.batch.slice(start, index - start), cuts)?;
                self.end_part(cuts)?;
                start = index;
            }
            self.open_bytes += u64::from(bytes);
            self.last_source_row = Some(source_row);
        }
        self.take(rows.batch.slice(start, rows.source_rows.len() - start), cuts)
    }

    /// Ends the last part.
    pub fn finish(&mut self, cuts: &mut Vec<Cut>) -> Result<(), ArrowError> {
        if self.last_source_row.is_some() { self.end_part(cuts) } else { Ok(()) }
    }

    /// Heap bytes held.
    pub fn memory_bytes(&self) -> u64 {
        self.coalescer.size() as u64
    }

    fn take(&mut self, batch: RecordBatch, cuts: &mut Vec<Cut>) -> Result<(), ArrowError> {
        self.coalescer.push_batch(batch)?;
        self.drain(cuts);
        Ok(())
    }

    fn end_part(&mut self, cuts: &mut Vec<Cut>) -> Result<(), ArrowError> {
        self.coalescer.finish_buffered_batch()?;
        self.drain(cuts);
        cuts.push(Cut::EndPart);
        self.open_bytes = 0;
        Ok(())
    }

    fn drain(&mut self, cuts: &mut Vec<Cut>) {
        while let Some(batch) = self.coalescer.next_completed_batch() {
            cuts.push(Cut::Write(batch));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int64Array, StringArray};
    use arrow::datatypes::{DataType, Field, Schema};
    use proptest::prelude::*;

    use super::*;

    fn rows(source_rows: &[i64]) -> Rows {
        let schema = Schema::new(vec![
            Field::new("source_row", DataType::Int64, false),
            Field::new("smiles", DataType::Utf8, false),
        ]);
        let smiles: Vec<String> =
            source_rows.iter().enumerate().map(|(i, row)| format!("C{row}N{i}")).collect();
        let value_bytes = smiles.iter().map(|text| text.len() as u32).collect();
        let columns: Vec<arrow::array::ArrayRef> =
            vec![Arc::new(Int64Array::from(source_rows.to_vec())), Arc::new(StringArray::from(smiles))];
        let batch = RecordBatch::try_new(Arc::new(schema), columns).unwrap();
        Rows { batch, source_rows: source_rows.to_vec(), value_bytes }
    }

    fn slice(rows: &Rows, start: usize, end: usize) -> Rows {
        Rows {
            batch: rows.batch.slice(start, end - start),
            source_rows: rows.source_rows[start..end].to_vec(),
            value_bytes: rows.value_bytes[start..end].to_vec(),
        }
    }

    fn cuts_of(all: &Rows, boundaries: &[usize], part_bytes: u64) -> Vec<Cut> {
        let mut cutter = PartCutter::new(all.batch.schema(), part_bytes);
        let (mut cuts, mut start) = (Vec::new(), 0);
        for &end in boundaries.iter().chain([&all.source_rows.len()]) {
            cutter.push(&slice(all, start, end), &mut cuts).unwrap();
            start = end;
        }
        cutter.finish(&mut cuts).unwrap();
        cuts
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
            let all = rows(&source_rows);
            boundaries.sort_by(f64::total_cmp);
            let boundaries: Vec<usize> =
                boundaries.iter().map(|share| (share * source_rows.len() as f64) as usize).collect();
            let whole = cuts_of(&all, &[], part_bytes);
            prop_assert_eq!(&whole, &cuts_of(&all, &boundaries, part_bytes));

            let parts: Vec<&[Cut]> = whole.split(|cut| *cut == Cut::EndPart).collect();
            prop_assert!(parts.last().unwrap().is_empty(), "the last part is closed");
            let mut written = 0;
            for part in &parts[..parts.len() - 1] {
                let sizes: Vec<usize> =
                    part.iter().map(|cut| match cut { Cut::Write(b) => b.num_rows(), Cut::EndPart => 0 }).collect();
                prop_assert!(sizes[..sizes.len() - 1].iter().all(|&size| size == BATCH_ROWS));
                written += sizes.iter().sum::<usize>();
                prop_assert!(
                    written == source_rows.len() || source_rows[written - 1] != source_rows[written],
                    "a part ends between source rows"
                );
            }
            prop_assert_eq!(written, source_rows.len());
        }
    }

    #[test]
    fn no_rows_make_no_part() {
        assert_eq!(cuts_of(&rows(&[]), &[], 100), []);
    }
}
