//! The directory at the end of an Arrow IPC file: its schema, and where its messages are.
//!
//! It is the only complete description of a file: some writers (polars) leave the schema out between the marks, and
//! dictionaries may come after the batches that need them.

use std::io::{BufRead, Read};

use arrow::ipc::{Block, Footer, root_as_footer};

use super::messages::FILE_MARK;
use crate::stable_file::StableFile;

/// Largest directory: a schema of as many columns as a library may have, and a million batches.
const MAX_BYTES: u64 = 64 << 20;

/// The directory of a file.
pub(super) struct Directory(Vec<u8>);

impl Directory {
    /// The directory of `file`; `None` if it is not an Arrow IPC file, but a stream or compressed.
    ///
    /// # Errors
    /// Why the directory cannot be read.
    pub(super) fn read(file: &StableFile) -> Result<Option<Self>, String> {
        let in_words = |error: std::io::Error| error.to_string();
        if !file.reader().fill_buf().map_err(in_words)?.starts_with(FILE_MARK) {
            return Ok(None);
        }
        let end_bytes = 4 + FILE_MARK.len() as u64;
        let mut end = Vec::new();
        let start = file.bytes().checked_sub(end_bytes).ok_or(TRUNCATED)?;
        file.from(start).read_to_end(&mut end).map_err(in_words)?;
        let (length, mark) = end.split_first_chunk().ok_or(TRUNCATED)?;
        let length = u64::try_from(i32::from_le_bytes(*length)).map_err(|_| TRUNCATED)?;
        let start = start.checked_sub(length).filter(|_| mark == FILE_MARK && length <= MAX_BYTES);
        let mut footer = Vec::new();
        file.from(start.ok_or(TRUNCATED)?).take(length).read_to_end(&mut footer).map_err(in_words)?;
        let directory = Self(footer);
        directory.footer()?;
        Ok(Some(directory))
    }

    /// The directory, which was checked.
    pub(super) fn footer(&self) -> Result<Footer<'_>, String> {
        root_as_footer(&self.0).map_err(|error| format!("its directory is damaged: {error}"))
    }

    /// Where the messages begin: those of dictionaries, then those of batches.
    pub(super) fn places(&self) -> Result<Vec<u64>, String> {
        let footer = self.footer()?;
        let blocks =
            footer.dictionaries().into_iter().flatten().chain(footer.recordBatches().into_iter().flatten());
        let place = |block: &Block| u64::try_from(block.offset());
        blocks
            .map(place)
            .collect::<Result<_, _>>()
            .map_err(|_| "its directory has negative places".to_owned())
    }
}

const TRUNCATED: &str = "it is truncated: it does not end with a directory and `ARROW1`";
