//! Which rows a judge puts in quarantine, depending on how the process that was working on them died.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use xform_core::death::Death;
use xform_core::engine::{Batch, Engine, EngineOutput, EngineVersion, InHand, SmilesBatch, Step, Worker};
use xform_core::isolation::judge;
use xform_core::journal::with_checksum;
use xform_core::transform::Transform;
use xform_core::{ApplyOptions, EngineSettings, Error};

use crate::job;

/// What a row does to the process that tries it.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    /// Ends it at its recheck.
    DiesAgain,
    /// Ends it at the second transform.
    Dies,
    /// Never comes to an end, until the test ends it.
    Spins,
}

/// An engine that gives rows their fates. Instead of dying, a process returns an error and leaves its crash record.
#[derive(Clone, Default)]
struct Deadly {
    fates: BTreeMap<u64, Fate>,
    is_ended: Arc<AtomicBool>,
}

impl Engine for Deadly {
    fn version(&self) -> EngineVersion {
        EngineVersion { name: "deadly".into(), version: "1".into() }
    }

    fn product_templates(&self) -> &[u64] {
        &[1, 1]
    }

    fn reads_as_smiles(&self, texts: &SmilesBatch) -> Result<Vec<bool>, Error> {
        Ok((0..texts.len()).map(|row| texts.get(row).starts_with(b"C")).collect())
    }

    fn worker(&self, crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        Ok(Box::new(DeadlyWorker { engine: self.clone(), record: crash_record.unwrap().to_owned() }))
    }

    fn in_hand(&self, crash_record: &Path) -> Result<Option<InHand>, Error> {
        let text = fs::read_to_string(crash_record).unwrap_or_default();
        let numbers: Vec<i64> = text.split(' ').flat_map(str::parse).collect();
        let [source_row, transform, thread] = numbers[..] else { return Ok(None) };
        let (source_row, thread) = (source_row as u64, thread as u32);
        let step = transform.try_into().map_or(Step::Recheck, Step::Transform);
        Ok(Some(InHand { source_row, step, thread, began_seconds: 0.0 }))
    }
}

struct DeadlyWorker {
    engine: Deadly,
    record: PathBuf,
}

impl Worker for DeadlyWorker {
    fn run(&mut self, batch: Batch<'_>, _: &mut EngineOutput) -> Result<(), Error> {
        let own = fs::read_link("/proc/thread-self").unwrap();
        let thread = own.file_name().unwrap().to_str().unwrap();
        fs::write(&self.record, format!("{} 1 {thread}", batch.first_row)).unwrap();
        match self.engine.fates.get(&batch.first_row) {
            Some(Fate::Dies) => return Err(Error::internal("died")),
            Some(Fate::Spins) => while !self.engine.is_ended.load(Ordering::Relaxed) {},
            Some(Fate::DiesAgain) if batch.rechecks == [0] => {
                fs::write(&self.record, format!("{} -2 {thread}", batch.first_row)).unwrap();
                return Err(Error::internal("died"));
            }
            Some(Fate::DiesAgain) | None => {}
        }
        fs::write(&self.record, "").unwrap();
        Ok(())
    }
}

/// A run whose process has died while working on rows 10 and 20.
struct Case {
    folder: tempfile::TempDir,
    options: ApplyOptions,
    engine: Deadly,
}

impl Case {
    fn new(fates: &[(u64, Fate)]) -> Self {
        let folder = job::folder();
        job::prepare(folder.path());
        let options = ApplyOptions { isolate: true, resume: true, ..job::options(folder.path(), "out") };
        let engine = Deadly { fates: fates.iter().copied().collect(), ..Deadly::default() };
        let case = Self { folder, options, engine };
        fs::create_dir_all(case.work("in-hand")).unwrap();
        for (worker, row) in [10, 20].iter().enumerate() {
            fs::write(case.work(&format!("in-hand/{worker}")), format!("{row} 1 0")).unwrap();
        }
        case
    }

