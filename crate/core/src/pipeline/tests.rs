use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, mpsc};
use std::time::Duration;

use arrow::array::{ArrayRef, Int32Array};
use arrow::datatypes::Schema;
use arrow::record_batch::{RecordBatch, RecordBatchOptions};

use super::*;
use crate::engine::{Batch, EngineOutput, EngineVersion, SmilesBatch, Worker};
use crate::memory::Budgets;
use crate::source::{Chunk, InputColumns};
use crate::totals::{RowOutcome, RowResult, Tally};

/// A library of `rows` rows in chunks of up to 100.
struct FakeSource {
    columns: InputColumns,
    rows: u64,
    read: Arc<AtomicU64>,
}

impl FakeSource {
    fn new(rows: u64) -> Self {
        let columns = InputColumns { smiles: "smiles".into(), ..Default::default() };
        Self { columns, rows, read: Arc::default() }
    }
}

impl Source for FakeSource {
    fn columns(&self) -> &InputColumns {
        &self.columns
    }

    fn total_rows(&self) -> Option<u64> {
        Some(self.rows)
    }

    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        let read = self.read.load(Ordering::SeqCst);
        let count = (self.rows - read).min(max_rows as u64).min(100);
        if count == 0 {
            return Ok(None);
        }
        let mut smiles = SmilesBatch::default();
        (read..read + count).for_each(|row| smiles.push(format!("C{row}").as_bytes()));
        self.read.store(read + count, Ordering::SeqCst);
        let options = RecordBatchOptions::new().with_row_count(Some(count as usize));
        let columns = RecordBatch::try_new_with_options(Arc::new(Schema::empty()), vec![], &options).unwrap();
        Ok(Some(Chunk { smiles, faults: vec![], columns, replaced: 0, unlisted: Default::default() }))
    }
}

/// Gives each row itself as its only product; `act` is called first, with the batch's first SMILES.
struct FakeEngine {
    act: fn(&str) -> Result<(), Error>,
}

struct FakeWorker {
    act: fn(&str) -> Result<(), Error>,
}

impl Engine for FakeEngine {
    fn version(&self) -> EngineVersion {
        EngineVersion { name: "fake".into(), version: "1".into() }
    }

    fn product_templates(&self) -> &[u64] {
        &[1]
    }

    fn worker(&self, _: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        Ok(Box::new(FakeWorker { act: self.act }))
    }
}

impl Worker for FakeWorker {
    fn run(&mut self, batch: Batch<'_>, output: &mut EngineOutput) -> Result<(), Error> {
        let batch = batch.smiles;
        (self.act)(str::from_utf8(batch.get(0)).unwrap())?;
        for row in 0..batch.len() {
            output.products.push(row as u32, 0, (0, 0), batch.get(row));
            output.rows.push(RowResult::of(RowOutcome::WithProducts, false));
        }
        // Most bytes of a product do not depend on its SMILES.
        let column: ArrayRef = Arc::new(Int32Array::from(vec![0; batch.len()]));
        output.products.columns = vec![column; 5];
        output.tallies.push(Tally { rows_with_products: batch.len() as u64, ..Tally::default() });
        Ok(())
    }
}

#[derive(Default)]
struct Collected(Vec<String>);

impl Sink for Collected {
    fn commit(&mut self, finished: &Finished) -> Result<(), Error> {
        let smiles = &finished.output.products.smiles;
        self.0.extend((0..smiles.len()).map(|i| String::from_utf8(smiles.get(i).to_vec()).unwrap()));
        Ok(())
    }
}

/// An empty quarantine.
static QUARANTINE: LazyLock<Quarantine> = LazyLock::new(Quarantine::default);
static RECHECK: LazyLock<Recheck> = LazyLock::new(Recheck::default);

/// The flow outlives the test, so that a plan can be made in one call.
fn plan(workers: usize, max_in_flight: usize, batch_rows: usize, budget: u64) -> Plan<'static> {
    let flow = Box::leak(Box::new(Flow::new(max_in_flight, Budgets::each(budget))));
    Plan {
        first_row: 0,
        batch_rows,
        workers,
        flow,
        quarantine: &QUARANTINE,
        recheck: &RECHECK,
        filter: None,
        in_hand: None,
    }
}

fn collect(plan: Plan<'_>, rows: u64, act: fn(&str) -> Result<(), Error>) -> Result<Vec<String>, Error> {
    let mut sink = Collected::default();
    run(plan, &mut FakeSource::new(rows), None, &FakeEngine { act }, &mut sink, &mut |_, _| Ok(()))?;
    Ok(sink.0)
}

