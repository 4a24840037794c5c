//! Compares the figures of a summary with one another: each has a value that follows from the others.

use std::fmt::Debug;

use serde::Serialize;
use serde_json::Value;

use crate::dedup::{BloomSize, DedupMode, DedupReport};
use crate::job::bounds_within;
use crate::journal;
use crate::known::KnownCounts;
use crate::memory::{Breakdown, MemoryReport};
use crate::profile::{ParentFigures, Point};
use crate::standardization::Standardization;
use crate::summary::{Summary, rate};
use crate::totals::{ChargedRows, RecheckCounts, Sums};

/// A text that describes what is inconsistent.
pub type Checked = Result<(), String>;

/// Checks that the figures are consistent.
pub fn check(summary: &Summary) -> Checked {
    summary.options.validate().map_err(|error| error.to_string())?;
    totals(summary)?;
    transforms(summary)?;
    rows(summary)?;
    clauses(summary)?;
    parents(summary)?;
    timeline(summary)?;
    known(summary)?;
    rechecks(summary)?;
    rates(summary)?;
    deduplication(summary)?;
    merged(summary)?;
    equal("restarts.total", summary.restarts.total, summary.restarts.reasons.values().sum())?;
    memory(summary)?;
    names(summary)?;
    warnings(summary)
}

/// An error unless `found` equals `expected`.
pub fn equal<T: PartialEq + Debug>(what: &str, found: T, expected: T) -> Checked {
    if found == expected { Ok(()) } else { Err(format!("{what} is {found:?} and should be {expected:?}")) }
}

/// An error unless `found` lies between `least` and `most`.
pub fn within(what: &str, found: u64, least: u64, most: u64) -> Checked {
    if (least..=most).contains(&found) {
        return Ok(());
    }
    Err(format!("{what} is {found} and should be between {least} and {most}"))
}

/// Like `equal` for values with several figures; the error names the first one that differs.
pub fn same(what: &str, found: &impl Serialize, expected: &impl Serialize) -> Checked {
    let [found, expected] =
        [serde_json::to_value(found), serde_json::to_value(expected)].map(|value| value.unwrap_or_default());
    match journal::difference(&expected, &found) {
        Some(difference) => Err(format!("{what}: {difference}")),
        None => Ok(()),
    }
}

/// No count of a run exceeds this; below it, the counts of any number of transforms and shards add up without
/// overflow.
const MOST: u64 = 1 << 47;

/// Checks that all counts can be added up, which all other checks do.
pub fn check_size(summary: &Summary) -> Checked {
    let all = serde_json::to_value(summary).unwrap_or_default();
    for (key, value) in all.as_object().into_iter().flatten() {
        let is_counted = key != "options" && key != "memory";
        if is_counted && let Some(count) = beyond_most(value) {
            return Err(format!("{key} has {count}, which no run can reach"));
        }
    }
    Ok(())
}

fn beyond_most(value: &Value) -> Option<u64> {
    match value {
        Value::Array(items) => items.iter().find_map(beyond_most),
        Value::Object(entries) => entries.values().find_map(beyond_most),
        value => value.as_u64().filter(|&count| count > MOST),
    }
}

fn totals(summary: &Summary) -> Checked {
    let totals = &summary.totals;
    equal("total_processed", summary.total_processed, totals.rows)?;
    equal("the total of stats", totals.by_outcome.total(), totals.rows)?;
    same("sums", &summary.sums, &totals.sums())?;
    equal("total_products", summary.total_products, summary.sums.products)?;
    equal("unique_products", summary.unique_products, summary.sums.unique)?;
    equal("files.products.rows", summary.files.products.rows, summary.sums.unique)
}

fn transforms(summary: &Summary) -> Checked {
    let mode = summary.options.dedup.facts();
    for transform in &summary.totals.transforms {
        let sums = transform.sums;
        let of = |what: &str| format!("transform {:?}: {what}", transform.name);
        equal(&of("rows"), sums.rows, summary.totals.rows)?;
        if let Some(broken) = sums.broken(sums.templates()) {
            return Err(of(&broken));
        }
        equal(&of("dropped_as_seen is given"), sums.dropped_as_seen.is_some(), mode.is_lossy)?;
        equal(&of("duplicates is given"), sums.duplicates.is_some(), !mode.is_lossy)?;
        if summary.options.filter.is_none() {
            equal(&of("filtered"), sums.filter.filtered, 0)?;
        }
        if summary.options.exclude.is_empty() {
            equal(&of("known"), sums.known, 0)?;
        }
        if mode.keeps_repeats {
            equal(&of("duplicates"), sums.duplicates, Some(0))?;
        }
    }
    Ok(())
}

