//! Arrow IPC, as a stream or a file, a record batch at a time.
//!
//! A file is read by its directory (`directory`); compressed or from a pipe, it is read like a stream (`messages`). Of a batch, only the buffers of
//! the chosen columns are read and unpacked (`batch`). A column has the types that it would have in Parquet (`schema`), and
//! dictionaries are carried as their values, so that the same table gives the same rows in both formats.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef};
use arrow::compute::concat;
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};
use arrow::ipc::{self, MessageHeader, MetadataVersion};
use arrow::record_batch::RecordBatch;

use self::batch::Batch;
use self::directory::Directory;
use self::messages::Messages;
use super::columns::{ByContent, choose};
use super::decoded::{DecodedBatch, Projection};
use super::guard::guard;
use super::peek::TextReader;
use super::{Chunk, InputColumns, Source, SourceOptions};
use crate::error::Error;
use crate::stable_file::StableFile;

mod batch;
mod directory;
mod messages;
mod schema;

/// Most bytes of all dictionaries at a time.
const MAX_DICTIONARY_BYTES: usize = 512 << 20;

/// An Arrow IPC stream or file.
pub(super) struct ArrowSource {
    path: PathBuf,
    columns: InputColumns,
    /// Of a chunk.
    schema: SchemaRef,
    decoder: Decoder,
    batch: Option<DecodedBatch>,
    rows: u64,
}

/// Decodes the batches of a stream.
struct Decoder {
    messages: Messages,
    /// The columns of the stream, with those of text as bytes.
    schema: SchemaRef,
    /// The column that holds the SMILES.
    smiles: usize,
    /// The columns of the stream.
    fields: Fields,
    projection: Projection,
    /// The types of the values of the dictionaries that the projection needs.
    value_types: HashMap<i64, DataType>,
    dictionaries: HashMap<i64, ArrayRef>,
}

impl ArrowSource {
    /// The library in `text`, from its first row; `file` is the file that it comes from, if there is one.
    pub(super) fn open(
        path: &Path,
        text: TextReader,
        file: Option<&StableFile>,
        options: &SourceOptions,
    ) -> Result<Self, Error> {
        let refuse = |reason: String| Error::InputUnreadable { path: path.to_owned(), reason };
        let directory = file.map(Directory::read).transpose().map_err(refuse)?.flatten();
        let (fields, messages) = match (directory, file) {
            (Some(directory), Some(file)) => {
                let schema = directory.footer().map_err(refuse)?.schema();
                let schema = schema.ok_or_else(|| refuse("it has no schema".to_owned()))?;
                (schema::fields(path, schema)?, Messages::at(file, directory.places().map_err(refuse)?))
            }
            _ => {
                let mut messages = Messages::in_turn(text).map_err(|error| refuse(error.to_string()))?;
                let first = messages.next().map_err(refuse)?;
                let first = first.ok_or_else(|| refuse("it has no schema".to_owned()))?;
                let schema = first.message().map_err(refuse)?.header_as_schema();
                let schema = schema.ok_or_else(|| refuse("it does not begin with a schema".to_owned()))?;
                (schema::fields(path, schema)?, messages)
            }
        };

        let choice = choose(path, &fields, options, ByContent::default())?;
        let carried = schema::carried(path, &fields, &choice)?;
        let mut held = fields.to_vec();
        let chosen = choice.id.into_iter().chain(choice.kept.iter().map(|(index, _)| *index));
        chosen.zip(&carried).for_each(|(index, column)| held[index] = Arc::clone(&column.held));
        let (mut columns, outputs) = InputColumns::new(&held.into(), &choice);
        columns.notation = options.notation();
        columns.declared = carried.into_iter().map(|column| Some(column.declared)).collect();

        let projection = Projection::new(choice.smiles, &outputs);
        let schema = schema::decoded(&fields);
        let mut value_types = Vec::new();
        projection
            .columns
            .iter()
            .for_each(|&index| schema::dictionaries(schema.field(index), &mut value_types));
        let decoder = Decoder {
            messages,
            schema,
            smiles: choice.smiles,
            fields,
            projection,
            value_types: value_types.into_iter().collect(),
            dictionaries: HashMap::new(),
        };
        let schema = Arc::new(Schema::new(columns.fields()));
        Ok(Self { path: path.to_owned(), columns, schema, decoder, batch: None, rows: 0 })
    }

    /// The batch with rows left, decoding the next one if the last is used up; `None` at the end.
    fn batch(&mut self) -> Result<Option<DecodedBatch>, Error> {
        if let Some(batch) = self.batch.take() {
            return Ok(Some(batch));
        }
        match self.decoder.next(0).map_err(|reason| self.corrupt(reason))? {
            Some(Next::Decoded(columns)) => DecodedBatch::new(columns, &self.decoder.projection).map(Some),
            Some(Next::Skipped(_)) | None => Ok(None),
        }
    }