#[test]
fn results_stand_in_the_order_of_the_input() {
    let expected: Vec<String> = (0..5_000).map(|row| format!("C{row}")).collect();
    let jitter = |smiles: &str| {
        std::thread::sleep(Duration::from_micros(smiles.bytes().map(|b| u64::from(b) % 7 * 100).sum()));
        Ok(())
    };
    for (workers, max_in_flight, batch_rows) in [(1, 1, 7), (2, 4, 500), (8, 64, 50_000), (3, 1, 1)] {
        let plan = plan(workers, max_in_flight, batch_rows, 32 << 20);
        assert_eq!(collect(plan, 5_000, jitter).unwrap(), expected, "{workers} {max_in_flight} {batch_rows}");
        assert!(plan.flow.in_flight().peak_batches <= max_in_flight);
    }
    assert!(collect(plan(2, 2, 10, 1), 0, jitter).unwrap().is_empty());
}

#[test]
fn a_slow_head_and_a_tiny_budget_do_not_block() {
    let slow_head = |smiles: &str| {
        if smiles.ends_with("000") || smiles == "C0" {
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    };
    assert_eq!(collect(plan(8, 64, 100, 1), 5_000, slow_head).unwrap().len(), 5_000);
}

#[test]
fn without_a_budget_one_micro_batch_is_in_flight_at_a_time() {
    let plan = plan(4, 64, 500, 0);
    assert_eq!(collect(plan, 5_000, |_| Ok(())).unwrap().len(), 5_000);
    let (alone, held) = (collect_one_micro_batch(), plan.flow.in_flight());
    assert!(held.peak_bytes <= alone + alone / 10, "{held:?}, {alone} for one micro-batch");
}

/// Bytes of a single micro-batch and its output.
fn collect_one_micro_batch() -> u64 {
    let plan = plan(1, 1, 100, 0);
    collect(plan, 100, |_| Ok(())).unwrap();
    plan.flow.in_flight().peak_bytes
}

#[test]
fn budgets_that_change_all_the_time_lock_nothing_up() {
    let jitter = |smiles: &str| {
        std::thread::sleep(Duration::from_micros(smiles.bytes().map(|b| u64::from(b) % 7 * 20).sum()));
        Ok(())
    };
    // More than any micro-batch, about one, less than one, none.
    let choices = [32 << 20, 20_000, 10_000, 1, 0];
    for seed in 1..=8_u64 {
        let (workers, max_in_flight) = (1 + seed as usize % 4, 1 + seed as usize % 3 * 8);
        let plan = plan(workers, max_in_flight, 250, choices[seed as usize % 5]);
        let (ended, end) = mpsc::channel();
        std::thread::spawn(move || ended.send(collect(plan, 20_000, jitter)));
        let mut random = seed;
        let deadline = std::time::Instant::now() + Duration::from_secs(120);
        let products = loop {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let choice = |shift: u32| choices[(random >> shift) as usize % choices.len()];
            plan.flow.set_budgets(Budgets { input_bytes: choice(33), output_bytes: choice(48) });
            match end.recv_timeout(Duration::from_micros(random >> 54)) {
                Ok(ended) => break ended.unwrap(),
                Err(_) => {
                    assert!(std::time::Instant::now() < deadline, "seed {seed} is locked up: {:?}", plan.flow)
                }
            }
        };
        assert_eq!(products.len(), 20_000);
    }
}

/// Commits nothing until it is released, and then checks at each commit what had been read.
struct Stalled {
    released: mpsc::Receiver<()>,
    read: Arc<AtomicU64>,
    committed: u64,
    most_ahead: u64,
}

impl Sink for Stalled {
    fn commit(&mut self, finished: &Finished) -> Result<(), Error> {
        let _ = self.released.recv();
        self.most_ahead = self.most_ahead.max(self.read.load(Ordering::SeqCst) - self.committed);
        self.committed += finished.micro_batch.chunk.smiles.len() as u64;
        Ok(())
    }
}

fn stalled_run(max_in_flight: usize, batch_rows: usize, budget: u64) -> (u64, InFlight) {
    let mut source = FakeSource::new(20_000);
    let (release, released) = mpsc::channel();
    let mut sink = Stalled { released, read: Arc::clone(&source.read), committed: 0, most_ahead: 0 };
    let engine = FakeEngine { act: |_| Ok(()) };
    let letting_go = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        drop(release);
    });
    let in_flight = run(
        plan(4, max_in_flight, batch_rows, budget),
        &mut source,
        None,
        &engine,
        &mut sink,
        &mut |_, _| Ok(()),
    );
    letting_go.join().unwrap();
    (sink.most_ahead, in_flight.unwrap())
}

#[test]
fn a_stalled_sink_stops_the_reader() {
    // The reader requests a permit for a batch before it reads it, so it is ahead by at most the batches in flight.
    let (ahead, held) = stalled_run(3, 500, 32 << 20);
    assert!((1_000..=1_500).contains(&ahead), "{ahead} rows ahead of 3 batches of 500");
    assert_eq!(held.peak_batches, 3);

    // The byte budgets take precedence over the batches.
    let budget = 20_000;
    let (ahead, held) = stalled_run(64, 500, budget);
    assert!(ahead < 5_000, "{ahead} rows ahead");
    let head_bytes = 100 * 100;
    assert!(held.peak_bytes <= 2 * budget + head_bytes, "{held:?}");
}

