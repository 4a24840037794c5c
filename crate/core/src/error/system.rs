//! Errors of the system, sorted by what it refused: a limit that it has reached, a full disk, a damaged file.

use std::fmt;
use std::io;
use std::path::Path;

use rustix::io::Errno;

use super::Error;

/// Resources of the system that may run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Threads and processes.
    Threads,
    /// Open files, of this process or of the machine.
    OpenFiles,
    /// Memory.
    Memory,
}

impl Resource {
    /// The resource that has run out if the system fails with `error`, whatever was requested.
    fn of(error: &io::Error) -> Option<Self> {
        match Errno::from_io_error(error)? {
            Errno::MFILE | Errno::NFILE => Some(Self::OpenFiles),
            Errno::NOMEM => Some(Self::Memory),
            _ => None,
        }
    }

    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::Threads => {
                "end other programs, raise the limit of the user (ulimit -u) or of the control group (pids.max), or lower \
                 --workers where the command has it"
            }
            Self::OpenFiles => {
                "close other programs, or raise the limit of the process (ulimit -n) or of the machine (fs.file-max)"
            }
            Self::Memory => {
                "end other programs, or raise the limit of the process (ulimit -v) or of the control group (memory.max)"
            }
        }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Threads => "threads",
            Self::OpenFiles => "open files",
            Self::Memory => "memory",
        })
    }
}

impl Error {
    /// A failed write, classified by whether the disk is full or the system has reached a limit.
    pub fn output(action: &'static str, path: &Path, source: io::Error) -> Self {
        let source = match Self::system_limit(|| format!("{action} {}", path.display()), source) {
            Ok(limit) => return limit,
            Err(source) => source,
        };
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::OutputFull { path, action },
            _ => Self::OutputFailed { path, action, source },
        }
    }

    /// A failure to read a file of the run again: damage, if its content differs from what was written.
    pub fn reading(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::InvalidData => {
                Self::OutputDamaged { path: path.to_owned(), reason: source.to_string() }
            }
            io::ErrorKind::UnexpectedEof => {
                Self::OutputDamaged { path: path.to_owned(), reason: "it has been cut off".to_owned() }
            }
            _ => Self::output("read", path, source),
        }
    }

    /// The error of an `action` that failed at a limit of the system; returns `source` if it is about something else.
    pub fn system_limit(action: impl FnOnce() -> String, source: io::Error) -> Result<Self, io::Error> {
        match Resource::of(&source) {
            Some(resource) => Ok(Self::SystemLimit { action: action(), resource, source }),
            None => Err(source),
        }
    }

    /// The error of a thread that was not started.
    pub fn no_thread(source: io::Error) -> Self {
        let resource = Resource::of(&source).unwrap_or(Resource::Threads);
        Self::SystemLimit { action: "start a thread".to_owned(), resource, source }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ErrorClass;
    use super::*;

    fn of_system(errno: Errno) -> io::Error {
        io::Error::from_raw_os_error(errno.raw_os_error())
    }

    #[test]
    fn a_limit_of_the_system_is_neither_a_bad_option_nor_a_bad_file() {
        let path = Path::new("out/products.parquet");
        for (error, words) in [
            (
                Error::no_thread(of_system(Errno::AGAIN)),
                "cannot start a thread: the system provides no more threads (",
            ),
            (
                Error::no_thread(of_system(Errno::NOMEM)),
                "cannot start a thread: the system provides no more memory (",
            ),
            (
                Error::output("create", path, of_system(Errno::MFILE)),
                "cannot create out/products.parquet: the system provides no more open files (",
            ),
            (
                Error::output("open", path, of_system(Errno::NFILE)),
                "cannot open out/products.parquet: the system provides no more open files (",
            ),
        ] {
            assert_eq!((error.code(), error.class()), ("XFORM_SYSTEM_LIMIT", ErrorClass::System));
            let (found, details) = (error.to_string(), error.details());
            assert!(found.starts_with(words) && found.contains("raise the limit"), "{found}");
            assert!(words.contains(details["resource"].as_str().unwrap()), "{details}");
        }
        let full = Error::output("write", path, of_system(Errno::NOSPC));
        assert_eq!(full.code(), "XFORM_OUTPUT_FULL");
        assert_eq!(Error::output("write", path, of_system(Errno::IO)).code(), "XFORM_OUTPUT_FAILED");
    }
}
