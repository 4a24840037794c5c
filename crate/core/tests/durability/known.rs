//! Known molecules that end the process: a judge finds them, and the run leaves them out and reports them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arrow::datatypes::Fields;
use serde_json::{Value, json};
use xform_core::death::Death;
use xform_core::dedup::{DedupKey, Identity};
use xform_core::disk::{Call, Disk, Gate};
use xform_core::engine::{Engine, EngineVersion, Identifier, InHand, SmilesBatch, Step, Worker};
use xform_core::isolation::judge;
use xform_core::journal::with_checksum;
use xform_core::transform::Transform;
use xform_core::{
    ApplyOptions, Control, EngineSettings, Error, MergeOptions, Shard, Summary, apply, merge, verify,
};

use crate::gate::dead_after;
use crate::job;

/// Rows of the file of known molecules, all of which are products of the run.
const MOLECULES: u64 = 40;
/// The row whose molecule ends the process.
const GUILTY: u64 = 7;

fn known_text(row: u64) -> String {
    format!("P{}", row * 7919 % 3_001)
}

fn is_making(call: Call<'_>) -> bool {
    matches!(call, Call::Create(path) if path.ends_with("known-keys.bin"))
}

/// The engine of the other tests, which a known molecule ends. Instead of dying, a process returns an error, leaves its crash
/// record, and reaches the disk no more.
struct Mortal {
    engine: Box<dyn Engine>,
    fate: Arc<Fate>,
}

#[derive(Default)]
struct Fate {
    /// Whether the guilty molecule ends the process.
    is_deadly: AtomicBool,
    is_dead: AtomicBool,
}

impl Gate for Fate {
    fn before(&self, _: Call<'_>) -> io::Result<Option<usize>> {
        if self.is_dead.load(Ordering::SeqCst) { Err(io::ErrorKind::Other.into()) } else { Ok(None) }
    }

    fn after(&self, _: Call<'_>) {}
}

impl Engine for Mortal {
    fn version(&self) -> EngineVersion {
        self.engine.version()
    }

    fn product_templates(&self) -> &[u64] {
        self.engine.product_templates()
    }

    fn columns(&self) -> Fields {
        self.engine.columns()
    }

    fn reads_as_smiles(&self, texts: &SmilesBatch) -> Result<Vec<bool>, Error> {
        Ok(vec![true; texts.len()])
    }

    fn worker(&self, crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        self.engine.worker(crash_record)
    }

    fn identifier(&self, _: DedupKey, crash_record: Option<&Path>) -> Result<Box<dyn Identifier>, Error> {
        Ok(Box::new(MortalIdentifier {
            fate: Arc::clone(&self.fate),
            record: crash_record.map(Path::to_owned),
        }))
    }

    fn in_hand(&self, crash_record: &Path) -> Result<Option<InHand>, Error> {
        let row = fs::read_to_string(crash_record).unwrap_or_default().parse().ok();
        Ok(row.map(|source_row| InHand { source_row, step: Step::Read, thread: 0, began_seconds: 0.0 }))
    }
}

struct MortalIdentifier {
    fate: Arc<Fate>,
    record: Option<PathBuf>,
}

impl MortalIdentifier {
    fn note(&self, in_hand: &str) {
        if let Some(record) = &self.record {
            fs::write(record, in_hand).unwrap();
        }
    }
}

impl Identifier for MortalIdentifier {
    fn identify(
        &mut self,
        first_row: u64,
        texts: &SmilesBatch,
        found: &mut dyn FnMut(Option<Identity<'_>>),
    ) -> Result<(), Error> {
        for row in 0..texts.len() {
            let text = texts.get(row);
            if text.is_empty() {
                found(None);
                continue;
            }
            self.note(&(first_row + row as u64).to_string());
            if text == known_text(GUILTY).as_bytes() && self.fate.is_deadly.load(Ordering::SeqCst) {
                self.fate.is_dead.store(true, Ordering::SeqCst);
                return Err(Error::internal("died"));
            }
            found(Some(Identity::Smiles(text)));
        }
        self.note("");
        Ok(())
    }
}

/// A run whose process a known molecule ends.
struct Case {
    folder: tempfile::TempDir,
    options: ApplyOptions,
}

impl Case {
    fn new() -> Self {
        let folder = job::folder();
        job::prepare(folder.path());
        let known = folder.path().join("known.smi");
        fs::write(&known, (0..MOLECULES).map(|row| known_text(row) + "\n").collect::<String>()).unwrap();
        let options = ApplyOptions {
            isolate: true,
            workers: 1,
            exclude: known.into(),
            exclude_cache: Some(folder.path().join("cache")),
            ..job::options(folder.path(), "out")
        };
        Self { folder, options }
    }

