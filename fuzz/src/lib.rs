//! What the fuzz targets share.
//!
//! A target hands bytes to one part that reads what comes from outside, and fails where that panics, breaks a promise
//! of its own, or takes more time or memory than libFuzzer is told to allow. Refusing the bytes is success.

mod engine;
mod interrupted;
mod leaks;
mod library;
mod stack;

pub use engine::Molecules;
pub use interrupted::InterruptedRun;
pub use library::LibraryFile;
pub use stack::OnLargeStack;
