//! The pipeline of xform-native: a library in, products out, in native threads with a bounded number of batches in
//! flight. It knows chemistry only as [`engine::Engine`], and does not depend on native libraries.
//!
//! [`apply`] is a run, and [`check`] reports what a run would refuse before it starts, how its engine works, and what to
//! expect of it. [`merge()`] builds one result from shards, [`gather()`] one from rows that a cluster made. `source`
//! reads, `pipeline` keeps order and bounds, `dedup` recognises products, `output` writes and publishes, `totals`
//! counts.

pub mod alerts;
mod apply;
pub mod codes;
pub mod column_type;
mod compact;
mod compiled;
pub mod content;
mod control;
pub mod death;
pub mod dedup;
pub mod description;
pub mod disk;
pub mod drawing;
pub mod engine;
pub mod error;
pub mod events;
mod examples;
mod expected;
pub mod explanation;
mod export;
pub mod failed_results;
mod file_lock;
pub mod filter;
pub mod findings;
mod gallery;
mod gather;
mod grouping;
mod input_hash;
pub mod isolation;
mod job;
pub mod journal;
mod known;
pub mod legacy;
pub mod library;
mod library_rows;
pub mod listing;
mod make_engine;
pub mod memory;
mod merge;
pub mod options;
pub mod output;
mod parents;
pub mod path_text;
pub mod pipeline;
mod platform;
mod product_id;
pub mod profile;
mod progress;
pub mod properties;
mod publish;
mod recheck;
mod report;
mod restarts;
mod review_warnings;
mod rules_check;
mod run;
mod sample;
mod session;
mod shard;
mod sorter;
pub mod source;
mod spawn;
mod stable_file;
mod standardization;
mod stream;
pub mod strings;
mod suggest;
mod summarize;
pub mod summary;
mod table_scan;
mod tables;
pub mod totals;
pub mod transform;
mod trial;
mod verify;
pub mod writers;

pub use apply::{CheckDetail, apply, check, narrate, narrate_check};
pub use control::Control;
pub use dedup::{DedupKey, DedupMode};
pub use error::{Error, ErrorClass};
pub use export::{ExportOptions, ExportProgress, ExportSummary, ExportedFile, export};
pub use gallery::{
    GalleryFile, GalleryOptions, GalleryProgress, GallerySummary, GalleryTools, QueryCount, gallery,
};
pub use gather::{Gathered, Maker, Task, gather};
pub use listing::{list_rules, show_rule};
pub use make_engine::{EngineSettings, MakeEngine};
pub use merge::{MergeOptions, merge};
pub use options::{ApplyOptions, Command, Order, TargetMemory};
pub use progress::{Pace, Phase, Progress};
pub use recheck::Recheck;
pub use report::{
    EXAMPLES, HistogramBin, MAX_BINS, ParentDrawings, PropertyColumn, PropertyDistribution, RejectExample,
    RejectGroup, ReportData, report_data,
};
pub use restarts::{Predecessors, Restarts};
pub use rules_check::{
    CheckRulesOptions, CheckedRule, Finding, RulesReport, SampleProgress, SampleReport, SampledFailure,
    SampledRule, SeverityCounts, SlowRow, check_rules,
};
pub use sample::{
    DiverseReport, FINGERPRINT_BITS, FINGERPRINT_WORDS, Fingerprint, Fingerprinter, MakeFingerprinter,
    SampleOptions, SamplePhase, SampleSummary, SampleTools, SamplingProgress, Stratum, sample,
};
pub use shard::{Shard, ShardRows};
pub use spawn::{STACK_BYTES, panic_text, spawn, spawn_owned};
pub use standardization::Standardization;
pub use summarize::{ColumnRange, GroupReport, SummarizeOptions, SummarizeProgress, TableReport, summarize};
pub use summary::{CheckReport, Expected, SampleFacts, Summary};
pub use trial::{Trial, TriedMolecule, TryOptions};
pub use verify::{Check, Verification, verify};
