//! A recheck that finds a difference ends the run, and only RDKit alone may make its rows again.

use std::path::Path;
use std::time::Duration;

use arrow::datatypes::Fields;
use xform_core::engine::{Batch, Engine, EngineOutput, EngineVersion, Worker};
use xform_core::error::Difference;
use xform_core::transform::Transform;
use xform_core::{ApplyOptions, EngineSettings, Error, Summary, apply, verify};

use crate::job::{self, bytes, control, unbroken};

/// The row whose recheck differs.
const LIE: u64 = 700;

/// The engine of the other tests; its recheck of one row gives a different result.
struct Liar(Box<dyn Engine>);

impl Engine for Liar {
    fn version(&self) -> EngineVersion {
        self.0.version()
    }

    fn product_templates(&self) -> &[u64] {
        self.0.product_templates()
    }

    fn columns(&self) -> Fields {
        self.0.columns()
    }

    fn worker(&self, crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        Ok(Box::new(LiarWorker(self.0.worker(crash_record)?)))
    }
}

struct LiarWorker(Box<dyn Worker>);

impl Worker for LiarWorker {
    fn run(&mut self, batch: Batch<'_>, output: &mut EngineOutput) -> Result<(), Error> {
        self.0.run(batch, output)?;
        if batch.rechecks.iter().any(|&row| batch.first_row + u64::from(row) == LIE) {
            let transform = Some("TWO".to_owned());
            let (fast, plain) = ("CO".to_owned(), "CN".to_owned());
            output.rechecked.difference = Some(Box::new(Difference { row: LIE, transform, fast, plain }));
        }
        Ok(())
    }
}

fn make_liar(transforms: &[Transform], settings: &EngineSettings) -> Result<Box<dyn Engine>, Error> {
    Ok(Box::new(Liar(job::make_engine(transforms, settings)?)))
}

fn run(options: &ApplyOptions, commit_interval: Duration) -> Result<Summary, Error> {
    apply(options, &make_liar, &control(None, commit_interval))
}

#[test]
fn after_a_difference_only_rdkit_alone_may_go_on_and_it_starts_at_the_first_row() {
    let folder = job::folder();
    job::prepare(folder.path());
    let expected = unbroken(folder.path(), "expected", xform_core::DedupMode::Exact);
    // With commits before the difference, and without.
    for (index, interval) in [Duration::ZERO, Duration::from_secs(3_600)].into_iter().enumerate() {
        let options = job::options(folder.path(), &format!("out{index}"));
        let options = ApplyOptions { recheck: 1.0, ..options };
        let work = options.outdir.join(".xform-native");
        let error = run(&options, interval).unwrap_err();
        assert_eq!(error.code(), "XFORM_RECHECK_DIFFERS", "{error}");
        for words in ["row 700, transform \"TWO\"", "\"CO\"", "\"CN\"", "--no-fast"] {
            assert!(error.to_string().contains(words), "{error}");
        }
        assert_eq!(error.details()["row"], 700);
        assert!(work.join("difference.json").exists() && !options.outdir.join("SUMMARY.json").exists());

        let verified = verify(&options.outdir).unwrap();
        assert!(verified.advice.unwrap().ends_with("--resume --no-fast"), "{:?}", verified.checks);
        let resumed = ApplyOptions { resume: true, recheck: 0.0, ..options.clone() };
        let refused = run(&resumed, interval).unwrap_err();
        assert_eq!(refused.code(), "XFORM_RESUME_REFUSED", "{refused}");
        assert!(refused.to_string().contains("row 700") && refused.to_string().contains("--no-fast"));
        assert!(work.join("difference.json").exists(), "a second attempt is refused as well");

        let plain = ApplyOptions { fast: false, ..resumed };
        let summary = run(&plain, interval).unwrap();
        assert_eq!(summary.rows_resumed, 0);
        assert_eq!(summary.totals.rechecks.rows_plain, job::ROWS);
        assert!(bytes(&options.outdir) == expected);
        let verified = verify(&options.outdir).unwrap();
        assert!(verified.ok, "{verified:?}");
    }
}

#[test]
fn force_forgets_the_difference() {
    let folder = job::folder();
    job::prepare(folder.path());
    let options = ApplyOptions { recheck: 1.0, ..job::options(folder.path(), "out") };
    assert_eq!(run(&options, Duration::ZERO).unwrap_err().code(), "XFORM_RECHECK_DIFFERS");
    let forced = ApplyOptions { force: true, recheck: 0.0, ..options };
    assert_eq!(run(&forced, Duration::ZERO).unwrap().totals.rechecks.rows_rechecked, 0);
}

#[test]
fn the_share_changes_no_byte() {
    let folder = job::folder();
    job::prepare(folder.path());
    let expected = unbroken(folder.path(), "expected", xform_core::DedupMode::Exact);
    for (share, rows) in [(0.0, 0..=0), (0.1, 90..=210), (1.0, job::ROWS..=job::ROWS)] {
        let options = ApplyOptions { recheck: share, ..job::options(folder.path(), &format!("{share}")) };
        let summary = job::run(&options, None).unwrap();
        let rechecked = summary.totals.rechecks.rows_rechecked;
        assert!(rows.contains(&rechecked), "{share}: {rechecked}");
        assert!(bytes(&options.outdir) == expected, "{share}");
    }
}
