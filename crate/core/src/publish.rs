//! The end of a run or merge: its files get their final names, the summary last.

use std::fs::File;
use std::io;

use arrow::array::AsArray;
use parquet::file::metadata::KeyValue;
use serde_json::Value;

use crate::content::Content;
use crate::engine::EngineVersion;
use crate::error::Error;
use crate::failed_results::FailedResults;
use crate::journal::{self, QuarantineCounts};
use crate::known::KnownFile;
use crate::memory::MemoryReport;
use crate::options::ApplyOptions;
use crate::output::assemble::{assemble, read_part};
use crate::output::encoder::Encoder;
use crate::output::folder::{OutputFolder, PendingFile, SealedFile};
use crate::output::metadata::{self, FORMAT, TOOL, input_of};
use crate::output::part::{PART_BYTES, Part, PartCutter};
use crate::output::read_back::{read_footer, read_metadata};
use crate::output::row_log::{LoggedRows, LoggedTable};
use crate::output::{PARENTS_FILE, PRODUCTS_FILE, REJECTS_FILE, Rows, SUMMARY_FILE, table_error};
use crate::pipeline::flow::InFlight;
use crate::profile::Point;
use crate::restarts::Restarts;
use crate::session::Session;
use crate::shard::ShardRows;
use crate::source::ColumnNames;
use crate::summary::{FileReport, Files, LegacySummary, MergedShard, SourceFiles, Summary, rate};
use crate::tables::Settled;

/// Everything to publish, and the facts for the summary.
pub struct Closing {
    /// Everything that shapes the result.
    pub shape: Value,
    /// SHA-256 of the library, in hex.
    pub input_sha256: String,
    /// Rows of the whole library.
    pub library_rows: u64,
    /// Its files, if there may be several.
    pub source_files: Option<SourceFiles>,
    /// The chemistry toolkit.
    pub engine: EngineVersion,
    /// The columns used from the library.
    pub columns: ColumnNames,
    /// Rows of the result that an earlier run had committed.
    pub rows_resumed: u64,
    /// The final state of the tables.
    pub settled: Settled,
    /// Rows that were left out.
    pub quarantined: QuarantineCounts,
    /// Processes of the run that died.
    pub restarts: Restarts,
    /// Peaks of what was on its way to the commit.
    pub in_flight: InFlight,
    /// Time spent on the result before this session.
    pub earlier_seconds: f64,
    /// The options in force.
    pub options: ApplyOptions,
    /// The part of the library that the result covers.
    pub shard: Option<ShardRows>,
    /// The shards that were merged.
    pub merged: Vec<MergedShard>,
    /// Warnings for the user, in addition to those that follow from the result itself.
    pub warnings: Vec<String>,
    /// What the user of the transform files should know.
    pub notices: Vec<String>,
    /// Rules that were left out because they cannot be used.
    pub rules_skipped: u64,
    /// The files of known molecules.
    pub known_files: Vec<KnownFile>,
}

/// Makes the files of a run or merge and gives them their names; returns the content of the summary. [`close`] comes
/// after it.
pub fn publish(session: &Session<'_>, folder: &OutputFolder, closing: Closing) -> Result<Summary, Error> {
    let files = closing.source_files.as_ref().map(|files| files.total);
    let metadata = metadata::key_value(&closing.shape, &closing.input_sha256, closing.library_rows, files);
    let stop_check = || session.stop_if_asked(closing.settled.totals.rows);
    let settled = &closing.settled;
    let mut reasons = Reasons::default();
    let mut note_reasons = |rows: &Rows| reasons.note(rows);
    let rejects =
        write_logged(folder, REJECTS_FILE, &settled.rejects, &metadata, &mut note_reasons, &stop_check)?;
    let products = write_products(folder, settled, metadata.clone(), &stop_check)?;
    let write_parents =
        |listed| write_logged(folder, PARENTS_FILE, listed, &metadata, &mut |_| Ok(()), &stop_check);
    let parents = settled.parents.as_ref().map(write_parents).transpose()?;
    stop_check()?;
    let named = |name: &str, (rows, file): (u64, SealedFile)| {
        let Content { bytes, sha256 } = file.publish(folder)?;
        Ok::<_, Error>(FileReport { file: folder.path().join(name), rows, bytes, sha256 })
    };
    let files = Files {
        rejects: named(REJECTS_FILE, rejects)?,
        products: named(PRODUCTS_FILE, products)?,
        parents: parents.map(|parents| named(PARENTS_FILE, parents)).transpose()?,
    };
    let mut summary = summarize(session, folder, closing, files, reasons);
    summary.publish(folder)?;
    Ok(summary)
}

