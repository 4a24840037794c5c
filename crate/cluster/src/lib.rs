//! xform-native on Apache DataFusion Ballista: the same kernel, the same rows, on as many machines as there are.
//!
//! [`xform`] is the kernel as a scalar function, [`plan`] the job that is made of it, [`client`] what sends a library there
//! and makes files of what comes back (by way of `xform_core::gather`, so that files, sums and publishing are those of any
//! run). [`scheduler`] and [`executor`] are Ballista's with the functions of this crate. What travels is bytes: [`record`]
//! has products, failures and outcomes, [`carried`] the columns that no executor looks into.
//!
//! The program `xform-cluster` is driven by `xform-native cluster`: options come as JSON, and what it has to say goes
//! out as lines of JSON ([`events`]).
#![forbid(unsafe_code)]

pub mod address;
pub mod apply;
pub mod assignment;
pub mod carried;
pub mod client;
pub mod connections;
pub mod engine;
pub mod entries;
pub mod events;
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
