//! Code shared by the fuzz targets.
//!
//! A target passes bytes to one part that reads input from outside. It fails if that part panics, breaks one of its
//! own promises, or takes more time or memory than libFuzzer allows. Refusing the bytes is success.

mod engine;
mod interrupted;
mod leaks;
mod library;
mod stack;
mod transforms;

pub use engine::Molecules;
pub use interrupted::InterruptedRun;
pub use library::LibraryFile;
pub use stack::OnLargeStack;
pub use transforms::transforms;
