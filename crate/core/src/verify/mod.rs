//! Checks whether the files of a run are as it wrote them, and recommends what to do if not.

mod figures;
mod metadata;
mod parents;
mod products;
mod rejects;

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::disk::Disk;
use crate::error::Error;
use crate::journal::{Commit, Found, Quarantine, QuarantineCounts, noted_difference};
use crate::output::assemble::read_part;
use crate::output::folder::{
    DIFFERENCE_FILE, MANIFEST_FILE, QUARANTINE_FILE, WORK_FOLDER, known_quarantines, noted_spill_folder,
};
use crate::output::metadata::FORMAT;
use crate::output::{PRODUCTS_FILE, REJECTS_FILE, SUMMARY_FILE};
use crate::summary::Summary;
use crate::tables::Tables;

/// The findings for an output folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// The folder.
    #[serde(serialize_with = "crate::path_text::serialize")]
    pub outdir: PathBuf,
    /// Whether all checks passed.
    pub ok: bool,
    /// The checks, in the order in which they were made.
    pub checks: Vec<Check>,
    /// What to do if a check failed.
    pub advice: Option<String>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was checked.
    pub name: &'static str,
    /// Whether it passed.
    pub ok: bool,
    /// What was found.
    pub detail: String,
}

const MAKE_AGAIN: &str =
    "the fast path has a bug, please report it: rerun the same command with --resume --no-fast";
const BEGIN_ANEW: &str =
    "the files have changed since the run wrote them: rerun the same command with --force";
const RESUME: &str = "the run was interrupted: rerun the same command with --resume";
const NOTHING_DURABLE: &str = "no progress was saved here: rerun the same command";

/// The check that fails if a recheck has found a difference.
const RECHECK: &str = "recheck";

/// A fault of a file, or a failure that prevented the check.
enum Trouble {
    Damage(String),
    Own(Error),
}

impl From<String> for Trouble {
    fn from(damage: String) -> Self {
        Self::Damage(damage)
    }
}

impl From<&str> for Trouble {
    fn from(damage: &str) -> Self {
        Self::Damage(damage.to_owned())
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Own(error)
    }
}

/// Checks the output of a run. For a finished run: checksums, metadata, rows, and each figure of its summary that
/// follows from these or from other figures. For an unfinished run: manifest and parts. Memory does not grow with the
/// files; keys are spilled to the system's temporary folder.
///
/// # Errors
/// [`Error::OutputFailed`] if there is no such folder or a file cannot be read; also if keys cannot be spilled
/// ([`Error::OutputFull`] if the disk is full), which does not mean that the output is bad.
pub fn verify(outdir: &Path) -> Result<Verification, Error> {
    let entries = std::fs::read_dir(outdir);
    entries.map_err(|error| Error::output("open", outdir, error))?;
    let disk = Disk::default();
    let mut checks = Vec::new();
    let is_finished = outdir.join(SUMMARY_FILE).exists();
    if is_finished {
        check_finished(&disk, outdir, &mut checks)?;
    } else {
        check_unfinished(&disk, outdir, &mut checks)?;
    }
    let ok = checks.iter().all(|check| check.ok);
    let advice = (!ok).then(|| {
        let is_all_else_well = checks.iter().skip(1).all(|check| check.ok);
        let advice = match checks.len() {
            _ if checks.iter().any(|check| check.name == RECHECK) => MAKE_AGAIN,
            _ if is_finished || !is_all_else_well => BEGIN_ANEW,
            1 => NOTHING_DURABLE,
            _ => RESUME,
        };
        advice.to_owned()
    });
    Ok(Verification { outdir: outdir.to_owned(), ok, checks, advice })
}

