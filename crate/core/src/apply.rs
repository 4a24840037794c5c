//! A run from its options to its published files.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use crossbeam_channel::bounded;

use crate::dedup::{BloomDedup, BloomSize, Dedup, DedupReport, ExactDedup, KeepAll};
use crate::engine::{Engine, Limits};
use crate::error::Error;
use crate::examples;
use crate::memory::{self, Counters, Watch};
use crate::options::{ApplyOptions, DedupMode};
use crate::output::folder::OutputFolder;
use crate::output::metadata::{self, FORMAT, TOOL};
use crate::output::table::Buffering;
use crate::output::{PRODUCTS_FILE, REJECTS_FILE, SUMMARY_FILE};
use crate::pipeline::commit::{ProductSink, Sealed};
use crate::pipeline::flow::{Bounds, Held};
use crate::pipeline::{self, Passed, Plan};
use crate::progress::{Control, Phase, Progress, Throttle};
use crate::source::{self, Source};
use crate::summary::{CheckReport, ColumnNames, FileReport, Files, Summary, TransformSums};
use crate::sums::Sums;
use crate::transform::{self, Overrides, Transform};

/// Compiles the transforms of a run into an engine.
pub type MakeEngine<'a> = dyn Fn(&[Transform], Limits) -> Result<Box<dyn Engine>, Error> + Sync + 'a;

/// Transforms a library: reads `options.input`, writes the products, the rejects and the summary to
/// `options.outdir`, and returns the summary.
///
/// # Errors
/// Any [`Error`]; then no file of this run stands under a final name.
pub fn apply(options: &ApplyOptions, make_engine: &MakeEngine, control: &Control) -> Result<Summary, Error> {
    let started = Instant::now();
    let watch = Watch::start();
    let mut job = Job::prepare(options, make_engine)?;
    let folder = OutputFolder::prepare(&options.outdir, options.force)?;
    let counters = Counters::default();
    let run = Run { options, control, started, watch: &watch, counters: &counters };
    let (passed, sealed) = run.all_rows(&mut job, &folder)?;
    run.publish(&job, &folder, passed, sealed)
}

/// Checks options, transforms and input as [`apply`] would, and writes nothing.
///
/// # Errors
/// Those with which [`apply`] would refuse to start.
pub fn check(options: &ApplyOptions, make_engine: &MakeEngine) -> Result<CheckReport, Error> {
    let job = Job::prepare(options, make_engine)?;
    OutputFolder::check(&options.outdir, options.force)?;
    Ok(CheckReport {
        tool: TOOL,
        engine: job.engine.version(),
        transforms: job.transforms.iter().map(|transform| transform.name.clone()).collect(),
        columns: ColumnNames::from(job.source.columns()),
        rows: job.source.total_rows(),
        options: options.clone(),
        warnings: job.warnings,
    })
}

/// A run that can start.
struct Job {
    transforms: Vec<Transform>,
    engine: Box<dyn Engine>,
    source: Box<dyn Source>,
    warnings: Vec<String>,
    limit_bytes: u64,
    target_bytes: u64,
    budget_bytes: u64,
}

impl Job {
    fn prepare(options: &ApplyOptions, make_engine: &MakeEngine) -> Result<Self, Error> {
        options.validate()?;
        let limit_bytes = memory::limit_bytes();
        let target_bytes = options.target_memory.bytes(limit_bytes);
        let fixed_bytes = filter_bytes(options, target_bytes)?;
        let overrides =
            Overrides { max_sites: options.max_sites, exclude_sugar_like: options.exclude_sugar_like };
        let file = transform::load(&options.xf_config)?;
        let mut transforms = transform::select(&file, &options.xf_config, &options.xf_names)?;
        overrides.apply(&mut transforms)?;
        let engine = make_engine(&transforms, options.limits())?;
        let mut warnings = file.notices;
        if overrides == Overrides::default() {
            warnings.extend(examples::unmet(&transforms, &*engine)?);
        }
        Ok(Self {
            transforms,
            engine,
            source: source::open(&options.input, &options.source())?,
            warnings,
            limit_bytes,
            target_bytes,
            budget_bytes: memory::budget_bytes(target_bytes, fixed_bytes),
        })
    }
}

