//! How long a run takes.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;

use crate::options::ApplyOptions;

/// Time until a child process reads its task.
const CHILD_SECONDS: f64 = 0.06;
/// Time for the first and the last files of a run, however short it is.
const FILES_SECONDS: f64 = 0.03;
/// Time to assemble, hash, read back and publish a byte of output.
const SECONDS_PER_BYTE: f64 = 4e-9;

/// What the time of a run follows from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Work {
    /// Seconds to check the options, compile the transforms and open the library.
    pub prepared_seconds: f64,
    /// Seconds to make the keys of known molecules.
    pub known_seconds: f64,
    /// CPU seconds of the engine and the filter.
    pub engine_seconds: f64,
    /// CPU seconds to read, judge, count and encode.
    pub other_seconds: f64,
    /// Bytes of the products' file.
    pub bytes: f64,
}

impl Work {
    /// Seconds of a run with these options.
    pub fn seconds(&self, options: &ApplyOptions) -> f64 {
        let cores = available_parallelism().map_or(1, NonZeroUsize::get);
        let workers = options.workers.min(cores) as f64;
        let threads = (self.engine_seconds / workers)
            .max((self.engine_seconds + self.other_seconds) / cores as f64)
            .max(self.other_seconds);
        let child = if options.isolate { CHILD_SECONDS } else { 0.0 };
        child
            + FILES_SECONDS
            + self.prepared_seconds
            + self.known_seconds
            + threads
            + SECONDS_PER_BYTE * self.bytes
    }
}
