//! The files of a gallery: under temporary names until all of them are complete.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::molecule::Molecule;
use super::names::Names;
use super::page::{Page, PageFacts, PageNumber, Template};
use crate::disk::Disk;
use crate::error::Error;
use crate::output::pending::{OutputLock, Pending, unhidden};
use crate::output::spared::refuse_if_read;
use crate::writers::Sink;

/// Molecules of a page, at most.
pub const PAGE_MOLECULES: u64 = 500;

/// Bytes of a page, at most, unless its molecules have this many without drawings.
const PAGE_BYTES: u64 = 5_000_000;
/// Room for the molecule that is added last, and for data that are still being packed.
const ROOM_BYTES: u64 = 400_000;

/// Why a molecule has no drawing although it could be drawn.
const NO_ROOM: &str =
    "not drawn: the page has its full size; show fewer rows on a page of its own, with a condition";

/// A file that a gallery has written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GalleryFile {
    /// Its path.
    #[serde(serialize_with = "crate::path_text::serialize")]
    pub file: PathBuf,
    /// Its molecules; those of an index are in the pages.
    pub molecules: u64,
    /// Its size in bytes.
    pub bytes: u64,
}

/// A place for files with the names of a gallery.
pub struct Files<'a> {
    disk: &'a Disk,
    names: &'a Names,
    complete: Vec<(GalleryFile, Pending)>,
    _lock: OutputLock,
}

impl<'a> Files<'a> {
    /// The place, in which none of the names is taken; with `force`, taken ones are replaced.
    ///
    /// # Errors
    /// [`Error::FileExists`]; [`Error::InputInOutput`] for a name of one of `inputs`; [`Error::OutputLocked`]; those of the
    /// disk.
    pub fn new(disk: &'a Disk, names: &'a Names, inputs: &[&Path], force: bool) -> Result<Self, Error> {
        check(names, inputs, force)?;
        disk.create_folder_above(names.folder())?;
        let lock = OutputLock::take(names.path())?;
        // Another gallery may have been completed just before.
        check(names, inputs, force)?;
        let left = found(names, |name| unhidden(name).is_some_and(|name| names.is_own(&name)));
        left.iter().try_for_each(|path| disk.remove(path))?;
        Ok(Self { disk, names, complete: Vec::new(), _lock: lock })
    }

    /// Begins a file.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn begin(&self, name: OsString) -> Result<(Sink, Pending), Error> {
        let (file, pending) = Pending::create(self.disk, self.names.file(name))?;
        Ok((Sink::file(file), pending))
    }

    /// Notes that a file is complete.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn complete(&mut self, sink: &Sink, pending: Pending, molecules: u64) -> Result<(), Error> {
        sink.sync()?;
        let file = GalleryFile { file: pending.target().to_owned(), molecules, bytes: sink.bytes() };
        self.complete.push((file, pending));
        Ok(())
    }

    /// Gives all files their names, in the order in which they were completed, and removes those of an earlier gallery with
    /// the same names.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn publish(self) -> Result<Vec<GalleryFile>, Error> {
        let mut published = Vec::with_capacity(self.complete.len());
        for (file, pending) in self.complete {
            pending.publish(self.disk)?;
            published.push(file);
        }
        let earlier = found(self.names, |name| self.names.is_own(name));
        let is_old = |path: &&PathBuf| published.iter().all(|file| file.file != **path);
        earlier.iter().filter(is_old).try_for_each(|path| self.disk.remove(path))?;
        self.disk.sync_folder(self.names.folder())?;
        published.sort_by(|one, other| one.file.cmp(&other.file));
        Ok(published)
    }
}

fn check(names: &Names, inputs: &[&Path], force: bool) -> Result<(), Error> {
    let mut earlier = found(names, |name| names.is_own(name));
    refuse_if_read(inputs, earlier.iter().cloned())?;
    match earlier.pop() {
        Some(path) if !force => Err(Error::FileExists { path }),
        _ => Ok(()),
    }
}

/// Files in the folder with such names.
fn found(names: &Names, is_wanted: impl Fn(&std::ffi::OsStr) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(names.folder()).into_iter().flatten().flatten();
    let own = entries.map(|entry| entry.file_name()).filter(|name| is_wanted(name));
    own.map(|name| names.file(name)).collect()
}

