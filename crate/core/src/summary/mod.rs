//! `SUMMARY.json`: the report of a run, published last.

mod expected;
mod legacy;
mod source_files;
mod warnings;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::expected::{Expected, SampleFacts};
pub use self::source_files::{SourceFile, SourceFiles};
use crate::content::Content;
use crate::dedup::DedupReport;
use crate::disk::Disk;
use crate::engine::EngineVersion;
use crate::error::Error;
use crate::explanation::NamedExplanation;
use crate::journal::QuarantineCounts;
use crate::known::KnownFile;
use crate::memory::MemoryReport;
use crate::options::{ApplyOptions, Files as Inputs};
use crate::output::folder::OutputFolder;
use crate::output::metadata::Tool;
use crate::output::{PARENTS_FILE, PRODUCTS_FILE, REJECTS_FILE, SUMMARY_FILE};
use crate::profile::{ParentFigures, Timeline};
use crate::restarts::Restarts;
use crate::shard::ShardRows;
use crate::source::ColumnNames;
use crate::totals::{Sums, Totals};

pub use self::legacy::{LegacyStats, LegacySummary};

/// The summary of a finished run. Rows are input rows; products are counted after `where` and before deduplication unless
/// noted otherwise; times are in seconds, sizes in bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Summary {
    /// Version of this layout, 1.
    pub format: u32,
    /// This program.
    pub tool: Tool,
    /// The chemistry toolkit.
    pub engine: EngineVersion,
    /// The transform's name, or the list of names.
    pub transform: TransformNames,
    /// The library, as it was given: a path, or a list of paths.
    pub source_file: Inputs,
    /// The files of the library; `None` if it is a file or stream that was named alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_files: Option<SourceFiles>,
    /// The output folder.
    #[serde(serialize_with = "crate::path_text::serialize")]
    pub output_dir: PathBuf,
    /// The counts: rows, and those of each transform.
    #[serde(flatten)]
    pub totals: Totals,
    /// How many of these rows an earlier, interrupted run had committed.
    pub rows_resumed: u64,
    /// Rows with an outcome; the same as `total_input`.
    pub total_processed: u64,
    /// Distinct products per parent and transform, after `where` and before deduplication.
    pub total_products: u64,
    /// Products written.
    pub unique_products: u64,
    /// Whether rows were read and all of them were rejected: then the input is probably not what the user thought.
    #[serde(default)]
    pub all_rejected: bool,
    /// Time from the start of the run to the last file except this one, over all its processes and the time between
    /// them. For a resumed run, since it was resumed; for merged shards, the sum of their runs and of the merge.
    pub elapsed_seconds: f64,
    /// Rows per second.
    pub throughput_mol_per_sec: f64,
    /// Products per second.
    pub products_per_sec: f64,
    /// The counts of all transforms.
    pub sums: Sums,
    /// How many sites and products parents have, and which of them stand out.
    #[serde(default)]
    pub parents: ParentFigures,
    /// How far the run was when; it may continue that of an interrupted run, and merged shards stand one after the other.
    #[serde(default)]
    pub timeline: Timeline,
    /// The deduplication.
    pub dedup: DedupReport,
    /// Bytes that were spilled to disk: keys, deferred rows, and the rows of the table of parents while they are sorted.
    pub scratch_bytes: u64,
    /// Rows that were left out because they crashed the process, took more time than the limit, or ran out of memory.
    /// The latter two depend on the machine: if there are any, another run may give different bytes.
    pub quarantined: QuarantineCounts,
    /// How often the process that runs the engine died and was restarted.
    #[serde(default)]
    pub restarts: Restarts,
    /// The files of known molecules, in the order of their hashes; empty without `exclude`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known_files: Vec<KnownFile>,
    /// The columns used from the input.
    pub columns: ColumnNames,
    /// The part of the library that the run covered; `None` for all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<ShardRows>,
    /// The merged shards, in order; empty unless this is a merge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<MergedShard>,
    /// The options in force.
    pub options: ApplyOptions,
    /// Memory.
    pub memory: MemoryReport,
    /// The most batches that were read and not committed at the same time.
    pub peak_batches_in_flight: usize,
    /// The most bytes that were read or finished and not committed at the same time.
    pub peak_inflight_bytes: u64,
    /// The most products that waited for the encoder at the same time.
    pub peak_buffered_products: usize,
    /// The other files that were written.
    pub files: Files,
    /// The predecessor's keys, with its meanings; only with `legacy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legacy: Option<LegacySummary>,
    /// Warnings for the user. If something fails after the summary was written, only the summary that a call returns
    /// contains the warning.
    pub warnings: Vec<String>,
    /// What the user of the transform files should know: keys without effect, columns that are not used.
    #[serde(default)]
    pub notices: Vec<String>,
    /// Rules that `skip_bad_rules` left out.
    #[serde(default)]
    pub rules_skipped: u64,
    /// SHA-256, in hex, of everything else in `SUMMARY.json`, as JSON with sorted keys and without blanks.
    pub summary_sha256: String,
    /// Whether nothing was run because the same run had already finished there; only in what a call returns.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub already_finished: bool,
}