    fn work(&self, name: &str) -> PathBuf {
        self.options.outdir.join(".xform-native").join(name)
    }

    /// The name of the file of known molecules in the work folder.
    fn label(&self) -> String {
        fs::read_to_string(self.work("in-hand/known")).unwrap()
    }

    fn quarantine(&self) -> PathBuf {
        self.work(&format!("{}.quarantine.jsonl", self.label()))
    }

    fn process(
        &self,
        options: &ApplyOptions,
        is_deadly: bool,
        gate: Option<Arc<dyn Gate>>,
    ) -> Result<Summary, Error> {
        let fate = Arc::new(Fate { is_deadly: is_deadly.into(), ..Fate::default() });
        let disk = Disk::gated(gate.unwrap_or_else(|| Arc::clone(&fate) as Arc<dyn Gate>));
        let control = Control { disk, ..job::control(None, Duration::ZERO) };
        apply(options, &mortal(&fate), &control)
    }

    /// A process that the guilty molecule ends.
    fn dies(&self) {
        self.process(&self.options, true, None).unwrap_err();
        assert!(self.work("in-hand/known").exists());
    }

    /// What a judge reports, without the committed count.
    fn judge(&self, cause: Death) -> Vec<Value> {
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        let on_event = move |event: &xform_core::events::Event<'_>| {
            let mut event = serde_json::to_value(event).unwrap();
            event.as_object_mut().unwrap().remove("committed");
            heard.lock().unwrap().push(event);
        };
        let fate = Arc::new(Fate { is_deadly: true.into(), ..Fate::default() });
        let judged = judge(&self.resumed(), &mortal(&fate), Some(cause), 60.0, &on_event);
        let said = std::mem::take(&mut *said.lock().unwrap());
        assert_eq!(judged.is_ok(), said.last().unwrap()["kind"] == "judged", "{judged:?} {said:?}");
        said
    }

    fn resumed(&self) -> ApplyOptions {
        ApplyOptions { resume: true, ..self.options.clone() }
    }

    /// Dies of the guilty molecule, and puts it in quarantine.
    fn crash(&self) {
        self.dies();
        self.judge(Death::Crashed);
        assert_eq!(self.judge(Death::Crashed).last(), Some(&judged(1)));
    }

    /// Dies of the guilty molecule because it takes too long, and puts it in quarantine.
    fn time_out(&self) {
        self.dies();
        let times = self.work(&format!("{}.row-times.json", self.label()));
        fs::write(times, with_checksum(&format!("[[[{GUILTY},false],61.0]]"))).unwrap();
        assert_eq!(self.judge(Death::TimedOut), [self.in_hand(&[GUILTY]), judged(1)]);
    }

    fn in_hand(&self, rows: &[u64]) -> Value {
        json!({"kind": "in_hand", "known_file": self.options.exclude[0], "rows": rows})
    }

    fn cached(&self) -> Vec<PathBuf> {
        let names = fs::read_dir(self.folder.path().join("cache")).into_iter().flatten();
        let paths = names.map(|entry| entry.unwrap().path());
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "keys")).collect()
    }
}

fn mortal(
    fate: &Arc<Fate>,
) -> impl Fn(&[Transform], &EngineSettings) -> Result<Box<dyn Engine>, Error> + use<> {
    let fate = Arc::clone(fate);
    move |transforms, settings| {
        let engine = job::make_engine(transforms, settings)?;
        Ok(Box::new(Mortal { engine, fate: Arc::clone(&fate) }))
    }
}