/// What all pages say.
#[derive(Debug, Clone, Copy)]
pub struct Common<'a> {
    /// Facts of which page number and names are not filled in.
    pub facts: &'a PageFacts<'a>,
    /// The template of pages.
    pub template: Template<'a>,
}

/// The pages of a gallery, which are filled one after the other; an index, if there are several.
pub struct Pages<'a> {
    files: Files<'a>,
    names: &'a Names,
    common: Common<'a>,
    /// Names of the numbered pages.
    numbered: Vec<String>,
    index: Option<(Page<'a>, Pending)>,
    open: Option<(Page<'a>, Pending)>,
    /// The number of the open page.
    number: u64,
    /// Molecules of the open page.
    molecules: u64,
    /// Molecules whose drawings had no room.
    pub without_room: u64,
}

impl<'a> Pages<'a> {
    /// The pages of as many molecules as the facts announce.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn new(files: Files<'a>, names: &'a Names, common: Common<'a>) -> Result<Self, Error> {
        let count = common.facts.shown.div_ceil(PAGE_MOLECULES).max(1);
        let numbered = |number| names.page(number).to_string_lossy().into_owned();
        let mut pages = Self {
            files,
            names,
            common,
            numbered: if count > 1 { (1..=count).map(numbered).collect() } else { Vec::new() },
            index: None,
            open: None,
            number: 1,
            molecules: 0,
            without_room: 0,
        };
        let first = if pages.numbered.is_empty() { names.name().to_owned() } else { names.page(1) };
        pages.open = Some(pages.begin(first)?);
        if !pages.numbered.is_empty() {
            pages.index = Some(pages.begin(names.name().to_owned())?);
        }
        Ok(pages)
    }

    fn begin(&self, name: OsString) -> Result<(Page<'a>, Pending), Error> {
        let (sink, pending) = self.files.begin(name)?;
        let page = Page::begin(sink, self.common.template);
        Ok((page.map_err(|error| Error::output("write", pending.target(), error))?, pending))
    }

    /// Adds the next molecule.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn add(&mut self, molecule: Molecule) -> Result<(), Error> {
        if self.molecules == PAGE_MOLECULES {
            self.end_page()?;
            self.number += 1;
            self.molecules = 0;
            self.open = Some(self.begin(self.names.page(self.number))?);
        }
        self.molecules += 1;
        let Some((page, pending)) = &mut self.open else { return Err(no_page()) };
        let has_room = page.bytes() + ROOM_BYTES <= PAGE_BYTES;
        let shown = match has_room || molecule.drawing.is_none() {
            true => molecule,
            false => {
                self.without_room += 1;
                molecule.undrawn(NO_ROOM)
            }
        };
        page.add(&shown).map_err(|error| Error::output("write", pending.target(), error))?;
        if let Some((index, pending)) = &mut self.index {
            let listed = shown.listed(self.number);
            index.add(&listed).map_err(|error| Error::output("write", pending.target(), error))?;
        }
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), Error> {
        let Some(open) = self.open.take() else { return Err(no_page()) };
        let of = self.numbered.len().max(1) as u64;
        self.end(open, PageNumber { number: self.number, of })
    }

    fn end(&mut self, (page, pending): (Page<'a>, Pending), number: PageNumber) -> Result<(), Error> {
        let index = self.names.name().to_string_lossy();
        let facts = PageFacts {
            page: number,
            files: &self.numbered,
            index: Some(&*index).filter(|_| number.number > 0 && number.of > 1),
            ..self.common.facts.clone()
        };
        let finished = page.finish(&facts);
        let (sink, molecules) = finished.map_err(|error| Error::output("write", pending.target(), error))?;
        self.files.complete(&sink, pending, molecules)
    }

    /// Ends the pages and gives them their names; the index, if there is one, comes last.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn publish(mut self) -> Result<Vec<GalleryFile>, Error> {
        self.end_page()?;
        if let Some(index) = self.index.take() {
            let of = self.numbered.len() as u64;
            self.end(index, PageNumber { number: 0, of })?;
        }
        self.files.publish()
    }
}

fn no_page() -> Error {
    Error::internal("a gallery without an open page")
}