/// Bytes of the Bloom filter, if there will be one; it must leave room in the target.
fn filter_bytes(options: &ApplyOptions, target_bytes: u64) -> Result<u64, Error> {
    if options.dedup != DedupMode::Bloom {
        return Ok(0);
    }
    let bytes = bloom_size(options).bytes();
    if bytes.saturating_add(memory::FLOOR_BYTES) > target_bytes {
        return Err(Error::InvalidOption {
            option: "--bloom-expected-items".to_owned(),
            reason: format!(
                "a filter for {} items at {} takes {bytes} bytes, which does not fit the memory target of \
                 {target_bytes} bytes; lower the number, raise --bloom-fp-rate or --target-memory, or use \
                 --dedup exact",
                options.bloom_expected_items, options.bloom_fp_rate
            ),
        });
    }
    Ok(bytes)
}

fn bloom_size(options: &ApplyOptions) -> BloomSize {
    BloomSize { expected_items: options.bloom_expected_items, fp_rate: options.bloom_fp_rate }
}

fn make_dedup(options: &ApplyOptions) -> Box<dyn Dedup> {
    match options.dedup {
        DedupMode::Exact => Box::new(ExactDedup::default()),
        DedupMode::Bloom => Box::new(BloomDedup::new(bloom_size(options))),
        DedupMode::None => Box::new(KeepAll),
    }
}

/// What the steps of a run share.
struct Run<'a> {
    options: &'a ApplyOptions,
    control: &'a Control,
    started: Instant,
    watch: &'a Watch,
    counters: &'a Counters,
}

