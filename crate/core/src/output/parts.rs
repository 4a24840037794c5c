//! The products' table while a run goes on: complete parts, each a Parquet file of one row group, and the open part,
//! whose rows are logged as well, so that a run that was killed finds them again.
//!
//! Memory: rows that wait for `flush_interval`, at most `buffer_bytes`; one record batch; one encoded part.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use serde::{Deserialize, Serialize};

use super::Rows;
use super::disk::{Content, Disk};
use super::encoder::Encoder;
use super::part::PartCutter;
use super::row_log::{LoggedRows, Mark, RowLog};
use crate::error::Error;

/// When rows leave the buffer for the encoder. No effect on the bytes.
#[derive(Debug, Clone, Copy)]
pub struct Buffering {
    /// As soon as that many rows wait.
    pub flush_interval: usize,
    /// Or that many bytes.
    pub buffer_bytes: u64,
}

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
    /// Where the part of that position lies, in the folder of the parts.
    pub fn path(folder: &Path, index: u32) -> PathBuf {
        folder.join(format!("products-{index:06}.parquet"))
    }
}

/// Where the log of an open part lies.
pub fn open_log_path(folder: &Path, index: u32) -> PathBuf {
    folder.join(format!("open-{index:06}.arrow"))
}

/// Writes the parts.
pub struct PartWriter {
    disk: Disk,
    folder: PathBuf,
    schema: SchemaRef,
    cutter: PartCutter,
    buffering: Buffering,
    waiting: Vec<Rows>,
    waiting_rows: usize,
    waiting_bytes: u64,
    peak_waiting_rows: usize,
    open: Encoder<Vec<u8>>,
    open_rows: u64,
    log: RowLog,
    /// Logs of parts that are complete and that the manifest still calls open.
    old_logs: Vec<PathBuf>,
    parts: Vec<Part>,
    rows: u64,
}

impl PartWriter {
    /// A writer of parts of `part_bytes` to `folder`.
    pub fn create(
        disk: &Disk,
        folder: &Path,
        schema: &SchemaRef,
        part_bytes: u64,
        buffering: Buffering,
    ) -> Result<Self, Error> {
        let log = RowLog::create(disk, &open_log_path(folder, 0), schema)?;
        Self::begin(disk, folder, schema, part_bytes, buffering, log, Vec::new())
    }

    /// A writer that goes on after `parts`, with the rows of the open part up to `mark`.
    pub fn resume(
        disk: &Disk,
        folder: &Path,
        schema: &SchemaRef,
        part_bytes: u64,
        buffering: Buffering,
        parts: Vec<Part>,
        mark: Mark,
    ) -> Result<Self, Error> {
        let path = open_log_path(folder, parts.len() as u32);
        let log = RowLog::resume(disk, &path, schema, mark)?;
        let mut writer = Self::begin(disk, folder, schema, part_bytes, buffering, log, parts)?;
        for rows in LoggedRows::open(disk, &path, schema, mark)? {
            let rows = rows?;
            if writer.cutter.split(&rows).len() > 1 {
                return Err(Error::internal("the log of the open part holds more than a part"));
            }
            writer.encode(&rows)?;
        }
        Ok(writer)
    }

    fn begin(
        disk: &Disk,
        folder: &Path,
        schema: &SchemaRef,
        part_bytes: u64,
        buffering: Buffering,
        log: RowLog,
        parts: Vec<Part>,
    ) -> Result<Self, Error> {
        let path = Part::path(folder, parts.len() as u32);
        Ok(Self {
            disk: disk.clone(),
            folder: folder.to_owned(),
            schema: Arc::clone(schema),
            cutter: PartCutter::new(part_bytes),
            buffering,
            waiting: Vec::new(),
            waiting_rows: 0,
            waiting_bytes: 0,
            peak_waiting_rows: 0,
            open: Encoder::new(Vec::new(), &path, schema)?,
            open_rows: 0,
            log,
            old_logs: Vec::new(),
            rows: parts.iter().map(|part| part.rows).sum(),
            parts,
        })
    }

