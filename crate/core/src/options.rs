//! The options of a run, and the check that they can be used.

use std::collections::BTreeSet;
use std::fmt;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;
use std::thread;

use serde::{Deserialize, Serialize};

use crate::engine::Limits;
use crate::error::Error;
use crate::shard::Shard;
use crate::source::{Delimiter, KeepColumns, SourceOptions};

/// Everything that a run is told. [`ApplyOptions::new`] fills in the defaults.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApplyOptions {
    /// The library.
    #[serde(serialize_with = "crate::path_text::serialize")]
    pub input: PathBuf,
    /// Folder for `products.parquet`, `rejects.parquet` and `SUMMARY.json`; made if missing.
    #[serde(serialize_with = "crate::path_text::serialize")]
    pub outdir: PathBuf,
    /// The transform file.
    #[serde(serialize_with = "crate::path_text::serialize")]
    pub xf_config: PathBuf,
    /// Names of transforms, or `all`.
    pub xf_names: Vec<String>,
    /// What separates the columns of a text file; found out if `None`.
    #[serde(default)]
    pub delimiter: Option<Delimiter>,
    /// Whether the first line of a text file names the columns; found out if `None`.
    #[serde(default)]
    pub header: Option<bool>,
    /// Column that holds the SMILES, by name or number; found if `None`.
    pub smiles_column: Option<String>,
    /// Column that holds the id, by name or number; found if `None`.
    pub id_column: Option<String>,
    /// Further columns carried over to the products.
    pub keep_columns: KeepColumns,
    /// In place of the file's `max_sites_per_mol`; -1 for no limit.
    pub max_sites: Option<i64>,
    /// In place of the file's `exclude_sugar_like`.
    pub exclude_sugar_like: Option<bool>,
    /// Rows of the library that become rejects unseen, from 0.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub skip_rows: BTreeSet<u64>,
    /// The part of the library that the run is for; `None` for all of it.
    pub shard: Option<Shard>,
    /// How products that were seen before are recognised.
    pub dedup: DedupMode,
    /// Distinct products that the Bloom filter is sized for.
    pub bloom_expected_items: u64,
    /// Share of new products that the Bloom filter may take for seen ones, at that fill.
    pub bloom_fp_rate: f64,
    /// Atoms, hydrogens of the SMILES included, beyond which a molecule is a reject for all transforms.
    pub max_atoms: u32,
    /// Distinct products beyond which a molecule is a reject for that transform; `None` for no limit.
    pub max_products_per_mol: Option<u32>,
    /// Rejected rows beyond which a finished run counts as suspect (exit status 3); it is not stopped.
    pub max_rejects: Option<u64>,
    /// Rows of a batch, the unit of `max_in_flight`.
    pub batch_size: usize,
    /// Threads that run the engine.
    pub workers: usize,
    /// Batches that may be read and not yet committed.
    pub max_in_flight: usize,
    /// Products that are buffered before they are encoded; no effect on the bytes.
    pub flush_interval: usize,
    /// Memory that the process should stay below.
    pub target_memory: TargetMemory,
    /// Folder for what is spilled during the run; `None` for one inside the output folder.
    #[serde(serialize_with = "crate::path_text::serialize_option")]
    pub scratch: Option<PathBuf>,
    /// Replace the files of an earlier run.
    pub force: bool,
    /// Go on where an earlier run into the same folder ended.
    pub resume: bool,
    /// Whether a supervisor watches this process: workers then say in crash records which molecule is in hand.
    pub isolate: bool,
    /// In which order the products stand.
    #[serde(default, skip_serializing_if = "Order::is_input")]
    pub order: Order,
}

impl ApplyOptions {
    /// Atoms of a molecule. The largest of the natural products that this was made for has 199.
    pub const MAX_ATOMS: u32 = 2_000;
    /// Rows of a batch.
    pub const BATCH_SIZE: usize = 50_000;
    /// Products buffered before they are encoded.
    pub const FLUSH_INTERVAL: usize = 10_000;
    /// Products that the Bloom filter is sized for.
    pub const BLOOM_EXPECTED_ITEMS: u64 = 100_000_000;
    /// False positives of the Bloom filter at that size.
    pub const BLOOM_FP_RATE: f64 = 0.001;