    fn work(&self, name: &str) -> PathBuf {
        self.folder.path().join("out/.xform-native").join(name)
    }

    /// The events of a judge, without the committed count. A row may take a minute.
    fn judge(&self, cause: Option<Death>) -> Vec<Value> {
        self.judge_within(cause, 60.0)
    }

    fn judge_within(&self, cause: Option<Death>, row_limit_seconds: f64) -> Vec<Value> {
        let said = Arc::new(Mutex::new(Vec::new()));
        let (heard, is_ended) = (said.clone(), self.engine.is_ended.clone());
        let on_event = move |event: &xform_core::events::Event<'_>| {
            let mut event = serde_json::to_value(event).unwrap();
            event.as_object_mut().unwrap().remove("committed");
            is_ended.store(event["kind"] == "overdue", Ordering::Relaxed);
            heard.lock().unwrap().push(event);
        };
        let engine = self.engine.clone();
        let make_engine =
            move |_: &[Transform], _: &EngineSettings| Ok(Box::new(engine.clone()) as Box<dyn Engine>);
        let judged = judge(&self.options, &make_engine, cause, row_limit_seconds, &on_event);
        let said = std::mem::take(&mut *said.lock().unwrap());
        assert_eq!(judged.is_ok(), said.last().unwrap()["kind"] == "judged", "{judged:?} {said:?}");
        said
    }

    fn quarantine(&self) -> Vec<Value> {
        self.rows_in("quarantine.jsonl")
    }

    fn given_up(&self) -> Vec<Value> {
        self.rows_in("given-up-rechecks.jsonl")
    }

    fn rows_in(&self, name: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.work(name)).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line.rsplit_once(' ').unwrap().0).unwrap()).collect()
    }
}

fn in_hand(rows: &[u64]) -> Value {
    json!({"kind": "in_hand", "rows": rows})
}

fn judged(guilty: usize) -> Value {
    json!({"kind": "judged", "guilty": guilty})
}

fn begun() -> Value {
    json!({"kind": "begun"})
}

#[test]
fn a_row_that_crashes_alone_is_to_blame_at_its_transform_and_others_are_not() {
    let case = Case::new(&[(20, Fate::Dies)]);
    assert_eq!(case.judge(Some(Death::Crashed)), [in_hand(&[10, 20]), begun(), begun()]);
    assert_eq!(case.judge(Some(Death::Crashed)), [in_hand(&[]), judged(1)]);
    assert_eq!(case.quarantine(), [json!({"source_row": 20, "transform": 1, "code": "crashed"})]);
}

#[test]
fn rows_that_crash_in_company_only_are_not_to_blame() {
    let case = Case::new(&[]);
    assert_eq!(case.judge(Some(Death::Crashed)), [in_hand(&[10, 20]), begun(), begun(), judged(0)]);
    assert!(case.quarantine().is_empty() && !case.work("in-hand/try").exists());
}

#[test]
fn a_kill_costs_no_row_neither_of_the_run_nor_of_the_judge() {
    let case = Case::new(&[(10, Fate::Dies)]);
    assert_eq!(case.judge(None), [in_hand(&[10, 20]), judged(0)], "nothing is tried");

    assert_eq!(case.judge(Some(Death::Crashed)), [in_hand(&[10, 20]), begun()]);
    assert_eq!(case.judge(None), [in_hand(&[20]), begun(), judged(0)], "the other row is still tried");
    assert!(case.quarantine().is_empty());
}

#[test]
fn a_row_is_to_blame_for_want_of_memory_if_it_dies_of_it_alone_twice() {
    let case = Case::new(&[(10, Fate::Dies)]);
    let memory = Some(Death::OutOfMemory);
    assert_eq!(case.judge(memory), [in_hand(&[10, 20]), begun()]);
    assert_eq!(case.judge(memory), [in_hand(&[20]), begun()], "once more");
    assert_eq!(case.judge(memory), [in_hand(&[20]), begun(), judged(1)]);
    assert_eq!(case.quarantine(), [json!({"source_row": 10, "transform": null, "code": "out_of_memory"})]);

    for (second, guilty) in [(None, 0), (Some(Death::Crashed), 1)] {
        let case = Case::new(&[(10, Fate::Dies)]);
        case.judge(memory);
        case.judge(memory);
        assert_eq!(case.judge(second).last(), Some(&judged(guilty)));
    }
}