/// One name as text, several as a list, as the predecessor's readers expect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TransformNames {
    /// A single transform.
    One(String),
    /// Several, in file order.
    Several(Vec<String>),
}

impl From<Vec<String>> for TransformNames {
    fn from(mut names: Vec<String>) -> Self {
        if names.len() == 1 { Self::One(names.remove(0)) } else { Self::Several(names) }
    }
}

/// A shard that became part of a merged result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MergedShard {
    /// Its folder, as it was named by the user.
    #[serde(serialize_with = "crate::path_text::serialize")]
    pub folder: PathBuf,
    /// Its rows of the library.
    pub rows: u64,
    /// Products that its run had written.
    pub unique_products: u64,
    /// Time that its run took.
    pub elapsed_seconds: f64,
    /// SHA-256 of its products, in hex.
    pub products_sha256: String,
    /// SHA-256 of its rejects, in hex.
    pub rejects_sha256: String,
    /// SHA-256 of its table of parents, in hex, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parents_sha256: Option<String>,
}

impl MergedShard {
    /// Whether both have the same rows, wherever they are stored and however long they took.
    pub fn is_same_source(&self, other: &Self) -> bool {
        let what = |shard: &Self| {
            let Self { rows, products_sha256, rejects_sha256, parents_sha256, .. } = shard.clone();
            (rows, products_sha256, rejects_sha256, parents_sha256)
        };
        what(self) == what(other)
    }
}

/// The files of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Files {
    /// The products.
    pub products: FileReport,
    /// The rejects.
    pub rejects: FileReport,
    /// The rows of products that more than one row gave, if they were to be listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parents: Option<FileReport>,
}

impl Files {
    /// All of them, by name.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &FileReport)> {
        let always = [(PRODUCTS_FILE, &self.products), (REJECTS_FILE, &self.rejects)];
        always.into_iter().chain(self.parents.as_ref().map(|parents| (PARENTS_FILE, parents)))
    }
}

/// A file, as read back from the disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// Its path.
    #[serde(serialize_with = "crate::path_text::serialize")]
    pub file: PathBuf,
    /// Its rows.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its content, in hex.
    pub sha256: String,
}

/// The key of [`Summary::summary_sha256`].
const CHECKSUM_KEY: &str = "summary_sha256";

/// Rows or products per second. Not counting those of rows that an earlier run had committed, whose time was spent
/// then.
pub fn rate(count: u64, rows: u64, rows_resumed: u64, elapsed_seconds: f64) -> f64 {
    let share = 1.0 - rows_resumed as f64 / (rows as f64).max(1.0);
    share * count as f64 / elapsed_seconds.max(f64::EPSILON)
}

