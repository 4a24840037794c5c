//! Checks the reject records: their order, and the figures that follow from them.

use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Int32Type, Int64Type};

use super::Trouble;
use super::figures::{Checked, equal, within};
use crate::disk::Disk;
use crate::engine::{RejectCode, Stage};
use crate::failed_results::FailedResults;
use crate::output::REJECTS_FILE;
use crate::output::read_back::WrittenFile;
use crate::summary::Summary;

/// Checks that the records in `outdir` match `summary`.
pub fn check(disk: &Disk, outdir: &Path, summary: &Summary) -> Result<String, Trouble> {
    let file = WrittenFile::open(disk, &outdir.join(REJECTS_FILE)).map_err(|error| error.to_string())?;
    let mut records = Records::new(summary);
    for batch in file.batches(file.groups()).map_err(|error| error.to_string())? {
        records.take(&batch.map_err(|error| error.to_string())?)?;
    }
    records.check(summary)?;
    Ok(format!("{} records of {} rows", records.count, records.rows.count))
}

/// Counts library rows, each once; they must come in order.
#[derive(Clone, Default)]
struct Distinct {
    count: u64,
    latest: Option<i64>,
}

impl Distinct {
    fn add(&mut self, row: i64) {
        self.count += u64::from(self.latest != Some(row));
        self.latest = Some(row);
    }
}

#[derive(Clone, Default)]
struct OfTransform {
    /// Rows with a record of the transform.
    rows: Distinct,
    /// Records of single results.
    results: u64,
    /// Whether the results of some rows share one record.
    is_abridged: bool,
}

/// Counters for a pass through the records.
struct Records<'a> {
    names: Vec<&'a str>,
    source_rows: std::ops::Range<i64>,
    count: u64,
    rows: Distinct,
    /// Those that have a record of a failure, not only of a missing property.
    failed_rows: Distinct,
    /// Rows that are bad for all transforms.
    bad: Distinct,
    crashed: Distinct,
    timed_out: Distinct,
    /// Rows that are bad because memory ran out: those of the quarantine, and those for which RDKit could not get
    /// memory.
    out_of_memory: Distinct,
    transforms: Vec<OfTransform>,
    failed: FailedResults,
}

impl<'a> Records<'a> {
    fn new(summary: &'a Summary) -> Self {
        let names: Vec<&str> =
            summary.totals.transforms.iter().map(|transform| transform.name.as_str()).collect();
        let first_row = summary.shard.map_or(0, |shard| shard.first_row) as i64;
        Self {
            source_rows: first_row..first_row.saturating_add_unsigned(summary.totals.rows),
            count: 0,
            rows: Distinct::default(),
            failed_rows: Distinct::default(),
            bad: Distinct::default(),
            crashed: Distinct::default(),
            timed_out: Distinct::default(),
            out_of_memory: Distinct::default(),
            transforms: vec![OfTransform::default(); names.len()],
            failed: FailedResults::default(),
            names,
        }
    }

    fn take(&mut self, batch: &RecordBatch) -> Checked {
        const MALFORMED: &str = "columns are missing or have a different type";
        let column = |name: &str| batch.column_by_name(name).ok_or(MALFORMED);
        let source_rows = column("source_row")?.as_primitive_opt::<Int64Type>().ok_or(MALFORMED)?.values();
        let names = column("xf_name")?.as_string_opt::<i32>().ok_or(MALFORMED)?;
        let sites = column("xf_site_index")?.as_primitive_opt::<Int32Type>().ok_or(MALFORMED)?;
        let stages = column("stage")?.as_string_opt::<i32>().ok_or(MALFORMED)?;
        let codes = column("code")?.as_string_opt::<i32>().ok_or(MALFORMED)?;
        for (index, &row) in source_rows.iter().enumerate() {
            let record = self.count;
            if !self.source_rows.contains(&row) {
                return Err(format!("record {record} comes from source row {row}, which was not read"));
            }
            if self.rows.latest.is_some_and(|latest| latest > row) {
                return Err(format!("record {record} is not in the order of the rows"));
            }
            let transform = match names.is_valid(index) {
                false => None,
                true => Some(
                    self.names
                        .iter()
                        .position(|name| *name == names.value(index))
                        .ok_or_else(|| format!("record {record} names no transform of the run"))?,
                ),
            };
            self.count += 1;
            self.rows.add(row);
            // A missing property makes neither a failed result nor a rejected row.
            if stages.value(index) != Stage::Properties.as_str() {
                self.count_record(row, transform, sites.is_valid(index), codes.value(index));
            }
        }
        self.failed.add(batch).map_err(|_| MALFORMED.to_owned())
    }

    fn count_record(&mut self, row: i64, transform: Option<usize>, has_site: bool, code: &str) {
        self.failed_rows.add(row);
        if code == RejectCode::Crashed.as_str() {
            self.crashed.add(row);
        }
        if code == RejectCode::TimedOut.as_str() {
            self.timed_out.add(row);
        }
        if code == RejectCode::OutOfMemory.as_str() && transform.is_none() {
            self.out_of_memory.add(row);
        }
        let Some(transform) = transform else { return self.bad.add(row) };
        let of_transform = &mut self.transforms[transform];
        of_transform.rows.add(row);
        of_transform.results += u64::from(has_site);
        of_transform.is_abridged |= code == RejectCode::TooManyProducts.as_str();
    }

    fn check(&self, summary: &Summary) -> Checked {
        equal("the number of records", self.count, summary.files.rejects.rows)?;
        equal("quarantined.crashed", summary.quarantined.crashed, self.crashed.count)?;
        equal("quarantined.timed_out", summary.quarantined.timed_out, self.timed_out.count)?;
        let out_of_memory = summary.quarantined.out_of_memory;
        within("quarantined.out_of_memory", out_of_memory, 0, self.out_of_memory.count)?;
        let bad = self.bad.count;
        let mut most = bad;
        for (counted, transform) in self.transforms.iter().zip(&summary.totals.transforms) {
            let tally = transform.sums.tally;
            let of = |what: &str| format!("transform {:?}: {what}", transform.name);
            within(&of("rows_rejected"), tally.rows_rejected, bad, bad + counted.rows.count)?;
            let all = if counted.is_abridged { tally.results } else { counted.results };
            within(&of("results_failed"), tally.results_failed, counted.results, all)?;
            let commonest = self.failed.commonest(&transform.name);
            equal(&of("commonest_failure"), &transform.commonest_failure, &commonest)?;
            most += tally.rows_rejected - bad;
        }
        // Each transform rejects the bad rows, and some of its own.
        within("rejected_rows", summary.totals.rejected_rows, bad, most.min(self.failed_rows.count))
    }
}
