//! The options of a run.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

use serde_json::{Value, json};

use super::declare::options;
use super::spec::{Command, Range, Shapes, enter_shape};
use super::{Files, Given, Order, Salts, TargetMemory};
use crate::alerts::AlertChoice;
use crate::dedup::{DedupKey, DedupMode};
use crate::engine::Limits;
use crate::error::Error;
use crate::legacy;
use crate::make_engine::EngineSettings;
use crate::properties::PropertyChoice;
use crate::recheck::Recheck;
use crate::shard::Shard;
use crate::source::{ColumnTypes, Delimiter, InputFormat, KeepColumns, KeptPrefix, SourceOptions};
use crate::standardization::Standardization;
use crate::transform::{Choice, Overrides, Rules};

/// A run, on this machine or on a cluster.
const RUN: &[Command] = &[Command::Apply, Command::ClusterApply];
/// A run on this machine: what concerns its own threads, its own process, or a part of the library.
const HERE: &[Command] = &[Command::Apply];
/// Every command that processes molecules with the engine.
const MOLECULES: &[Command] =
    &[Command::Apply, Command::ClusterApply, Command::TransformSmiles, Command::TryTransform];
/// Every command that reads a library.
const LIBRARY: &[Command] =
    &[Command::Apply, Command::ClusterApply, Command::CheckRules, Command::TryTransform, Command::Gallery];
/// Every command that reads molecules from a column of a file.
const TABLE: &[Command] = &[
    Command::Apply,
    Command::ClusterApply,
    Command::CheckRules,
    Command::TryTransform,
    Command::ExportTable,
    Command::SampleTable,
    Command::Summarize,
    Command::Gallery,
];
/// Every command that reads rules from the files of `xf_config`.
const RULES: &[Command] = &[Command::Apply, Command::ClusterApply, Command::TryTransform, Command::ShowRule];
/// Every command that chooses rules by name.
const NAMES: &[Command] =
    &[Command::Apply, Command::ClusterApply, Command::CheckRules, Command::TryTransform];
/// Every command that applies transforms to molecules, from files or not.
const TRANSFORMS: &[Command] = &[Command::Apply, Command::ClusterApply, Command::TryTransform];
/// Every command that takes rules by family and class.
const FILTERS: &[Command] =
    &[Command::Apply, Command::ClusterApply, Command::CheckRules, Command::TryTransform, Command::ListRules];
/// Every command that writes a result.
const RESULT: &[Command] = &[Command::Apply, Command::ClusterApply, Command::Merge];