/// Does the remaining steps once the summary has its name, and leaves the folder. The run has finished: if anything
/// fails now, only the caller sees a warning.
pub fn close(folder: OutputFolder, mut summary: Summary) -> Summary {
    let work = folder.work().display().to_string();
    // If the name of the summary may be lost, the run must be resumable.
    let warning = match folder.sync() {
        Err(error) => Some(format!(
            "the result is complete, but a power cut may undo it ({error}); {work} is kept for that case"
        )),
        Ok(()) => folder.leave().err().map(|error| {
            format!("the result is complete, but temporary files are left ({error}); delete them and {work} by hand")
        }),
    };
    summary.warnings.extend(warning);
    summary
}

fn summarize(
    session: &Session<'_>,
    folder: &OutputFolder,
    closing: Closing,
    files: Files,
    reasons: Reasons,
) -> Summary {
    let Closing { settled, rows_resumed, in_flight, mut warnings, .. } = closing;
    let Settled { mut totals, figures, dedup, scratch_bytes, peak_buffered_products, .. } = settled;
    for transform in &mut totals.transforms {
        transform.commonest_failure = reasons.failed.commonest(&transform.name);
    }
    let (rows, sums) = (totals.rows, totals.sums());
    let session_seconds = session.started.elapsed().as_secs_f64();
    let elapsed_seconds = closing.earlier_seconds + session_seconds;
    let per_second = |count| rate(count, rows, rows_resumed, elapsed_seconds);
    session.watch.finish(&session.counters);
    let timeline =
        session.recorder.end(Point { seconds: session_seconds, ..session.now(rows, sums.products) });
    let all_rejected = totals.by_outcome.all_rejected();
    if let Some(reason) = reasons.first.filter(|_| all_rejected) {
        let of =
            closing.shard.map(|ShardRows { shard, .. }| format!(" of shard {shard}")).unwrap_or_default();
        warnings.push(format!("all {rows} rows{of} were rejected; the first reason, of {reason}"));
    }
    let mut summary = Summary {
        format: FORMAT,
        tool: TOOL,
        engine: closing.engine,
        transform: totals.names().into(),
        source_file: closing.options.input.clone(),
        source_files: closing.source_files,
        output_dir: folder.path().to_owned(),
        rows_resumed,
        total_processed: totals.by_outcome.total(),
        total_products: sums.products,
        unique_products: sums.unique,
        all_rejected,
        elapsed_seconds,
        throughput_mol_per_sec: per_second(rows),
        products_per_sec: per_second(sums.products),
        sums,
        parents: figures,
        timeline,
        totals,
        warnings,
        notices: closing.notices,
        rules_skipped: closing.rules_skipped,
        known_files: closing.known_files,
        dedup,
        scratch_bytes,
        quarantined: closing.quarantined,
        restarts: closing.restarts,
        columns: closing.columns,
        shard: closing.shard,
        merged: closing.merged,
        options: closing.options,
        memory: MemoryReport::new(&session.watch, &session.governor, session.limit_bytes),
        peak_batches_in_flight: in_flight.peak_batches,
        peak_inflight_bytes: in_flight.peak_bytes,
        peak_buffered_products,
        files,
        legacy: None,
        summary_sha256: String::new(),
        already_finished: false,
    };
    let of_figures = summary.warnings_of_figures();
    summary.warnings.extend(of_figures);
    summary.warnings.extend(session.governor.warning(session_seconds));
    summary.warnings.extend(session.watch.warning());
    summary.legacy = summary.options.legacy.then(|| LegacySummary::of(&summary, &closing.shape));
    summary
}

/// If a run with this shape and an input with this SHA-256 has already finished, and its files are unchanged, leaves
/// the folder and returns that run's summary.
pub fn finished(
    session: &Session<'_>,
    folder: OutputFolder,
    shape: &Value,
    input_sha256: impl FnOnce() -> Result<String, Error>,
) -> Result<Summary, Error> {
    match read_finished(session, &folder, shape, input_sha256) {
        Ok(summary) => Ok(close(folder, Summary { already_finished: true, ..summary })),
        Err(refused) => {
            folder.leave_untouched();
            Err(refused)
        }
    }
}

