//! Compares the metadata of the files with the summary.

use std::path::Path;

use serde_json::{Value, json};

use super::figures::{Checked, equal, same};
use crate::output::PRODUCTS_FILE;
use crate::output::metadata::{self, alert_tables_of, input_files_of, input_of, shard_of};
use crate::output::read_back::read_metadata;
use crate::shard::ShardRows;
use crate::summary::{LegacySummary, SourceFiles, Summary};
use crate::transform::{Rules, Transform};

/// Checks that the files in `outdir` come from the run that `summary` describes.
pub fn check(outdir: &Path, summary: &Summary) -> Checked {
    let read = |name: &str| read_metadata(&outdir.join(name)).map_err(|error| format!("{name}: {error}"));
    let products = read(PRODUCTS_FILE)?;
    for (name, _) in summary.files.named() {
        if read(name)? != products {
            return Err(format!("{PRODUCTS_FILE} and {name} come from two different runs"));
        }
    }
    let transforms = transforms(summary, &products)?;
    let alert_tables = alert_tables_of(&products);
    equal("files of alerts", summary.options.alerts.files().count(), alert_tables.len())?;
    let known: Vec<_> = summary.known_files.iter().map(|file| file.source.clone()).collect();
    let Summary { engine, options, columns, .. } = summary;
    let mut said = metadata::shape(engine, options, columns, &transforms, &alert_tables, &known);
    (said["format"], said["tool"]) = (json!(summary.format), json!(summary.tool));
    said["input"] = products["input"].clone();
    same("the summary and the files", &said, &products)?;
    let legacy = summary.options.legacy.then(|| LegacySummary::of(summary, &products));
    same("legacy", &summary.legacy, &legacy)?;
    input(summary, &products)
}

/// The transforms of the files, as the options choose and change them.
fn transforms(summary: &Summary, metadata: &Value) -> Result<Vec<Transform>, String> {
    let transforms: Vec<Transform> = serde_json::from_value(metadata["transforms"].clone())
        .map_err(|error| format!("transforms: {error}"))?;
    let names = transforms.iter().map(|transform| &transform.name);
    equal(
        "transforms",
        summary.totals.transforms.iter().map(|t| &t.name).collect(),
        names.collect::<Vec<_>>(),
    )?;
    let options = &summary.options;
    let rules = match &options.smirks[..] {
        [] => Rules::from(transforms),
        smirks => Rules::of_smirks(smirks),
    };
    let words = |error: crate::Error| error.to_string();
    let choice = options.choice();
    // All that a name selects may have been left out.
    let chosen = if choice.filters() || options.skip_bad_rules {
        Ok(rules.admitted(&choice))
    } else {
        rules.select(&choice)
    };
    let mut chosen = chosen.map_err(words)?;
    options.overrides().apply(&mut chosen).map_err(words)?;
    Ok(chosen)
}

/// The files of the input, its rows, or those of its shard.
fn input(summary: &Summary, metadata: &Value) -> Checked {
    let (sha256, library_rows) = input_of(metadata).ok_or("the files name no input")?;
    let files = summary.source_files.as_ref();
    equal("source_files.total", files.map(|files| files.total), input_files_of(metadata))?;
    if let Some(of_list) = files.and_then(SourceFiles::sha256) {
        equal("the SHA-256 of source_files", of_list.as_str(), sha256)?;
    }
    if let Some(rows) = files.and_then(SourceFiles::rows).filter(|_| summary.options.limit.is_none()) {
        equal("the rows of source_files", rows, library_rows)?;
    }
    let Some(shard) = shard_of(metadata) else {
        return equal("total_input", summary.totals.rows, library_rows);
    };
    let rows = shard.rows(library_rows);
    equal("shard", summary.shard, Some(ShardRows { shard, first_row: rows.start, library_rows }))?;
    equal("total_input", summary.totals.rows, rows.end - rows.start)
}