impl Run<'_> {
    /// Sends every row through the pipeline; hashes the input and watches the memory beside it.
    fn all_rows(&self, job: &mut Job, folder: &OutputFolder) -> Result<(Passed, Sealed), Error> {
        let ended = AtomicBool::new(false);
        let (stop_watch, watch_stopped) = bounded::<()>(0);
        thread::scope(|scope| {
            let watching = scope.spawn(|| {
                let stopped = watch_stopped;
                self.watch.run(self.counters, &stopped);
            });
            let hashing =
                scope.spawn(|| source::hash_file(&self.options.input, &|| ended.load(Ordering::Relaxed)));
            let sealed = self.pipeline(job, folder).and_then(|(passed, sink)| {
                self.report(
                    &sink,
                    passed.rows_committed,
                    passed.held,
                    job.source.total_rows(),
                    Phase::Publishing,
                );
                let sha256 = hashing
                    .join()
                    .unwrap_or_else(|_| Err(Error::internal("the thread that hashes the input panicked")))?
                    .ok_or_else(|| Error::internal("the hash of the input was given up"))?;
                let metadata = metadata::key_value(
                    &job.engine.version(),
                    self.options,
                    job.source.columns(),
                    &job.transforms,
                    &sha256,
                    passed.rows_read,
                );
                Ok((
                    passed,
                    sink.seal(passed.rows_read, &job.transforms, job.engine.product_templates(), &metadata)?,
                ))
            });
            ended.store(true, Ordering::Relaxed);
            drop(stop_watch);
            let _ = watching.join();
            sealed
        })
    }

    fn pipeline(&self, job: &mut Job, folder: &OutputFolder) -> Result<(Passed, ProductSink<'_>), Error> {
        let plan = Plan {
            batch_rows: self.options.batch_size,
            workers: self.options.workers,
            bounds: Bounds {
                max_in_flight: self.options.max_in_flight,
                input_bytes: job.budget_bytes,
                output_bytes: job.budget_bytes,
            },
        };
        let buffering =
            Buffering { flush_interval: self.options.flush_interval, buffer_bytes: job.budget_bytes };
        let dedup = make_dedup(self.options);
        let columns = job.source.columns();
        let mut sink =
            ProductSink::create(folder, columns, &job.transforms, dedup, buffering, self.counters)?;
        let (rows_total, mut throttle) = (job.source.total_rows(), Throttle::new());
        let mut on_tick = |sink: &ProductSink, rows: u64, held: Held| {
            self.counters.in_flight.store(held.input_bytes + held.output_bytes, Ordering::Relaxed);
            if throttle.is_due() {
                self.report(sink, rows, held, rows_total, Phase::Reading);
            }
            self.stop_if_asked(rows)
        };
        let passed = pipeline::run(plan, &mut *job.source, &*job.engine, &mut sink, &mut on_tick)?;
        self.stop_if_asked(passed.rows_committed)?;
        Ok((passed, sink))
    }

    fn stop_if_asked(&self, rows: u64) -> Result<(), Error> {
        if self.control.is_cancelled() {
            return Err(Error::Cancelled { rows, path: self.options.outdir.clone() });
        }
        Ok(())
    }

    fn report(&self, sink: &ProductSink, rows: u64, held: Held, rows_total: Option<u64>, phase: Phase) {
        let Some(on_progress) = &self.control.on_progress else { return };
        let elapsed_seconds = self.started.elapsed().as_secs_f64();
        let rows_per_second = rows as f64 / elapsed_seconds.max(f64::EPSILON);
        let eta_seconds =
            rows_total.filter(|_| rows > 0).map(|total| total.saturating_sub(rows) as f64 / rows_per_second);
        on_progress(&Progress {
            phase,
            rows_total,
            rows,
            products: sink.products_seen(),
            unique: sink.products_kept(),
            rejects: sink.reject_records(),
            elapsed_seconds,
            rows_per_second,
            eta_seconds,
            memory_bytes: self.watch.latest_bytes(),
            batches_in_flight: held.batches,
            inflight_bytes: held.input_bytes + held.output_bytes,
        });
    }

    /// Gives the files their names, the summary last.
    fn publish(
        &self,
        job: &Job,
        folder: &OutputFolder,
        passed: Passed,
        sealed: Sealed,
    ) -> Result<Summary, Error> {
        let file = |name: &str, rows, read: crate::output::folder::ReadBack| FileReport {
            file: folder.path().join(name),
            rows,
            bytes: read.bytes,
            sha256: read.sha256,
        };
        let Sealed { sums, row_counts, dedup, products, rejects, peak_buffered_products } = sealed;
        self.stop_if_asked(passed.rows_committed)?;
        let files = Files {
            rejects: file(REJECTS_FILE, rejects.0, rejects.1.publish(folder)?),
            products: file(PRODUCTS_FILE, products.0, products.1.publish(folder)?),
        };
        let names: Vec<String> = job.transforms.iter().map(|transform| transform.name.clone()).collect();
        let total = Sums::total(passed.rows_read, &row_counts, &sums);
        let elapsed_seconds = self.started.elapsed().as_secs_f64();
        let per_second = |count: u64| count as f64 / elapsed_seconds.max(f64::EPSILON);
        self.watch.sample(self.counters);
        let transforms: Vec<TransformSums> =
            names.iter().zip(&sums).map(|(name, &sums)| TransformSums { name: name.clone(), sums }).collect();
        let summary = Summary {
            format: FORMAT,
            tool: TOOL,
            engine: job.engine.version(),
            transform: names.into(),
            source_file: self.options.input.clone(),
            output_dir: folder.path().to_owned(),
            total_input: passed.rows_read,
            total_processed: row_counts.total(),
            total_products: total.tally.products,
            unique_products: total.unique,
            rejected_rows: row_counts.rejected_by_any,
            elapsed_seconds,
            throughput_mol_per_sec: per_second(passed.rows_read),
            products_per_sec: per_second(total.tally.products),
            stats: row_counts,
            sums: total,
            warnings: warnings(job, &transforms, &dedup),
            transforms,
            dedup,
            columns: ColumnNames::from(job.source.columns()),
            options: self.options.clone(),
            memory: self.watch.report(job.limit_bytes, job.target_bytes, job.budget_bytes),
            peak_batches_in_flight: passed.held.peak_batches,
            peak_inflight_bytes: passed.held.peak_bytes,
            peak_buffered_products,
            files,
        };
        summary.publish(folder, SUMMARY_FILE)?;
        Ok(summary)
    }
}

fn warnings(job: &Job, transforms: &[TransformSums], dedup: &DedupReport) -> Vec<String> {
    let mut warnings = job.warnings.clone();
    let replaced = job.source.replaced_values();
    if replaced > 0 {
        warnings.push(format!(
            "{replaced} values of carried columns were not UTF-8; what was not is replaced by U+FFFD"
        ));
    }
    for TransformSums { name, sums } in transforms {
        if sums.tally.sites == 0 {
            warnings.push(format!("transform {name:?} found no site in {} rows", sums.rows));
        }
    }
    if let Some(bloom) = &dedup.bloom {
        if bloom.overfilled {
            warnings.push(format!(
                "the Bloom filter holds more than the {} products it was sized for; it takes {:.2} % of new \
                 products for seen ones; raise --bloom-expected-items or use --dedup exact",
                bloom.expected_items,
                100.0 * bloom.expected_false_positive_rate
            ));
        }
        if bloom.expected_lost >= 0.5 {
            warnings.push(format!(
                "some {:.0} new products were probably taken for seen ones and are lost; --dedup exact loses none",
                bloom.expected_lost
            ));
        }
    }
    warnings
}