    /// The defaults, for an input, an output folder and the transforms of a file.
    pub fn new(
        input: impl Into<PathBuf>,
        outdir: impl Into<PathBuf>,
        xf_config: impl Into<PathBuf>,
        xf_names: Vec<String>,
    ) -> Self {
        let workers = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self {
            input: input.into(),
            outdir: outdir.into(),
            xf_config: xf_config.into(),
            xf_names,
            delimiter: None,
            header: None,
            smiles_column: None,
            id_column: None,
            keep_columns: KeepColumns::None,
            max_sites: None,
            exclude_sugar_like: None,
            skip_rows: BTreeSet::new(),
            shard: None,
            dedup: DedupMode::Exact,
            bloom_expected_items: Self::BLOOM_EXPECTED_ITEMS,
            bloom_fp_rate: Self::BLOOM_FP_RATE,
            max_atoms: Self::MAX_ATOMS,
            max_products_per_mol: None,
            max_rejects: None,
            batch_size: Self::BATCH_SIZE,
            workers,
            max_in_flight: 2 * workers,
            flush_interval: Self::FLUSH_INTERVAL,
            target_memory: TargetMemory::default(),
            scratch: None,
            force: false,
            resume: false,
            isolate: false,
            order: Order::Input,
        }
    }

    /// Refuses values that no run can use.
    pub fn validate(&self) -> Result<(), Error> {
        at_least_one("--batch-size", self.batch_size)?;
        at_least_one("--workers", self.workers)?;
        at_least_one("--max-in-flight", self.max_in_flight)?;
        at_least_one("--flush-interval", self.flush_interval)?;
        if self.workers > 1024 {
            return Err(invalid("--workers", format!("{} is more than 1024", self.workers)));
        }
        self.limits().validate()?;
        if self.force && self.resume {
            let reason = "cannot be given with --force: one goes on, the other begins anew".to_owned();
            return Err(invalid("--resume", reason));
        }
        self.shard.map_or(Ok(()), Shard::validate)?;
        if self.xf_names.is_empty() {
            return Err(invalid("--xf-name", "name at least one transform, or all".to_owned()));
        }
        if self.bloom_expected_items == 0 {
            return Err(invalid("--bloom-expected-items", "must be at least 1".to_owned()));
        }
        if !(self.bloom_fp_rate > 0.0 && self.bloom_fp_rate < 1.0) {
            return Err(invalid(
                "--bloom-fp-rate",
                format!("{} does not lie between 0 and 1", self.bloom_fp_rate),
            ));
        }
        self.target_memory.validate()
    }

    /// The part of the options that concerns the input.
    pub fn source(&self) -> SourceOptions {
        SourceOptions {
            delimiter: self.delimiter,
            header: self.header,
            smiles_column: self.smiles_column.clone(),
            id_column: self.id_column.clone(),
            keep_columns: self.keep_columns.clone(),
        }
    }

    /// The part of the options that concerns the engine.
    pub fn limits(&self) -> Limits {
        Limits { max_atoms: self.max_atoms, max_products_per_mol: self.max_products_per_mol }
    }
}

pub(crate) fn at_least_one(option: &str, value: usize) -> Result<(), Error> {
    if value == 0 { Err(invalid(option, "must be at least 1".to_owned())) } else { Ok(()) }
}

fn invalid(option: &str, reason: String) -> Error {
    Error::InvalidOption { option: option.to_owned(), reason }
}

/// How products that were seen before are recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DedupMode {
    /// Every product once, none lost.
    Exact,
    /// A Bloom filter: constant memory, and a new product is now and then taken for a seen one and lost.
    Bloom,
    /// All products.
    None,
}

impl DedupMode {
    /// Whether new products may be lost.
    pub fn is_lossy(self) -> bool {
        self == Self::Bloom
    }
}

impl FromStr for DedupMode {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "exact" => Ok(Self::Exact),
            "bloom" => Ok(Self::Bloom),
            "none" => Ok(Self::None),
            _ => Err(invalid("--dedup", format!("{text:?} is not one of exact, bloom, none"))),
        }
    }
}

/// In which order the products stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// That of their parents in the input.
    #[default]
    Input,
    /// That of their keys, in which a cluster gives them.
    Key,
}

impl Order {
    fn is_input(&self) -> bool {
        *self == Self::Input
    }
}

/// Memory that the process should stay below.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetMemory {
    /// Per cent of the lower of the machine's memory and the control group's limit.
    Percent(f64),
    /// Bytes.
    Bytes(u64),
}

impl Default for TargetMemory {
    fn default() -> Self {
        Self::Percent(70.0)
    }
}

impl TargetMemory {
    /// The target in bytes, given the memory that there is.
    pub fn bytes(self, limit_bytes: u64) -> u64 {
        match self {
            Self::Percent(percent) => (limit_bytes as f64 * percent / 100.0) as u64,
            Self::Bytes(bytes) => bytes,
        }
    }

