//! Columns that a library may lack: they are null.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::datatypes::{FieldRef, Schema, SchemaRef};

use super::{Chunk, InputColumns, Source};
use crate::error::Error;

/// A library that has kept columns of some names, whether its file has them or not.
pub struct Completed {
    source: Box<dyn Source>,
    columns: InputColumns,
    schema: SchemaRef,
    missing: Vec<FieldRef>,
}

impl Completed {
    /// `source` with those of the columns `wanted` that are not among its kept ones; they come last.
    pub fn new(source: Box<dyn Source>, wanted: Vec<FieldRef>) -> Self {
        let mut columns = source.columns().clone();
        let is_missing = |field: &FieldRef| columns.kept.iter().all(|kept| kept.name() != field.name());
        let missing: Vec<FieldRef> = wanted.into_iter().filter(is_missing).collect();
        if !missing.is_empty() {
            let names: Vec<String> = missing.iter().map(|field| format!("{:?}", field.name())).collect();
            columns.warnings.push(format!("columns that the library lacks are null: {}", names.join(", ")));
        }
        if !columns.declared.is_empty() {
            columns.declared.extend(missing.iter().map(|_| None));
        }
        columns.kept_from.extend(missing.iter().map(|field| field.name().clone()));
        columns.kept.extend(missing.iter().cloned());
        let schema = Arc::new(Schema::new(columns.fields()));
        Self { source, columns, schema, missing }
    }

    fn complete(&self, chunk: &Chunk) -> Result<RecordBatch, Error> {
        let rows = chunk.smiles.len();
        let nulls = self.missing.iter().map(|field| new_null_array(field.data_type(), rows));
        let columns: Vec<ArrayRef> = chunk.columns.columns().iter().cloned().chain(nulls).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
            .map_err(|error| Error::internal(format!("columns that the library lacks: {error}")))
    }
}

impl Source for Completed {
    fn columns(&self) -> &InputColumns {
        &self.columns
    }

    fn total_rows(&self) -> Option<u64> {
        self.source.total_rows()
    }

    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        let Some(mut chunk) = self.source.next_chunk(max_rows)? else { return Ok(None) };
        chunk.columns = self.complete(&chunk)?;
        Ok(Some(chunk))
    }

    fn skip(&mut self, rows: u64, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        self.source.skip(rows, stop_check)
    }
}
