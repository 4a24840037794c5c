//! CSV and TSV.
//!
//! A field is quoted if it has to be. A null is an empty field, and so is an empty text.

use std::io;

use arrow::datatypes::{DataType, SchemaRef};
use csv::{Terminator, Writer, WriterBuilder};

use super::encoder::{Content, Encoded, Encoder, Layout, Rows, broken};
use super::values::{Values, json_options, rows_in_utc};
use crate::error::Error;

/// Characters with which a spreadsheet lets a formula begin.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// What keeps a spreadsheet from taking text for a formula.
const APOSTROPHE: char = '\'';

/// What separates fields and lines.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// Between two fields.
    pub delimiter: u8,
    /// As RFC 4180 has it; else with a line feed alone.
    pub ends_lines_with_crlf: bool,
}

impl Dialect {
    fn writer(self) -> Writer<Vec<u8>> {
        let end = if self.ends_lines_with_crlf { Terminator::CRLF } else { Terminator::Any(b'\n') };
        WriterBuilder::new().delimiter(self.delimiter).terminator(end).from_writer(Vec::new())
    }

    /// The first line of a file.
    pub fn header(self, schema: &SchemaRef) -> io::Result<Vec<u8>> {
        let mut writer = self.writer();
        writer.write_record(schema.fields().iter().map(|field| field.name()))?;
        writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
    }

    /// An encoder of this dialect.
    pub fn encoder(self, layout: &Layout<'_>) -> Result<Box<dyn Encoder>, Error> {
        let is_text = |data_type: &DataType| {
            matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
        };
        let guarded =
            layout.schema.fields().iter().map(|field| layout.spreadsheet && is_text(field.data_type()));
        Ok(Box::new(Delimited {
            dialect: self,
            schema: SchemaRef::clone(&layout.schema),
            guarded: guarded.collect(),
        }))
    }
}

struct Delimited {
    dialect: Dialect,
    schema: SchemaRef,
    /// Whether the text of each column must not begin as a formula.
    guarded: Vec<bool>,
}

impl Encoder for Delimited {
    fn encode(&mut self, rows: &Rows) -> Result<Encoded, Error> {
        let (columns, options) = (rows_in_utc(&rows.columns).map_err(broken)?, json_options());
        let mut values = Values::new(&columns, self.schema.fields(), &options).map_err(broken)?;
        let (mut writer, mut text) = (self.dialect.writer(), String::new());
        for row in 0..columns.num_rows() {
            for column in 0..values.len() {
                values.read(column, row, &mut text).map_err(broken)?;
                if self.guarded[column] && text.starts_with(FORMULA_STARTS) {
                    text.insert(0, APOSTROPHE);
                }
                writer.write_field(&text).map_err(broken)?;
            }
            writer.write_record(None::<&[u8]>).map_err(broken)?;
        }
        Ok(Encoded::all(rows, Content::Text(writer.into_inner().map_err(broken)?)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Float64Array, Int64Array, ListArray, RecordBatch, StringArray};
    use arrow::datatypes::Int32Type;

    use super::*;
    use crate::strings::SmilesBatch;

    const COMMAS: Dialect = Dialect { delimiter: b',', ends_lines_with_crlf: true };

    fn written(dialect: Dialect, spreadsheet: bool, columns: Vec<(&str, ArrayRef)>) -> String {
        let columns = RecordBatch::try_from_iter_with_nullable(
            columns.into_iter().map(|(name, array)| (name, array, true)),
        )
        .unwrap();
        let schema = columns.schema();
        let make_depictor = || Err(Error::internal("nothing is drawn"));
        let layout = Layout { schema: Arc::clone(&schema), spreadsheet, make_depictor: &make_depictor };
        let positions = (0..columns.num_rows() as u64).collect();
        let rows = Rows { columns, smiles: SmilesBatch::default(), ids: None, positions };
        let encoded = dialect.encoder(&layout).unwrap().encode(&rows).unwrap();
        let Content::Text(mut text) = encoded.content else { panic!("it is text") };
        text.splice(0..0, dialect.header(&schema).unwrap());
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn fields_are_quoted_where_they_have_to_be_and_lists_are_json() {
        let lists = ListArray::from_iter_primitive::<Int32Type, _, _>([
            Some(vec![Some(1), None, Some(-3)]),
            Some(vec![]),
            None,
        ]);
        let text = written(
            COMMAS,
            false,
            vec![
                ("a \"b\", c", Arc::new(StringArray::from(vec![Some("x,y"), Some("\"\n"), None]))),
                ("n", Arc::new(Int64Array::from(vec![i64::MAX, i64::MIN, 0]))),
                ("f", Arc::new(Float64Array::from(vec![0.1 + 0.2, 1e300, -0.0]))),
                ("l", Arc::new(lists)),
            ],
        );
        assert_eq!(
            text,
            "\"a \"\"b\"\", c\",n,f,l\r\n\
             \"x,y\",9223372036854775807,0.30000000000000004,\"[1,null,-3]\"\r\n\
             \"\"\"\n\",-9223372036854775808,1e300,[]\r\n\
             ,0,-0.0,\r\n"
        );
    }

    #[test]
    fn a_spreadsheet_takes_no_text_for_a_formula() {
        let texts = ["=1+1", "+a", "-a", "@a", "\tb", "\rb", "C=O", "1-2"];
        let columns = || -> Vec<(&str, ArrayRef)> {
            vec![
                ("text", Arc::new(StringArray::from(texts.to_vec()))),
                ("number", Arc::new(Int64Array::from(vec![-1; texts.len()]))),
            ]
        };
        let tabs = Dialect { delimiter: b'\t', ends_lines_with_crlf: false };
        let text = written(tabs, true, columns());
        let lines: Vec<&str> = text.split('\n').skip(1).collect();
        assert_eq!(
            lines,
            [
                "'=1+1\t-1",
                "'+a\t-1",
                "'-a\t-1",
                "'@a\t-1",
                "\"'\tb\"\t-1",
                "\"'\rb\"\t-1",
                "C=O\t-1",
                "1-2\t-1",
                ""
            ]
        );
        assert!(!written(tabs, false, columns()).contains('\''), "only if it is asked for");
    }
}
