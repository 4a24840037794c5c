//! The SHA-256s of the input's files, computed in parallel with the run: a large library on a slow disk must not delay the
//! first rows.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Scope;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

use crate::error::Error;
use crate::library::Library;
use crate::spawn::{guarded, spawn};

/// How long to wait before checking whether to stop.
const TICK: Duration = Duration::from_millis(50);

/// The hashes, which the files of the library take as they become known.
pub struct InputHash<'a> {
    library: &'a Library,
    /// Not used any more once the thread has ended.
    failed: Receiver<Error>,
}

impl<'a> InputHash<'a> {
    /// Starts a thread within `scope` that hashes the files of `library`, one after the other, unless the run has `ended`
    /// first.
    pub fn start<'scope>(
        scope: &'scope Scope<'scope, 'a>,
        library: &'a Library,
        ended: &'a AtomicBool,
    ) -> Result<Self, Error> {
        let (failure, failed) = bounded(1);
        spawn(scope, "xform-hash", move || {
            let has_ended = || ended.load(Ordering::Relaxed);
            let mut files = library.files().iter().filter(|file| file.sha256().is_none() && !has_ended());
            let hash = || files.try_for_each(|file| file.hash(&has_ended));
            if let Err(error) = guarded("the hash of the input", hash) {
                // A caller that does not wait for it has its own error.
                let _ = failure.send(error);
            }
        })?;
        Ok(Self { library, failed })
    }

    /// Waits for the SHA-256 that identifies the library; `stop_check` is called meanwhile.
    pub fn wait(&self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<&'a str, Error> {
        self.wait_for(self.library.files().len(), stop_check)?;
        self.library.sha256().ok_or_else(|| Error::internal("the input was not hashed"))
    }

    /// Waits until the first `files` files are hashed.
    pub fn wait_for(&self, files: usize, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        while self.library.files_hashed() < files {
            match self.failed.recv_timeout(TICK) {
                Ok(error) => return Err(error),
                Err(RecvTimeoutError::Timeout) => stop_check()?,
                Err(RecvTimeoutError::Disconnected) if self.library.files_hashed() < files => {
                    return Err(Error::internal("the hash of the input was abandoned"));
                }
                Err(RecvTimeoutError::Disconnected) => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::source::SourceOptions;

    fn library(path: std::path::PathBuf) -> Library {
        Library::open(&[path], &SourceOptions::default(), &|texts| Ok(vec![true; texts.len()])).unwrap()
    }

    #[test]
    fn it_is_there_when_it_was_waited_for_or_says_why_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("input.smi");
        std::fs::write(&path, "abc").unwrap();
        let ended = AtomicBool::new(false);
        let hash = |library: &Library| {
            thread::scope(|scope| {
                let hash = InputHash::start(scope, library, &ended).unwrap();
                hash.wait(&|| Ok(())).map(str::to_owned)
            })
        };
        assert!(hash(&library(path.clone())).unwrap().starts_with("ba7816bf"));
        let read = library(path.clone());
        std::fs::write(&path, "abd").unwrap();
        assert_eq!(hash(&read).unwrap_err().code(), "XFORM_INPUT_CHANGED");
    }

    #[test]
    fn a_request_to_stop_ends_the_wait() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("input.smi");
        std::fs::write(&path, "abc").unwrap();
        let (library, (still_running, failed)) = (library(path), bounded(1));
        let stop = || Err(Error::internal("stop"));
        let error = InputHash { library: &library, failed }.wait(&stop).unwrap_err();
        assert!(error.to_string().contains("stop"), "{error}");
        drop(still_running);
    }
}