    /// The error of a damaged stream, of which nothing more is read.
    fn corrupt(&mut self, reason: String) -> Error {
        self.decoder.messages.end();
        Error::InputCorrupt { path: self.path.clone(), row: self.rows, reason }
    }
}

impl Source for ArrowSource {
    fn columns(&self) -> &InputColumns {
        &self.columns
    }

    fn total_rows(&self) -> Option<u64> {
        None
    }

    fn skip(&mut self, rows: u64, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        let target = self.rows + rows;
        while self.rows < target {
            stop_check()?;
            let left = target - self.rows;
            if let Some(mut batch) = self.batch.take() {
                self.rows += batch.skip(left);
                self.batch = Some(batch).filter(|batch| !batch.is_used_up());
                continue;
            }
            match self.decoder.next(left).map_err(|reason| self.corrupt(reason))? {
                Some(Next::Skipped(rows)) => self.rows += rows,
                Some(Next::Decoded(columns)) => {
                    self.batch = Some(DecodedBatch::new(columns, &self.decoder.projection)?);
                }
                None => return Err(self.corrupt("its rows end early".to_owned())),
            }
        }
        Ok(())
    }

    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        let Some(mut batch) = self.batch()? else { return Ok(None) };
        let chunk = batch.next_chunk(max_rows, self.columns.notation, &self.schema, schema::resolved);
        let chunk = chunk.map_err(|reason| self.corrupt(reason))?;
        self.rows += chunk.smiles.len() as u64;
        self.batch = Some(batch).filter(|batch| !batch.is_used_up());
        Ok(Some(chunk))
    }
}

/// A batch with at least one row.
enum Next {
    /// Skipped without decoding it; the number of its rows.
    Skipped(u64),
    /// The projected columns.
    Decoded(RecordBatch),
}

const DAMAGED: &str = "the description of a message is damaged";

impl Decoder {
    /// The next batch; one of at most `skippable` rows is skipped. `None` after the last one.
    fn next(&mut self, skippable: u64) -> Result<Option<Next>, String> {
        while let Some(metadata) = self.messages.next()? {
            let message = metadata.message()?;
            match message.header_type() {
                MessageHeader::DictionaryBatch => self.take_dictionary(&message)?,
                MessageHeader::RecordBatch => {
                    let batch = message.header_as_record_batch().ok_or(DAMAGED)?;
                    match u64::try_from(batch.length()).map_err(|_| DAMAGED.to_owned())? {
                        0 => {}
                        rows if rows <= skippable => return Ok(Some(Next::Skipped(rows))),
                        _ => return self.decoded(batch, message.version()).map(Next::Decoded).map(Some),
                    }
                }
                _ => {
                    return Err(
                        "it has a message that is neither a dictionary nor a batch of rows".to_owned()
                    );
                }
            }
        }
        Ok(None)
    }

    /// The projected columns of the batch, with text as views.
    fn decoded(
        &mut self,
        batch: ipc::RecordBatch<'_>,
        version: MetadataVersion,
    ) -> Result<RecordBatch, String> {
        let columns = &self.projection.columns;
        let batch = Batch::read(batch, version, &self.schema, Some(columns), &mut self.messages)?;
        let batch = batch.decode(&self.schema, Some(columns), &self.dictionaries)?;
        let views = columns.iter().zip(batch.columns()).map(|(&index, array)| {
            let array = schema::with_views(array, &self.fields[index], index == self.smiles)?;
            let field = Field::new(self.fields[index].name(), array.data_type().clone(), true);
            Ok((Arc::new(field), array))
        });
        let (fields, arrays): (Vec<_>, Vec<_>) =
            views.collect::<Result<Vec<_>, String>>()?.into_iter().unzip();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|error| error.to_string())
    }

    /// Keeps the values of a dictionary, unless no column needs it.
    fn take_dictionary(&mut self, message: &ipc::Message<'_>) -> Result<(), String> {
        let batch = message.header_as_dictionary_batch().ok_or(DAMAGED)?;
        let (id, data) = (batch.id(), batch.data().ok_or(DAMAGED)?);
        let Some(value_type) = self.value_types.get(&id) else { return Ok(()) };
        let schema = Arc::new(Schema::new(vec![Field::new("", value_type.clone(), true)]));
        let values = Batch::read(data, message.version(), &schema, None, &mut self.messages)?;
        let values = values.decode(&schema, None, &self.dictionaries)?;
        let mut values = Arc::clone(values.column(0));
        if let Some(earlier) = self.dictionaries.remove(&id).filter(|_| batch.isDelta()) {
            values = guard(|| concat(&[&earlier, &values]))?;
        }
        self.dictionaries.insert(id, values);
        let bytes: usize = self.dictionaries.values().map(Array::get_array_memory_size).sum();
        if bytes > MAX_DICTIONARY_BYTES {
            return Err(format!("its dictionaries take more than {} MiB", MAX_DICTIONARY_BYTES >> 20));
        }
        Ok(())
    }
}
