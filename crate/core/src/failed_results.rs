//! Why results of a transform could not be made, counted from the rejects as they are published.

use std::collections::{BTreeMap, HashMap};

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use serde::{Deserialize, Serialize};

use crate::codes::Stage;

/// The most frequent reason why a transform made no product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommonestFailure {
    /// The code, as in the rejects.
    pub code: String,
    /// Records of the transform with that code.
    pub records: u64,
    /// The first row that has such a record.
    pub source_row: i64,
    /// The reason in that record.
    pub reason: String,
}

/// The records of each transform by code, except those of properties, which are no failed results. Memory: one reason per
/// code and transform.
#[derive(Default)]
pub struct FailedResults {
    by_transform: HashMap<String, BTreeMap<String, CommonestFailure>>,
}

impl FailedResults {
    /// Counts a slice of the rejects' table.
    pub fn add(&mut self, rejects: &RecordBatch) -> Result<(), ArrowError> {
        let column = |name| rejects.schema().index_of(name).map(|index| rejects.column(index));
        let text = |name| column(name)?.as_string_opt::<i32>().ok_or_else(|| mistyped(name));
        let rows = column("source_row")?.as_primitive_opt::<Int64Type>();
        let rows = rows.ok_or_else(|| mistyped("source_row"))?;
        let (names, stages) = (text("xf_name")?, text("stage")?);
        let (codes, reasons) = (text("code")?, text("reason")?);
        for (index, name) in names.iter().enumerate() {
            // A bad row is not a failure of any transform.
            let Some(name) = name else { continue };
            if stages.value(index) == Stage::Properties.as_str() {
                continue;
            }
            let code = codes.value(index);
            let by_code = self.by_transform.entry(name.to_owned()).or_default();
            let failure = by_code.entry(code.to_owned()).or_insert_with(|| CommonestFailure {
                code: code.to_owned(),
                records: 0,
                source_row: rows.value(index),
                reason: reasons.value(index).to_owned(),
            });
            failure.records += 1;
        }
        Ok(())
    }

    /// The most frequent failure of a transform, if it has any; if two are equally frequent, the one with the earlier
    /// row.
    pub fn commonest(&self, transform: &str) -> Option<CommonestFailure> {
        let by_code = self.by_transform.get(transform)?;
        by_code.values().min_by_key(|failure| (u64::MAX - failure.records, failure.source_row)).cloned()
    }
}

fn mistyped(column: &str) -> ArrowError {
    ArrowError::SchemaError(format!("{column} has a different type"))
}
