//! Rows that were refused when the library was read, kept until the failures from elsewhere arrive, with which they
//! are merged.

use std::path::PathBuf;

use arrow::datatypes::SchemaRef;

use crate::disk::Disk;
use crate::error::Error;
use crate::output::Rows;
use crate::output::row_log::{LoggedRows, Mark, RowLog};

/// The log of the faulty rows, in the order of the library.
pub(super) struct FaultLog {
    disk: Disk,
    schema: SchemaRef,
    log: RowLog,
}

impl FaultLog {
    pub(super) fn create(disk: &Disk, path: PathBuf, schema: &SchemaRef) -> Result<Self, Error> {
        Ok(Self { disk: disk.clone(), schema: schema.clone(), log: RowLog::create(disk, &path, schema)? })
    }

    pub(super) fn push(&mut self, rows: &Rows) -> Result<(), Error> {
        self.log.push(rows)
    }

    /// The log from its start; may be called again.
    pub(super) fn read(&mut self) -> Result<Faults, Error> {
        let mark: Mark = self.log.commit()?;
        Ok(Faults { rows: LoggedRows::open(&self.disk, self.log.path(), &self.schema, mark)?, next: None })
    }
}

/// The faulty rows that are not merged yet.
pub(super) struct Faults {
    rows: LoggedRows,
    next: Option<Rows>,
}

impl Faults {
    /// Passes `rows`, which must ascend, to `push`, together with the faulty rows before and between them. No row is
    /// in both.
    pub(super) fn merge(
        &mut self,
        mut rows: Rows,
        push: &mut dyn FnMut(&Rows) -> Result<(), Error>,
    ) -> Result<(), Error> {
        while let Some(&first) = rows.source_rows.first() {
            self.give_before(Some(first), push)?;
            let len = rows.source_rows.len();
            let end = match self.first()? {
                Some(fault) => rows.source_rows.partition_point(|&row| row < fault),
                None => len,
            };
            push(&rows.slice(0, end))?;
            rows = rows.slice(end, len);
        }
        Ok(())
    }

    /// Passes the remaining rows to `push`.
    pub(super) fn finish(&mut self, push: &mut dyn FnMut(&Rows) -> Result<(), Error>) -> Result<(), Error> {
        self.give_before(None, push)
    }

    fn give_before(
        &mut self,
        before: Option<i64>,
        push: &mut dyn FnMut(&Rows) -> Result<(), Error>,
    ) -> Result<(), Error> {
        while self.first()?.is_some() {
            let Some(faults) = self.next.take() else { return Ok(()) };
            let len = faults.source_rows.len();
            let end = before.map_or(len, |row| faults.source_rows.partition_point(|&fault| fault < row));
            if end > 0 {
                push(&faults.slice(0, end))?;
            }
            if end < len {
                self.next = Some(faults.slice(end, len));
                return Ok(());
            }
        }
        Ok(())
    }

    /// The row of the next fault.
    fn first(&mut self) -> Result<Option<i64>, Error> {
        if self.next.is_none() {
            self.next = self.rows.next().transpose()?;
        }
        Ok(self.next.as_ref().and_then(|rows| rows.source_rows.first().copied()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array};
    use arrow::record_batch::RecordBatch;

    use super::*;

    fn rows(source_rows: &[i64]) -> Rows {
        let column: ArrayRef = Arc::new(Int64Array::from(source_rows.to_vec()));
        let batch = RecordBatch::try_from_iter([("source_row", column)]).unwrap();
        Rows { batch, source_rows: source_rows.to_vec(), value_bytes: vec![8; source_rows.len()] }
    }

    #[test]
    fn both_kinds_stand_in_the_order_of_their_rows_and_may_be_merged_again() {
        let folder = tempfile::tempdir().unwrap();
        let schema = rows(&[]).batch.schema();
        let mut log = FaultLog::create(&Disk::default(), folder.path().join("faults"), &schema).unwrap();
        log.push(&rows(&[1, 2, 5])).unwrap();
        log.push(&rows(&[9, 40])).unwrap();
        for _ in 0..2 {
            let mut all = Vec::new();
            let mut push = |rows: &Rows| {
                all.extend_from_slice(&rows.source_rows);
                Ok(())
            };
            let mut faults = log.read().unwrap();
            faults.merge(rows(&[0, 3, 4, 4]), &mut push).unwrap();
            faults.merge(rows(&[]), &mut push).unwrap();
            faults.merge(rows(&[7, 39]), &mut push).unwrap();
            faults.finish(&mut push).unwrap();
            assert_eq!(all, [0, 1, 2, 3, 4, 4, 5, 7, 9, 39, 40]);
        }
    }
}
