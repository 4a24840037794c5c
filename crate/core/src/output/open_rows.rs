//! The rows of the open part, kept so that a resumed run finds them again.
//!
//! A row goes to the log if a commit finds its part still open, or if too many rows wait for a commit. Most parts of
//! a fast run, and all rows of a short one, are in their files before that. Memory: `most_bytes`, and a log.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::SchemaRef;

use super::row_log::{LoggedRows, Mark, RowLog};
use super::{HeldBytes, Rows};
use crate::disk::Disk;
use crate::error::Error;

/// The path of the log of part `index`, in the folder of the parts.
pub fn open_log_path(folder: &Path, index: u32) -> PathBuf {
    folder.join(format!("open-{index:06}.arrow"))
}

/// The rows of the open part.
pub struct OpenRows {
    disk: Disk,
    path: PathBuf,
    schema: SchemaRef,
    log: Option<RowLog>,
    /// Rows that are not in the log yet.
    waiting: Vec<Rows>,
    held: HeldBytes,
    most_bytes: u64,
}

impl OpenRows {
    /// For a new part, without rows. Up to `most_bytes` of future rows wait for a commit.
    pub fn begin(disk: &Disk, folder: &Path, index: u32, schema: &SchemaRef, most_bytes: u64) -> Self {
        Self {
            disk: disk.clone(),
            path: open_log_path(folder, index),
            schema: Arc::clone(schema),
            log: None,
            waiting: Vec::new(),
            held: HeldBytes::default(),
            most_bytes,
        }
    }

    /// Continues after `mark`; returns the rows up to there, if there are any.
    pub fn resume(&mut self, mark: Mark) -> Result<Option<LoggedRows>, Error> {
        if mark.rows == 0 {
            return Ok(None);
        }
        self.log = Some(RowLog::resume(&self.disk, &self.path, &self.schema, mark)?);
        LoggedRows::open(&self.disk, &self.path, &self.schema, mark).map(Some)
    }

    /// Adds the next rows.
    pub fn push(&mut self, rows: Rows) -> Result<(), Error> {
        self.held.add(&rows);
        self.waiting.push(rows);
        if self.held.get() >= self.most_bytes { self.log_waiting() } else { Ok(()) }
    }

    /// Makes all rows durable; returns the mark of their log.
    pub fn commit(&mut self) -> Result<Mark, Error> {
        self.log_waiting()?;
        self.log.as_mut().map_or(Ok(Mark::default()), RowLog::commit)
    }

    /// Heap bytes held.
    pub fn memory_bytes(&self) -> u64 {
        self.held.get() + self.log.as_ref().map_or(0, RowLog::memory_bytes)
    }

    /// The file of the log, if there is one. The rows are dropped.
    pub fn into_log_path(self) -> Option<PathBuf> {
        self.log.map(|_| self.path)
    }

    fn log_waiting(&mut self) -> Result<(), Error> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let log = match &mut self.log {
            Some(log) => log,
            none => none.insert(RowLog::create(&self.disk, &self.path, &self.schema)?),
        };
        self.held = HeldBytes::default();
        self.waiting.drain(..).try_for_each(|rows| log.push(&rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn committed_rows_come_back_whether_they_waited_or_not() {
        for most_bytes in [0, u64::MAX] {
            let (disk, folder) = (Disk::default(), tempfile::tempdir().unwrap());
            let schema = Rows::of_source_rows(vec![]).batch.schema();
            let mut open = OpenRows::begin(&disk, folder.path(), 3, &schema, most_bytes);
            for source_rows in [vec![1, 1, 2], vec![5]] {
                open.push(Rows::of_source_rows(source_rows)).unwrap();
            }
            let mark = open.commit().unwrap();
            open.push(Rows::of_source_rows(vec![6])).unwrap();
            drop(open);

            let resume = |mark| {
                let mut open = OpenRows::begin(&disk, folder.path(), 3, &schema, most_bytes);
                let found = open.resume(mark).unwrap().into_iter().flatten();
                let found: Vec<i64> = found.flat_map(|rows| rows.unwrap().source_rows).collect();
                (open, found)
            };
            let (mut open, found) = resume(mark);
            assert_eq!(found, [1, 1, 2, 5]);
            open.push(Rows::of_source_rows(vec![7])).unwrap();
            let mark = open.commit().unwrap();
            let (open, found) = resume(mark);
            assert_eq!(found, [1, 1, 2, 5, 7]);
            assert_eq!(open.into_log_path(), Some(open_log_path(folder.path(), 3)));
        }
    }

    #[test]
    fn a_part_that_is_complete_before_a_commit_leaves_no_log() {
        let (disk, folder) = (Disk::default(), tempfile::tempdir().unwrap());
        let rows = Rows::of_source_rows(vec![1, 2]);
        let mut open = OpenRows::begin(&disk, folder.path(), 0, &rows.batch.schema(), u64::MAX);
        assert_eq!(open.commit().unwrap(), Mark::default());
        open.push(rows).unwrap();
        assert_eq!(open.into_log_path(), None);
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }
}