fn judged(guilty: usize) -> Value {
    json!({"kind": "judged", "guilty": guilty})
}

/// The rows in quarantine of the only file of known molecules, and the warning about them.
fn left_out(summary: &Summary) -> (Value, String) {
    let [file] = summary.known_files.as_slice() else { panic!("{:?}", summary.known_files) };
    let warning = summary.warnings.iter().find(|warning| warning.contains("--exclude")).cloned();
    (serde_json::to_value(&file.counts.quarantined_rows).unwrap(), warning.unwrap_or_default())
}

#[test]
fn a_known_molecule_that_crashes_is_left_out_as_if_its_row_were_not_a_molecule() {
    let case = Case::new();
    case.dies();
    assert_eq!(case.judge(Death::Crashed), [case.in_hand(&[GUILTY]), json!({"kind": "begun"})]);
    assert_eq!(case.judge(Death::Crashed), [case.in_hand(&[]), judged(1)]);
    let summary = case.process(&case.resumed(), true, None).unwrap();
    let (rows, warning) = left_out(&summary);
    assert_eq!(rows, json!([{"row": GUILTY, "code": "crashed"}]));
    assert!(warning.starts_with("1 of 40 molecules in "), "{warning}");
    let end = "; of these, 1 crashed the process; the first is row 7, counted from 0 (known_files lists all)";
    assert!(warning.ends_with(end), "{warning}");
    assert!(verify(&case.options.outdir).unwrap().ok);

    let other = Case::new();
    let text = fs::read_to_string(&other.options.exclude[0]).unwrap();
    fs::write(&other.options.exclude[0], text.replacen(&(known_text(GUILTY) + "\n"), "\n", 1)).unwrap();
    let without = other.process(&other.options, true, None).unwrap();
    assert_eq!(summary.sums, without.sums);
    let distinct = summary.known_files[0].counts.distinct as usize;
    assert_eq!(distinct as u64, MOLECULES - 1);
    let keys = [&case, &other].map(|case| fs::read(&case.cached()[0]).unwrap()[..16 * distinct].to_vec());
    assert_eq!(keys[0], keys[1]);
}

#[test]
fn other_runs_use_keys_without_a_molecule_that_crashes_and_report_it() {
    let case = Case::new();
    case.crash();
    let first = case.process(&case.resumed(), true, None).unwrap();
    assert_eq!(case.cached().len(), 1);
    let next = ApplyOptions { outdir: case.folder.path().join("next"), ..case.options.clone() };
    let next = case.process(&next, true, None).unwrap();
    assert_eq!(next.known_files, first.known_files, "without a crash");
    assert!(job::bytes(&next.output_dir) == job::bytes(&first.output_dir));
}

#[test]
fn other_runs_do_not_use_keys_without_a_molecule_that_took_too_long() {
    let case = Case::new();
    case.time_out();
    let first = case.process(&case.resumed(), true, None).unwrap();
    assert!(case.cached().is_empty());
    let (rows, warning) = left_out(&first);
    assert_eq!(rows, json!([{"row": GUILTY, "code": "timed_out"}]));
    assert!(
        warning.contains("1 took more time than --mol-timeout") && warning.ends_with("may differ"),
        "{warning}"
    );

    let next = ApplyOptions { outdir: case.folder.path().join("next"), ..case.options.clone() };
    let next = case.process(&next, false, None).unwrap();
    assert_eq!(left_out(&next), (json!([]), String::new()));
    assert_eq!((next.known_files[0].counts.distinct, case.cached().len()), (MOLECULES, 1));
}

#[test]
fn a_run_that_is_killed_while_it_makes_keys_keeps_the_quarantine_of_the_file_wherever_it_is() {
    let case = Case::new();
    case.crash();
    case.process(&case.resumed(), true, dead_after(is_making)).unwrap_err();
    let elsewhere = case.folder.path().join("elsewhere.smi");
    fs::rename(&case.options.exclude[0], &elsewhere).unwrap();
    let moved = ApplyOptions { exclude: elsewhere.into(), isolate: false, ..case.resumed() };
    let summary = case.process(&moved, true, None).unwrap();
    assert_eq!(left_out(&summary).0, json!([{"row": GUILTY, "code": "crashed"}]));
}

