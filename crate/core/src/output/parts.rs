//! The products' table during a run: complete parts, each a Parquet file with one row group, and the open part.
//!
//! Memory: rows that wait for the encoder and rows that are not yet durable, at most `buffer_bytes`; one log; and
//! what [`PartEncoder`] holds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::encoder::check_groups;
use super::open_rows::OpenRows;
use super::part::{Part, PartCutter};
use super::part_encoder::{EncodedPart, PartEncoder};
use super::row_log::Mark;
use super::{HeldBytes, PRODUCTS_FILE, Rows, TableSchema};
use crate::disk::Disk;
use crate::error::Error;

/// When rows move from the buffer to the encoder. It does not affect the bytes.
#[derive(Debug, Clone, Copy)]
pub struct Buffering {
    /// Rows move once this many of them wait.
    pub flush_interval: usize,
    /// Rows also move once they take half of this many bytes; the other half is for rows that are encoded and not yet
    /// durable.
    pub buffer_bytes: u64,
}

impl Buffering {
    fn half_bytes(self) -> u64 {
        self.buffer_bytes / 2
    }
}

/// Parameters of a part writer.
#[derive(Clone, Copy)]
pub struct PartsPlan<'a> {
    /// How to reach the disk.
    pub disk: &'a Disk,
    /// The folder of the parts.
    pub folder: &'a Path,
    /// Their columns.
    pub schema: &'a Arc<TableSchema>,
    /// Value bytes of a part.
    pub part_bytes: u64,
    /// When rows move from the buffer to the encoder.
    pub buffering: Buffering,
}

/// Writes the parts.
pub struct PartWriter {
    disk: Disk,
    folder: PathBuf,
    schema: Arc<TableSchema>,
    cutter: PartCutter,
    buffering: Buffering,
    waiting: Vec<Rows>,
    waiting_rows: usize,
    held: HeldBytes,
    peak_waiting_rows: usize,
    encoder: PartEncoder,
    open: OpenRows,
    open_count: u64,
    /// Rows of the last part that was ended, while the encoder has it.
    ended_count: Option<u64>,
    /// Logs of parts that are complete but that the manifest still considers open.
    old_logs: Vec<PathBuf>,
    parts: Vec<Part>,
    rows: u64,
}

impl PartWriter {
    /// A writer without rows.
    pub fn create(plan: PartsPlan<'_>) -> Result<Self, Error> {
        Self::begin(plan, Vec::new())
    }

    /// A writer that continues after `parts`, with the rows of the open part up to `mark`.
    pub fn resume(plan: PartsPlan<'_>, parts: Vec<Part>, mark: Mark) -> Result<Self, Error> {
        let mut writer = Self::begin(plan, parts)?;
        for rows in writer.open.resume(mark)?.into_iter().flatten() {
            let rows = rows?;
            if writer.cutter.split(&rows).len() > 1 {
                return Err(Error::internal("the log of the open part holds more than a part"));
            }
            writer.encode(&[rows])?;
        }
        Ok(writer)
    }

    fn begin(plan: PartsPlan<'_>, parts: Vec<Part>) -> Result<Self, Error> {
        let PartsPlan { disk, folder, schema, part_bytes, buffering } = plan;
        let index = parts.len() as u32;
        Ok(Self {
            disk: disk.clone(),
            folder: folder.to_owned(),
            schema: Arc::clone(schema),
            cutter: PartCutter::new(part_bytes),
            buffering,
            waiting: Vec::new(),
            waiting_rows: 0,
            held: HeldBytes::default(),
            peak_waiting_rows: 0,
            encoder: PartEncoder::start(folder, index, schema)?,
            open: OpenRows::begin(disk, folder, index, schema.rows(), buffering.half_bytes()),
            open_count: 0,
            ended_count: None,
            old_logs: Vec::new(),
            rows: parts.iter().map(|part| part.rows).sum(),
            parts,
        })
    }

    /// Adds the next rows.
    pub fn push(&mut self, rows: Rows) -> Result<(), Error> {
        if rows.source_rows.is_empty() {
            return Ok(());
        }
        self.waiting_rows += rows.source_rows.len();
        self.held.add(&rows);
        self.waiting.push(rows);
        self.peak_waiting_rows = self.peak_waiting_rows.max(self.waiting_rows);
        let full = self.waiting_rows >= self.buffering.flush_interval
            || self.held.get() >= self.buffering.half_bytes();
        if full { self.encode_waiting() } else { Ok(()) }
    }

    /// Makes all rows durable; returns the mark of the open part's log.
    pub fn commit(&mut self) -> Result<Mark, Error> {
        self.encode_waiting()?;
        self.write_ended_part()?;
        self.open.commit()
    }