options! {
    /// The options of a run. [`ApplyOptions::new`] fills in the defaults.
    pub struct ApplyOptions for RUN;

    "Input" {
        /// The library: Parquet, SMILES text (`.smi`: SMILES, blanks, id), CSV, TSV and similar tables, SDF, JSON lines or Arrow
        /// IPC. All but Parquet may be compressed with gzip, bzip2, zstd or xz. The format and the compression are found by
        /// content, else by the name of the file. How a table is read follows from its name and its first 100 lines. If these
        /// are not certain, an `InputError` names the options that decide.
        /// Several files, folders and patterns (`*`, `?`, `[a-z]`, `**`) are one library: in the order given, the files of a folder
        /// or pattern in the order of their names. The column `source_file` then names the file of each product. `"-"` is standard
        /// input, which cannot be combined with `resume`, `shard` and `isolate`.
        input: Files = Files::default() => {
            help: "the library: Parquet, `.smi`, `.csv`, `.tsv`, `.sdf`, `.jsonl` or Arrow, all but Parquet also compressed; a file, \
                   a folder, a quoted pattern such as `'data/*.smi'`, or `-` for standard input; may be given several times",
            value: "file",
            short: Some('i'),
            required: true,
            shapes: Shapes::Through("input"),
        }
        /// The format of the library.
        input_format: Option<InputFormat> = None => {
            help: "read the library as this format, whatever its content and its name say",
            value: "format",
            default_text: "detected by content, else by name",
            commands: LIBRARY,
            shapes: Shapes::Through("columns"),
        }
        /// What separates the columns of text: `comma`, `tab`, `semicolon`, `pipe`, `space`, or the character itself; `blank` for
        /// lines of SMILES, blanks, id.
        delimiter: Option<Delimiter> = None => {
            help: "what separates the columns of text: `comma`, `tab`, `semicolon`, `pipe`, `space` or the character itself; \
                   `blank` for lines of SMILES, blanks, id",
            value: "kind",
            default_text: "detected from the first 100 lines",
            commands: LIBRARY,
            shapes: Shapes::Through("columns"),
        }
        /// Whether the first line of text names the columns.
        header: Option<bool> = None => {
            help: "treat the first line of text as column names",
            help_no: Some("treat the first line of text as a row"),
            default_text: "detected from the first 100 lines",
            commands: LIBRARY,
            shapes: Shapes::Through("columns"),
        }
        /// Column that holds the SMILES: its name or, if no column has that name, its number from 1.
        smiles_column: Option<String> = None => {
            help: "column that holds the SMILES, by name or, if no column has that name, by number",
            value: "column",
            default_text: "`smiles`, `canonical_smiles` or `structure`, in any case; in text without such a name the only \
                           column that reads as SMILES",
            commands: TABLE,
            shapes: Shapes::Through("columns"),
        }
        /// Column that holds mol blocks, V2000 or V3000, if the molecules of a table are not SMILES: its name or, if no column has
        /// that name, its number from 1. Their SMILES is `source_smiles`, which the sites refer to.
        molblock_column: Option<String> = None => {
            help: "column that holds mol blocks, by name or number, if the molecules of a table are not SMILES",
            value: "column",
            default_text: "none; an SDF needs none",
            commands: LIBRARY,
            shapes: Shapes::Through("columns"),
        }
        /// Column that holds the id: its name, or its number from 1.
        id_column: Option<String> = None => {
            help: "column that holds the id, by name or number",
            value: "column",
            default_text: "`id`, else `product_id`, else the only one that ends in `_id`, else none; in text without a header the \
                           first one with distinct values",
            commands: &[Command::Apply, Command::ClusterApply, Command::TryTransform],
            shapes: Shapes::Through("columns"),
        }
        /// Further columns to carry over to the products, by their exact names, or `"all"`.
        keep_columns: KeepColumns = KeepColumns::None => {
            help: "columns to carry over to the products: a comma list, or `all`; may be given several times. A name with a \
                   comma or outer blanks goes in quotes, as in CSV: `'\"mass, Da\",year'`",
            value: "names",
            default_text: "none",
            shapes: Shapes::Through("columns"),
        }
        /// Types of the values of columns of text that are kept or the id, as `"NAME=int"` (64 bits) or `"NAME=float"`; all others
        /// are text. A row with a value that does not fit is rejected (code `bad_value`). Parquet has types of its own.
        column_type: ColumnTypes = ColumnTypes::default() => {
            help: "make the values of a kept column of text numbers: NAME=int or NAME=float; reject rows with other values; may be \
                   given several times",
            value: "name=type",
            default_text: "text",
            commands: &[Command::Apply, Command::ClusterApply, Command::Gallery],
            help_on: &[(
                Command::Gallery,
                "make the values of a column of text numbers: NAME=int or NAME=float; may be given several times",
            )],
            shapes: Shapes::AtIfGiven("column_types"),
        }
        /// What the names of kept columns begin with in the output, so that a value of the parent is not taken for one of the
        /// product. If such a name is taken, `_2` (or `_3`, ...) follows it, with a warning. `""` keeps the names of the library,
        /// and then a name that is taken is an error.
        kept_prefix: KeptPrefix = KeptPrefix::default() => {
            help: "prefix of the names of kept columns in the output; with `''` they keep their own names",
            value: "text",
            shapes: Shapes::Through("columns"),
        }
        /// Part of the library to process: `"2/7"` is the second of seven contiguous parts, whose sizes differ by one row at most.
        /// `source_row` and the SHA-256 refer to the whole library, the counts to the part. `merge` combines all parts into
        /// one result.
        shard: Option<Shard> = None => {
            help: "process only part i of n equal parts of the rows (1/n to n/n); combine the parts with `merge`",
            value: "i/n",
            default_text: "the whole library",
            commands: HERE,
            shapes: Shapes::AtIfGiven("shard"),
        }
        /// Process only the first rows of the library, this many. The counts, `shard` and the `rows` of the input in the
        /// metadata refer to these rows, the SHA-256 to the whole library.
        limit: Option<u64> = None => {
            help: "process only the first n rows of the library; `--shard` divides them",
            value: "n",
            default_text: "no limit",
            range: Range::AtLeast(1),
            shapes: Shapes::AtIfGiven("limit"),
        }
        /// Rows of the library to reject unseen (code `skipped`), counted from 0 as in `source_row`. They shape the result and are
        /// recorded in the metadata of its files. With `resume`, rows that are not committed yet may be added.
        skip_rows: BTreeSet<u64> = BTreeSet::new() => {
            help: "reject these rows unseen: a comma list, counted from 0; may be given several times",
            value: "rows",
            default_text: "none",
            commands: HERE,
            shapes: Shapes::AtIfGiven("skip_rows"),
        }
        /// What RDKit's MolStandardize makes of each molecule before the transforms. `"cleanup"` is its `Cleanup`: bonds to metals
        /// are cut, functional groups normalized, the strongest acids ionized first. `"neutral"` is `Cleanup`, then `Uncharger`;
        /// counter-ions stay. `"parent"` is `ChargeParent`: the largest fragment, neutralized. The result, in the column
        /// `parent_smiles`, is the parent of all that follows. A molecule that cannot be standardized is rejected (stage
        /// `standardize`).
        standardize: Standardization = Standardization::None => {
            help: "standardize molecules with RDKit's MolStandardize before the transforms",
            value: "how",
            commands: &[Command::Apply, Command::ClusterApply, Command::TransformSmiles],
            shapes: Shapes::AtIfGiven("standardize"),
        }
    }

    "Transforms" {
        /// The transform file (YAML, or a table or list of SMIRKS), or several; required without `smirks`. Two of them may not use the same name.
        xf_config: Files = Files::default() => {
            help: "the transform file: YAML, or a table or list of SMIRKS; required without `--smirks`; may be given several times",
            value: "file",
            short: Some('c'),
            default_text: "none",
            commands: RULES,
            help_on: &[(Command::ShowRule, "the transform file; without one, those of the package; may be given several times")],
            shapes: Shapes::Through("transforms"),
        }
        /// Name or names of transforms in these files, or `"all"`. A transform's `code` and `legacy_rule_id` select it as well.
        /// `*` stands for any text and `?` for one character, a comma separates names, and a backslash makes any of these an
        /// ordinary character; an exact name takes precedence. The transforms run in the order of the files, then in file order,
        /// in one pass over the library. Required without `family`, `scope` and `smirks`.
        xf_names as "xf_name": Vec<String> = Vec::new() => {
            help: "transforms to apply, required without `--family`, `--scope` and `--smirks`: a name, `code` or `legacy_rule_id`, \
                   a pattern with `*` and `?`, a comma list of these, or `all`; may be given several times",
            value: "name",
            alias: Some("transform"),
            default_text: "none",
            commands: NAMES,
            help_on: &[
                (Command::CheckRules, "check only these: a name, `code` or `legacy_rule_id`, a pattern with `*` and `?`, or a comma list of these; may be given several times"),
            ],
            shapes: Shapes::Through("transforms"),
        }
        /// Apply only transforms of this family or these families; without `xf_name`, all of them.
        family: Vec<String> = Vec::new() => {
            help: "apply only transforms of this `family`; without `--xf-name`, all of them; may be given several times",
            value: "name",
            default_text: "any",
            commands: FILTERS,
            help_on: &[
                (Command::ListRules, "list only rules of this `family`; may be given several times"),
                (Command::CheckRules, "check only rules of this `family`; may be given several times"),
            ],
            shapes: Shapes::Through("transforms"),
        }
        /// Apply only transforms with this class, or one of these classes, in their `scope_classes`; without `xf_name`, all of
        /// them.
        scope: Vec<String> = Vec::new() => {
            help: "apply only transforms with this class in their `scope_classes`; without `--xf-name`, all of them; may be given \
                   several times",
            value: "class",
            default_text: "any",
            commands: FILTERS,
            help_on: &[
                (Command::ListRules, "list only rules with this class in their `scope_classes`; may be given several times"),
                (Command::CheckRules, "check only rules with this class in their `scope_classes`; may be given several times"),
            ],
            shapes: Shapes::Through("transforms"),
        }
        /// Reaction SMIRKS to apply, instead of `xf_config`. The transforms are called `smirks`, `smirks_2`, `smirks_3` and so on.
        smirks: Vec<String> = Vec::new() => {
            help: "apply this SMIRKS, without `--xf-config`; may be given several times; the transforms are called `smirks`, \
                   `smirks_2`, ...",
            value: "smirks",
            default_text: "none",
            commands: TRANSFORMS,
            shapes: Shapes::Through("transforms"),
        }
        /// Leave out rules that cannot be used: with an invalid value, a SMIRKS or SMARTS that RDKit refuses, or the name of an
        /// earlier rule. A warning names each, and `rules_skipped` counts them. Without it, the first such rule is an error.
        skip_bad_rules: bool = false => {
            help: "leave out rules that cannot be used, with a warning for each; without it, the first one is an error",
            shapes: Shapes::Through("transforms"),
        }
        /// Refuse to run if a chosen transform does not meet one of its examples, which otherwise is a warning.
        strict: bool = false => {
            help: "refuse to run if a chosen transform does not meet one of its examples; without it, that is a warning",
        }
        /// Sites used per molecule, instead of the transform's `max_sites_per_mol`; -1 for no limit.
        max_sites: Option<i64> = None => {
            help: "use at most this many sites per molecule; -1 for no limit",
            value: "n",
            default_text: "as in the transform",
            commands: MOLECULES,
            shapes: Shapes::Through("transforms"),
        }
        /// Whether sites in sugars are left out, regardless of the transform file.
        exclude_sugar_like: Option<bool> = None => {
            help: "leave out sites in sugars, regardless of the transform file",
            help_no: Some("use sites in sugars, regardless of the transform file"),
            default_text: "as in the transform file",
            commands: TRANSFORMS,
            shapes: Shapes::Through("transforms"),
        }
        /// Fragments of a parent that a site does not touch, such as counterions. `"keep"`: each product of the site has them, also
        /// each of several product templates.
        salts: Salts = Salts::Drop => {
            help: "what happens to fragments of the parent that a site does not touch, such as counterions",
            value: "what",
            commands: MOLECULES,
            shapes: Shapes::At("salts"),
        }
    }

    "Properties" {
        /// Properties to compute for each product, each in a column: their names, `"quick"` for MW, TPSA, HBD, HBA, cLogP and RotB,
        /// `"all"` for all. A string may be a comma list. The values are those of RDKit in Python for the product's `smiles`.
        properties: PropertyChoice = PropertyChoice::default() => {
            help: "write these properties of each product: a comma list of names, `quick` (MW, TPSA, HBD, HBA, cLogP, RotB) or \
                   `all`; may be given several times; docs/properties.md lists them",
            value: "names",
            default_text: "none",
            commands: MOLECULES,
            shapes: Shapes::AtIfGiven("properties.names"),
        }
        /// Whether to write the same properties of each product's parent as well, as columns named `parent_MW` and so on. They are
        /// computed once per parent, from `source_smiles`, or with `standardize` from `parent_smiles`.
        parent_properties: bool = false => {
            help: "write the same properties of each product's parent as well, as `parent_MW` and so on",
            shapes: Shapes::AtIfGiven("properties.of_parents"),
        }
        /// Whether to write the columns `mapped_smiles`, in which each atom that comes from the parent has the atom's index in the
        /// parent + 1 as its map number, and `reaction_smiles`, parent and product with these numbers. Map numbers of the
        /// library do not appear there.
        mapped: bool = false => {
            help: "write each product with the parent's atom numbers as map numbers, as `mapped_smiles`, and parent and product as \
                   `reaction_smiles`",
            commands: MOLECULES,
            shapes: Shapes::AtIfGiven("notations.mapped"),
        }
        /// Whether to write the column `cxsmiles`, the product with its stereo groups. Without it these are lost. Products
        /// that differ only in groups are the same product.
        cxsmiles: bool = false => {
            help: "write each product with its stereo groups, as `cxsmiles`",
            commands: MOLECULES,
            shapes: Shapes::AtIfGiven("notations.cxsmiles"),
        }
        /// Structural alerts to seek in each product; the column `alerts` lists the names of those that it has. `PAINS`, `BRENK`,
        /// `NIH` and `ZINC` are catalogs of RDKit. With a dot or a slash, a name is that of a file with SMARTS and names. A string
        /// may be a comma list.
        alerts: AlertChoice = AlertChoice::default() => {
            help: "look for these structural alerts in each product, and write their names: a comma list of RDKit's catalogs PAINS, \
                   BRENK, NIH and ZINC, and of files with SMARTS and names; may be given several times; docs/alerts.md \
                   describes both",
            value: "names",
            default_text: "none",
            commands: MOLECULES,
            shapes: Shapes::Through("alerts"),
        }
    }

    "Filter" {
        /// Keep only products that meet this condition, in SQL: comparisons, `BETWEEN`, `IN`, `LIKE`, `IS NULL`, `AND`, `OR`, `NOT` and
        /// `+ - * /` over the columns of the output and all properties, those that are not written included. It acts before the
        /// deduplication. What it takes out is counted as `filtered`.
        filter as "where": Option<String> = None => {
            key: "where",
            help: "keep only products that meet this SQL condition over output columns and properties, such as `MW < 500 and not alerts`",
            value: "condition",
            default_text: "all products",
            shapes: Shapes::AtIfGiven("where"),
        }
    }

    "Known molecules" {
        /// Leave out products that are in this file or these files of known molecules: any format that `input` may have. The column
        /// of `smiles_column` is used, or else one that is found as in an input. Products are compared by `dedup_key`, after `where`
        /// and before the deduplication, and counted as `known`. The library may be one of the files; then all of it is known,
        /// whatever `limit` and `shard` are.
        exclude: Files = Files::default() => {
            help: "leave out products that are in this file of known molecules, in any format of an input; may be given several times",
            value: "file",
            default_text: "none",
            shapes: Shapes::Through("exclude"),
        }
        /// Folder that keeps the keys of known molecules for other runs and shards, 16 bytes for each. Without it, each run makes
        /// them for itself.
        exclude_cache: Option<PathBuf> = None => {
            help: "keep the keys of known molecules in this folder, for other runs and shards",
            value: "folder",
            default_text: "none",
        }
    }

    "Deduplication" {
        /// How duplicate products are recognised.
        dedup: DedupMode = DedupMode::Exact => {
            help: "how to treat duplicate products",
            refused_on: &[(Command::ClusterApply, "bloom")],
            value: "mode",
            shapes: Shapes::At("dedup.mode"),
        }
        /// What makes two products the same. With `"inchikey"`, InChIKey is one of `properties` as well. Products of one parent that
        /// differ only in their SMILES then count as duplicates; `made` and the columns about sites do not change.
        dedup_key: DedupKey = DedupKey::default() => {
            help: "what makes two products the same",
            value: "key",
            shapes: Shapes::At("dedup.key"),
        }
        /// Distinct products that the Bloom filter is sized for (only with `"bloom"`).
        bloom_expected_items: u64 = 100_000_000 => {
            help: "products that the Bloom filter is sized for",
            value: "n",
            range: Range::AtLeast(1),
            commands: HERE,
            only_with: Some(("dedup", "bloom")),
            shapes: Shapes::At("dedup.bloom.expected_items"),
        }
        /// Share of new products that the filter may mistake for duplicates at that fill (only with `"bloom"`).
        bloom_fp_rate: f64 = 0.001 => {
            help: "share of new products that the Bloom filter may mistake for duplicates once it holds the expected number",
            value: "share",
            range: Range::Share,
            commands: HERE,
            only_with: Some(("dedup", "bloom")),
            shapes: Shapes::At("dedup.bloom.fp_rate"),
        }
    }

    "Limits" {
        /// Distinct rejected rows above which a finished run counts as suspect: the command line then exits with status 3. The run
        /// is not stopped.
        max_rejects: Option<u64> = None => {
            help: "exit with status 3 if more rows than this are rejected",
            value: "rows",
            default_text: "no limit",
        }
        /// Reject molecules with more atoms than this, counting the hydrogen atoms of the SMILES, but not those that a
        /// transform with `hydrogens: explicit` adds.
        max_atoms: u32 = Limits::MAX_ATOMS => {
            help: "reject molecules with more than this many atoms",
            value: "n",
            range: Range::AtLeast(1),
            commands: MOLECULES,
            shapes: Shapes::At("limits.max_atoms"),
        }
        /// Reject molecules from which a transform makes more distinct products than this.
        max_products_per_mol: Option<u32> = None => {
            help: "reject molecules from which a transform makes more than this many products",
            value: "n",
            default_text: "no limit",
            range: Range::AtLeast(1),
            commands: MOLECULES,
            shapes: Shapes::At("limits.max_products_per_mol"),
        }
        /// Run RDKit in a child process. If it crashes, the molecules in progress are tried again, each alone; those that crash it again
        /// are rejected (code `crashed`), and the work continues in a new child. Without it a crash of RDKit ends the whole
        /// process. On the command line the default is true.
        isolate: bool = false => {
            help: "run RDKit in a child process, so that a crash loses only that molecule (default)",
            help_no: Some("run RDKit in this process, without `--mol-timeout`"),
            commands: &[Command::Apply, Command::TransformSmiles],
        }
        /// Memory to stay below: a number is per cent of the machine's memory or the control group's limit, whichever is lower; a
        /// string may carry a unit (`"2GiB"`, `"1.5GB"`).
        target_memory: TargetMemory = TargetMemory::default() => {
            help: "stay below this much memory: per cent of the machine or control group, or a size such as `2GiB`",
            value: "size",
            commands: RESULT,
        }
    }

    "Speed (none of these changes the output)" {
        /// Whether proven short cuts are taken instead of asking RDKit. Without them RDKit alone makes all rows, several times
        /// more slowly.
        fast: bool = true => {
            help: "take proven short cuts instead of asking RDKit (default)",
            help_no: Some("make all rows with RDKit alone, several times more slowly"),
        }
        /// Share of the rows, chosen by their text, that RDKit alone makes a second time. If the results differ, which is a bug,
        /// the run ends with `XFORM_RECHECK_DIFFERS`.
        recheck: f64 = 0.001 => {
            help: "share of the rows, from 0 to 1, that RDKit alone makes a second time for comparison",
            value: "share",
            range: Range::Within(0, 1),
        }
        /// Threads that run RDKit.
        workers: usize = thread::available_parallelism().map_or(1, NonZeroUsize::get) => {
            help: "threads that run RDKit",
            value: "n",
            default_text: "available parallelism",
            varies: true,
            range: Range::Within(1, 1024),
            commands: &[Command::Apply, Command::ExportTable, Command::SampleTable, Command::Gallery],
            help_on: &[
                (Command::ExportTable, "threads that write rows; for SDF they run RDKit"),
                (Command::SampleTable, "threads that write rows or make fingerprints; for SDF and `--by` diverse they run RDKit"),
            ],
        }
        /// Rows of a batch, the unit of `max_in_flight`.
        batch_size: usize = 50_000 => {
            help: "rows of a batch, the unit of `--max-in-flight`",
            value: "rows",
            range: Range::AtLeast(1),
            commands: HERE,
        }
        /// Batches that may be read and not yet committed.
        max_in_flight: usize = workers.saturating_mul(2) => {
            help: "batches read and not yet committed",
            value: "batches",
            default_text: "2 x workers",
            varies: true,
            range: Range::AtLeast(1),
            commands: HERE,
        }
        /// Products that are buffered before they are encoded. No effect on the bytes.
        flush_interval: usize = 10_000 => {
            help: "products buffered before they are encoded",
            value: "products",
            range: Range::AtLeast(1),
        }
    }

    "Output" {
        /// Folder for the output, created if missing. The library and the transform files may be in it, but not as a file that
        /// the run would remove or replace.
        outdir: PathBuf = PathBuf::new() => {
            help: "folder for products.parquet, rejects.parquet and SUMMARY.json",
            value: "folder",
            short: Some('o'),
            required: true,
            commands: RESULT,
        }
        /// Also list, for each product that more than one row gave, all of these rows, in `parents.parquet`. Requires `dedup`
        /// exact.
        parents: bool = false => {
            help: "list all rows that gave the same product in parents.parquet; requires `--dedup` exact",
            commands: HERE,
            shapes: Shapes::AtIfGiven("parents"),
        }
        /// Add the columns of the predecessor's table that are missing, under their names, and the object `legacy` to the summary,
        /// with its keys. Of the library's columns, `source_subset`, `k`, `halogen`, `halogen_atom_count` and `halogen_pair` are
        /// carried over under these names; the output has nulls if the library lacks one.
        legacy: bool = false => {
            help: "add the predecessor's columns to products.parquet, and its keys to SUMMARY.json; docs/compat.md lists them",
            shapes: Shapes::AtIfGiven("legacy"),
        }
        /// Replace the files of an earlier run or merge in `outdir`.
        force: bool = false => {
            help: "replace the files of an earlier run or merge",
            commands: &[
                Command::Apply,
                Command::ClusterApply,
                Command::Merge,
                Command::ExportTable,
                Command::SampleTable,
                Command::Summarize,
                Command::Gallery,
                Command::Demo,
            ],
            help_on: &[
                (Command::ExportTable, "replace files that exist"),
                (Command::SampleTable, "replace a file that exists"),
                (Command::Summarize, "replace a file that exists"),
                (Command::Gallery, "replace files that exist"),
                (Command::Demo, "replace the files of an earlier demo"),
            ],
        }
        /// Continue an interrupted run in `outdir`; the output is the same byte for byte as without the interruption. Starts a new
        /// run if there is none. If the run had finished, checks its files and resolves with its summary, in which
        /// `already_finished` is true. Not with `force`.
        resume: bool = false => {
            help: "continue an interrupted run in the output folder; start a new run if there is none; if it had finished, check \
                   its files and show its summary",
            commands: HERE,
        }
        /// Folder for data spilled to disk. On a cluster also for the library on its way, so all executors must see it.
        scratch: Option<PathBuf> = None => {
            help: "folder for data spilled to disk",
            help_on: &[(
                Command::ClusterApply,
                "folder for data spilled to disk and for the library on its way, seen by all executors",
            )],
            value: "folder",
            default_text: "inside the output folder",
            commands: RESULT,
        }
        /// The order of the products. On a cluster, `sort` decides.
        order: Order = Order::Input => { commands: &[], shapes: Shapes::AtIfGiven("order") }
    }
}

