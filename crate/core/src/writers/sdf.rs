//! SDF: a mol block with 2D coordinates for each molecule, then its columns as properties. Rows whose molecule cannot be
//! drawn are left out; a null is a property that is not there.

use std::borrow::Cow;

use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::depictor::Depictor;
use super::encoder::{Content, Encoded, Encoder, Layout, Rows, broken};
use super::values::{Values, in_utc, json_options, rows_in_utc};
use crate::error::Error;

/// The last line of a record.
const RECORD_END: &str = "$$$$";

struct Sdf {
    /// The line above each property's value.
    headers: Vec<String>,
    schema: arrow::datatypes::SchemaRef,
    depictor: Box<dyn Depictor>,
}

/// An encoder for rows of that layout.
///
/// # Errors
/// Those of making the depictor.
pub fn encoder(layout: &Layout<'_>) -> Result<Box<dyn Encoder>, Error> {
    let header = |name: &str| {
        let name = name.replace(|sign: char| sign == '<' || sign == '>' || sign.is_control(), "_");
        format!(">  <{name}>\n")
    };
    Ok(Box::new(Sdf {
        headers: layout.schema.fields().iter().map(|field| header(field.name())).collect(),
        schema: layout.schema.clone(),
        depictor: (layout.make_depictor)()?,
    }))
}

impl Encoder for Sdf {
    fn encode(&mut self, rows: &Rows) -> Result<Encoded, Error> {
        let (options, shown) = (json_options(), FormatOptions::default());
        let columns = rows_in_utc(&rows.columns).map_err(broken)?;
        let mut values = Values::new(&columns, self.schema.fields(), &options).map_err(broken)?;
        let ids = rows.ids.as_ref().map(in_utc).transpose().map_err(broken)?;
        let ids = ids.as_ref().map(|ids| ArrayFormatter::try_new(ids, &shown));
        let ids = ids.transpose().map_err(broken)?;
        let (mut text, mut value) = (String::new(), String::new());
        let (mut row, mut left_out, mut changed) = (0, Vec::new(), 0);
        let headers = &self.headers;
        self.depictor.mol_blocks(&rows.smiles, &mut |block| {
            let this = row;
            row += 1;
            let Some(block) = block else {
                left_out.push(rows.positions[this]);
                return Ok(());
            };
            let mut add = |text: &mut String, value: &str| {
                let safe = one_line(value);
                changed += u64::from(matches!(safe, Cow::Owned(_)));
                text.push_str(&safe);
            };
            if let Some(ids) = &ids {
                add(&mut text, &ids.value(this).try_to_string().map_err(broken)?);
            }
            text.push_str(block);
            for (column, header) in headers.iter().enumerate() {
                if values.read(column, this, &mut value).map_err(broken)? {
                    text.push_str(header);
                    add(&mut text, &value);
                    text.push_str("\n\n");
                }
            }
            text.push_str(RECORD_END);
            text.push('\n');
            Ok(())
        })?;
        let written = rows.positions.len() - left_out.len();
        Ok(Encoded { content: Content::Text(text.into_bytes()), rows: written as u64, left_out, changed })
    }
}

/// The value as a single line that does not end the record. A line break becomes a blank: an empty line would end the value.
fn one_line(value: &str) -> Cow<'_, str> {
    let ends_record = value.starts_with(RECORD_END);
    if !ends_record && !value.contains(['\r', '\n']) {
        return Cow::Borrowed(value);
    }
    let line = value.replace("\r\n", " ").replace(['\r', '\n'], " ");
    Cow::Owned(if ends_record { format!(" {line}") } else { line })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_line_and_does_not_end_its_record() {
        assert!(matches!(one_line("C1 $$$$ >  <x>"), Cow::Borrowed(_)));
        assert_eq!(one_line("a\r\n\r\nb\rc\n$$$$"), "a  b c $$$$");
        assert_eq!(one_line("$$$$"), " $$$$");
        assert_eq!(one_line("$$$$\n"), " $$$$ ");
    }
}
