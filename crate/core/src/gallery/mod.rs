//! A gallery: the molecules of a table as HTML that needs nothing else, products beside their parents.
//!
//! The table is read twice: first to count the rows that are shown ([`input`]), because each page says how many there are,
//! then to draw them. One thread reads ([`molecule`]), workers draw ([`crate::drawing`]), and the calling thread packs what
//! they drew into pages, in the order of the table ([`files`], [`page`]). Drawings are packed as they come. Memory is that of
//! a chunk of at most 1,024 rows, a few dozen drawings, and the packers of a page and of the index. Files get their names
//! when all of them are complete.

mod files;
mod grid;
mod input;
mod molecule;
mod names;
mod page;
mod plan;
mod png;
mod summary;
mod values;

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

pub use self::files::GalleryFile;
use self::files::{Common, Files, Pages};
use self::input::Input;
use self::molecule::Molecule;
use self::names::Names;
use self::page::{PageFacts, PageNumber, Template};
use self::plan::Plan;
pub use self::summary::{GalleryProgress, GallerySummary, QueryCount};
use self::values::ShownColumn;
use crate::control::Control;
use crate::drawing::{Illustrator, MakeIllustrator};
use crate::engine::Engine;
use crate::error::Error;
use crate::export::{Deal, Job, table_of};
use crate::make_engine::{EngineSettings, MakeEngine};
use crate::options::{ApplyOptions, Command, GalleryInput, Given, GridSize};
use crate::output::read_back::read_metadata;
use crate::progress::Throttle;
use crate::source::SourceOptions;
use crate::transform::Transform;

/// Molecules that a worker draws at a time.
const PORTION: usize = 8;

/// The options of a gallery.
#[derive(Debug, Clone, Default)]
pub struct GalleryOptions {
    /// Those that only a gallery has.
    pub gallery: GalleryInput,
    /// Those that it shares with a run.
    pub run: ApplyOptions,
}

impl GalleryOptions {
    /// The options in `json`; see [`Given::read`].
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for an option that a gallery does not have, or for an invalid value.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        Given::read(Command::Gallery, json, |given| {
            Ok(Self { gallery: GalleryInput::read(given)?, run: ApplyOptions::read(given)? })
        })
    }
}

/// What a gallery needs of its caller.
pub struct GalleryTools<'a> {
    /// The HTML of a page, with a place for its data.
    pub template: &'a str,
    /// Makes an engine that reads mol blocks, and tells SMILES from other text.
    pub make_engine: &'a MakeEngine<'a>,
    /// Makes what draws molecules.
    pub make_illustrator: &'a MakeIllustrator<'a>,
}

