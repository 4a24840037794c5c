//! The pipeline of xform-native: a library in, products out, in native threads with a bounded number of batches
//! in flight. It knows chemistry only as [`engine::Engine`] and depends on nothing native.
//!
//! [`apply`] is a run, [`check`] what a run would refuse before it starts. `source` reads, `pipeline` keeps order
//! and bounds, `dedup` recognises products, `output` writes and publishes, `sums` adds up.

mod apply;
pub mod dedup;
pub mod engine;
pub mod error;
mod examples;
pub mod memory;
mod options;
pub mod output;
pub mod pipeline;
mod progress;
pub mod source;
pub mod summary;
pub mod sums;
pub mod transform;

pub use apply::{MakeEngine, apply, check};
pub use error::{Error, ErrorClass};
pub use options::{ApplyOptions, DedupMode, TargetMemory};
pub use progress::{Control, OnProgress, Phase, Progress};
pub use summary::{CheckReport, Summary};