/// Rows by outcome. Each row counts in `stats` by its best outcome of any transform.
fn rows(summary: &Summary) -> Checked {
    let totals = &summary.totals;
    let counts = totals.by_outcome;
    let of_transforms = |figure: fn(&Sums) -> u64| totals.transforms.iter().map(move |t| figure(&t.sums));
    let most = |figure| of_transforms(figure).max().unwrap_or(0);
    let least = |figure| of_transforms(figure).min().unwrap_or(0);
    let all = |figure| of_transforms(figure).sum::<u64>().min(totals.rows);
    let rejected = |sums: &Sums| sums.tally.rows_rejected;
    let success = |sums: &Sums| sums.tally.rows_with_products;
    let no_site = |sums: &Sums| sums.tally.rows_no_site;
    within("stats.success", counts.with_products, most(success), all(success))?;
    let all_filtered = |sums: &Sums| sums.filter.rows_all_filtered;
    // Of several transforms, another one may have products that are left.
    let most_filtered = all(all_filtered).min(counts.with_products);
    let least_filtered = if totals.transforms.len() == 1 { most_filtered } else { 0 };
    within("rows_all_filtered", totals.rows_all_filtered, least_filtered, most_filtered)?;
    let most_standardized =
        if summary.options.standardize == Standardization::None { 0 } else { totals.rows };
    within("rows_standardized", totals.rows_standardized, 0, most_standardized)?;
    let most_simplified = if summary.columns.notation.is_smiles() { 0 } else { totals.rows };
    within("rows_simplified", totals.rows_simplified, 0, most_simplified)?;
    let unlisted = &totals.unlisted;
    equal("unlisted_column is given", unlisted.column.is_some(), unlisted.values > 0)?;
    within("stats.no_site", counts.no_site, 0, least(no_site))?;
    charged(summary)?;
    within("rejected_rows", totals.rejected_rows, counts.rejected.max(most(rejected)), all(rejected))?;
    equal("all_rejected", summary.all_rejected, counts.all_rejected())?;
    within("rows_resumed", summary.rows_resumed, 0, totals.rows)
}

/// Charged rows are tried only if they have no site and were not standardized.
fn charged(summary: &Summary) -> Checked {
    let ChargedRows { charged_tried, charged_found, charged_example } = summary.totals.charged;
    let is_standardized = summary.options.standardize != Standardization::None;
    let most = if is_standardized { 0 } else { summary.totals.by_outcome.no_site };
    within("charged_tried", charged_tried, 0, most)?;
    within("charged_found", charged_found, 0, charged_tried)?;
    equal("charged_example is given", charged_example.is_some(), charged_found > 0)
}

/// The clauses of the filter are its text, with an AND between each two.
fn clauses(summary: &Summary) -> Checked {
    let clauses = &summary.totals.filtered_by_clause;
    equal("filtered_by_clause is given", !clauses.is_empty(), summary.options.filter.is_some())?;
    let mut rest = summary.options.filter.as_deref().unwrap_or_default().trim();
    for (index, count) in clauses.iter().enumerate() {
        let clause = count.clause.as_str();
        let after = if index == 0 { Some(rest) } else { rest.get("and".len()..).map(str::trim_start) };
        let Some(after) = after.and_then(|after| after.strip_prefix(clause)) else {
            return Err(format!("filtered_by_clause: {clause:?} is not the next clause of `where`"));
        };
        rest = after.trim_start();
    }
    equal("what follows the clauses in `where`", rest, "")?;
    let taken: u64 = clauses.iter().map(|count| count.filtered).sum();
    equal("the total of filtered_by_clause", taken, summary.totals.sums().filter.filtered)
}

