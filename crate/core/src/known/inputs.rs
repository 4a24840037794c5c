//! The files of known molecules that a run is given.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::file::KnownSource;
use crate::engine::Engine;
use crate::error::Error;
use crate::library::{self, Library, LibraryFile};
use crate::source::{self, ColumnTypes, InputColumns, KeepColumns, Source, SourceOptions, hash_file};
use crate::stable_file::StableFile;

/// The files, opened, and what of them affects the result.
#[derive(Default)]
pub struct KnownInputs {
    files: Vec<KnownInput>,
    /// One for each file, in the same order, once they are hashed.
    sources: Vec<KnownSource>,
}

/// A file that can be read.
pub struct KnownInput {
    file: StableFile,
    options: SourceOptions,
    columns: InputColumns,
}

impl KnownInputs {
    /// Opens the files at `paths` and finds the columns with their molecules. A file of the `library` of the run, which is
    /// read with `options`, may be one of them and is then read in the same way.
    ///
    /// # Errors
    /// Those of an input.
    pub fn open(
        paths: &[PathBuf],
        library: &Library,
        options: &SourceOptions,
        engine: &dyn Engine,
    ) -> Result<Self, Error> {
        let files = paths.iter().map(|path| KnownInput::open(path, library, options, engine));
        Ok(Self { files: files.collect::<Result<_, _>>()?, sources: Vec::new() })
    }

    /// Hashes the files. From then on they are in the order of their hashes, and equal ones are one.
    ///
    /// # Errors
    /// Those of an input; `stop_check` is called meanwhile.
    pub fn hash(&mut self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        let mut hashed = Vec::new();
        for file in std::mem::take(&mut self.files) {
            let sha256 = hash_file(&file.file, || stop_check().is_err())?;
            stop_check()?;
            let sha256 = sha256.ok_or_else(|| Error::internal("known molecules were not hashed"))?;
            hashed.push((KnownSource::new(sha256, &file.columns), file));
        }
        hashed
            .sort_by(|(one, _), (other, _)| (&one.sha256, &one.smiles).cmp(&(&other.sha256, &other.smiles)));
        hashed.dedup_by(|(one, _), (other, _)| one == other);
        (self.sources, self.files) = hashed.into_iter().unzip();
        Ok(())
    }

    /// What of the files affects the result; nothing before they are hashed.
    pub fn sources(&self) -> &[KnownSource] {
        &self.sources
    }

    /// The file with this label, once the files are hashed.
    ///
    /// # Errors
    /// An internal error.
    pub fn find(&self, label: &str) -> Result<Option<(&KnownInput, &KnownSource)>, Error> {
        for (file, source) in self.hashed() {
            if source.label()? == label {
                return Ok(Some((file, source)));
            }
        }
        Ok(None)
    }

    /// The files, once they are hashed.
    pub(super) fn hashed(&self) -> impl Iterator<Item = (&KnownInput, &KnownSource)> {
        self.files.iter().zip(&self.sources)
    }
}

impl KnownInput {
    fn open(
        path: &Path,
        library: &Library,
        options: &SourceOptions,
        engine: &dyn Engine,
    ) -> Result<Self, Error> {
        if library::is_stream(path) {
            let reason =
                "it is a stream, and known molecules are read more than once; save it to a file".to_owned();
            return Err(Error::InputUnreadable { path: path.to_owned(), reason });
        }
        let of_library = library.files().iter().find(|file| is_same_file(path, file.path()));
        if let Some(file) = of_library.map(LibraryFile::stable).transpose()?.flatten() {
            let options = SourceOptions {
                keep_columns: KeepColumns::None,
                column_types: ColumnTypes::default(),
                computed_columns: Vec::new(),
                bare_columns: Vec::new(),
                ..options.clone()
            };
            return Self::read_as(file, options, engine);
        }
        let file = source::open_file(path)?;
        // The number of a column is that of the library.
        let named = |column: &Option<String>| column.clone().filter(|name| name.parse::<usize>().is_err());
        let as_library = SourceOptions {
            smiles_column: named(&options.smiles_column),
            molblock_column: named(&options.molblock_column),
            ..SourceOptions::default()
        };
        if as_library != SourceOptions::default() {
            match Self::read_as(file.clone(), as_library, engine) {
                // It has no such column, or no columns at all.
                Err(Error::InputColumn { .. } | Error::InvalidOption { .. }) => {}
                read => return read,
            }
        }
        Self::read_as(file, SourceOptions::default(), engine)
    }

    fn read_as(file: StableFile, options: SourceOptions, engine: &dyn Engine) -> Result<Self, Error> {
        let source = read(&file, &options, engine)?;
        let columns = source.columns().clone();
        drop(source);
        Ok(Self { file, options, columns })
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Its molecules, from the first one.
    ///
    /// # Errors
    /// Those of an input.
    pub fn source(&self, engine: &dyn Engine) -> Result<Box<dyn Source>, Error> {
        read(&self.file, &self.options, engine)
    }

    /// Makes sure, when all has been read, that the file is still the one that was hashed.
    pub(super) fn confirm(&self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        self.file.confirm(stop_check)
    }
}

fn read(file: &StableFile, options: &SourceOptions, engine: &dyn Engine) -> Result<Box<dyn Source>, Error> {
    source::read(file, options, &|texts| engine.reads_as_smiles(texts))
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    let identity = |path| fs::metadata(path).map(|found| (found.dev(), found.ino()));
    matches!((identity(one), identity(other)), (Ok(one), Ok(other)) if one == other)
}