/// Stops the run as soon as it makes keys.
struct StopsMaking(Arc<AtomicBool>);

impl Gate for StopsMaking {
    fn before(&self, _: Call<'_>) -> io::Result<Option<usize>> {
        Ok(None)
    }

    fn after(&self, call: Call<'_>) {
        self.0.fetch_or(is_making(call), Ordering::SeqCst);
    }
}

#[test]
fn a_run_that_is_stopped_while_it_makes_keys_keeps_the_quarantine() {
    let case = Case::new();
    case.crash();
    let (cancel, fate) = (Arc::new(AtomicBool::new(false)), Arc::new(Fate::default()));
    let disk = Disk::gated(Arc::new(StopsMaking(Arc::clone(&cancel))));
    let control = Control { disk, cancel, ..job::control(None, Duration::ZERO) };
    let error = apply(&case.resumed(), &mortal(&fate), &control).unwrap_err();
    assert_eq!(error.code(), "XFORM_CANCELLED");
    let summary = case.process(&case.resumed(), true, None).unwrap();
    assert_eq!(left_out(&summary).0, json!([{"row": GUILTY, "code": "crashed"}]));
}

#[test]
fn another_file_and_another_run_have_another_quarantine() {
    let case = Case::new();
    case.crash();
    let kept = fs::read(case.quarantine()).unwrap();
    let more = fs::read_to_string(&case.options.exclude[0]).unwrap() + "P2999\n";
    let other = case.folder.path().join("other.smi");
    fs::write(&other, more).unwrap();
    let path = case.quarantine();
    let other = ApplyOptions { exclude: other.into(), exclude_cache: None, ..case.resumed() };
    case.process(&other, false, dead_after(is_making)).unwrap_err();
    assert!(!path.exists() && !kept.is_empty(), "it is that of a run with the other file");
    let summary = case.process(&other, false, None).unwrap();
    assert_eq!(left_out(&summary).0, json!([]));
}

#[test]
fn a_quarantine_that_has_changed_is_refused_and_shown() {
    let case = Case::new();
    case.crash();
    let options = case.resumed();
    let has_committed =
        |call: Call<'_>| matches!(call, Call::Create(path) if path.ends_with("manifest.jsonl"));
    let quarantine = case.quarantine();
    case.process(&options, true, dead_after(has_committed)).unwrap_err();
    let verified = || {
        let checks = verify(&options.outdir).unwrap().checks;
        checks.into_iter().find(|check| check.name == "quarantine").unwrap()
    };
    assert_eq!(verified().detail, "0 rows and 1 known molecules are left out");
    let good = fs::read_to_string(&quarantine).unwrap();
    fs::write(&quarantine, good.replacen(":7", ":8", 1)).unwrap();
    assert!(!verified().ok);
    let error = case.process(&options, true, None).unwrap_err();
    assert_eq!(error.code(), "XFORM_OUTPUT_DAMAGED", "{error}");
}

#[test]
fn a_merge_reports_what_any_of_its_shards_left_out() {
    let case = Case::new();
    let shard = |index| {
        let mut shard = Case { folder: job::folder(), options: case.options.clone() };
        shard.options.outdir = case.folder.path().join(format!("shard-{index}"));
        shard.options.shard = Some(Shard { index, of: 2 });
        shard
    };
    let (first, second) = (shard(1), shard(2));
    second.time_out();
    let left = second.process(&second.resumed(), true, None).unwrap();
    first.process(&first.options, false, None).unwrap();
    let outdirs = [first, second].map(|shard| shard.options.outdir);
    let options = MergeOptions::new(outdirs.to_vec(), case.folder.path().join("merged"));
    let merged = merge(&options, &job::control(None, Duration::ZERO)).unwrap();
    assert_eq!(left_out(&merged), left_out(&left));
    assert!(verify(&merged.output_dir).unwrap().ok);
}