/// The distributions add up to the counts. Versions that did not make them left nothing.
fn parents(summary: &Summary) -> Checked {
    let first_row = summary.shard.map_or(0, |shard| shard.first_row);
    let rows = first_row..first_row + summary.totals.rows;
    let ParentFigures { most_products, slowest, .. } = &summary.parents;
    let listed = most_products.iter().map(|listed| &listed.parent);
    let mut listed = listed.chain(slowest.iter().map(|listed| &listed.parent));
    if let Some(unread) = listed.find(|listed| !rows.contains(&listed.source_row)) {
        return Err(format!("parents lists source row {}, which was not read", unread.source_row));
    }
    match summary.parents.broken(&summary.totals) {
        Some(broken) if summary.parents != ParentFigures::default() => Err(broken),
        _ => Ok(()),
    }
}

/// The timeline ascends to the end of the run.
fn timeline(summary: &Summary) -> Checked {
    let points = summary.timeline.points();
    let ascends = |pair: &[Point]| {
        let [before, after] = [pair[0], pair[1]];
        before.seconds <= after.seconds && before.rows <= after.rows && before.products <= after.products
    };
    equal("the timeline ascends", points.windows(2).all(ascends), true)?;
    let Some(last) = points.last() else { return Ok(()) };
    equal("the rows at the end of the timeline", last.rows, summary.totals.rows)?;
    equal("the products at the end of the timeline", last.products, summary.total_products)
}

fn known(summary: &Summary) -> Checked {
    let files = &summary.known_files;
    equal("known_files is given", !files.is_empty(), !summary.options.exclude.is_empty())?;
    for file in files {
        let of = |what: &str| format!("known_files: {what} of {}", file.file.display());
        equal(&of("the path"), summary.options.exclude.contains(&file.file), true)?;
        let KnownCounts { molecules, unreadable, distinct, ref quarantined_rows } = file.counts;
        within(&of("unreadable"), unreadable, quarantined_rows.len() as u64, molecules)?;
        within(&of("distinct"), distinct, u64::from(unreadable < molecules), molecules - unreadable)?;
    }
    Ok(())
}

fn rechecks(summary: &Summary) -> Checked {
    let rows = summary.totals.rows;
    let RecheckCounts { rows_plain, rows_rechecked, recheck_incomplete } = summary.totals.rechecks;
    let (fast, share) = (summary.options.fast, summary.options.recheck);
    // Shards, and the processes of a resumed run, may have had other options.
    let by_one_process = summary.merged.is_empty() && summary.rows_resumed == 0;
    if by_one_process {
        equal("rows_plain", rows_plain, if fast { 0 } else { rows })?;
        if share == 0.0 {
            equal("rows_rechecked", rows_rechecked, 0)?;
        }
    }
    within("rows_plain", rows_plain, 0, rows)?;
    within("rows_rechecked", rows_rechecked, 0, rows - rows_plain)?;
    within("recheck_incomplete", recheck_incomplete, 0, rows_rechecked)
}

fn rates(summary: &Summary) -> Checked {
    let rows = summary.totals.rows;
    let of = |count| rate(count, rows, summary.rows_resumed, summary.elapsed_seconds);
    equal("throughput_mol_per_sec", summary.throughput_mol_per_sec, of(rows))?;
    equal("products_per_sec", summary.products_per_sec, of(summary.total_products))
}

fn deduplication(summary: &Summary) -> Checked {
    let DedupReport { mode, bytes, deferred, key_bytes, bloom } = &summary.dedup;
    equal("dedup.mode", *mode, summary.options.dedup)?;
    equal("dedup.bloom is given", bloom.is_some(), *mode == DedupMode::Bloom)?;
    if mode.facts().keeps_repeats {
        equal("dedup", (*bytes, *deferred, *key_bytes), (0, 0, 0))?;
    }
    if !mode.facts().defers {
        equal("dedup.deferred", *deferred, 0)?;
    }
    // Deferred rows are spilled in addition to the keys, and so is the table of parents.
    let spills_rows = *deferred > 0 || summary.options.parents;
    let most = if spills_rows { u64::MAX } else { *key_bytes };
    within("scratch_bytes", summary.scratch_bytes, *key_bytes, most)?;
    if *deferred > 0 {
        within("dedup.deferred", *deferred, left_out(summary), judged(summary))?;
    }
    let Some(bloom) = bloom else { return Ok(()) };
    let options = &summary.options;
    equal("dedup.bloom.expected_items", bloom.expected_items, options.bloom_expected_items)?;
    equal("dedup.bloom.fp_rate", bloom.fp_rate, options.bloom_fp_rate)?;
    let size = BloomSize { expected_items: bloom.expected_items, fp_rate: bloom.fp_rate };
    equal("dedup.bloom.bytes", bloom.bytes, size.bytes())?;
    let mistakes = size.mistakes(bloom.fill);
    equal("dedup.bloom.expected_false_positive_rate", bloom.expected_false_positive_rate, mistakes.rate)?;
    equal("dedup.bloom.expected_lost", bloom.expected_lost, mistakes.lost)?;
    equal("dedup.bloom.overfilled", bloom.overfilled, summary.unique_products > bloom.expected_items)?;
    let is_merged = !summary.merged.is_empty();
    equal(
        "dedup.bloom.observed_false_positive_rate is given",
        bloom.observed_false_positive_rate.is_some(),
        bloom.sample > 0 && !is_merged,
    )
}

