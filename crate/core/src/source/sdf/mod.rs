//! SDF: records of a mol block, then data items, then `$$$$`.
//!
//! Nothing here reads chemistry. The mol block of a record is a row's text; its first line, the title, is the id; each data
//! item is a value of the column that it names. Which columns there are follows from the first records
//! ([`AHEAD_RECORDS`], or [`AHEAD_BYTES`] of text): a data item that only later ones have is left out and counted, unless an
//! option names it.

use std::collections::HashSet;
use std::io::{BufReader, Read};
use std::path::Path;

use arrow::datatypes::{Field, Fields};

use self::records::SdfRecords;
use super::columns::{RECORD_TEXT, RECORD_TITLE, choose_of_records};
use super::peek::TextReader;
use super::read_ahead::ReadAhead;
use super::text::{Records, TextSource};
use super::{KeepColumns, SourceOptions, TEXT_BUFFER_BYTES, check_column_count};
use crate::error::Error;
use crate::strings::Notation;

mod records;

/// Records that show which columns there are, at most.
const AHEAD_RECORDS: usize = 10_000;
/// Text of these records, in bytes, at most.
const AHEAD_BYTES: usize = 32 << 20;

/// The file at `path`.
pub(super) fn open(
    path: &Path,
    text: TextReader,
    options: &SourceOptions,
) -> Result<TextSource<SdfRecords<Box<dyn Read + Send>>>, Error> {
    let needs_names = options.keep_columns != KeepColumns::None || options.id_column.is_some();
    let (mut names, text) = if needs_names { data_names(text) } else { (Vec::new(), text) };
    let later = later_names(&names, &options.keep_columns);
    names.extend(later.iter().map(|name| name.clone().into_bytes()));
    check_column_count(path, names.len())?;
    let columns = [RECORD_TEXT, RECORD_TITLE].map(str::to_owned).into_iter();
    let columns = columns.chain(names.iter().map(|name| String::from_utf8_lossy(name).into_owned()));
    let fields: Fields =
        columns.map(|name| Field::new(&name, options.column_types.data_type(&name), true)).collect();
    let mut choice = choose_of_records(path, &fields, options)?;
    choice.warnings.extend(later.iter().map(|name| {
        format!(
            "the kept column {name:?} is in none of the first records (at most {AHEAD_RECORDS} were examined)"
        )
    }));
    let mut records = SdfRecords::new(text);
    records.name_columns(names, options.keep_columns == KeepColumns::All);
    TextSource::open(path, records, &fields, choice, Notation::MolBlock, options)
}

/// The columns to keep that are not among these `names`: later records may have them.
fn later_names(names: &[Vec<u8>], keep: &KeepColumns) -> Vec<String> {
    let KeepColumns::Named(kept) = keep else { return Vec::new() };
    let is_known = |name: &str| name == RECORD_TITLE || names.iter().any(|known| known == name.as_bytes());
    let mut later: Vec<String> = kept.iter().filter(|name| !is_known(name)).cloned().collect();
    later.sort_unstable();
    later.dedup();
    later
}

/// The names of the data items of the first records, in the order in which they appear, and the text from its start.
fn data_names(text: TextReader) -> (Vec<Vec<u8>>, TextReader) {
    let mut ahead = ReadAhead::new(text);
    let mut records = SdfRecords::new(BufReader::with_capacity(TEXT_BUFFER_BYTES, &mut ahead));
    let (mut names, mut known) = (Vec::new(), HashSet::new());
    let (mut read, mut bytes) = (0, 0);
    // An error comes again when the rows are read.
    while read < AHEAD_RECORDS && bytes < AHEAD_BYTES && records.read() == Ok(true) {
        read += 1;
        bytes += records.bytes();
        for name in records.names() {
            if !known.contains(name) {
                known.insert(name.to_vec());
                names.push(name.to_vec());
            }
        }
    }
    (names, ahead.again())
}
