//! How many bytes the rows of products take in their file.
//!
//! The rows of the sample's runs are encoded as a run encodes its parts. Without rows a file has some bytes that describe
//! its columns; the rest grows with the rows, because pages are compressed one by one. It follows less well from the bytes
//! of values: what is long is long because it repeats (polyphenol-2X, OMe: runs of 600 rows differ by 9 % in the bytes of a
//! product, and by 25 % in those of a byte of values).

use std::path::Path;
use std::sync::Arc;

use crate::error::Error;
use crate::output::encoder::Encoder;
use crate::output::part::{PART_BYTES, PartCutter};
use crate::output::{Rows, TableSchema};

/// About what the metadata of a run add to a file.
const METADATA_BYTES: f64 = 3_000.0;
/// About what a further part adds to the description of the columns.
const FURTHER_PART_BYTES: f64 = 1_600.0;

/// An encoded part.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Encoded {
    rows: f64,
    bytes: f64,
}

/// Encodes rows to learn what size they have.
pub struct Sizes {
    schema: Arc<TableSchema>,
    cutter: PartCutter,
    open: Open,
    ended: Vec<Encoded>,
}

struct Open {
    encoder: Encoder<Vec<u8>>,
    rows: usize,
}

impl Open {
    fn new(schema: &TableSchema) -> Result<Self, Error> {
        Ok(Self { encoder: Encoder::new(Vec::new(), Path::new("a sample"), schema)?, rows: 0 })
    }

    fn push(&mut self, rows: &Rows) -> Result<(), Error> {
        self.rows += rows.batch.num_rows();
        self.encoder.push(rows.batch.clone())
    }

    fn finish(self) -> Result<Encoded, Error> {
        let bytes = self.encoder.finish()?.len() as f64;
        Ok(Encoded { rows: self.rows as f64, bytes })
    }
}

impl Sizes {
    /// For rows with these columns.
    ///
    /// # Errors
    /// Those of the encoder.
    pub fn new(schema: &Arc<TableSchema>) -> Result<Self, Error> {
        let (cutter, open) = (PartCutter::new(PART_BYTES), Open::new(schema)?);
        Ok(Self { schema: Arc::clone(schema), cutter, open, ended: Vec::new() })
    }

    /// Adds the next rows.
    ///
    /// # Errors
    /// Those of the encoder.
    pub fn push(&mut self, rows: &Rows) -> Result<(), Error> {
        for (index, piece) in self.cutter.split(rows).iter().enumerate() {
            if index > 0 {
                let ended = std::mem::replace(&mut self.open, Open::new(&self.schema)?);
                self.ended.push(ended.finish()?);
            }
            self.open.push(piece)?;
        }
        Ok(())
    }

    /// What was learnt.
    ///
    /// # Errors
    /// Those of the encoder.
    pub fn finish(self) -> Result<Size, Error> {
        let Self { schema, open, mut ended, .. } = self;
        let without_rows = Open::new(&schema)?.finish()?.bytes;
        ended.push(open.finish()?);
        let of_parts = |value: fn(&Encoded) -> f64| ended.iter().map(value).sum::<f64>();
        let of_rows = of_parts(|part| part.bytes) - without_rows * ended.len() as f64;
        let each = of_rows.max(0.0) / of_parts(|part| part.rows).max(1.0);
        Ok(Size { without_rows, each })
    }
}

/// How bytes of a file follow from its rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Bytes of a file without rows.
    without_rows: f64,
    /// Bytes for each row.
    each: f64,
}

impl Size {
    /// Bytes of a file with this many rows, which have this many bytes of values.
    pub fn of(&self, rows: f64, value_bytes: f64) -> f64 {
        let further_parts = (value_bytes / PART_BYTES as f64).floor();
        METADATA_BYTES + self.without_rows + FURTHER_PART_BYTES * further_parts + self.each * rows
    }
}
