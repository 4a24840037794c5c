//! The SHA-256 of the input, computed in parallel with the run: a large library on a slow disk must not delay the
//! first rows.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Scope;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

use crate::error::Error;
use crate::source::hash_file;
use crate::spawn::{guarded, spawn};
use crate::stable_file::StableFile;

/// How long to wait before checking whether to stop.
const TICK: Duration = Duration::from_millis(50);

/// The hash, once it is known.
pub struct InputHash<'a> {
    sha256: &'a OnceLock<String>,
    /// Not used any more once the thread has ended.
    failed: Receiver<Error>,
}

impl<'a> InputHash<'a> {
    /// Starts a thread within `scope` that hashes `file` into `sha256`, unless the run has `ended` first.
    pub fn start<'scope>(
        scope: &'scope Scope<'scope, 'a>,
        file: &'a StableFile,
        sha256: &'a OnceLock<String>,
        ended: &'a AtomicBool,
    ) -> Result<Self, Error> {
        let (failure, failed) = bounded(1);
        spawn(scope, "xform-hash", move || {
            let hash = || hash_file(file, || ended.load(Ordering::Relaxed));
            match guarded("the hash of the input", hash) {
                Ok(Some(hash)) => {
                    // No other thread sets it.
                    let _ = sha256.set(hash);
                }
                Ok(None) => {}
                Err(error) => {
                    // A caller that does not wait for it has its own error.
                    let _ = failure.send(error);
                }
            }
        })?;
        Ok(Self { sha256, failed })
    }

    /// The place of the hash, in hex, which is filled as soon as it is known.
    pub fn place(&self) -> &'a OnceLock<String> {
        self.sha256
    }

    /// Waits for the hash; `stop_check` is called meanwhile.
    pub fn wait(&self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<&'a str, Error> {
        loop {
            match self.failed.recv_timeout(TICK) {
                Ok(error) => return Err(error),
                Err(RecvTimeoutError::Timeout) => stop_check()?,
                Err(RecvTimeoutError::Disconnected) => {
                    let given_up = || Error::internal("the hash of the input was abandoned");
                    return self.sha256.get().map(String::as_str).ok_or_else(given_up);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::source::open_file;

    #[test]
    fn it_is_there_when_it_was_waited_for_or_says_why_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("input");
        std::fs::write(&path, "abc").unwrap();
        let (file, ended) = (open_file(&path).unwrap(), AtomicBool::new(false));
        let hash = || {
            let sha256 = OnceLock::new();
            thread::scope(|scope| {
                let hash = InputHash::start(scope, &file, &sha256, &ended).unwrap();
                hash.wait(&|| Ok(())).map(str::to_owned)
            })
        };
        assert!(hash().unwrap().starts_with("ba7816bf"));
        std::fs::write(&path, "abd").unwrap();
        assert_eq!(hash().unwrap_err().code(), "XFORM_INPUT_CHANGED");
    }

    #[test]
    fn a_request_to_stop_ends_the_wait() {
        let (sha256, (still_running, failed)) = (OnceLock::new(), bounded(1));
        let stop = || Err(Error::internal("stop"));
        let error = InputHash { sha256: &sha256, failed }.wait(&stop).unwrap_err();
        assert!(error.to_string().contains("stop"), "{error}");
        drop(still_running);
    }
}
