//! A library of a known format: opens it in that format, and adds the format to what is known of its columns.

use std::io::Read;
use std::path::Path;

use super::arrow_ipc::ArrowSource;
use super::detect::{Input, notice};
use super::format::InputFormat;
use super::jsonl::JsonLines;
use super::layout::{Delimiter, Layout};
use super::parquet::ParquetSource;
use super::peek::TextReader;
use super::table::open_table;
use super::{Chunk, InputColumns, ReadsAsSmiles, Source, SourceOptions, sdf};
use crate::error::Error;
use crate::stable_file::StableFile;

/// A source, with its format in its columns.
pub(super) struct Identified {
    source: Box<dyn Source>,
    columns: InputColumns,
}

impl Identified {
    /// The library in `stream`, which is called `path`; `file` is the file that it comes from, if there is one.
    pub(super) fn open(
        path: &Path,
        stream: Box<dyn Read + Send>,
        file: Option<&StableFile>,
        options: &SourceOptions,
        reads_as_smiles: &ReadsAsSmiles<'_>,
    ) -> Result<Self, Error> {
        let Input { format, text } = Input::open(path, stream, options)?;
        if let Some(format) = format {
            options.refuse_for(format)?;
        }
        let source = match format {
            Some(format) => open_as(format, path, text, file, options, reads_as_smiles)?,
            None => open_table(path, text, None, options, reads_as_smiles)?,
        };
        let mut columns = source.columns().clone();
        columns.format = format.unwrap_or_else(|| of_layout(columns.layout.as_ref()));
        columns.notices.extend(notice(path, columns.format, options));
        Ok(Self { source, columns })
    }
}

/// Opens the library in `text` as `format`.
fn open_as(
    format: InputFormat,
    path: &Path,
    text: TextReader,
    file: Option<&StableFile>,
    options: &SourceOptions,
    reads_as_smiles: &ReadsAsSmiles<'_>,
) -> Result<Box<dyn Source>, Error> {
    let facts = format.facts();
    let refuse = |reason: String| Err(Error::InputUnreadable { path: path.to_owned(), reason });
    Ok(match format {
        InputFormat::Smi | InputFormat::Csv | InputFormat::Tsv => {
            open_table(path, text, facts.delimiter, options, reads_as_smiles)?
        }
        InputFormat::Parquet => match file {
            Some(file) => Box::new(ParquetSource::open(file, options)?),
            None => return refuse(format!("{} is read only from a file; write it to one", facts.title)),
        },
        InputFormat::Arrow => Box::new(ArrowSource::open(path, text, file, options)?),
        InputFormat::Jsonl => Box::new(JsonLines::open(path, text, options, reads_as_smiles)?),
        InputFormat::Sdf => Box::new(sdf::open(path, text, options)?),
    })
}

/// The format of a file that is read with this layout.
fn of_layout(layout: Option<&Layout>) -> InputFormat {
    match layout.map(|layout| layout.delimiter) {
        None | Some(Delimiter::Blank) => InputFormat::Smi,
        Some(Delimiter::Tab) => InputFormat::Tsv,
        Some(_) => InputFormat::Csv,
    }
}

impl Source for Identified {
    fn columns(&self) -> &InputColumns {
        &self.columns
    }

    fn total_rows(&self) -> Option<u64> {
        self.source.total_rows()
    }

    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        self.source.next_chunk(max_rows)
    }

    fn skip(&mut self, rows: u64, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        self.source.skip(rows, stop_check)
    }
}