fn check_finished(disk: &Disk, outdir: &Path, checks: &mut Vec<Check>) -> Result<(), Error> {
    let mut summary = None;
    add(checks, "summary", || {
        let read = Summary::parse(&disk.read(&outdir.join(SUMMARY_FILE))?)?;
        figures::check_size(&read.summary)?;
        let rows = summary.insert(read.summary).totals.rows;
        read.fault
            .map_or_else(|| Ok(format!("{rows} rows read, SHA-256 as written")), |fault| Err(fault.into()))
    })?;
    let Some(summary) = summary else { return Ok(()) };
    for (file_name, file) in summary.files.named() {
        let name = match file_name {
            PRODUCTS_FILE => "products file",
            REJECTS_FILE => "rejects file",
            _ => "parents file",
        };
        add(checks, name, || match file.fault(disk, &outdir.join(file_name), &mut || Ok(()))? {
            Some(fault) => Err(format!("it {fault}").into()),
            None => Ok(format!("{} rows, {} bytes, SHA-256 as written", file.rows, file.bytes)),
        })?;
    }
    add(checks, "metadata", || {
        metadata::check(outdir, &summary)?;
        Ok(format!("{} {}, format {FORMAT}", summary.engine.name, summary.engine.version))
    })?;
    add(checks, "sums", || {
        figures::check(&summary)?;
        Ok(format!("the figures of {} transforms are consistent", summary.totals.transforms.len()))
    })?;
    add(checks, "rows", || products::check(disk, outdir, &summary))?;
    add(checks, "reject records", || rejects::check(disk, outdir, &summary))?;
    match &summary.files.parents {
        Some(written) => add(checks, "parents", || parents::check(disk, outdir, &summary, written)),
        None => Ok(()),
    }
}

fn check_unfinished(disk: &Disk, outdir: &Path, checks: &mut Vec<Check>) -> Result<(), Error> {
    add(checks, "summary", || Err(format!("there is no {SUMMARY_FILE}: no run has finished here").into()))?;
    let work = outdir.join(WORK_FOLDER);
    if let Some(difference) = noted_difference(disk, &work.join(DIFFERENCE_FILE))? {
        return add(checks, RECHECK, || Err(difference.to_string().into()));
    }
    if !work.join(MANIFEST_FILE).exists() {
        return Ok(());
    }
    let mut latest = Commit::default();
    add(checks, "manifest", || {
        let found = Found::read(disk, &work.join(MANIFEST_FILE))?;
        latest = found?.ok_or("nothing was committed")?.latest;
        Ok(format!("{} rows are durable, {} parts complete", latest.totals.rows, latest.parts.len()))
    })?;
    add(checks, "parts", || {
        let parts = &latest.parts;
        let read = parts.iter().try_for_each(|part| read_part(disk, &work, part).map(drop));
        read.map_err(|error| error.to_string())?;
        Ok(format!("{} parts are as written", parts.len()))
    })?;
    add(checks, "logs", || {
        let spill_folder = noted_spill_folder(disk, &work)?.unwrap_or_else(|| work.clone());
        let read = Tables::check_logs(disk, &work, &spill_folder, &latest, &|| Ok(()));
        read.map_err(|error| error.to_string())?;
        Ok("the logs are as written".to_owned())
    })?;
    add(checks, "quarantine", || {
        let read = |path: &Path| Quarantine::read(disk, path).map_err(|error| error.to_string());
        let QuarantineCounts { crashed, timed_out, out_of_memory } =
            read(&work.join(QUARANTINE_FILE))?.counts();
        let rows = crashed + timed_out + out_of_memory;
        let known = known_quarantines(&work);
        let known = known.iter().map(|path| Ok(read(path)?.rows().len())).sum::<Result<usize, String>>()?;
        Ok(match known {
            0 => format!("{rows} rows are left out"),
            known => format!("{rows} rows and {known} known molecules are left out"),
        })
    })
}

fn add(
    checks: &mut Vec<Check>,
    name: &'static str,
    check: impl FnOnce() -> Result<String, Trouble>,
) -> Result<(), Error> {
    let (ok, detail) = match check() {
        Ok(detail) => (true, detail),
        Err(Trouble::Damage(detail)) => (false, detail),
        Err(Trouble::Own(error)) => return Err(error),
    };
    checks.push(Check { name, ok, detail });
    Ok(())
}
