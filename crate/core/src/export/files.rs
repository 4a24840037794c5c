//! The files of an export: under temporary names until all of them are complete.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use arrow::datatypes::SchemaRef;
use serde::Serialize;

use super::names::Names;
use crate::disk::Disk;
use crate::error::Error;
use crate::output::pending::{OutputLock, Pending, unhidden};
use crate::output::spared::refuse_if_read;
use crate::writers::{Body, Content, Sink};

/// A file that an export has written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedFile {
    /// Its path; `-` for standard output.
    #[serde(serialize_with = "crate::path_text::serialize")]
    pub file: PathBuf,
    /// Its rows.
    pub rows: u64,
    /// Its size in bytes.
    pub bytes: u64,
}

/// The files of an export.
pub struct Files<'a> {
    disk: &'a Disk,
    names: &'a Names,
    schema: SchemaRef,
    /// The file that is open in each partition.
    open: HashMap<usize, Open>,
    complete: Vec<(ExportedFile, Option<Pending>)>,
    /// `None` for standard output.
    lock: Option<OutputLock>,
}

struct Open {
    name: OsString,
    body: Box<dyn Body>,
    rows: u64,
    pending: Option<Pending>,
}

impl<'a> Files<'a> {
    /// The files with these names and columns, none of which is there yet. Without `force`, a file that is there is refused.
    ///
    /// # Errors
    /// [`Error::FileExists`]; [`Error::InputInOutput`] for a name of the table at `input`.
    pub fn new(
        disk: &'a Disk,
        names: &'a Names,
        schema: &SchemaRef,
        input: &Path,
        force: bool,
    ) -> Result<Self, Error> {
        let mut files = Self {
            disk,
            names,
            schema: SchemaRef::clone(schema),
            open: HashMap::new(),
            complete: Vec::new(),
            lock: None,
        };
        if names.is_standard_output() {
            return Ok(files);
        }
        files.check(input, force)?;
        disk.create_folder_above(names.folder())?;
        files.lock = Some(OutputLock::take(names.path())?);
        // Another export may have ended just before.
        files.check(input, force)?;
        files.found(unhidden).iter().try_for_each(|path| disk.remove(path))?;
        Ok(files)
    }

    /// Refuses names that are taken.
    fn check(&self, input: &Path, force: bool) -> Result<(), Error> {
        let mut earlier = self.found(|name| Some(name.to_owned()));
        refuse_if_read(&[input], earlier.iter().cloned())?;
        match earlier.pop() {
            Some(path) if !force => Err(Error::FileExists { path }),
            _ => Ok(()),
        }
    }

    /// Adds rows to the file `name` of a partition, which begins with its first rows and ends with the first of another name.
    ///
    /// # Errors
    /// Those of the disk; [`Error::OutputLocked`] if another process writes the file.
    pub fn add(&mut self, partition: usize, name: &OsStr, content: Content, rows: u64) -> Result<(), Error> {
        self.begin(partition, name)?;
        let Some(open) = self.open.get_mut(&partition) else {
            return Err(Error::internal("no file is open"));
        };
        open.rows += rows;
        open.body.add(content).map_err(|error| Error::output("write", &self.names.file(name), error))
    }

    /// Begins the file `name` of a partition, if it is not open.
    ///
    /// # Errors
    /// Those of `add`.
    pub fn begin(&mut self, partition: usize, name: &OsStr) -> Result<(), Error> {
        if self.open.get(&partition).is_some_and(|open| open.name == name) {
            return Ok(());
        }
        if let Some(open) = self.open.remove(&partition) {
            self.complete(open)?;
        }
        let (sink, pending) = self.sink(name)?;
        let packer = match self.names.compression {
            None => Ok(Box::new(sink) as _),
            Some(compression) => (compression.pack)(sink),
        };
        let body = packer.and_then(|packer| (self.names.format.facts().begin)(&self.schema, packer));
        let body = body.map_err(|error| Error::output("write", &self.names.file(name), error))?;
        self.open.insert(partition, Open { name: name.to_owned(), body, rows: 0, pending });
        Ok(())
    }

    fn sink(&self, name: &OsStr) -> Result<(Sink, Option<Pending>), Error> {
        if self.names.is_standard_output() {
            let sink = Sink::standard_output();
            return Ok((sink.map_err(|error| Error::output("open", self.names.path(), error))?, None));
        }
        let (file, pending) = Pending::create(self.disk, self.names.file(name))?;
        Ok((Sink::file(file), Some(pending)))
    }

    fn complete(&mut self, Open { name, body, rows, pending }: Open) -> Result<(), Error> {
        let path = match &pending {
            Some(pending) => pending.target().to_owned(),
            None => self.names.path().to_owned(),
        };
        let finished = body.finish().and_then(|mut sink| sink.flush().map(|()| sink));
        let sink = finished.map_err(|error| Error::output("write", &self.names.file(&name), error))?;
        sink.sync()?;
        self.complete.push((ExportedFile { file: path, rows, bytes: sink.bytes() }, pending));
        Ok(())
    }

    /// Completes all files and gives them their names; files of an earlier export with the same names are removed.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn publish(mut self) -> Result<Vec<ExportedFile>, Error> {
        let mut partitions: Vec<usize> = self.open.keys().copied().collect();
        partitions.sort_unstable();
        for partition in partitions {
            if let Some(open) = self.open.remove(&partition) {
                self.complete(open)?;
            }
        }
        let earlier = match &self.lock {
            None => Vec::new(),
            Some(_) => self.found(|name| Some(name.to_owned())),
        };
        let mut published = Vec::with_capacity(self.complete.len());
        for (file, pending) in std::mem::take(&mut self.complete) {
            if let Some(pending) = pending {
                pending.publish(self.disk)?;
            }
            published.push(file);
        }
        let is_old = |path: &&PathBuf| published.iter().all(|file| file.file != **path);
        earlier.iter().filter(is_old).try_for_each(|path| self.disk.remove(path))?;
        if self.lock.is_some() {
            self.disk.sync_folder(self.names.folder())?;
        }
        published.sort_by(|one, other| one.file.cmp(&other.file));
        Ok(published)
    }

    /// Files in the folder whose names, as `shown` shows them, are those of this export.
    fn found(&self, shown: impl Fn(&OsStr) -> Option<OsString>) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.names.folder()).into_iter().flatten().flatten();
        let own = entries
            .map(|entry| entry.file_name())
            .filter(|name| shown(name).is_some_and(|name| self.names.is_own(&name)));
        own.map(|name| self.names.file(name)).collect()
    }
}

/// Whether the error is that nobody reads standard output any more.
pub fn has_no_reader(error: &Error) -> bool {
    matches!(error, Error::OutputFailed { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
}
