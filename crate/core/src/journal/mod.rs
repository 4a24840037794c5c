//! What makes a run survive its process: a manifest of what is durable, and the check that a run may go on from it.

mod claim;
mod fingerprint;
mod manifest;
mod quarantine;
mod row_digest;
mod shape;

pub use claim::{claim, is_claimed};
pub use fingerprint::Fingerprint;
pub use manifest::{Commit, Found, Header, InputMark, Manifest, parse};
pub use quarantine::{Quarantine, Quarantined};
pub use row_digest::RowDigest;
pub use shape::{difference, difference_on_resume, newly_skipped};