/// Whether it was asked to make its state durable while nothing new arrived.
static ASKED_IN_A_STALL: AtomicBool = AtomicBool::new(false);

struct Durable {
    rows: usize,
    durable_rows: usize,
}

impl Sink for Durable {
    fn commit(&mut self, finished: &Finished) -> Result<(), Error> {
        self.rows += finished.micro_batch.chunk.smiles.len();
        Ok(())
    }

    fn make_durable(&mut self) -> Result<(), Error> {
        if self.rows > 0 && self.rows == self.durable_rows {
            ASKED_IN_A_STALL.store(true, Ordering::SeqCst);
        }
        self.durable_rows = self.rows;
        Ok(())
    }
}

#[test]
fn a_molecule_that_takes_long_does_not_hold_up_what_was_done_before() {
    let stalls = |smiles: &str| {
        let waited = (0..2_000).find(|_| {
            std::thread::sleep(Duration::from_millis(5));
            smiles != "C100" || ASKED_IN_A_STALL.load(Ordering::SeqCst)
        });
        waited.map(drop).ok_or_else(|| Error::internal("nobody asked"))
    };
    let (engine, mut sink) = (FakeEngine { act: stalls }, Durable { rows: 0, durable_rows: 0 });
    let mut source = FakeSource::new(300);
    run(plan(2, 4, 100, 32 << 20), &mut source, None, &engine, &mut sink, &mut |_, _| Ok(())).unwrap();
    assert_eq!(sink.rows, 300);
}

#[test]
fn an_error_anywhere_ends_the_run() {
    let fails = |smiles: &str| if smiles == "C700" { Err(Error::internal("as planned")) } else { Ok(()) };
    let panics = |smiles: &str| if smiles == "C700" { panic!("as planned") } else { Ok(()) };
    for act in [fails as fn(&str) -> Result<(), Error>, panics] {
        let error = collect(plan(4, 8, 200, 1_000), 20_000, act).unwrap_err();
        assert_eq!(error.code(), "XFORM_INTERNAL");
        assert!(error.to_string().contains("as planned"), "{error}");
    }
}

struct Broken;

impl Sink for Broken {
    fn commit(&mut self, _: &Finished) -> Result<(), Error> {
        panic!("as planned")
    }
}

#[test]
fn a_panic_in_the_commit_ends_the_run() {
    let engine = FakeEngine { act: |_| Ok(()) };
    let error =
        run(plan(2, 2, 100, 1), &mut FakeSource::new(5_000), None, &engine, &mut Broken, &mut |_, _| Ok(()));
    assert!(error.unwrap_err().to_string().contains("the commit panicked: as planned"));
}

#[test]
fn a_broken_library_ends_the_run() {
    struct BreaksOff(FakeSource);
    impl Source for BreaksOff {
        fn columns(&self) -> &InputColumns {
            self.0.columns()
        }
        fn total_rows(&self) -> Option<u64> {
            None
        }
        fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
            let row = self.0.read.load(Ordering::SeqCst);
            if row >= 1_000 {
                return Err(Error::InputCorrupt { path: "x".into(), row, reason: "as planned".into() });
            }
            self.0.next_chunk(max_rows)
        }
    }
    let engine = FakeEngine { act: |_| Ok(()) };
    let mut source = BreaksOff(FakeSource::new(5_000));
    let error =
        run(plan(2, 2, 100, 32 << 20), &mut source, None, &engine, &mut Collected::default(), &mut |_, _| {
            Ok(())
        });
    assert_eq!(error.unwrap_err().code(), "XFORM_INPUT_CORRUPT");
}

#[test]
fn a_run_stops_within_a_second_when_asked() {
    let asked = AtomicBool::new(false);
    let engine = FakeEngine {
        act: |_| {
            std::thread::sleep(Duration::from_millis(20));
            Ok(())
        },
    };
    let (started, mut asked_at) = (std::time::Instant::now(), None);
    let mut on_tick = |_: &Collected, _: InFlight| {
        if started.elapsed() > Duration::from_millis(200) && !asked.swap(true, Ordering::SeqCst) {
            asked_at = Some(std::time::Instant::now());
            return Err(Error::Cancelled { rows: 0, path: "out".into(), advice: "" });
        }
        Ok(())
    };
    let mut source = FakeSource::new(10_000_000);
    let error = run(
        plan(2, 4, 50_000, 32 << 20),
        &mut source,
        None,
        &engine,
        &mut Collected::default(),
        &mut on_tick,
    );
    assert_eq!(error.unwrap_err().code(), "XFORM_CANCELLED");
    assert!(asked_at.unwrap().elapsed() < Duration::from_secs(1));
}
