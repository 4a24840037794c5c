//! A JSON object for each row. Integers are exact, a float is the shortest number that reads as the same, NaN and the
//! infinities, which JSON lacks, are null.

use arrow::json::LineDelimitedWriter;
use arrow::json::writer::{LineDelimited, WriterBuilder};

use super::encoder::{Content, Encoded, Encoder, Rows, broken};
use super::values::rows_in_utc;
use crate::error::Error;

/// Encodes JSON.
pub struct JsonLines;

impl Encoder for JsonLines {
    fn encode(&mut self, rows: &Rows) -> Result<Encoded, Error> {
        let mut writer: LineDelimitedWriter<Vec<u8>> =
            WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(Vec::new());
        let columns = rows_in_utc(&rows.columns).map_err(broken)?;
        writer.write(&columns).and_then(|()| writer.finish()).map_err(broken)?;
        Ok(Encoded::all(rows, Content::Text(writer.into_inner())))
    }
}