/// Products that the run has deduplicated itself: those of its rows, or those written by the merged shards.
fn judged(summary: &Summary) -> u64 {
    match summary.merged.is_empty() {
        true => summary.total_products.saturating_sub(summary.sums.known),
        false => summary.merged.iter().map(|shard| shard.unique_products).sum(),
    }
}

/// Products that the run has left out itself.
pub fn left_out(summary: &Summary) -> u64 {
    judged(summary).saturating_sub(summary.unique_products)
}

fn merged(summary: &Summary) -> Checked {
    if summary.merged.is_empty() {
        return Ok(());
    }
    let rows = summary.merged.iter().map(|shard| shard.rows).sum();
    equal("the rows of the merged shards", rows, summary.totals.rows)?;
    within(
        "the unique products of the merged shards",
        judged(summary),
        summary.unique_products,
        summary.total_products.saturating_sub(summary.sums.known),
    )?;
    if summary.options.dedup.facts().keeps_repeats {
        equal("the unique products of the merged shards", judged(summary), summary.unique_products)?;
    }
    let seconds: f64 = summary.merged.iter().map(|shard| shard.elapsed_seconds).sum();
    equal("the shards took longer than the whole", seconds > summary.elapsed_seconds, false)
}

fn memory(summary: &Summary) -> Checked {
    let MemoryReport {
        peak_bytes,
        baseline_bytes,
        limit_bytes,
        target_bytes,
        budget_bytes,
        throttle,
        breakdown,
    } = summary.memory;
    let bounds = bounds_within(&summary.options, limit_bytes).map_err(|error| error.to_string())?;
    equal("memory.target_bytes", target_bytes, bounds.target_bytes)?;
    equal("memory.budget_bytes", budget_bytes, bounds.budget_bytes)?;
    let Breakdown { node, in_flight, dedup, writer, workers } = breakdown;
    equal("memory.breakdown.node", node, baseline_bytes)?;
    let counted = [node, in_flight, dedup, writer].into_iter().fold(0, u64::saturating_add);
    let rest = peak_bytes.saturating_sub(counted);
    equal("memory.breakdown.workers", workers, rest)?;
    within("memory.lowest_budget_bytes", throttle.lowest_budget_bytes, 0, budget_bytes)?;
    equal(
        "memory.throttled_reason is given",
        throttle.throttled_reason.is_some(),
        throttle.throttled_seconds > 0.0,
    )?;
    let most = summary.options.max_in_flight as u64;
    within("peak_batches_in_flight", summary.peak_batches_in_flight as u64, 0, most)
}

fn names(summary: &Summary) -> Checked {
    let options = &summary.options;
    equal("source_file", &summary.source_file, &options.input)?;
    equal("output_dir", &summary.output_dir, &options.outdir)?;
    equal("files.parents is given", summary.files.parents.is_some(), options.parents)?;
    summary
        .files
        .named()
        .try_for_each(|(name, report)| equal("files", &report.file, &options.outdir.join(name)))?;
    equal("transform", &summary.transform, &summary.totals.names().into())?;
    equal("options.shard", options.shard, summary.shard.map(|rows| rows.shard))
}

fn warnings(summary: &Summary) -> Checked {
    match summary.warnings_of_figures().into_iter().find(|warning| !summary.warnings.contains(warning)) {
        Some(missing) => Err(format!("the figures call for the warning {missing:?}, which is missing")),
        None => Ok(()),
    }
}
