//! A stream: standard input or a pipe. It can be read once, from its beginning, and is hashed while it is read.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::content::{Content, RunningContent};
use crate::error::Error;
use crate::stable_file::unreadable;

/// How long to wait for bytes before checking whether to stop.
const TICK: Duration = Duration::from_millis(50);

/// A stream. Clones share it.
#[derive(Debug, Clone)]
pub struct Stream {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    state: Mutex<State>,
    /// What the stream was, once it has ended.
    content: OnceLock<Content>,
    /// Each of these ends a wait for bytes.
    stops: Mutex<Vec<Arc<AtomicBool>>>,
}

#[derive(Debug)]
struct State {
    file: File,
    content: RunningContent,
}

impl Stream {
    /// Opens the stream at `path`; waits until a pipe has a writer.
    ///
    /// # Errors
    /// Those of an input.
    pub fn open(path: &Path) -> Result<Self, Error> {
        File::open(path).map(|file| Self::new(path, file)).map_err(|error| unreadable(path, error))
    }

    /// Standard input, called `path`.
    ///
    /// # Errors
    /// [`Error::InputUnreadable`] if it is closed.
    pub fn standard_input(path: &Path) -> Result<Self, Error> {
        let file = io::stdin().as_fd().try_clone_to_owned();
        file.map(|file| Self::new(path, file.into())).map_err(|error| unreadable(path, error))
    }

    fn new(path: &Path, file: File) -> Self {
        let state = Mutex::new(State { file, content: RunningContent::default() });
        let (path, content, stops) = (path.to_owned(), OnceLock::new(), Mutex::default());
        Self { shared: Arc::new(Shared { path, state, content, stops }) }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    /// Ends every wait for bytes as soon as `stop` is set.
    pub fn stop_with(&self, stop: Arc<AtomicBool>) {
        lock(&self.shared.stops).push(stop);
    }

    /// What the stream was; `None` before its end was read.
    pub fn content(&self) -> Option<&Content> {
        self.shared.content.get()
    }

    /// Reads what is left: the content of a library is that of all of it, even if a run needs only its first rows.
    /// `stop_check` is called meanwhile.
    ///
    /// # Errors
    /// That of `stop_check`, and [`Error::InputUnreadable`].
    pub fn drain(&self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        let mut block = vec![0; 1 << 16];
        while self.content().is_none() {
            stop_check()?;
            let read = self.clone().read(&mut block);
            stop_check()?;
            read.map_err(|error| unreadable(self.path(), error))?;
        }
        Ok(())
    }

    fn wait_for_bytes(&self, file: &File) -> io::Result<()> {
        let tick = Timespec::try_from(TICK).map_err(io::Error::other)?;
        loop {
            if lock(&self.shared.stops).iter().any(|stop| stop.load(Ordering::Relaxed)) {
                return Err(io::Error::other("the run was stopped"));
            }
            match poll(&mut [PollFd::new(file, PollFlags::IN)], Some(&tick)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut state = lock(&self.shared.state);
        loop {
            self.wait_for_bytes(&state.file)?;
            match state.file.read(buffer) {
                Ok(read) => {
                    state.content.add(&buffer[..read]);
                    if read == 0 && !buffer.is_empty() {
                        self.shared.content.get_or_init(|| state.content.content());
                    }
                    return Ok(read);
                }
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// A panic elsewhere leaves nothing half changed here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::fd::OwnedFd;
    use std::thread;

    use super::*;

    fn pipe() -> (Stream, io::PipeWriter) {
        let (reader, writer) = io::pipe().unwrap();
        (Stream::new(Path::new("-"), File::from(OwnedFd::from(reader))), writer)
    }

    #[test]
    fn it_is_hashed_while_it_is_read() {
        let (mut stream, mut writer) = pipe();
        let written = thread::spawn(move || {
            for part in ["a", "b", "c"] {
                writer.write_all(part.as_bytes()).unwrap();
                thread::sleep(Duration::from_millis(5));
            }
        });
        let (mut first, mut all) = ([0; 1], Vec::new());
        assert_eq!(stream.read(&mut []).unwrap(), 0);
        stream.read_exact(&mut first).unwrap();
        assert_eq!(stream.content(), None, "it goes on");
        stream.read_to_end(&mut all).unwrap();
        written.join().unwrap();
        assert_eq!((&first, &all[..]), (b"a", &b"bc"[..]));
        assert_eq!(stream.content(), Some(&Content::of_bytes(b"abc")));
        assert_eq!(stream.read(&mut first).unwrap(), 0, "after its end it has ended");
    }

    #[test]
    fn what_is_left_counts_too() {
        let (mut stream, mut writer) = pipe();
        writer.write_all(b"abcdef").unwrap();
        drop(writer);
        stream.read_exact(&mut [0; 2]).unwrap();
        stream.drain(&|| Ok(())).unwrap();
        assert_eq!(stream.content(), Some(&Content::of_bytes(b"abcdef")));
    }

    #[test]
    fn a_request_to_stop_ends_the_wait_for_bytes() {
        let (mut stream, writer) = pipe();
        let stop = Arc::new(AtomicBool::new(false));
        stream.stop_with(Arc::clone(&stop));
        thread::scope(|scope| {
            let waiting = scope.spawn(|| stream.read(&mut [0; 10]).unwrap_err().to_string());
            stop.store(true, Ordering::Relaxed);
            assert_eq!(waiting.join().unwrap(), "the run was stopped");
        });
        drop(writer);
    }
}