impl ApplyOptions {
    /// The defaults, for an input, an output folder and the transforms of a file.
    pub fn new(
        input: impl Into<PathBuf>,
        outdir: impl Into<PathBuf>,
        xf_config: impl Into<PathBuf>,
        xf_names: Vec<String>,
    ) -> Self {
        Self {
            input: Files::from(input.into()),
            outdir: outdir.into(),
            xf_config: Files::from(xf_config.into()),
            xf_names,
            ..Self::default()
        }
    }

    /// The options of `command` in `json`; see [`Given::read`].
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for an option that `command` does not have, or for an invalid value.
    pub fn from_json(command: Command, json: &str) -> Result<Self, Error> {
        Given::read(command, json, Self::read)
    }

    /// Refuses values that no run can use.
    ///
    /// # Errors
    /// [`Error::InvalidOption`].
    pub fn validate(&self) -> Result<(), Error> {
        self.check_ranges()?;
        if self.input.is_empty() {
            return Err(Self::input.refuse("is required"));
        }
        if self.force && self.resume {
            let reason = "cannot be combined with `force`: `resume` continues a run, `force` replaces it";
            return Err(Self::resume.refuse(reason));
        }
        if self.parent_properties && self.written_properties().is_empty() {
            return Err(Self::parent_properties.refuse("requires `properties`, which names them"));
        }
        if self.exclude_cache.is_some() && self.exclude.is_empty() {
            return Err(Self::exclude_cache.refuse("requires `exclude`, whose keys it keeps"));
        }
        if let Some(reason) = self.dedup.facts().lists_no_parents.filter(|_| self.parents) {
            return Err(Self::parents.refuse(format!("requires `dedup` exact: {reason}")));
        }
        self.check_sources()
    }