impl FileReport {
    /// Why the file at `path` is not the one that was written, in words; `None` if it is. `stop_check` is called
    /// meanwhile.
    ///
    /// # Errors
    /// That of `stop_check`, and [`Error::OutputFailed`] if the file exists but cannot be read.
    pub fn fault(
        &self,
        disk: &Disk,
        path: &Path,
        stop_check: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<Option<String>, Error> {
        let mut file = match disk.open(path) {
            Err(Error::OutputFailed { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return Ok(Some("is missing".to_owned()));
            }
            opened => opened?,
        };
        let content = Content::of_while(&mut file, stop_check)?;
        let content = content.map_err(|error| Error::output("read", path, error))?;
        Ok(self.difference(&content))
    }

    /// How the `content` of the file differs from what was written, in words; `None` if it does not.
    pub fn difference(&self, content: &Content) -> Option<String> {
        if content.bytes != self.bytes {
            return Some(format!("has {} bytes, but {} were written", content.bytes, self.bytes));
        }
        (content.sha256 != self.sha256)
            .then(|| format!("has changed: its SHA-256 is {} and was {}", content.sha256, self.sha256))
    }
}

/// A summary that was read, and, if it is not what its run wrote, why.
#[derive(Debug, Clone)]
pub struct ReadSummary {
    /// The summary.
    pub summary: Summary,
    /// What is wrong with it, in words.
    pub fault: Option<String>,
}

impl Summary {
    /// Parses the text of a summary; an error in words if it is not one.
    pub fn parse(text: &[u8]) -> Result<ReadSummary, String> {
        let all: Value = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        let summary = Self::deserialize(&all).map_err(|error| error.to_string())?;
        let is_same = summary.summary_sha256 == checksum(all);
        let fault =
            (!is_same).then(|| format!("{SUMMARY_FILE} has changed: its {CHECKSUM_KEY} does not match"));
        Ok(ReadSummary { summary, fault })
    }

    /// Writes the summary as the last file of the run, which has then finished. The remaining steps may fail:
    /// [`crate::publish::close`].
    pub fn publish(&mut self, folder: &OutputFolder) -> Result<(), Error> {
        let failed = |error| Error::internal(format!("the summary: {error}"));
        self.summary_sha256 = checksum(serde_json::to_value(&*self).map_err(failed)?);
        let mut text = serde_json::to_vec_pretty(self).map_err(failed)?;
        text.push(b'\n');
        let mut file = folder.create(SUMMARY_FILE)?;
        file.write_all(&text).map_err(|error| Error::output("write", file.target(), error))?;
        file.seal(folder, &|| Ok(()))?.rename(folder)?;
        Ok(())
    }
}

/// SHA-256 of everything in a summary except the checksum itself.
fn checksum(mut all: Value) -> String {
    if let Some(all) = all.as_object_mut() {
        all.remove(CHECKSUM_KEY);
    }
    // A different crate may make serde_json keep the order of keys.
    all.sort_all_objects();
    Content::of_bytes(all.to_string().as_bytes()).sha256
}

/// The result of `--dry-run`: a run with these options can start.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// This program.
    pub tool: Tool,
    /// The chemistry toolkit.
    pub engine: EngineVersion,
    /// Names of the transforms, in file order.
    pub transforms: Vec<String>,
    /// The columns that would be used from the input.
    pub columns: ColumnNames,
    /// Files of the library; `None` if it is a file or stream that was named alone.
    pub files: Option<u64>,
    /// Rows of the library, if its files state their number.
    pub rows: Option<u64>,
    /// The options in force.
    pub options: ApplyOptions,
    /// Warnings for the user.
    pub warnings: Vec<String>,
    /// What the user of the transform files should know: keys without effect, columns that are not used.
    pub notices: Vec<String>,
    /// Rules that `skip_bad_rules` leaves out.
    pub rules_skipped: u64,
    /// How the engine carries out each transform, if this was requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Vec<NamedExplanation>>,
    /// What to expect of the run, if rows were to be tried; `None` within if none could be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Option<Expected>>,
}
