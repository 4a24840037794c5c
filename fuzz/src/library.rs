//! Bytes as a library file.

use std::fs;
use std::panic;
use std::path::PathBuf;
use std::sync::Once;

use tempfile::TempDir;
use xform_core::engine::SmilesBatch;
use xform_core::source::{KeepColumns, SourceOptions, open};
use xform_core::{Error, ErrorClass};

/// Rows requested at a time: few, so that a small file gives several chunks.
const CHUNK_ROWS: usize = 7;

/// A file that is rewritten for each input.
pub struct LibraryFile {
    _folder: TempDir,
    path: PathBuf,
}

static LET_DECODERS_PANIC: Once = Once::new();

/// A panic in a decoder crate is caught and reported as an error of the input; libfuzzer-sys would end the process
/// first. Panics of our own code still end it.
fn let_decoders_panic() {
    let end_process = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let is_ours = info.location().is_none_or(|location| !location.file().contains("/registry/"));
        if is_ours {
            end_process(info);
        }
    }));
}

impl LibraryFile {
    /// A file called `name`; the name decides its format if the first bytes do not.
    pub fn new(name: &str) -> Self {
        LET_DECODERS_PANIC.call_once(let_decoders_panic);
        let folder = tempfile::tempdir().expect("a folder can be made");
        Self { path: folder.path().join(name), _folder: folder }
    }

    /// Reads `bytes` to the end with every column.
    ///
    /// # Panics
    /// If an error is not about the input, or a chunk violates what it promises.
    pub fn read(&self, bytes: &[u8]) {
        fs::write(&self.path, bytes).expect("the file can be written");
        if let Err(error) = self.read_all() {
            assert_eq!(error.class(), ErrorClass::Input, "{error}");
        }
    }

    fn read_all(&self) -> Result<(), Error> {
        let options = SourceOptions { keep_columns: KeepColumns::All, ..Default::default() };
        let mut source = open(&self.path, &options, &reads_as_smiles)?;
        let mut rows = 0;
        while let Some(chunk) = source.next_chunk(CHUNK_ROWS)? {
            let len = chunk.smiles.len();
            assert!((1..=CHUNK_ROWS).contains(&len), "{len} rows in a chunk");
            assert_eq!(chunk.columns.num_rows(), len);
            assert_eq!(chunk.columns.schema().fields(), &source.columns().fields());
            for fault in &chunk.faults {
                assert_eq!(chunk.smiles.get(fault.row as usize), b"", "a fault has no SMILES");
            }
            rows += len as u64;
        }
        assert!(source.total_rows().is_none_or(|total| total == rows), "{rows} rows");
        Ok(())
    }
}

/// A verdict that depends only on the text and can be yes or no.
fn reads_as_smiles(texts: &SmilesBatch) -> Result<Vec<bool>, Error> {
    Ok((0..texts.len()).map(|row| texts.get(row).first().is_some_and(u8::is_ascii_uppercase)).collect())
}
