//! What a rule did to some rows.

use std::collections::BTreeMap;

use serde::Serialize;

use super::SampledRule;
use crate::engine::{Batch, EngineOutput, Failure, SmilesBatch, Worker};
use crate::error::Error;
use crate::library_rows::LibraryRow;
use crate::platform::own_thread_seconds;
use crate::totals::Tally;

/// Rows that are listed as the slowest.
const SLOWEST: usize = 10;

/// A kind of failure, with its first row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SampledFailure {
    /// The step that failed.
    pub stage: &'static str,
    /// The code.
    pub code: &'static str,
    /// Rows with such a failure.
    pub rows: u64,
    /// Failed results, or rows that the rule rejects as a whole.
    pub failures: u64,
    /// The first row.
    #[serde(flatten)]
    pub row: LibraryRow,
    /// The toolkit's message there.
    pub reason: String,
}

/// The time of a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SlowRow {
    /// The row.
    #[serde(flatten)]
    pub row: LibraryRow,
    /// CPU seconds.
    pub cpu_seconds: f64,
}

/// What a rule did to some rows.
#[derive(Default)]
pub struct Tried {
    /// The rows.
    pub rows: u64,
    /// Rows that the engine refuses, whatever the rule.
    pub rows_refused: u64,
    rows_with_sites: u64,
    counts: Tally,
    cpu_seconds: f64,
    failures: BTreeMap<(&'static str, &'static str), SampledFailure>,
    slowest: Vec<SlowRow>,
}

impl Tried {
    /// Tries the only rule of `worker` on a row.
    pub fn try_row(&mut self, row: &LibraryRow, worker: &mut dyn Worker) -> Result<(), Error> {
        let mut smiles = SmilesBatch::default();
        smiles.push(row.source_smiles.as_bytes());
        let mut output = EngineOutput::default();
        let before = own_thread_seconds();
        worker.run(Batch { first_row: row.source_row, ..Batch::new(&smiles) }, &mut output)?;
        let cpu_seconds = own_thread_seconds() - before;
        let counts = output.tallies.into_iter().next().unwrap_or_default();
        self.rows += 1;
        self.rows_with_sites += u64::from(counts.sites > 0);
        self.counts += counts;
        self.cpu_seconds += cpu_seconds;
        self.slowest.push(SlowRow { row: row.clone(), cpu_seconds });
        self.keep_slowest();
        let (of_rule, of_row): (Vec<Failure>, _) =
            output.failures.into_iter().partition(|failure| failure.transform.is_some());
        self.rows_refused += u64::from(!of_row.is_empty());
        self.note_failures(row, of_rule);
        Ok(())
    }

    fn note_failures(&mut self, row: &LibraryRow, failures: Vec<Failure>) {
        let mut own = Self::default();
        for Failure { stage, code, reason, .. } in failures {
            let (stage, code) = (stage.as_str(), code.as_str());
            let first = || SampledFailure { stage, code, rows: 1, failures: 0, row: row.clone(), reason };
            own.failures.entry((stage, code)).or_insert_with(first).failures += 1;
        }
        self.add(own);
    }

    /// Adds other rows.
    pub fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.rows_refused += other.rows_refused;
        self.rows_with_sites += other.rows_with_sites;
        self.counts += other.counts;
        self.cpu_seconds += other.cpu_seconds;
        for (kind, failure) in other.failures {
            match self.failures.get_mut(&kind) {
                None => _ = self.failures.insert(kind, failure),
                Some(known) => {
                    let (rows, failures) = (known.rows + failure.rows, known.failures + failure.failures);
                    if failure.row.source_row < known.row.source_row {
                        *known = failure;
                    }
                    (known.rows, known.failures) = (rows, failures);
                }
            }
        }
        self.slowest.extend(other.slowest);
        self.keep_slowest();
    }

    fn keep_slowest(&mut self) {
        self.slowest.sort_by(|left, right| {
            let by_time = right.cpu_seconds.total_cmp(&left.cpu_seconds);
            by_time.then(left.row.source_row.cmp(&right.row.source_row))
        });
        self.slowest.truncate(SLOWEST);
    }

    /// The report, for a sample of `rows` readable rows.
    pub fn report(self, name: &str, rows: u64) -> SampledRule {
        let share = |part: f64, whole: u64| if whole == 0 { 0.0 } else { part / whole as f64 };
        let mut failures: Vec<SampledFailure> = self.failures.into_values().collect();
        failures.sort_by_key(|failure| std::cmp::Reverse(failure.rows));
        SampledRule {
            name: name.to_owned(),
            rows_with_sites: self.rows_with_sites,
            counts: self.counts,
            products_per_row: share(self.counts.made as f64, self.counts.rows_with_products),
            cpu_seconds_per_row: share(self.cpu_seconds, rows),
            failures,
            slowest: self.slowest,
        }
    }
}
