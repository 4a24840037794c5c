//! xform-native on Apache DataFusion Ballista: the same kernel and the same rows, on any number of machines.
//!
//! [`xform`] is the kernel as a scalar function, and [`plan`] the job built from it. [`client`] sends a library to
//! the cluster and turns the results into files (through `xform_core::gather`, so that files, counts and publishing
//! are those of any run). [`scheduler`] and [`executor`] are Ballista's with the functions of this crate. The data
//! sent is bytes: [`record`] holds products, failures and outcomes, [`carried`] the columns that no executor looks
//! into.
//!
//! The program `xform-cluster` is driven by `xform-native cluster`: it receives options as JSON, and reports
//! [`xform_core::events`].
#![forbid(unsafe_code)]

pub mod address;
pub mod apply;
pub mod assignment;
pub mod carried;
pub mod client;
pub mod connections;
pub mod engine;
pub mod entries;
pub mod executor;
pub mod kernel;
pub mod library;
pub mod logging;
pub mod packing;
pub mod plan;
pub mod ready;
pub mod record;
pub mod scheduler;
pub mod scratch;
pub mod session;
pub mod signals;
pub mod spec;
pub mod standstill;
pub mod unpack;
pub mod xform;
