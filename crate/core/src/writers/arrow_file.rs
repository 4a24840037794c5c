//! Arrow IPC files.

use std::io::{self, Write};

use arrow::compute::BatchCoalescer;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ipc::writer::FileWriter;

use super::body::Body;
use super::compression::Packer;
use super::encoder::{Content, Encoded, Encoder, Rows};
use super::sink::Sink;
use crate::error::Error;

/// Rows of a record batch, so that a reader need not handle many small ones. All files that are open hold that many.
const BATCH_ROWS: usize = 1_024;

/// Leaves rows as they are.
pub struct AsTheyAre;

impl Encoder for AsTheyAre {
    fn encode(&mut self, rows: &Rows) -> Result<Encoded, Error> {
        Ok(Encoded::all(rows, Content::Rows(rows.columns.clone())))
    }
}

struct ArrowBody {
    writer: FileWriter<Box<dyn Packer>>,
    waiting: BatchCoalescer,
}

/// A file with this schema.
pub fn begin(schema: &SchemaRef, packer: Box<dyn Packer>) -> io::Result<Box<dyn Body>> {
    let writer = FileWriter::try_new(packer, schema).map_err(as_io)?;
    Ok(Box::new(ArrowBody { writer, waiting: BatchCoalescer::new(SchemaRef::clone(schema), BATCH_ROWS) }))
}

impl ArrowBody {
    fn write_completed(&mut self) -> io::Result<()> {
        while let Some(batch) = self.waiting.next_completed_batch() {
            self.writer.write(&batch).map_err(as_io)?;
        }
        Ok(())
    }
}

impl Body for ArrowBody {
    fn add(&mut self, content: Content) -> io::Result<()> {
        let Content::Rows(rows) = content else { return Err(io::Error::other("text for an Arrow file")) };
        self.waiting.push_batch(rows).map_err(as_io)?;
        self.write_completed()
    }

    fn finish(mut self: Box<Self>) -> io::Result<Sink> {
        self.waiting.finish_buffered_batch().map_err(as_io)?;
        self.write_completed()?;
        self.writer.finish().map_err(as_io)?;
        let mut packer = self.writer.into_inner().map_err(as_io)?;
        packer.flush()?;
        packer.finish()
    }
}

/// The error of the file, where there is one.
fn as_io(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) => error,
        other => io::Error::other(other),
    }
}
