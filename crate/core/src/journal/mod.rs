//! How a run survives its process: a manifest of the durable state, and the check whether a run may be resumed from
//! it.

mod checked_line;
mod claim;
mod fingerprint;
mod manifest;
mod noted_difference;
mod quarantine;
mod row_digest;
mod shape;

pub use checked_line::{with_checksum, without_checksum};
pub use claim::{claim, is_claimed};
pub use fingerprint::Fingerprint;
pub use manifest::{Commit, Found, Header, InputMark, Manifest, parse};
pub use noted_difference::{note_difference, noted_difference};
pub use quarantine::{Quarantine, QuarantineCounts, Quarantined};
pub use row_digest::RowDigest;
pub use shape::{difference, difference_on_resume, newly_skipped};
