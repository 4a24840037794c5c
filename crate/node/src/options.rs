//! Options as JavaScript hands them over, and their way into the core's types.

use napi_derive::napi;
use xform_core::engine::Limits;
use xform_core::path_text::unpack;
use xform_core::source::KeepColumns;
use xform_core::transform::{Overrides, Transform};
use xform_core::{ApplyOptions, Error, MergeOptions};

/// `ApplyOptions` of `index.d.ts` after TypeScript has checked the types and filled in the defaults. Numbers are
/// whole unless they are shares; what is missing is for the core to choose.
#[napi(object)]
pub struct NativeApplyOptions {
    pub input: String,
    pub outdir: String,
    pub xf_config: String,
    pub xf_names: Vec<String>,
    pub delimiter: Option<String>,
    pub header: Option<bool>,
    pub smiles_column: Option<String>,
    pub id_column: Option<String>,
    pub keep_all_columns: bool,
    pub keep_columns: Vec<String>,
    pub max_sites: Option<i64>,
    pub exclude_sugar_like: Option<bool>,
    pub skip_rows: Vec<i64>,
    pub shard: Option<String>,
    pub dedup: String,
    pub bloom_expected_items: i64,
    pub bloom_fp_rate: f64,
    pub max_atoms: i64,
    pub max_products_per_mol: Option<i64>,
    pub max_rejects: Option<i64>,
    pub batch_size: i64,
    pub workers: Option<i64>,
    pub max_in_flight: Option<i64>,
    pub flush_interval: i64,
    pub target_memory: String,
    pub scratch: Option<String>,
    pub force: bool,
    pub resume: bool,
    pub isolate: bool,
}

impl TryFrom<NativeApplyOptions> for ApplyOptions {
    type Error = Error;

    fn try_from(native: NativeApplyOptions) -> Result<Self, Error> {
        let defaults =
            Self::new(unpack(native.input), unpack(native.outdir), unpack(native.xf_config), native.xf_names);
        let workers = native.workers.map_or(Ok(defaults.workers), |n| whole("--workers", n))?;
        Ok(Self {
            delimiter: native.delimiter.as_deref().map(str::parse).transpose()?,
            header: native.header,
            smiles_column: native.smiles_column,
            id_column: native.id_column,
            keep_columns: match (native.keep_all_columns, native.keep_columns) {
                (true, _) => KeepColumns::All,
                (false, names) if names.is_empty() => KeepColumns::None,
                (false, names) => KeepColumns::Named(names),
            },
            max_sites: native.max_sites,
            exclude_sugar_like: native.exclude_sugar_like,
            skip_rows: native
                .skip_rows
                .into_iter()
                .map(|row| whole("--skip-rows", row))
                .collect::<Result<_, _>>()?,
            shard: native.shard.as_deref().map(str::parse).transpose()?,
            dedup: native.dedup.parse()?,
            bloom_expected_items: whole("--bloom-expected-items", native.bloom_expected_items)?,
            bloom_fp_rate: native.bloom_fp_rate,
            max_atoms: whole("--max-atoms", native.max_atoms)?,
            max_products_per_mol: native
                .max_products_per_mol
                .map(|n| whole("--max-products-per-mol", n))
                .transpose()?,
            max_rejects: native.max_rejects.map(|n| whole("--max-rejects", n)).transpose()?,
            batch_size: whole("--batch-size", native.batch_size)?,
            workers,
            max_in_flight: native
                .max_in_flight
                .map_or(Ok(workers.saturating_mul(2)), |n| whole("--max-in-flight", n))?,
            flush_interval: whole("--flush-interval", native.flush_interval)?,
            target_memory: native.target_memory.parse()?,
            scratch: native.scratch.map(unpack),
            force: native.force,
            resume: native.resume,
            isolate: native.isolate,
            ..defaults
        })
    }
}

/// `MergeOptions` of `index.d.ts`, in the same way.
#[napi(object)]
pub struct NativeMergeOptions {
    pub shards: Vec<String>,
    pub outdir: String,
    pub scratch: Option<String>,
    pub target_memory: String,
    pub force: bool,
}

impl TryFrom<NativeMergeOptions> for MergeOptions {
    type Error = Error;

    fn try_from(native: NativeMergeOptions) -> Result<Self, Error> {
        Ok(Self {
            shards: native.shards.into_iter().map(unpack).collect(),
            outdir: unpack(native.outdir),
            scratch: native.scratch.map(unpack),
            target_memory: native.target_memory.parse()?,
            force: native.force,
        })
    }
}

/// What the engine needs of a transform.
#[napi(object)]
pub struct NativeTransform {
    pub name: String,
    pub smirks: String,
    pub query_smarts: Option<String>,
    pub max_sites_per_mol: Option<i64>,
    pub exclude_sugar_like: bool,
}

impl TryFrom<NativeTransform> for Transform {
    type Error = Error;

    fn try_from(native: NativeTransform) -> Result<Self, Error> {
        let max_sites_per_mol = match native.max_sites_per_mol {
            None | Some(-1) => None,
            Some(n) if n > 0 => Some(whole("max_sites_per_mol", n)?),
            Some(n) => {
                return Err(invalid(
                    "max_sites_per_mol",
                    format!("{n} is neither -1 (no limit) nor at least 1"),
                ));
            }
        };
        Ok(Self {
            name: native.name,
            smirks: native.smirks,
            query_smarts: native.query_smarts,
            max_sites_per_mol,
            exclude_sugar_like: native.exclude_sugar_like,
            code: None,
            label: None,
            legacy_rule_id: None,
            family: None,
            scope_classes: Vec::new(),
            highlight_mapnums: Vec::new(),
            product_highlight_symbol: None,
            prob: None,
            examples: Vec::new(),
        })
    }
}

/// The limits of a call for a few molecules, with the names and the meaning that they have for a run.
#[napi(object)]
pub struct NativeLimits {
    pub max_atoms: i64,
    pub max_products_per_mol: Option<i64>,
    pub max_sites: Option<i64>,
}

impl NativeLimits {
    /// What a run sets over its transforms.
    pub fn overrides(&self) -> Overrides {
        Overrides { max_sites: self.max_sites, exclude_sugar_like: None }
    }
}

impl TryFrom<NativeLimits> for Limits {
    type Error = Error;

    fn try_from(native: NativeLimits) -> Result<Self, Error> {
        let limits = Self {
            max_atoms: whole("--max-atoms", native.max_atoms)?,
            max_products_per_mol: native
                .max_products_per_mol
                .map(|n| whole("--max-products-per-mol", n))
                .transpose()?,
        };
        limits.validate()?;
        Ok(limits)
    }
}

fn whole<T: TryFrom<i64>>(option: &str, value: i64) -> Result<T, Error> {
    value.try_into().map_err(|_| invalid(option, format!("{value} is out of range")))
}

fn invalid(option: &str, reason: String) -> Error {
    Error::InvalidOption { option: option.to_owned(), reason }
}
