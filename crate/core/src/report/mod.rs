//! The data of a report: the summary of a finished run, with what only its files show. Rejects and properties are read in
//! one pass each, row group by row group.
//!
//! Memory: a record batch, [`EXAMPLES`] records of each reason, and the pictures, whose number is bounded as well.

mod histogram;
mod pictures;
mod properties;
mod rejects;

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

pub use self::histogram::{HistogramBin, MAX_BINS};
use self::pictures::Pictures;
pub use self::properties::{PropertyColumn, PropertyDistribution};
pub use self::rejects::{EXAMPLES, RejectExample, RejectGroup};
use crate::control::Control;
use crate::drawing::MakeIllustrator;
use crate::error::Error;
use crate::output::read_back::WrittenFile;
use crate::output::{PRODUCTS_FILE, REJECTS_FILE, SUMMARY_FILE};
use crate::summary::Summary;

/// The data of a report.
#[derive(Debug, Clone, Serialize)]
pub struct ReportData {
    /// `SUMMARY.json`, as it stands.
    pub summary: Value,
    /// The reject records by stage and code, the most frequent first.
    pub rejects: Vec<RejectGroup>,
    /// The numeric properties of the products that have a value, in the order of the columns.
    pub properties: Vec<PropertyDistribution>,
    /// Pictures of the parents that the summary lists.
    pub drawings: ParentDrawings,
}

/// Pictures of parents as SVG, in the order of the summary's lists; `None` if one cannot be drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ParentDrawings {
    /// Those with the most products.
    pub fruitful: Vec<Option<String>>,
    /// The slowest.
    pub slowest: Vec<Option<String>>,
}

/// The data of a report on the finished run in `outdir`, whose engine may have written the properties in `columns`. Pictures
/// are drawn on the calling thread.
///
/// # Errors
/// [`Error::InputNotFound`] and [`Error::InputUnreadable`] if no run has finished there, or its summary has changed;
/// [`Error::OutputFailed`] for another file that cannot be read; [`Error::Cancelled`].
pub fn report_data(
    outdir: &Path,
    columns: &[PropertyColumn],
    make_illustrator: &MakeIllustrator<'_>,
    control: &Control,
) -> Result<ReportData, Error> {
    let (summary, shown) = read_summary(outdir)?;
    let rows = summary.totals.rows;
    let stop_check = || match control.is_cancelled() {
        true => Err(Error::Cancelled { rows, path: outdir.to_owned(), advice: "rerun the same command" }),
        false => Ok(()),
    };
    let mut pictures = Pictures { illustrator: make_illustrator(&[], &[])?, stop_check: &stop_check };
    let products = WrittenFile::open(&control.disk, &outdir.join(PRODUCTS_FILE))?;
    Ok(ReportData {
        rejects: rejects::groups(&control.disk, &outdir.join(REJECTS_FILE), &mut pictures)?,
        properties: properties::distributions(&products, &summary, columns, &stop_check)?,
        drawings: ParentDrawings {
            fruitful: pictures.of_all(summary.parents.most_products.iter().map(|listed| &listed.parent))?,
            slowest: pictures.of_all(summary.parents.slowest.iter().map(|listed| &listed.parent))?,
        },
        summary: shown,
    })
}

/// The summary in `outdir`, and its text as JSON.
fn read_summary(outdir: &Path) -> Result<(Summary, Value), Error> {
    if !outdir.exists() {
        return Err(Error::InputNotFound { path: outdir.to_owned() });
    }
    let path = outdir.join(SUMMARY_FILE);
    let unreadable = |reason: String| Error::InputUnreadable { path: outdir.to_owned(), reason };
    if !path.is_file() {
        return Err(unreadable(format!(
            "no run has finished in this folder, there is no {SUMMARY_FILE}; finish it with apply --resume"
        )));
    }
    let text = std::fs::read(&path).map_err(|error| unreadable(format!("{SUMMARY_FILE}: {error}")))?;
    let read = Summary::parse(&text).map_err(|error| unreadable(format!("{SUMMARY_FILE}: {error}")))?;
    if let Some(fault) = read.fault {
        return Err(unreadable(format!("{fault}; verify checks the folder")));
    }
    let shown =
        serde_json::from_slice(&text).map_err(|error| unreadable(format!("{SUMMARY_FILE}: {error}")))?;
    Ok((read.summary, shown))
}
