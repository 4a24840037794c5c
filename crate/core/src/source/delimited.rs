//! CSV, TSV and similar files. Every column is text, and an empty field of a column other than the SMILES is a null.
//! Without a header the columns are called `column_1`, `column_2` and so on.
//!
//! As everywhere in CSV, an empty line is not a row. A row with more or fewer fields than the first line is rejected:
//! its SMILES could be the value of a different column. So is a row of TSV with a line end in a field, unless a column has
//! mol blocks. Most programs that write TSV quote nothing, so a quote at the start of a name would swallow all rows up to
//! the next such name.

use std::io::{self, Read};
use std::path::Path;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::peek::TextReader;
use super::sniff::Found;
use super::text::{Records, TextSource};
use super::{MAX_ROW_BYTES, SourceOptions, check_column_count};
use crate::error::Error;

/// Records of delimited values.
pub(super) struct DelimitedValues {
    reader: Reader<Bounded>,
    delimiter: u8,
    /// Whether a field may have line ends.
    has_long_fields: bool,
    /// Fields of a whole record.
    fields: usize,
    record: ByteRecord,
}

/// The file at `path`.
pub(super) fn open(
    path: &Path,
    text: TextReader,
    delimiter: u8,
    found: Found,
    options: &SourceOptions,
) -> Result<TextSource<DelimitedValues>, Error> {
    let refuse = |reason: String| Error::InputUnreadable { path: path.to_owned(), reason };
    let text = Bounded { text, left: MAX_ROW_BYTES };
    let has_header = found.layout.header;
    let mut reader = ReaderBuilder::new();
    reader.delimiter(delimiter).has_headers(has_header).flexible(true);
    let mut reader = reader.from_reader(text);
    let names: Vec<String> = match has_header {
        true => {
            let header = reader.byte_headers().map_err(|error| refuse(format!("no header: {error}")))?;
            header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
        }
        false => (1..=found.width).map(|number| format!("column_{number}")).collect(),
    };
    check_column_count(path, names.len())?;
    let has_long_fields = delimiter != b'\t' || options.molblock_column.is_some();
    let values = DelimitedValues {
        reader,
        delimiter,
        has_long_fields,
        fields: names.len(),
        record: ByteRecord::new(),
    };
    TextSource::of_table(path, values, names, found, options)
}

impl Records for DelimitedValues {
    fn read(&mut self) -> Result<bool, String> {
        self.reader.get_mut().left = MAX_ROW_BYTES;
        self.reader.read_byte_record(&mut self.record).map_err(|error| error.to_string())
    }

    fn fields<'r>(&'r self) -> Result<impl Fn(usize) -> &'r [u8], String> {
        let record = &self.record;
        let is_whole =
            record.len() == self.fields && (self.has_long_fields || !record.as_slice().contains(&b'\n'));
        if is_whole {
            return Ok(|position| &record[position]);
        }
        let fields: Vec<&[u8]> = record.iter().collect();
        Err(String::from_utf8_lossy(&fields.join(&self.delimiter)).into_owned())
    }
}

/// Text of which at most `left` more bytes are handed out: a quote that is never closed must not pull the whole file
/// into memory.
struct Bounded {
    text: TextReader,
    left: u64,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            let limit = MAX_ROW_BYTES >> 20;
            return Err(io::Error::other(format!(
                "a row of more than {limit} MiB; is a quote never closed?"
            )));
        }
        let room = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.text.read(&mut buffer[..room])?;
        self.left -= read as u64;
        Ok(read)
    }
}
