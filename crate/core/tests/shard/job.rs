//! A library, a single run over it, its shards and their merge.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use xform_core::disk::Disk;
use xform_core::{ApplyOptions, Control, Error, MergeOptions, Pace, Shard, Summary, apply, merge, verify};

use crate::engine::make_engine;

pub const ROWS: u64 = 1_500;
const TRANSFORMS: &str = "version: 1\ntransforms:\n\
    - {name: ONE, smirks: '[C:1]>>[C:1]O.[C:1]S', prob: 0.12345678901234568}\n\
    - {name: TWO, smirks: '[C:1]>>[C:1]N.[C:1]P', code: t}\n\
    - {name: THREE, smirks: '[C:1]>>[C:1]F.[C:1]I'}\n";

/// The folder of a test, and how its runs are paced.
pub struct Place {
    pub folder: tempfile::TempDir,
    pub input: PathBuf,
    pub pace: Pace,
    pub change: fn(&mut ApplyOptions),
}

impl Place {
    /// With a library of [`ROWS`] rows, some of them bad, without a SMILES, or long.
    pub fn new() -> Self {
        let place = Self::empty();
        place.write_library(ROWS);
        place
    }

    /// Without a library.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        fs::write(folder.path().join("transforms.yaml"), TRANSFORMS).unwrap();
        let input = folder.path().join("library.smi");
        Self { input, folder, pace: pace(1 << 13), change: |_| {} }
    }

    pub fn write_library(&self, rows: u64) {
        let line = |row: u64| match row % 97 {
            5 => format!("bad{row} id{row}\n"),
            6 => "\n".to_owned(),
            _ => format!("C{row:0>width$} id{row}\n", width = 5 + (row % 31) as usize),
        };
        fs::write(&self.input, (0..rows).map(line).collect::<String>()).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn options(&self, outdir: &str, shard: Option<Shard>) -> ApplyOptions {
        let (config, names) = (self.path("transforms.yaml"), vec!["all".to_owned()]);
        let mut options = ApplyOptions::new(&self.input, self.path(outdir), config, names);
        (options.shard, options.workers) = (shard, 2);
        (self.change)(&mut options);
        options
    }

    pub fn control(&self, disk: Disk) -> Control {
        Control { disk, pace: self.pace, ..Control::default() }
    }

    pub fn run(&self, options: &ApplyOptions, disk: Disk) -> Result<Summary, Error> {
        apply(options, &make_engine, &self.control(disk))
    }

    /// The run over the whole library, into `whole`.
    pub fn whole(&self) -> Summary {
        self.run(&self.options("whole", None), Disk::default()).unwrap()
    }

    /// Runs the shards, each with different workers and batches; returns their folders.
    pub fn shards(&self, of: u32) -> Vec<PathBuf> {
        let run = |index| {
            let options = self.options(&format!("shard-{index}-{of}"), Some(Shard { index, of }));
            let (workers, batch_size) = (1 + index as usize % 3, 1 + 50 * index as usize);
            let options = ApplyOptions { workers, batch_size, ..options };
            self.run(&options, Disk::default()).unwrap();
            options.outdir
        };
        (1..=of).map(run).collect()
    }

    pub fn merge(&self, shards: &[PathBuf], outdir: &str, disk: Disk) -> Result<Summary, Error> {
        merge(&MergeOptions::new(shards.to_vec(), self.path(outdir)), &self.control(disk))
    }
}

/// Small parts, commits after each micro-batch, a filter with this many bits.
pub fn pace(filter_bits: u64) -> Pace {
    Pace { part_bytes: 20_000, filter_bits, commit_interval: Duration::ZERO }
}

pub fn bytes(outdir: &Path) -> [Vec<u8>; 2] {
    ["products.parquet", "rejects.parquet"].map(|name| fs::read(outdir.join(name)).unwrap())
}

/// The names in a folder.
pub fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

/// The merged result must equal that of the whole: bytes, counts, and everything else that counts rows.
pub fn assert_same(whole: &Summary, merged: &Summary, context: &str) {
    let [ours, theirs] = [merged, whole].map(|summary| bytes(&summary.output_dir));
    assert!(ours[0] == theirs[0], "other products: {context}");
    assert!(ours[1] == theirs[1], "other rejects: {context}");
    assert_same_facts(whole, merged, context);
    assert_well(&merged.output_dir);
}

/// Counts, and everything else that counts rows, must be the same.
pub fn assert_same_facts(whole: &Summary, merged: &Summary, context: &str) {
    let facts = |summary: &Summary| {
        let all = serde_json::to_value(summary).unwrap();
        let keys = [
            "format",
            "tool",
            "engine",
            "transform",
            "source_file",
            "total_input",
            "total_processed",
            "total_products",
            "unique_products",
            "rejected_rows",
            "rows_standardized",
            "rows_simplified",
            "stats",
            "sums",
            "transforms",
            "parents",
            "columns",
            "quarantined",
            "replaced_values",
            "unlisted_values",
            "rows_all_filtered",
            "filtered_by_clause",
            "known_files",
        ];
        keys.map(|key| (key, all[key].clone())).into_iter().collect::<std::collections::BTreeMap<_, Value>>()
    };
    assert_eq!(facts(merged), facts(whole), "{context}");
}

/// `verify` must find no fault in the folder, and nothing else may be in it.
pub fn assert_well(outdir: &Path) {
    let verification = verify(outdir).unwrap();
    assert!(verification.ok, "{verification:?}");
    assert_eq!(names(outdir), ["SUMMARY.json", "products.parquet", "rejects.parquet"]);
}
