//! The id and the kept columns of a row as one byte string, so that an executor need not know their types.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BinaryArray, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Schema, SchemaRef};
use arrow::row::{RowConverter, SortField};
use xform_core::source::{Chunk, InputColumns};
use xform_core::{ApplyOptions, Error};

/// Packs and unpacks the columns of a library that are carried over.
pub struct Carried {
    schema: SchemaRef,
    /// None if no columns are carried over.
    converter: Option<RowConverter>,
}

impl Carried {
    /// For the columns that were chosen from a library.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a column of a type that has no such form.
    pub fn new(columns: &InputColumns) -> Result<Self, Error> {
        let schema = Arc::new(Schema::new(columns.fields()));
        let fields: Vec<SortField> =
            schema.fields().iter().map(|field| SortField::new(field.data_type().clone())).collect();
        if fields.is_empty() {
            return Ok(Self { schema, converter: None });
        }
        let converter = RowConverter::new(fields).map_err(|error| {
            let reason = format!("a column cannot be sent to a cluster: {error}; leave it out");
            ApplyOptions::keep_columns.refuse(reason)
        })?;
        Ok(Self { schema, converter: Some(converter) })
    }

    /// The columns of a chunk, as one byte string per row.
    pub fn pack(&self, chunk: &Chunk) -> Result<BinaryArray, Error> {
        let Some(converter) = &self.converter else {
            return Ok(BinaryArray::from_iter_values((0..chunk.smiles.len()).map(|_| [])));
        };
        let rows = converter.convert_columns(chunk.columns.columns());
        rows.and_then(|rows| rows.try_into_binary())
            .map_err(|error| Error::internal(format!("carried columns: {error}")))
    }

    /// The columns of such rows, restored.
    pub fn unpack(&self, rows: &[&[u8]]) -> Result<RecordBatch, Error> {
        let columns: Vec<ArrayRef> = match &self.converter {
            None => Vec::new(),
            Some(converter) => {
                let parser = converter.parser();
                let columns = converter.convert_rows(rows.iter().map(|row| parser.parse(row)));
                columns.map_err(|error| Error::internal(format!("carried columns: {error}")))?
            }
        };
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        debug_assert!(columns.iter().all(|column| column.len() == rows.len()), "a value a row");
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
            .map_err(|error| Error::internal(format!("carried columns: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Float64Array, Int32Array, ListArray, StringArray};
    use arrow::datatypes::{DataType, Field, Int32Type};
    use xform_core::engine::Strings;

    use super::*;

    fn chunk(columns: Vec<(Field, ArrayRef)>, rows: usize) -> (InputColumns, Chunk) {
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
        let kept = fields.iter().cloned().map(Arc::new).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let schema = Arc::new(Schema::new(fields));
        let columns = RecordBatch::try_new_with_options(schema, arrays, &options).unwrap();
        let mut smiles = Strings::default();
        (0..rows).for_each(|_| smiles.push(b"C"));
        let named = InputColumns { smiles: "smiles".to_owned(), kept, ..InputColumns::default() };
        (
            named,
            Chunk {
                smiles: smiles.into(),
                faults: vec![],
                columns,
                replaced: 0,
                unlisted: Default::default(),
            },
        )
    }

    fn round_trip(named: &InputColumns, chunk: &Chunk) -> RecordBatch {
        let carried = Carried::new(named).unwrap();
        let packed = carried.pack(chunk).unwrap();
        let rows: Vec<&[u8]> = packed.iter().map(|row| row.unwrap()).collect();
        carried.unpack(&rows).unwrap()
    }

    #[test]
    fn columns_of_many_types_come_back_as_they_were() {
        let list = ListArray::from_iter_primitive::<Int32Type, _, _>([
            Some(vec![Some(1), None]),
            None,
            Some(vec![]),
        ]);
        let (named, chunk) = chunk(
            vec![
                (
                    Field::new("text", DataType::Utf8, true),
                    Arc::new(StringArray::from(vec![Some("a"), None, Some("")])) as ArrayRef,
                ),
                (Field::new("number", DataType::Int32, false), Arc::new(Int32Array::from(vec![1, -2, 3]))),
                (
                    Field::new("real", DataType::Float64, true),
                    Arc::new(Float64Array::from(vec![-0.0, f64::NAN, 1.5])),
                ),
                (Field::new("list", list.data_type().clone(), true), Arc::new(list)),
            ],
            3,
        );
        let back = round_trip(&named, &chunk);
        assert_eq!(format!("{back:?}"), format!("{:?}", chunk.columns));
    }

    #[test]
    fn no_columns_are_no_bytes() {
        let (named, chunk) = chunk(vec![], 2);
        let back = round_trip(&named, &chunk);
        assert_eq!((back.num_rows(), back.num_columns()), (2, 0));
    }
}
