//! The predecessor's summary: its keys, with its meanings.
//!
//! The predecessor counted a parent without a product as a product, once for each transform. Its `total_processed`,
//! `total_products` and rate therefore differ from those of [`Summary`], which this object stands beside.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Summary, TransformNames, rate};
use crate::options::Files;

/// The keys of the predecessor's `SUMMARY.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LegacySummary {
    /// The transform's name, or the list of names.
    pub transform: TransformNames,
    /// The library.
    pub source_file: Files,
    /// The name of the library's folder; null if its files are in several.
    pub source_subset: Option<String>,
    /// Rows read.
    pub total_input: u64,
    /// Products and failures: the sum of `stats`.
    pub total_processed: u64,
    /// The same number.
    pub total_products: u64,
    /// Products written.
    pub unique_products: u64,
    /// Seconds.
    pub elapsed_seconds: f64,
    /// Products and failures per second.
    pub throughput_mol_per_sec: f64,
    /// Products and failures.
    pub stats: LegacyStats,
    /// Threads that ran the engine.
    pub workers: usize,
    /// Rows of a batch.
    pub batch_size: usize,
    /// Whether the run was called to continue an earlier one.
    pub resume: bool,
    /// The limit of sites per molecule, -1 for none; null if it is not the same for all transforms.
    pub max_sites_per_mol: Option<i64>,
    /// Whether sites in sugars were left out; null if that is not the same for all transforms.
    pub exclude_sugar_like: Option<bool>,
    /// `per_site`.
    pub apply_mode: String,
    /// The transform file or files, as the options show them.
    pub xf_config: Value,
    /// Null: nothing is marked by isotopes.
    pub isotope_anchor_strategy: Option<String>,
}

/// Products, and parents without one, of all transforms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegacyStats {
    /// Products before deduplication.
    pub success: u64,
    /// Parents without a site that is used.
    pub fail_no_matching_sites: u64,
    /// Rejected parents, for which the predecessor's key is not known.
    pub fail_rejected: u64,
}

impl LegacySummary {
    /// What follows from `summary` and from the `metadata` of the run's files.
    pub fn of(summary: &Summary, metadata: &Value) -> Self {
        let transforms = &metadata["transforms"];
        let tallies = || summary.totals.transforms.iter().map(|transform| transform.sums.tally);
        let stats = LegacyStats {
            success: summary.total_products,
            fail_no_matching_sites: tallies().map(|t| t.rows_no_site + t.rows_all_sites_excluded).sum(),
            fail_rejected: tallies().map(|t| t.rows_rejected).sum(),
        };
        let LegacyStats { success, fail_no_matching_sites, fail_rejected } = stats;
        let processed = success + fail_no_matching_sites + fail_rejected;
        let (rows, options) = (summary.totals.rows, &summary.options);
        Self {
            transform: summary.transform.clone(),
            source_file: summary.source_file.clone(),
            source_subset: folder_of(&summary.source_file),
            total_input: rows,
            total_processed: processed,
            total_products: processed,
            unique_products: summary.unique_products,
            elapsed_seconds: summary.elapsed_seconds,
            throughput_mol_per_sec: rate(processed, rows, summary.rows_resumed, summary.elapsed_seconds),
            stats,
            workers: options.workers,
            batch_size: options.batch_size,
            resume: options.resume,
            max_sites_per_mol: common(transforms, "max_sites_per_mol", &json!(-1)).as_i64(),
            exclude_sugar_like: common(transforms, "exclude_sugar_like", &json!(false)).as_bool(),
            apply_mode: "per_site".to_owned(),
            xf_config: json!(options)["xf_config"].clone(),
            isotope_anchor_strategy: None,
        }
    }
}

/// The name of the folder that all `files` are in.
fn folder_of(files: &[PathBuf]) -> Option<String> {
    let (first, others) = files.split_first()?;
    let name = folder_name(first)?;
    others.iter().all(|file| folder_name(file).as_ref() == Some(&name)).then_some(name)
}

/// The name of the folder that `file` is in.
fn folder_name(file: &Path) -> Option<String> {
    Some(file.parent()?.file_name()?.to_string_lossy().into_owned())
}

/// The value that all `transforms` have for `key`, which stands for `default` if it is missing; null if they differ.
fn common(transforms: &Value, key: &str, default: &Value) -> Value {
    let given = |transform: &Value| match &transform[key] {
        Value::Null => default.clone(),
        value => value.clone(),
    };
    let mut values = transforms.as_array().into_iter().flatten().map(given);
    let first = values.next().unwrap_or(Value::Null);
    if values.all(|value| value == first) { first } else { Value::Null }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_transforms_share_is_one_value() {
        let transforms = |values: &[Value]| {
            values.iter().map(|value| json!({ "name": "t", "n": value })).collect::<Value>()
        };
        let default = json!(-1);
        assert_eq!(common(&transforms(&[json!(4), json!(4)]), "n", &default), 4);
        assert_eq!(common(&transforms(&[json!(4), json!(null)]), "n", &default), Value::Null);
        assert_eq!(common(&transforms(&[json!(null)]), "n", &default), -1);
        assert_eq!(common(&transforms(&[]), "n", &default), Value::Null);
    }

    #[test]
    fn the_subset_is_the_folder_of_the_library() {
        assert_eq!(folder_name(Path::new("data/Flavone-1X/base.parquet")).as_deref(), Some("Flavone-1X"));
        assert_eq!(folder_name(Path::new("base.parquet")), None);
    }
}