#[test]
fn a_row_that_took_too_long_is_to_blame_as_a_whole_unless_it_was_finished() {
    let case = Case::new(&[]);
    fs::write(
        case.work("row-times.json"),
        with_checksum("[[[7,false],61.0],[[10,false],59.0],[[20,false],61.0]]"),
    )
    .unwrap();
    assert_eq!(case.judge(Some(Death::TimedOut)), [in_hand(&[10, 20]), judged(1)]);
    assert_eq!(case.quarantine(), [json!({"source_row": 20, "transform": null, "code": "timed_out"})]);
}

#[test]
fn a_recheck_that_crashes_or_takes_too_long_is_given_up_and_its_row_is_kept() {
    let mut case = Case::new(&[(20, Fate::DiesAgain)]);
    case.options.recheck = 1.0;
    assert_eq!(case.judge(Some(Death::Crashed)), [in_hand(&[10, 20]), begun(), begun()]);
    assert_eq!(case.judge(Some(Death::Crashed)), [in_hand(&[]), judged(1)]);
    assert_eq!(case.given_up(), [json!({"source_row": 20, "transform": null, "code": "crashed"})]);

    fs::write(case.work("in-hand/0"), "20 -2 0").unwrap();
    assert_eq!(case.judge(Some(Death::Crashed)), [in_hand(&[20]), begun(), judged(0)], "not rechecked again");

    fs::write(case.work("in-hand/0"), "10 -2 0").unwrap();
    fs::write(case.work("row-times.json"), with_checksum("[[[10,false],61.0],[[10,true],59.0]]")).unwrap();
    assert_eq!(case.judge(Some(Death::TimedOut)), [in_hand(&[10]), judged(0)], "a recheck has its own time");
    fs::write(case.work("row-times.json"), with_checksum("[[[10,true],61.0]]")).unwrap();
    assert_eq!(case.judge(Some(Death::TimedOut)), [in_hand(&[10]), judged(1)]);
    assert_eq!(case.given_up()[1], json!({"source_row": 10, "transform": null, "code": "timed_out"}));
    assert!(case.quarantine().is_empty());
}

#[test]
fn a_trial_has_a_time_limit_of_its_own() {
    let case = Case::new(&[(10, Fate::Spins)]);
    let overdue = json!({"kind": "overdue"});
    fs::write(case.work("row-times.json"), with_checksum("[[[10,false],9.0]]")).unwrap();
    let limit = 0.3;
    assert_eq!(case.judge_within(Some(Death::Crashed), limit), [in_hand(&[10, 20]), begun(), overdue]);
    // Here the process was not ended at once, so that the row was finished.
    fs::write(case.work("in-hand/try"), "10 1 0").unwrap();
    assert_eq!(case.judge_within(Some(Death::TimedOut), limit), [in_hand(&[20]), begun(), judged(1)]);
    assert_eq!(case.quarantine(), [json!({"source_row": 10, "transform": null, "code": "timed_out"})]);
}

#[test]
fn what_is_in_quarantine_already_is_counted_once() {
    let case = Case::new(&[(10, Fate::Dies), (20, Fate::Dies)]);
    for _ in 0..2 {
        case.judge(Some(Death::Crashed));
    }
    assert_eq!(case.judge(Some(Death::Crashed)).last(), Some(&judged(1)));
    assert_eq!(case.quarantine().len(), 2);
    fs::write(case.work("in-hand/try"), "10 1 0").unwrap();
    assert_eq!(case.judge(Some(Death::Crashed)).last(), Some(&judged(0)));
}
