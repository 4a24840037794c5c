//! Whether the files of a run are what it wrote, and what to do if not.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde::Serialize;
use serde_json::Value;

use crate::content::Content;
use crate::dedup::{Keys, Uniqueness};
use crate::error::Error;
use crate::journal::Found;
use crate::options::{DedupMode, Order};
use crate::output::assemble::read_part;
use crate::output::disk::Disk;
use crate::output::folder::{MANIFEST_FILE, WORK_FOLDER};
use crate::output::metadata::{FORMAT, input_of, shard_of};
use crate::output::read_back::{places, read_metadata};
use crate::output::{PRODUCTS_FILE, REJECTS_FILE, SUMMARY_FILE};
use crate::summary::{FileReport, Summary};

/// What was found in an output folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// The folder.
    pub outdir: PathBuf,
    /// Whether all checks passed.
    pub ok: bool,
    /// The checks, in the order in which they were made.
    pub checks: Vec<Check>,
    /// What to do, where not all is well.
    pub advice: Option<String>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// Whether it is as it should be.
    pub ok: bool,
    /// What was found.
    pub detail: String,
}

const BEGIN_ANEW: &str = "the files are not what the run wrote: run the same command again with --force";
const RESUME: &str = "the run was interrupted: run the same command again with --resume";
const NOTHING_DURABLE: &str = "nothing of a run is durable here: run the same command again";

/// What is wrong with a file, or what kept it from being looked at.
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

/// Checks the output of a run: checksums, schema, metadata, order, uniqueness and sums of a finished one; manifest and
/// parts of an unfinished one. Memory does not grow with the files; keys are spilled to the system's temporary folder.
///
/// # Errors
/// [`Error::OutputFailed`] where there is no such folder or a file cannot be read, and where keys cannot be spilled, which
/// [`Error::OutputFull`] says of a full disk: that says nothing of the output.
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
        let text = disk.read(&outdir.join(SUMMARY_FILE))?;
        let found: Summary = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
        let rows = found.total_input;
        summary = Some(found);
        Ok(format!("{rows} rows read"))
    })?;
    let Some(summary) = summary else { return Ok(()) };
    for (name, file, file_name) in [
        ("products file", &summary.files.products, PRODUCTS_FILE),
        ("rejects file", &summary.files.rejects, REJECTS_FILE),
    ] {
        add(checks, name, || check_content(&outdir.join(file_name), file))?;
    }
    add(checks, "metadata", || Ok(check_metadata(outdir, &summary)?))?;
    add(checks, "sums", || Ok(check_sums(&summary)?))?;
    add(checks, "rows", || check_rows(disk, outdir, &summary))
}