/// Shows the table at `given`: the output folder of a finished run, which stands for its products, or any file with
/// molecules. `on_progress` is called at most every 200 ms.
///
/// # Errors
/// [`Error::InvalidOption`], [`Error::InvalidWhere`], those of a table that cannot be read, [`Error::FileExists`],
/// [`Error::InputInOutput`], those of the disk, [`Error::Cancelled`]. Nothing is left under a final name, unless the process
/// is killed while several complete files get theirs.
pub fn gallery(
    given: &Path,
    options: &GalleryOptions,
    tools: &GalleryTools<'_>,
    control: &Control,
    on_progress: &dyn Fn(GalleryProgress),
) -> Result<GallerySummary, Error> {
    let started = Instant::now();
    let GalleryOptions { gallery: asked, run } = options;
    asked.check_ranges()?;
    run.check_ranges()?;
    let (names, template) = (Names::of(given, asked)?, Template::new(tools.template)?);
    let path = table_of(given)?;
    let transforms = transforms_of(&path, tools, &asked.query)?;
    let engine = (tools.make_engine)(&[], &EngineSettings::default())?;
    let source = SourceOptions { id_column: asked.id_column.clone(), ..run.source() };
    let input = Input::open(&path, source, &*engine)?;
    let plan = Plan::new(asked, &input.columns)?;

    let drawn = AtomicU64::new(0);
    let stop_check = || match control.is_cancelled() {
        true => {
            let rows = drawn.load(Ordering::Relaxed);
            Err(Error::Cancelled { rows, path: names.path().to_owned(), advice: "rerun the same command" })
        }
        false => Ok(()),
    };
    let mut files = Files::new(&control.disk, &names, &input.paths(), run.force)?;
    let (rows_total, rows) = count(&input, &plan, &stop_check)?;
    let most = asked.grid.map_or(asked.limit, GridSize::cells);
    let shown = rows.min(most);

    let columns: Vec<&ShownColumn> = plan.shown.iter().map(|(_, column)| column).collect();
    let drawing = Drawing {
        input: &input,
        plan: &plan,
        engine: &*engine,
        transforms: &transforms,
        queries: &asked.query,
        limit: shown,
        workers: run.workers,
        make_illustrator: tools.make_illustrator,
    };
    let throttle = std::cell::RefCell::new(Throttle::new());
    let idle = || {
        stop_check()?;
        if throttle.borrow_mut().is_due() {
            on_progress(GalleryProgress {
                rows_total: shown,
                rows: drawn.load(Ordering::Relaxed),
                elapsed_seconds: started.elapsed().as_secs_f64(),
            });
        }
        Ok(())
    };
    let mut outcome = Outcome::new(asked.query.len(), transforms.is_empty());
    let mut take = |molecule: &Molecule| {
        outcome.count(molecule);
        drawn.fetch_add(1, Ordering::Relaxed);
    };
    let (files, without_room, cut) = match asked.grid {
        Some(size) => {
            let mut molecules = Vec::new();
            let cut = drawing.draw(&stop_check, &idle, &mut |molecule| {
                take(&molecule);
                molecules.push(molecule);
                Ok(())
            })?;
            let (mut sink, pending) = files.begin(names.name().to_owned())?;
            let svg = grid::draw(size, &molecules);
            let picture = if names.is_png() { png::of_svg(&svg)? } else { svg.into_bytes() };
            let written = sink.write_all(&picture).and_then(|()| sink.flush());
            written.map_err(|error| Error::output("write", names.path(), error))?;
            files.complete(&sink, pending, molecules.len() as u64)?;
            (files.publish()?, 0, cut)
        }
        None => {
            let title = title_of(given);
            let facts = PageFacts {
                title: &title,
                rows,
                shown,
                columns: &columns,
                queries: &asked.query,
                page: PageNumber { number: 1, of: 1 },
                files: &[],
                index: None,
            };
            let mut pages = Pages::new(files, &names, Common { facts: &facts, template })?;
            let cut = drawing.draw(&stop_check, &idle, &mut |molecule| {
                take(&molecule);
                pages.add(molecule)
            })?;
            let without_room = pages.without_room;
            (pages.publish()?, without_room, cut)
        }
    };
    let queries = asked.query.iter().zip(&outcome.matches);
    let mut summary = GallerySummary {
        input: path,
        rows_total,
        rows,
        rows_shown: shown,
        columns: columns.iter().map(|column| column.name.clone()).collect(),
        queries: queries
            .map(|(smarts, &molecules)| QueryCount { smarts: smarts.clone(), molecules })
            .collect(),
        not_drawn: outcome.not_drawn,
        not_aligned: outcome.not_aligned,
        without_room,
        texts_cut: cut,
        files,
        elapsed_seconds: started.elapsed().as_secs_f64(),
        warnings: Vec::new(),
    };
    summary.warnings = outcome.warnings(&summary);
    Ok(summary)
}

/// The transforms that made the products of the table at `path`; none if they are not known, or cannot be used any more.
/// Refuses queries that cannot be used.
fn transforms_of(path: &Path, tools: &GalleryTools<'_>, queries: &[String]) -> Result<Vec<Transform>, Error> {
    (tools.make_illustrator)(&[], queries)?;
    let metadata = read_metadata(path).ok();
    let known = metadata.and_then(|metadata| serde_json::from_value(metadata["transforms"].clone()).ok());
    let transforms: Vec<Transform> = known.unwrap_or_default();
    Ok(match (tools.make_illustrator)(&transforms, &[]) {
        Ok(_) => transforms,
        Err(_) => Vec::new(),
    })
}

/// The number of rows, and of those that meet the condition.
fn count(
    input: &Input,
    plan: &Plan,
    stop_check: &dyn Fn() -> Result<(), Error>,
) -> Result<(u64, u64), Error> {
    let Some(filter) = &plan.filter else {
        let rows = input.count_rows(stop_check)?;
        return Ok((rows, rows));
    };
    let wanted: Vec<usize> = filter.columns().into_iter().collect();
    let mut rows = input.rows(wanted.clone())?;
    let (mut total, mut met) = (0, 0);
    while let Some(chunk) = rows.next_chunk()? {
        stop_check()?;
        total += chunk.smiles.len() as u64;
        let place = |column| wanted.iter().position(|&known| known == column).unwrap_or_default();
        met += filter.met(&chunk.columns, &place)?.len() as u64;
    }
    rows.confirm(stop_check)?;
    Ok((total, met))
}

/// The name of the folder or file.
fn title_of(given: &Path) -> String {
    let full = given.canonicalize().unwrap_or_else(|_| given.to_owned());
    full.file_name().unwrap_or(given.as_os_str()).to_string_lossy().into_owned()
}

