//! Reads the crash record of a kernel.

use std::path::Path;
use std::{fs, io};

use crate::KernelError;

#[cxx::bridge(namespace = "xform")]
mod ffi {
    /// The row that a thread is working on.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    struct NotedRow {
        /// Position of the row in the library.
        source_row: u64,
        /// Position of the transform in the kernel; -1 while the row is parsed, [`MAKING_AGAIN`] while it is made a second
        /// time.
        transform: i32,
        /// The system's number of the thread.
        thread: u32,
        /// CPU time in nanoseconds that the thread had used when it started the row.
        cpu_ns: u64,
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/crash_record.h");

        fn read_crash_record(bytes: &[u8], row: &mut NotedRow) -> Result<bool>;
    }
}

pub use ffi::NotedRow;

/// [`NotedRow::transform`] while the row is made a second time with RDKit alone (`kMakingAgain`).
pub const MAKING_AGAIN: i32 = -2;

/// The result of a bridge function that returns the system's error code, or 0 on success.
pub fn kept(returned: Result<i32, cxx::Exception>) -> io::Result<()> {
    match returned {
        Ok(0) => Ok(()),
        Ok(code) => Err(io::Error::from_raw_os_error(code)),
        Err(error) => Err(io::Error::other(KernelError::from(error))),
    }
}

/// How often a record is read until two readings agree. If none do, the thread is making progress.
const READINGS: usize = 4;

/// The row in the crash record at `path`. `None` if there is no record, if the thread is not working on a row, or if the
/// thread was just changing the record: then no row is to blame.
///
/// # Errors
/// The system's, if the file cannot be read.
pub fn noted_row(path: &Path) -> io::Result<Option<NotedRow>> {
    let mut before = None;
    for _ in 0..READINGS {
        let now = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        if before.as_ref() == Some(&now) {
            let mut row = NotedRow::default();
            let found = ffi::read_crash_record(&now, &mut row);
            return found
                .map(|found| found.then_some(row))
                .map_err(|error| io::Error::other(KernelError::from(error)));
        }
        before = Some(now);
    }
    Ok(None)
}