fn read_finished(
    session: &Session<'_>,
    folder: &OutputFolder,
    shape: &Value,
    input_sha256: impl FnOnce() -> Result<String, Error>,
) -> Result<Summary, Error> {
    let refuse = |reason: String| Error::ResumeRefused { path: folder.path().to_owned(), reason };
    let path = |name: &str| folder.path().join(name);
    let text = folder.disk().read(&path(SUMMARY_FILE))?;
    let read = Summary::parse(&text).map_err(|error| refuse(format!("{SUMMARY_FILE}: {error}")))?;
    if let Some(fault) = read.fault {
        return Err(refuse(fault));
    }
    for (name, file) in read.summary.files.named() {
        if let Some(fault) = file.fault(folder.disk(), &path(name), &mut || session.stop_if_asked(0))? {
            return Err(refuse(format!("the run has finished, but {name} {fault}")));
        }
    }
    let then =
        read_metadata(&path(PRODUCTS_FILE)).map_err(|error| refuse(format!("{PRODUCTS_FILE}: {error}")))?;
    let (input_then, _) = input_of(&then).unwrap_or_default();
    if let Some(difference) = journal::difference(&metadata::without_input(&then), shape) {
        return Err(refuse(format!("a run has finished there, in which {difference}")));
    }
    if input_sha256()? != input_then {
        return Err(refuse("a run over a different input has finished there".to_owned()));
    }
    Ok(read.summary)
}

fn write_products(
    folder: &OutputFolder,
    settled: &Settled,
    metadata: KeyValue,
    stop_check: &dyn Fn() -> Result<(), Error>,
) -> Result<(u64, SealedFile), Error> {
    let (rows, bytes) =
        settled.parts.iter().fold((0, 0), |(rows, bytes), part| (rows + part.rows, bytes + part.bytes));
    folder.check_room(PRODUCTS_FILE, bytes)?;
    let pending = folder.create(PRODUCTS_FILE)?;
    let path = pending.target().to_owned();
    let bytes_of = |part: &Part| {
        stop_check()?;
        read_part(folder.disk(), folder.work(), part)
    };
    let parts = settled.parts.iter().map(bytes_of);
    let pending = assemble(parts, &settled.product_schema, metadata, &path, pending)?;
    sealed(folder, pending, rows, stop_check)
}

/// The reasons found in the reject records.
#[derive(Default)]
struct Reasons {
    /// The reason of the first record, with its row.
    first: Option<String>,
    /// The failures of each transform.
    failed: FailedResults,
}

impl Reasons {
    fn note(&mut self, rejects: &Rows) -> Result<(), Error> {
        self.first = self.first.take().or_else(|| first_reason(rejects));
        self.failed.add(&rejects.batch).map_err(table_error)
    }
}

/// Writes the file `name` with the rows of a log, each of which `on_rows` sees.
fn write_logged(
    folder: &OutputFolder,
    name: &'static str,
    logged: &LoggedTable,
    metadata: &KeyValue,
    on_rows: &mut dyn FnMut(&Rows) -> Result<(), Error>,
    stop_check: &dyn Fn() -> Result<(), Error>,
) -> Result<(u64, SealedFile), Error> {
    let LoggedTable { schema, path: log, mark } = logged;
    let mut pending = folder.create(name)?;
    let path = pending.target().to_owned();
    let mut encoder = Encoder::new(&mut pending, &path, schema)?;
    let mut cutter = PartCutter::new(PART_BYTES);
    for rows in LoggedRows::open(folder.disk(), log, schema.rows(), *mark)? {
        stop_check()?;
        let rows = rows?;
        on_rows(&rows)?;
        for (index, piece) in cutter.split(&rows).into_iter().enumerate() {
            if index > 0 {
                encoder.end_group()?;
            }
            encoder.push(piece.batch)?;
        }
    }
    encoder.close(metadata.clone())?;
    sealed(folder, pending, mark.rows, stop_check)
}

/// Row, code and reason of the first record, as text.
fn first_reason(rejects: &Rows) -> Option<String> {
    let row = rejects.source_rows.first()?;
    let text = |column: &str| Some(rejects.batch.column_by_name(column)?.as_string_opt::<i32>()?.value(0));
    Some(format!("row {row}: {} ({})", text("reason")?, text("code")?))
}

/// The file, durable and read back, with a footer that counts `rows`.
fn sealed(
    folder: &OutputFolder,
    pending: PendingFile,
    rows: u64,
    stop_check: &dyn Fn() -> Result<(), Error>,
) -> Result<(u64, SealedFile), Error> {
    let target = pending.target().to_owned();
    let sealed = pending.seal(folder, stop_check)?;
    let check = || {
        let footer = read_footer(File::open(sealed.temporary())?)?;
        let found = footer.file_metadata().num_rows();
        if found as u64 == rows {
            Ok(())
        } else {
            Err(io::Error::other(format!("the footer counts {found} rows of {rows}")))
        }
    };
    check().map_err(|error: io::Error| Error::output("read back", &target, error))?;
    Ok((rows, sealed))
}