    /// Refuses what is no target.
    pub fn validate(self) -> Result<(), Error> {
        let fits = match self {
            Self::Percent(percent) => percent > 0.0 && percent <= 100.0,
            Self::Bytes(bytes) => bytes > 0,
        };
        if fits { Ok(()) } else { Err(invalid("--target-memory", format!("{self} {TARGET_MEMORY_HINT}"))) }
    }
}

const TARGET_MEMORY_HINT: &str = "is neither per cent (above 0, at most 100) nor a size such as 2GiB";

impl fmt::Display for TargetMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(percent) => write!(f, "{percent}"),
            Self::Bytes(bytes) => write!(f, "{bytes}B"),
        }
    }
}

impl FromStr for TargetMemory {
    type Err = Error;

    /// A bare number, or one with `%`, is per cent; `B`, `kB`, `MB`, `GB`, `KiB`, `MiB`, `GiB` (any case) make it bytes.
    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = || invalid("--target-memory", format!("{text:?} {TARGET_MEMORY_HINT}"));
        let text_trimmed = text.trim();
        let split =
            text_trimmed.find(|c: char| c == '%' || c.is_ascii_alphabetic()).unwrap_or(text_trimmed.len());
        let (number, unit) = text_trimmed.split_at(split);
        let number: f64 = number.trim().parse().map_err(|_| refuse())?;
        let factor = match unit.to_ascii_lowercase().as_str() {
            "" | "%" => None,
            "b" => Some(1_u64),
            "k" | "kib" => Some(1 << 10),
            "m" | "mib" => Some(1 << 20),
            "g" | "gib" => Some(1 << 30),
            "t" | "tib" => Some(1 << 40),
            "kb" => Some(1_000),
            "mb" => Some(1_000_000),
            "gb" => Some(1_000_000_000),
            "tb" => Some(1_000_000_000_000),
            _ => return Err(refuse()),
        };
        let target = match factor {
            None => Self::Percent(number),
            Some(factor) => Self::Bytes((number * factor as f64) as u64),
        };
        target.validate().map_err(|_| refuse())?;
        Ok(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn target_memory_is_per_cent_without_a_unit() {
        assert_eq!("70.0".parse::<TargetMemory>().unwrap(), TargetMemory::Percent(70.0));
        assert_eq!("70 %".parse::<TargetMemory>().unwrap(), TargetMemory::Percent(70.0));
        assert_eq!("2GiB".parse::<TargetMemory>().unwrap(), TargetMemory::Bytes(2 << 30));
        assert_eq!("1.5 gb".parse::<TargetMemory>().unwrap(), TargetMemory::Bytes(1_500_000_000));
        for bad in ["", "0", "101", "-3", "two", "3 parsec", "nan", "0GiB"] {
            let error = bad.parse::<TargetMemory>().unwrap_err();
            assert_eq!(error.code(), "XFORM_INVALID_OPTION", "{bad}");
            assert!(error.to_string().contains("--target-memory"), "{error}");
        }
        assert_eq!(TargetMemory::Percent(50.0).bytes(1000), 500);
    }

    #[test]
    fn values_that_no_run_can_use_are_refused() {
        let good = ApplyOptions::new("a", "b", "c", vec!["all".to_owned()]);
        good.validate().unwrap();
        type Spoil = fn(&mut ApplyOptions);
        let faults: [(&str, Spoil); 13] = [
            ("--batch-size", |o| o.batch_size = 0),
            ("--workers", |o| o.workers = 0),
            ("--workers", |o| o.workers = 5000),
            ("--max-in-flight", |o| o.max_in_flight = 0),
            ("--flush-interval", |o| o.flush_interval = 0),
            ("--max-atoms", |o| o.max_atoms = 0),
            ("--max-products-per-mol", |o| o.max_products_per_mol = Some(0)),
            ("--resume", |o| (o.force, o.resume) = (true, true)),
            ("--xf-name", |o| o.xf_names.clear()),
            ("--shard", |o| o.shard = Some(Shard { index: 0, of: 3 })),
            ("--shard", |o| o.shard = Some(Shard { index: 4, of: 3 })),
            ("--bloom-expected-items", |o| o.bloom_expected_items = 0),
            ("--bloom-fp-rate", |o| o.bloom_fp_rate = 1.0),
        ];
        for (option, spoil) in faults {
            let mut options = good.clone();
            spoil(&mut options);
            let message = options.validate().unwrap_err().to_string();
            assert!(message.starts_with(option), "{message}");
        }
    }
}