    /// Refuses options that give no transforms, or give them in two ways.
    ///
    /// # Errors
    /// [`Error::InvalidOption`].
    pub fn check_sources(&self) -> Result<(), Error> {
        let selects = [&self.xf_names, &self.family, &self.scope].iter().any(|names| !names.is_empty());
        match (self.xf_config.is_empty(), self.smirks.is_empty()) {
            (true, true) => Err(Self::xf_config.refuse("is required, unless there is `smirks`")),
            (false, false) => Err(Self::smirks.refuse("cannot be combined with `xf_config`")),
            (false, true) if !selects => {
                Err(Self::xf_names
                    .refuse("is required, unless there is `family` or `scope`; `all` selects all"))
            }
            _ => Ok(()),
        }
    }

    /// The transforms that the run chooses from.
    ///
    /// # Errors
    /// Those of [`Rules::load`], or with `skip_bad_rules` of [`Rules::load_usable`].
    pub fn rules(&self) -> Result<Rules, Error> {
        match &self.smirks[..] {
            [] if self.skip_bad_rules => Rules::load_usable(&self.xf_config),
            [] => Rules::load(&self.xf_config),
            smirks => Ok(Rules::of_smirks(smirks)),
        }
    }

    /// The part of the options that chooses transforms.
    pub fn choice(&self) -> Choice<'_> {
        Choice { names: &self.xf_names, families: &self.family, scopes: &self.scope }
    }

    /// Adds to `shape` the options that affect the result and are not covered by its other entries.
    pub(crate) fn enter_shape(&self, shape: &mut Value) {
        enter_shape(Self::OPTIONS, &json!(self), shape);
    }

    /// The part of the options that concerns the input.
    pub fn source(&self) -> SourceOptions {
        SourceOptions {
            format: self.input_format,
            delimiter: self.delimiter,
            header: self.header,
            smiles_column: self.smiles_column.clone(),
            molblock_column: self.molblock_column.clone(),
            id_column: self.id_column.clone(),
            keep_columns: self.keep_columns.clone(),
            kept_prefix: self.kept_prefix.clone(),
            column_types: self.column_type.clone(),
            may_lack_columns: false,
            computed_columns: Vec::new(),
            bare_columns: if self.legacy { legacy::library_names() } else { Vec::new() },
        }
    }

    /// The part of the options that concerns the engine, with the content of the files that it names.
    ///
    /// # Errors
    /// [`Error::InvalidAlerts`].
    pub fn engine_settings(&self) -> Result<EngineSettings, Error> {
        Ok(EngineSettings {
            limits: Limits { max_atoms: self.max_atoms, max_products_per_mol: self.max_products_per_mol },
            standardize: self.standardize,
            properties: self.written_properties(),
            parent_properties: self.parent_properties,
            mapped: self.mapped,
            cxsmiles: self.cxsmiles,
            keep_salts: self.salts == Salts::Keep,
            alerts: self.alerts.load()?,
            legacy: self.legacy,
        })
    }

    /// The properties of products that are written: those asked for, and the one by which products are recognised.
    fn written_properties(&self) -> PropertyChoice {
        self.properties.with(self.dedup_key.property())
    }

    /// The part of the options that concerns the recheck, and trials of charged rows.
    pub fn recheck_plan(&self) -> Recheck {
        Recheck::new(self.fast, self.recheck).trying_charged(self.standardize == Standardization::None)
    }

    /// The part of the options that overrides the transforms' own.
    pub fn overrides(&self) -> Overrides {
        Overrides { max_sites: self.max_sites, exclude_sugar_like: self.exclude_sugar_like }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_no_run_can_use_are_refused() {
        let good = ApplyOptions::new("a", "b", "c", vec!["all".to_owned()]);
        good.validate().unwrap();
        type Spoil = fn(&mut ApplyOptions);
        let faults: [(&str, Spoil); 22] = [
            ("input", |o| o.input = Vec::new().into()),
            ("batch_size", |o| o.batch_size = 0),
            ("workers", |o| o.workers = 0),
            ("workers", |o| o.workers = 5000),
            ("max_in_flight", |o| o.max_in_flight = 0),
            ("flush_interval", |o| o.flush_interval = 0),
            ("max_atoms", |o| o.max_atoms = 0),
            ("max_products_per_mol", |o| o.max_products_per_mol = Some(0)),
            ("resume", |o| (o.force, o.resume) = (true, true)),
            ("xf_name", |o| o.xf_names.clear()),
            ("xf_config", |o| o.xf_config = Vec::new().into()),
            ("smirks", |o| o.smirks.push("[C:1]>>[C:1]F".to_owned())),
            ("limit", |o| o.limit = Some(0)),
            ("parent_properties", |o| o.parent_properties = true),
            ("exclude_cache", |o| o.exclude_cache = Some(PathBuf::from("cache"))),
            ("parents", |o| (o.parents, o.dedup) = (true, DedupMode::Bloom)),
            ("parents", |o| (o.parents, o.dedup) = (true, DedupMode::None)),
            ("shard", |o| o.shard = Some(Shard { index: 0, of: 3 })),
            ("shard", |o| o.shard = Some(Shard { index: 4, of: 3 })),
            ("bloom_expected_items", |o| o.bloom_expected_items = 0),
            ("bloom_fp_rate", |o| o.bloom_fp_rate = 1.0),
            ("target_memory", |o| o.target_memory = TargetMemory::Percent(101.0)),
        ];
        for (option, spoil) in faults {
            let mut options = good.clone();
            spoil(&mut options);
            let message = options.validate().unwrap_err().to_string();
            assert!(message.starts_with(&format!("{option}: ")), "{message}");
        }
    }

    #[test]
    fn json_gives_options_under_their_names_in_the_api() {
        let json = r#"{"input": "\u0000a/\u00e9", "outdir": "b", "xfConfig": "c", "xfName": "all", "maxAtoms": 7, "workers": 3,
            "keepColumns": ["x"], "skipRows": [5, 2], "shard": "2/7", "dedup": "bloom", "targetMemory": "2GiB", "header": false}"#;
        let options = ApplyOptions::from_json(Command::Apply, json).unwrap();
        assert_eq!(options.input[0].to_string_lossy(), "a/\u{fffd}");
        assert_eq!(options.xf_names, ["all"]);
        assert_eq!((options.max_atoms, options.workers, options.max_in_flight), (7, 3, 6));
        assert_eq!(options.keep_columns, KeepColumns::Named(vec!["x".to_owned()]));
        assert_eq!(options.skip_rows, [2, 5].into());
        assert_eq!(options.shard, Some(Shard { index: 2, of: 7 }));
        assert_eq!(options.target_memory, TargetMemory::Bytes(2 << 30));
        assert_eq!((options.dedup, options.header, options.scratch), (DedupMode::Bloom, Some(false), None));
    }

    #[test]
    fn json_that_cannot_be_used_is_refused_by_the_name_of_the_option() {
        let refused = |command, more: &str| {
            let json = format!(r#"{{"input": "a", "outdir": "b", "xfConfig": "c", "xfName": "all"{more}}}"#);
            ApplyOptions::from_json(command, &json).unwrap_err().to_string()
        };
        let foreign = refused(Command::Apply, r#", "maxAtom": 7"#);
        assert_eq!(foreign, "maxAtom: is not an option of apply");
        let foreign = refused(Command::ClusterApply, r#", "workers": 7"#);
        assert_eq!(foreign, "workers: is not an option of clusterApply");
        assert!(refused(Command::Apply, r#", "max_atoms": 7"#).starts_with("max_atoms: is not an option"));
        for (name, value) in [
            ("max_atoms", "-1"),
            ("max_atoms", "5000000000"),
            ("max_atoms", "1.5"),
            ("max_atoms", "null"),
            ("bloom_fp_rate", "\"much\""),
            ("keep_columns", "\"some\""),
            ("skip_rows", "[-1]"),
            ("dedup", "\"fuzzy\""),
            ("standardize", "\"tautomer\""),
            ("shard", "\"2-7\""),
            ("force", "1"),
        ] {
            let given = format!(r#", "{}": {value}"#, crate::options::camel_case(name));
            let message = refused(Command::Apply, &given);
            assert!(message.starts_with(&format!("{name}: ")), "{message}");
        }
        let missing = ApplyOptions::from_json(Command::Apply, r#"{"input": "a"}"#).unwrap_err().to_string();
        assert_eq!(missing, "outdir: is required");
    }

    #[test]
    fn the_shape_of_a_run_has_what_shapes_its_result() {
        let shape = |change: fn(&mut ApplyOptions)| {
            let mut options = ApplyOptions::new("a", "b", "c", vec!["all".to_owned()]);
            change(&mut options);
            let mut shape = json!({});
            options.enter_shape(&mut shape);
            shape
        };
        let limits = json!({ "max_atoms": 2_000, "max_products_per_mol": null });
        let dedup = json!({ "mode": "exact", "key": "smiles", "bloom": null });
        let plain = json!({ "dedup": dedup, "limits": limits, "salts": "drop" });
        assert_eq!(shape(|_| ()), plain);
        assert_eq!(shape(|o| (o.workers, o.batch_size, o.force) = (3, 7, true)), plain);
        let bloom =
            json!({ "mode": "bloom", "key": "smiles", "bloom": { "expected_items": 9, "fp_rate": 0.001 } });
        let with_bloom = shape(|o| (o.dedup, o.bloom_expected_items) = (DedupMode::Bloom, 9));
        assert_eq!(with_bloom, json!({ "dedup": bloom, "limits": limits, "salts": "drop" }));
        assert_eq!(shape(|o| o.dedup_key = DedupKey::InchiKey)["dedup"]["key"], "inchikey");
        let part = shape(|o| (o.shard, o.skip_rows) = (Some(Shard { index: 2, of: 7 }), [4].into()));
        assert_eq!((&part["shard"], &part["skip_rows"]), (&json!({ "index": 2, "of": 7 }), &json!([4])));
        assert_eq!(shape(|o| o.limit = Some(9))["limit"], 9);
        assert_eq!(shape(|o| o.standardize = Standardization::Parent)["standardize"], "parent");
        assert_eq!(shape(|o| o.filter = Some("none".to_owned()))["where"], "none", "a text, not a choice");
        assert_eq!(shape(|o| o.parents = true)["parents"], true);
        assert_eq!(shape(|o| o.legacy = true)["legacy"], true);
        let described = shape(|o| o.properties = PropertyChoice::new(&["MW,quick"]));
        assert_eq!(described["properties"], json!({ "names": ["MW", "quick"] }));
        let both = shape(|o| (o.properties, o.parent_properties) = (PropertyChoice::new(&["QED"]), true));
        assert_eq!(both["properties"], json!({ "names": ["QED"], "of_parents": true }));
        assert_eq!(shape(|o| o.order = Order::Key)["order"], "key");
    }

    #[test]
    fn a_summary_shows_options_as_they_are_read_again() {
        let mut options = ApplyOptions::new("a", "b", "c", vec!["x".to_owned(), "y".to_owned()]);
        let bare = serde_json::to_value(&options).unwrap();
        assert!(bare.get("skip_rows").is_none() && bare.get("order").is_none(), "{bare}");
        assert_eq!((&bare["properties"], &bare["parent_properties"]), (&json!([]), &json!(false)));
        assert_eq!(bare["target_memory"]["percent"], 70.0);
        assert_eq!((&bare["xf_config"], &bare["family"]), (&json!("c"), &json!([])));
        (options.skip_rows, options.order) = ([3].into(), Order::Key);
        (options.properties, options.parent_properties) = (PropertyChoice::new(&["all"]), true);
        options.alerts = AlertChoice::new(&["PAINS,BRENK"]);
        options.column_type = ColumnTypes::parse(&["year=int", "mass=float"]).unwrap();
        (options.keep_columns, options.shard) = (KeepColumns::All, Some(Shard { index: 1, of: 2 }));
        options.xf_config = vec![PathBuf::from("c"), PathBuf::from("d")].into();
        let shown = serde_json::to_value(&options).unwrap();
        assert_eq!(shown["xf_config"], json!(["c", "d"]));
        assert_eq!(shown["alerts"], json!(["BRENK", "PAINS"]));
        assert_eq!(shown["column_type"], json!(["mass=float", "year=int"]));
        let again: ApplyOptions = serde_json::from_value(shown.clone()).unwrap();
        assert_eq!(serde_json::to_value(&again).unwrap(), shown);
        assert_eq!(again.engine_settings().unwrap(), options.engine_settings().unwrap());
        assert_eq!((again.order, again.keep_columns), (Order::Key, KeepColumns::All));
    }
}
