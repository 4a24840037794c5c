//! Rejects by their reason, with examples.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::Int64Type;
use arrow::error::ArrowError;
use serde::Serialize;

use super::pictures::Pictures;
use crate::disk::Disk;
use crate::engine::RejectCode;
use crate::error::Error;
use crate::output::read_back::WrittenFile;
use crate::output::table_error;
use crate::profile::{id_text, short};

/// Records that are shown of each reason.
pub const EXAMPLES: usize = 3;

/// The records of a stage and a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectGroup {
    /// The stage.
    pub stage: String,
    /// The code.
    pub code: String,
    /// Their number.
    pub records: u64,
    /// The first of them, at most [`EXAMPLES`].
    pub examples: Vec<RejectExample>,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectExample {
    /// The row of the library.
    pub source_row: i64,
    /// Its id as text; `None` if it has none, or a very long one.
    pub source_id: Option<String>,
    /// Its SMILES; `None` if it has none, or a very long one.
    pub smiles: Option<String>,
    /// The transform; `None` if the row itself is bad.
    pub transform: Option<String>,
    /// What is wrong.
    pub reason: String,
    /// The molecule as SVG; `None` if it cannot be drawn.
    pub drawing: Option<String>,
}

const COLUMNS: [&str; 7] = ["source_row", "source_id", "source_smiles", "xf_name", "stage", "code", "reason"];

/// The records in the file at `path` by stage and code, the most frequent first.
///
/// # Errors
/// Those of a file that cannot be read or has other columns, and of the pictures.
pub fn groups(disk: &Disk, path: &Path, pictures: &mut Pictures<'_>) -> Result<Vec<RejectGroup>, Error> {
    let mut groups = BTreeMap::new();
    for batch in WrittenFile::open(disk, path)?.batches_of(&COLUMNS)? {
        (pictures.stop_check)()?;
        let taken = take(&mut groups, &batch?).map_err(table_error)?;
        taken.ok_or_else(|| {
            let reason = "columns are missing or have a different type".to_owned();
            Error::OutputDamaged { path: path.to_owned(), reason }
        })?;
    }
    let mut groups: Vec<RejectGroup> = groups.into_values().collect();
    groups.sort_by_key(|group| Reverse(group.records));
    for group in groups.iter_mut().filter(|group| is_harmless(&group.code)) {
        for example in &mut group.examples {
            example.drawing = pictures.of(example.smiles.as_deref().unwrap_or_default())?;
        }
    }
    Ok(groups)
}

/// Whether a molecule that was rejected with this code may be read again in this process.
fn is_harmless(code: &str) -> bool {
    use RejectCode::{Crashed, OutOfMemory, TimedOut};
    ![Crashed, TimedOut, OutOfMemory].iter().any(|deadly| deadly.as_str() == code)
}

type Groups = BTreeMap<(String, String), RejectGroup>;

/// Adds records; `None` if they do not have their columns.
fn take(groups: &mut Groups, batch: &RecordBatch) -> Result<Option<()>, ArrowError> {
    let Some(columns) = Columns::of(batch) else { return Ok(None) };
    for row in 0..batch.num_rows() {
        let (stage, code) = (columns.stages.value(row), columns.codes.value(row));
        let group = groups.entry((stage.to_owned(), code.to_owned())).or_insert_with(|| RejectGroup {
            stage: stage.to_owned(),
            code: code.to_owned(),
            records: 0,
            examples: Vec::new(),
        });
        group.records += 1;
        if group.examples.len() < EXAMPLES {
            group.examples.push(columns.example(row)?);
        }
    }
    Ok(Some(()))
}

struct Columns<'a> {
    rows: &'a Int64Array,
    ids: &'a ArrayRef,
    smiles: &'a StringArray,
    transforms: &'a StringArray,
    stages: &'a StringArray,
    codes: &'a StringArray,
    reasons: &'a StringArray,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a RecordBatch) -> Option<Self> {
        let text = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
        Some(Self {
            rows: batch.column_by_name("source_row")?.as_primitive_opt::<Int64Type>()?,
            ids: batch.column_by_name("source_id")?,
            smiles: text("source_smiles")?,
            transforms: text("xf_name")?,
            stages: text("stage")?,
            codes: text("code")?,
            reasons: text("reason")?,
        })
    }

    fn example(&self, row: usize) -> Result<RejectExample, ArrowError> {
        let given = |texts: &StringArray| texts.is_valid(row).then(|| texts.value(row).to_owned());
        Ok(RejectExample {
            source_row: self.rows.value(row),
            source_id: id_text(self.ids, row)?,
            smiles: given(self.smiles).filter(|smiles| short(smiles).is_some()),
            transform: given(self.transforms),
            reason: self.reasons.value(row).to_owned(),
            drawing: None,
        })
    }
}
