//! Where a file is written: a file, or standard output.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, poll};

use crate::disk::DiskFile;
use crate::error::Error;

/// Bytes that are collected before a call of the system.
const BUFFER_BYTES: usize = 1 << 16;

/// Where bytes go, and how many have gone there.
#[derive(Debug)]
pub struct Sink {
    to: BufWriter<Target>,
    bytes: u64,
}

#[derive(Debug)]
enum Target {
    File(DiskFile),
    StandardOutput(File),
}

impl Sink {
    /// A new file.
    pub fn file(file: DiskFile) -> Self {
        Self::to(Target::File(file))
    }

    /// The standard output of the process.
    pub fn standard_output() -> io::Result<Self> {
        let own = io::stdout().as_fd().try_clone_to_owned()?;
        Ok(Self::to(Target::StandardOutput(File::from(own))))
    }

    fn to(target: Target) -> Self {
        Self { to: BufWriter::with_capacity(BUFFER_BYTES, target), bytes: 0 }
    }

    /// Bytes written.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Makes a file durable, after a [`flush`](Write::flush).
    ///
    /// # Errors
    /// [`Error::OutputFailed`] and [`Error::OutputFull`].
    pub fn sync(&self) -> Result<(), Error> {
        match self.to.get_ref() {
            Target::File(file) => file.sync(),
            Target::StandardOutput(_) => Ok(()),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::StandardOutput(file) => loop {
                match file.write(bytes) {
                    // Node makes pipes non-blocking.
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => wait_for_room(file)?,
                    done => return done,
                }
            },
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn wait_for_room(pipe: &File) -> io::Result<()> {
    poll(&mut [PollFd::new(pipe, PollFlags::OUT)], None)?;
    Ok(())
}
