//! The rejects' table: one record per bad row, and one per result that could not be made.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, Int64Array, StringArray, UInt32Array, new_null_array};
use arrow::datatypes::{DataType, Field};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

use super::products::id_column;
use super::row_bytes::value_bytes;
use super::{Rows, TableColumn, TableSchema};
use crate::compact::take_rows;
use crate::engine::{Failure, RejectCode, Stage};
use crate::error::Error;
use crate::source::{Chunk, FILE_COLUMN, Fault, InputColumns};
use crate::transform::Transform;

const FIXED_BYTES: usize = 24;

/// Makes rows of the rejects' table.
pub struct RejectTable {
    schema: Arc<TableSchema>,
    names: Vec<String>,
    has_id: bool,
    names_file: bool,
}

/// One record: a row that never reached the engine, or a failure within it.
struct Record<'a> {
    row: u32,
    smiles: Option<&'a str>,
    name: Option<&'a str>,
    site: Option<i32>,
    stage: Stage,
    code: RejectCode,
    reason: &'a str,
}

impl RejectTable {
    /// The table for an input and the transforms of a run.
    pub fn new(columns: &InputColumns, transforms: &[Transform]) -> Result<Self, Error> {
        let ours =
            |name: &str, data_type, is_nullable| TableColumn::from(Field::new(name, data_type, is_nullable));
        let mut table = vec![
            ours("source_row", DataType::Int64, false),
            id_column(columns),
            ours("source_smiles", DataType::Utf8, true),
            ours("xf_name", DataType::Utf8, true),
            ours("xf_site_index", DataType::Int32, true),
            ours("stage", DataType::Utf8, false),
            ours("code", DataType::Utf8, false),
            ours("reason", DataType::Utf8, false),
        ];
        if columns.names_file {
            table.push(ours(FILE_COLUMN, DataType::Utf8, false));
        }
        Ok(Self {
            schema: TableSchema::new(table)?.by_source_row(),
            names_file: columns.names_file,
            names: transforms.iter().map(|transform| transform.name.clone()).collect(),
            has_id: columns.id.is_some(),
        })
    }

    /// The columns.
    pub fn schema(&self) -> &Arc<TableSchema> {
        &self.schema
    }

    /// Records for what the source and the engine refused in a chunk, in the order of its rows.
    pub fn rows(&self, first_row: u64, chunk: &Chunk, failures: &[Failure]) -> Result<Rows, ArrowError> {
        self.rows_of(&|row| (first_row + u64::from(row)) as i64, chunk, failures)
    }

    /// Like `rows` for a chunk whose rows are not consecutive in the library: `source_row` gives the position of
    /// each.
    pub fn rows_of(
        &self,
        source_row: &dyn Fn(u32) -> i64,
        chunk: &Chunk,
        failures: &[Failure],
    ) -> Result<Rows, ArrowError> {
        let faults = chunk.faults.iter().map(Record::of_fault);
        let failures = failures.iter().map(|failure| self.failed(failure, chunk));
        let mut records: Vec<Record> = faults.chain(failures).collect();
        records.sort_by_key(|record| record.row);

        let source_rows: Vec<i64> = records.iter().map(|record| source_row(record.row)).collect();
        let rows = UInt32Array::from_iter_values(records.iter().map(|record| record.row));
        let id = if self.has_id {
            take_rows(chunk.columns.column(0), &rows)?
        } else {
            new_null_array(self.schema.rows().field(1).data_type(), records.len())
        };
        let file = match self.names_file {
            true => Some(take_rows(chunk.columns.column(usize::from(self.has_id)), &rows)?),
            false => None,
        };
        let carried: Vec<&ArrayRef> = [&id].into_iter().chain(&file).collect();
        let bytes =
            |(index, record): (usize, &Record)| value_bytes_of(record.smiles, record.reason, &carried, index);
        let value_bytes = records.iter().enumerate().map(bytes).collect();
        let each = records.iter();
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from(source_rows.clone())),
            Arc::clone(&id),
            Arc::new(each.clone().map(|record| record.smiles).collect::<StringArray>()),
            Arc::new(each.clone().map(|record| record.name).collect::<StringArray>()),
            Arc::new(each.clone().map(|record| record.site).collect::<Int32Array>()),
            Arc::new(StringArray::from_iter_values(each.clone().map(|record| record.stage.as_str()))),
            Arc::new(StringArray::from_iter_values(each.clone().map(|record| record.code.as_str()))),
            Arc::new(StringArray::from_iter_values(each.map(|record| record.reason))),
        ];
        columns.extend(file);
        let batch = RecordBatch::try_new(Arc::clone(self.schema.rows()), columns)?;
        Ok(Rows { batch, source_rows, value_bytes })
    }

    fn failed<'a>(&'a self, failure: &'a Failure, chunk: &'a Chunk) -> Record<'a> {
        let &Failure { row, transform, site, stage, code, ref reason } = failure;
        let smiles = str::from_utf8(chunk.smiles.get(row as usize)).ok();
        // No SMILES was made of the row.
        let smiles = smiles.filter(|smiles| !smiles.is_empty());
        let name = transform.map(|index| self.names[usize::from(index)].as_str());
        Record { row, smiles, name, site, stage, code, reason }
    }
}