fn check_unfinished(disk: &Disk, outdir: &Path, checks: &mut Vec<Check>) -> Result<(), Error> {
    add(checks, "summary", || Err(format!("there is no {SUMMARY_FILE}: no run has ended here").into()))?;
    let work = outdir.join(WORK_FOLDER);
    if !work.join(MANIFEST_FILE).exists() {
        return Ok(());
    }
    let mut parts = Vec::new();
    add(checks, "manifest", || {
        let found = Found::read(disk, &work.join(MANIFEST_FILE))?;
        let found = found?.ok_or("nothing was committed")?;
        let rows = found.latest.rows;
        parts = found.latest.parts;
        Ok(format!("{rows} rows are durable, {} parts complete", parts.len()))
    })?;
    add(checks, "parts", || {
        let read = parts.iter().try_for_each(|part| read_part(disk, &work, part).map(drop));
        read.map_err(|error| error.to_string())?;
        Ok(format!("{} parts are what was written", parts.len()))
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

fn check_content(path: &Path, expected: &FileReport) -> Result<String, Trouble> {
    let content = match File::open(path).and_then(|mut file| Content::of(&mut file)) {
        Ok(content) => content,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err("it is not there".into()),
        Err(error) => return Err(Error::output("read", path, error).into()),
    };
    if content.bytes != expected.bytes {
        return Err(format!("{} bytes where {} were written", content.bytes, expected.bytes).into());
    }
    if content.sha256 != expected.sha256 {
        return Err(format!("its SHA-256 is {} and was {}", content.sha256, expected.sha256).into());
    }
    Ok(format!("{} rows, {} bytes, SHA-256 as written", expected.rows, expected.bytes))
}

fn check_metadata(outdir: &Path, summary: &Summary) -> Result<String, String> {
    let read = |name: &str| read_metadata(&outdir.join(name)).map_err(|error| format!("{name}: {error}"));
    let (products, rejects) = (read(PRODUCTS_FILE)?, read(REJECTS_FILE)?);
    if products != rejects {
        return Err("products and rejects are of two different runs".to_owned());
    }
    let expected = [
        ("format", Value::from(FORMAT)),
        ("engine", serde_json::to_value(&summary.engine).unwrap_or_default()),
        ("tool", serde_json::to_value(&summary.tool).unwrap_or_default()),
    ];
    for (key, expected) in expected {
        if products[key] != expected {
            return Err(format!("{key} is {} in the files and {expected} in the summary", products[key]));
        }
    }
    let shard = shard_of(&products);
    if shard != summary.shard.map(|of_summary| of_summary.shard) {
        return Err("the files are of another part of the library than the summary".to_owned());
    }
    let rows = input_of(&products).map(|(_, rows)| shard.map_or(0..rows, |shard| shard.rows(rows)));
    if rows.is_none_or(|rows| rows.end - rows.start != summary.total_input) {
        return Err("the files are of an input with another number of rows".to_owned());
    }
    Ok(format!("{} {}, format {FORMAT}", summary.engine.name, summary.engine.version))
}

fn check_sums(summary: &Summary) -> Result<String, String> {
    for transform in &summary.transforms {
        if let Some(broken) = transform.sums.broken(None) {
            return Err(format!("transform {:?}: {broken}", transform.name));
        }
    }
    let unique: u64 = summary.transforms.iter().map(|transform| transform.sums.unique).sum();
    if unique != summary.files.products.rows || unique != summary.unique_products {
        return Err(format!(
            "{unique} unique products by transform, {} rows written",
            summary.files.products.rows
        ));
    }
    Ok(format!("the sums of {} transforms add up", summary.transforms.len()))
}

/// Order and uniqueness, row by row.
fn check_rows(disk: &Disk, outdir: &Path, summary: &Summary) -> Result<String, Trouble> {
    let names: Vec<&str> = summary.transforms.iter().map(|transform| transform.name.as_str()).collect();
    let temporary = std::env::temp_dir();
    let folder = tempfile::tempdir_in(&temporary);
    let folder = folder.map_err(|error| Error::output("make a folder in", &temporary, error))?;
    let mut uniqueness = match summary.options.dedup {
        DedupMode::None => None,
        _ => Some(Uniqueness::create(disk, folder.path())?),
    };
    let keys: Vec<Keys> = names.iter().map(|name| Keys::new(name)).collect();
    let first_row = summary.shard.map_or(0, |shard| shard.first_row) as i64;
    let source_rows = first_row..first_row + summary.total_input as i64;
    let (mut rows, mut latest, mut restarts) = (0_u64, None, 0);
    let by_key = summary.options.order == Order::Key;
    for batch in read_order(&outdir.join(PRODUCTS_FILE)).map_err(|error| error.to_string())? {
        let batch = batch.map_err(|error| error.to_string())?;
        for (place, smiles) in places(&batch, &names).ok_or("columns are missing or of another type")? {
            if !source_rows.contains(&place.0) {
                return Err(format!("row {rows} is of source row {}, which was not read", place.0).into());
            }
            let transform = place.1.ok_or_else(|| format!("row {rows} names no transform of the run"))?;
            let key = keys[transform].of(smiles.as_bytes());
            let place = (by_key.then_some(key), place.0, transform, place.2, place.3);
            restarts += u32::from(latest.is_some_and(|latest| latest >= place));
            latest = Some(place);
            uniqueness.iter_mut().try_for_each(|uniqueness| uniqueness.push(key))?;
            rows += 1;
        }
    }
    // Deferred rows that proved unique follow the others, in the same order; where rows go by their keys there are none.
    let permitted = u32::from(summary.options.dedup == DedupMode::Exact && !by_key);
    if restarts > permitted {
        return Err(format!("the rows are not in their order: {restarts} breaks").into());
    }
    let Some(uniqueness) = uniqueness else { return Ok(format!("{rows} rows in order")) };
    let repeated = uniqueness.repeated()?;
    if repeated > 0 {
        return Err(format!("{repeated} of {rows} rows repeat a product of the same transform").into());
    }
    Ok(format!("{rows} rows in order, each product of a transform once"))
}

fn read_order(path: &Path) -> io::Result<parquet::arrow::arrow_reader::ParquetRecordBatchReader> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?).map_err(io::Error::other)?;
    let names = ["smiles", "source_row", "xf_name", "xf_site_index", "product_index"];
    let mask = ProjectionMask::columns(builder.parquet_schema(), names);
    builder.with_projection(mask).with_batch_size(1024).build().map_err(io::Error::other)
}
