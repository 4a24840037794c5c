//! Text whose first lines show how it is read: lines of SMILES, and tables of delimited values.

use std::path::Path;

use super::layout::Delimiter;
use super::peek::TextReader;
use super::sample::{Extent, Sample};
use super::{ReadsAsSmiles, Source, SourceOptions, delimited, smiles_text, sniff};
use crate::error::Error;

/// The table in `text`; `by_name` is what the name of the file implies as the column separator.
pub(super) fn open_table(
    path: &Path,
    text: TextReader,
    by_name: Option<Delimiter>,
    options: &SourceOptions,
    reads_as_smiles: &ReadsAsSmiles<'_>,
) -> Result<Box<dyn Source>, Error> {
    let (sample, text) = Sample::take(path, text, Extent::TABLE)?;
    let found = sniff::sniff(path, &sample, by_name, options, reads_as_smiles)?;
    Ok(match found.layout.delimiter.byte() {
        None => Box::new(smiles_text::open(path, text, found, options)?),
        Some(delimiter) => Box::new(delimited::open(path, text, delimiter, found, options)?),
    })
}