    /// Removes the logs of complete parts, which the manifest no longer needs.
    pub fn committed(&mut self) -> Result<(), Error> {
        self.old_logs.drain(..).try_for_each(|path| self.disk.remove(&path))
    }

    /// Removes all files of this writer.
    pub fn discard(self) -> Result<(), Error> {
        let parts = self.parts.iter().map(|part| Part::path(&self.folder, part.index));
        let logs = self.old_logs.into_iter().chain(self.open.into_log_path());
        parts.chain(logs).try_for_each(|path| self.disk.remove(&path))
    }

    /// Ends the open part, if it has rows; then all parts are complete.
    pub fn end_part(&mut self) -> Result<(), Error> {
        self.encode_waiting()?;
        self.cutter.end_part();
        if self.open_count > 0 {
            self.close_part()?;
        }
        self.write_ended_part()
    }

    /// The complete parts.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Rows added so far.
    pub fn rows(&self) -> u64 {
        self.rows + self.waiting_rows as u64
    }

    /// The most rows that waited for the encoder.
    pub fn peak_waiting_rows(&self) -> usize {
        self.peak_waiting_rows
    }

    /// Heap bytes held.
    pub fn memory_bytes(&self) -> u64 {
        self.held.get() + self.encoder.memory_bytes() + self.open.memory_bytes()
    }

    fn encode_waiting(&mut self) -> Result<(), Error> {
        let mut of_open_part = Vec::new();
        for rows in std::mem::take(&mut self.waiting) {
            let pieces = self.cutter.split(&rows);
            let last = pieces.len() - 1;
            for (index, piece) in pieces.into_iter().enumerate() {
                of_open_part.push(piece);
                if index < last {
                    self.take_in(std::mem::take(&mut of_open_part))?;
                    self.close_part()?;
                }
            }
        }
        (self.waiting_rows, self.held) = (0, HeldBytes::default());
        self.take_in(of_open_part)
    }

    /// Adds rows to the open part.
    fn take_in(&mut self, pieces: Vec<Rows>) -> Result<(), Error> {
        self.encode(&pieces)?;
        pieces.into_iter().try_for_each(|rows| self.open.push(rows))
    }

    fn encode(&mut self, pieces: &[Rows]) -> Result<(), Error> {
        let count = pieces.iter().map(|rows| rows.source_rows.len() as u64).sum::<u64>();
        self.open_count += count;
        self.rows += count;
        self.encoder.push(pieces.iter().map(|rows| rows.batch.clone()).collect())
    }

    /// Ends the open part. The encoder still has to finish it; [`Self::write_ended_part`] waits for that.
    fn close_part(&mut self) -> Result<(), Error> {
        self.write_ended_part()?;
        check_groups(Path::new(PRODUCTS_FILE), self.parts.len() + 1)?;
        self.encoder.end_part()?;
        self.ended_count = Some(std::mem::take(&mut self.open_count));
        let (index, half_bytes) = (self.parts.len() as u32 + 1, self.buffering.half_bytes());
        let next = OpenRows::begin(&self.disk, &self.folder, index, self.schema.rows(), half_bytes);
        self.old_logs.extend(std::mem::replace(&mut self.open, next).into_log_path());
        Ok(())
    }

    /// Writes the file of the part that was ended, if it does not have one yet.
    fn write_ended_part(&mut self) -> Result<(), Error> {
        let Some(rows) = self.ended_count.take() else { return Ok(()) };
        let EncodedPart { bytes, content } = self.encoder.take()?;
        let index = self.parts.len() as u32;
        let mut file = self.disk.create(&Part::path(&self.folder, index))?;
        file.append(&bytes)?;
        file.sync()?;
        self.parts.push(Part { index, rows, bytes: content.bytes, sha256: content.sha256 });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_parts_than_a_file_can_have_row_groups_are_an_error_when_they_are_written() {
        let (folder, schema) = (tempfile::tempdir().unwrap(), Rows::schema_of_source_rows());
        let plan = PartsPlan {
            disk: &Disk::default(),
            folder: folder.path(),
            schema: &schema,
            part_bytes: 1,
            buffering: Buffering { flush_interval: 1, buffer_bytes: 1 },
        };
        let part = |index| Part { index, rows: 1, bytes: 1, sha256: String::new() };
        let earlier = (0..i16::MAX as u32 - 1).map(part).collect();
        let mut writer = PartWriter::resume(plan, earlier, Mark::default()).unwrap();
        let mut push = |source_row| {
            writer.push(Rows::of_source_rows(vec![source_row]))?;
            writer.end_part()
        };
        push(1).unwrap();
        let error = push(2).unwrap_err().to_string();
        assert!(error.contains("products.parquet: it would have more than 32767 row groups"), "{error}");
    }
}