    /// Takes the next rows.
    pub fn push(&mut self, rows: Rows) -> Result<(), Error> {
        if rows.source_rows.is_empty() {
            return Ok(());
        }
        self.waiting_rows += rows.source_rows.len();
        self.waiting_bytes += rows.memory_bytes();
        self.waiting.push(rows);
        self.peak_waiting_rows = self.peak_waiting_rows.max(self.waiting_rows);
        let full = self.waiting_rows >= self.buffering.flush_interval
            || self.waiting_bytes >= self.buffering.buffer_bytes;
        if full { self.encode_waiting() } else { Ok(()) }
    }

    /// Makes all rows durable; gives the mark of the open part's log.
    pub fn commit(&mut self) -> Result<Mark, Error> {
        self.encode_waiting()?;
        self.log.commit()
    }

    /// The manifest no longer needs the logs of complete parts.
    pub fn committed(&mut self) -> Result<(), Error> {
        self.old_logs.drain(..).try_for_each(|path| self.disk.remove(&path))
    }

    /// Removes all files of this writer.
    pub fn discard(self) -> Result<(), Error> {
        let parts = self.parts.iter().map(|part| Part::path(&self.folder, part.index));
        let logs = self.old_logs.iter().cloned().chain([self.log.path().to_owned()]);
        parts.chain(logs).try_for_each(|path| self.disk.remove(&path))
    }

    /// Ends the open part, if it has rows.
    pub fn end_part(&mut self) -> Result<(), Error> {
        self.encode_waiting()?;
        self.cutter.end_part();
        if self.open_rows > 0 { self.close_part() } else { Ok(()) }
    }

    /// The complete parts.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Rows taken so far.
    pub fn rows(&self) -> u64 {
        self.rows + self.waiting_rows as u64
    }

    /// The most rows that waited for the encoder.
    pub fn peak_waiting_rows(&self) -> usize {
        self.peak_waiting_rows
    }

    /// Heap bytes held.
    pub fn memory_bytes(&self) -> u64 {
        self.waiting_bytes + self.open.memory_bytes() + self.log.memory_bytes()
    }

    fn encode_waiting(&mut self) -> Result<(), Error> {
        for rows in std::mem::take(&mut self.waiting) {
            let pieces = self.cutter.split(&rows);
            let last = pieces.len() - 1;
            for (index, piece) in pieces.iter().enumerate() {
                self.log.push(piece)?;
                self.encode(piece)?;
                if index < last {
                    self.close_part()?;
                }
            }
        }
        (self.waiting_rows, self.waiting_bytes) = (0, 0);
        Ok(())
    }

    fn encode(&mut self, rows: &Rows) -> Result<(), Error> {
        self.open_rows += rows.source_rows.len() as u64;
        self.rows += rows.source_rows.len() as u64;
        self.open.push(rows)
    }

    fn close_part(&mut self) -> Result<(), Error> {
        let index = self.parts.len() as u32;
        let path = Part::path(&self.folder, index);
        let next = Encoder::new(Vec::new(), &Part::path(&self.folder, index + 1), &self.schema)?;
        let encoded = std::mem::replace(&mut self.open, next).finish(None)?;
        let mut file = self.disk.create(&path)?;
        file.append(&encoded)?;
        file.sync()?;
        let content = Content::of(&mut &encoded[..]).map_err(|error| Error::output("read", &path, error))?;
        let rows = std::mem::take(&mut self.open_rows);
        self.parts.push(Part { index, rows, bytes: content.bytes, sha256: content.sha256 });
        let log = RowLog::create(&self.disk, &open_log_path(&self.folder, index + 1), &self.schema)?;
        self.old_logs.push(std::mem::replace(&mut self.log, log).path().to_owned());
        Ok(())
    }
}