/// Molecules that are read and drawn.
struct Drawing<'a> {
    input: &'a Input,
    plan: &'a Plan,
    engine: &'a dyn Engine,
    transforms: &'a [Transform],
    queries: &'a [String],
    /// Molecules that are drawn.
    limit: u64,
    workers: usize,
    make_illustrator: &'a MakeIllustrator<'a>,
}

impl Drawing<'_> {
    /// Draws all molecules, which `take` gets in the order of the table. Returns the number of texts that were cut.
    fn draw(
        &self,
        stop_check: &(dyn Fn() -> Result<(), Error> + Sync),
        idle: &dyn Fn() -> Result<(), Error>,
        take: &mut dyn FnMut(Molecule) -> Result<(), Error>,
    ) -> Result<u64, Error> {
        let job = Job {
            workers: self.workers,
            make: Box::new(|deal| self.read_all(deal, stop_check)),
            worker: &|| {
                let mut illustrator = (self.make_illustrator)(self.transforms, self.queries)?;
                Ok(Box::new(move |molecules| self.draw_some(molecules, &mut *illustrator)))
            },
            take: &mut |molecules: Vec<Molecule>| molecules.into_iter().try_for_each(&mut *take),
            idle,
        };
        job.run()
    }

    fn draw_some(
        &self,
        mut molecules: Vec<Molecule>,
        illustrator: &mut dyn Illustrator,
    ) -> Result<Vec<Molecule>, Error> {
        molecules.iter_mut().try_for_each(|molecule| molecule.draw(illustrator, self.transforms))?;
        Ok(molecules)
    }

    /// Deals the molecules of the table.
    fn read_all(
        &self,
        deal: &mut Deal<'_, Vec<Molecule>>,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<u64, Error> {
        let mut rows = self.input.rows(self.plan.read.clone())?;
        let (mut first, mut left, mut cut) = (0, self.limit, 0);
        while left > 0 {
            stop_check()?;
            let Some(chunk) = rows.next_chunk()? else { break };
            let count = chunk.smiles.len() as u32;
            let mut met = match &self.plan.filter {
                None => (0..count).collect(),
                Some(filter) => filter.met(&chunk.columns, &|column| self.plan.place(column))?,
            };
            met.truncate(usize::try_from(left).unwrap_or(usize::MAX));
            left -= met.len() as u64;
            let engine = (self.engine, self.queries.len());
            let mut molecules = molecule::read(&chunk, &met, first, self.plan, engine, &mut cut)?;
            while !molecules.is_empty() {
                let rest = molecules.split_off(molecules.len().min(PORTION));
                if !deal(std::mem::replace(&mut molecules, rest)) {
                    return Ok(cut);
                }
            }
            first += u64::from(count);
        }
        rows.confirm(stop_check)?;
        Ok(cut)
    }
}

/// What became of the molecules.
struct Outcome {
    not_drawn: u64,
    not_aligned: u64,
    /// Whether no transform is known.
    is_of_others: bool,
    /// By query.
    matches: Vec<u64>,
    /// The first row that was not drawn.
    first: Option<u64>,
}

impl Outcome {
    fn new(queries: usize, is_of_others: bool) -> Self {
        Self { not_drawn: 0, not_aligned: 0, is_of_others, matches: vec![0; queries], first: None }
    }

    fn count(&mut self, molecule: &Molecule) {
        if molecule.drawing.is_none() {
            self.not_drawn += 1;
            self.first = self.first.or(Some(molecule.row));
        } else if molecule.fault.is_some() || (self.is_of_others && molecule.parent.is_some()) {
            self.not_aligned += 1;
        }
        for (count, &matches) in self.matches.iter_mut().zip(&molecule.matches) {
            *count += u64::from(matches);
        }
    }

    fn warnings(&self, summary: &GallerySummary) -> Vec<String> {
        let mut warnings = Vec::new();
        if let Some(first) = self.first {
            warnings.push(format!(
                "{} molecules were not drawn, because RDKit cannot read or draw them or there are none; the first is row {first} \
                 of the table, counted from 0",
                self.not_drawn
            ));
        }
        if self.not_aligned > 0 {
            let why = match self.is_of_others {
                true => "because the table does not have the transforms that made them",
                false => "and the page shows why",
            };
            warnings.push(format!("{} products do not lie as their parents do, {why}", self.not_aligned));
        }
        if summary.without_room > 0 {
            warnings.push(format!(
                "{} molecules have no drawing, because their page would be larger than 5 MB",
                summary.without_room
            ));
        }
        if summary.texts_cut > 0 {
            warnings.push(format!("{} texts of more than 500 characters were cut", summary.texts_cut));
        }
        if summary.rows_shown == 0 {
            warnings.push("there is no row to show".to_owned());
        }
        warnings
    }
}
