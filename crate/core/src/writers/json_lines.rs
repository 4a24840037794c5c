//! A JSON object for each row. Integers are exact, a float is the shortest number that reads as the same, NaN and the
//! infinities, which JSON lacks, are null.

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use arrow::json::LineDelimitedWriter;
use arrow::json::writer::{LineDelimited, WriterBuilder};
use serde_json::value::RawValue;

use super::encoder::{Content, Encoded, Encoder, Rows, broken};
use super::values::rows_in_utc;
use crate::error::Error;

/// Encodes JSON.
pub struct JsonLines;

impl Encoder for JsonLines {
    fn encode(&mut self, rows: &Rows) -> Result<Encoded, Error> {
        Ok(Encoded::all(rows, Content::Text(lines(&rows.columns).map_err(broken)?)))
    }
}

fn lines(rows: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let mut writer: LineDelimitedWriter<Vec<u8>> =
        WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(Vec::new());
    writer.write(&rows_in_utc(rows)?)?;
    writer.finish()?;
    Ok(writer.into_inner())
}

/// An object for each row.
///
/// # Errors
/// An internal error.
pub fn json_objects(rows: &RecordBatch) -> Result<Vec<Box<RawValue>>, Error> {
    let text = String::from_utf8(lines(rows).map_err(broken)?).map_err(broken)?;
    text.lines().map(|line| RawValue::from_string(line.to_owned()).map_err(broken)).collect()
}