impl<'a> Record<'a> {
    fn of_fault(fault: &'a Fault) -> Self {
        let &Fault { row, code, ref text, .. } = fault;
        let (stage, reason) = (Stage::Input, fault.in_words());
        Self { row, smiles: text.as_deref(), name: None, site: None, stage, code, reason }
    }
}

/// Value bytes of a record; its id and, if there is one, its file are at `row` of `carried`.
pub fn value_bytes_of(smiles: Option<&str>, reason: &str, carried: &[&ArrayRef], row: usize) -> u32 {
    let carried = carried.iter().map(|values| value_bytes(values, row)).sum::<usize>();
    (FIXED_BYTES + smiles.map_or(1, str::len) + reason.len() + carried) as u32
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;

    use super::*;
    use crate::engine::Strings;

    #[test]
    fn records_stand_in_the_order_of_their_rows() {
        let columns = InputColumns { smiles: "smiles".into(), ..Default::default() };
        let table = RejectTable::new(&columns, &[Transform::new("T", "[C:1]>>[C:1]O")]).unwrap();
        let chunk = Chunk {
            smiles: Strings::from_parts(b"C(CN".to_vec(), vec![0, 2, 2, 4, 4]).into(),
            faults: vec![
                Fault { row: 1, code: RejectCode::NotUtf8, text: Some("C\u{fffd}".into()), reason: None },
                Fault { row: 3, code: RejectCode::Null, text: None, reason: None },
            ],
            columns: RecordBatch::try_new_with_options(
                Arc::new(arrow::datatypes::Schema::empty()),
                vec![],
                &arrow::record_batch::RecordBatchOptions::new().with_row_count(Some(4)),
            )
            .unwrap(),
            replaced: 0,
            unlisted: Default::default(),
        };
        let failure = |row, transform, site, stage, code| Failure {
            row,
            transform,
            site,
            stage,
            code,
            reason: "r".into(),
        };
        let failures = [
            failure(0, None, None, Stage::Parse, RejectCode::Syntax),
            failure(2, Some(0), Some(4), Stage::Sanitize, RejectCode::Valence),
        ];
        let rows = table.rows(100, &chunk, &failures).unwrap();
        assert_eq!(rows.source_rows, [100, 101, 102, 103]);
        let text = |name: &str| {
            rows.batch.column_by_name(name).unwrap().as_string::<i32>().iter().collect::<Vec<_>>()
        };
        assert_eq!(text("source_smiles"), [Some("C("), Some("C\u{fffd}"), Some("CN"), None]);
        assert_eq!(text("xf_name"), [None, None, Some("T"), None]);
        assert_eq!(text("stage"), ["parse", "input", "sanitize", "input"].map(Some));
        assert_eq!(text("code"), ["syntax", "not_utf8", "valence", "null"].map(Some));
        assert_eq!(rows.batch.column_by_name("source_id").unwrap().null_count(), 4);
    }
}
