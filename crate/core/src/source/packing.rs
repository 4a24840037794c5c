//! Compressed text. Each compression is declared here; it is recognised by its content, whatever the file is called.
//!
//! What a stream says about itself does not decide how much memory it takes: windows and dictionaries of more than
//! [`MAX_WINDOW_BYTES`] are refused.

use std::io::{self, BufRead, Read};

use bzip2::bufread::BzDecoder;
use flate2::bufread::GzDecoder;
use liblzma::bufread::XzDecoder;
use liblzma::stream::Stream;
use zstd::stream::read::Decoder as ZstdDecoder;

use super::members::{Member, Members};

/// Memory for the window of zstd or the decoder of xz; the strongest usual settings (`--ultra -22`, `-9`) need half of
/// it.
const MAX_WINDOW_BYTES: u64 = 1 << MAX_WINDOW_LOG;
const MAX_WINDOW_LOG: u32 = 28;

/// A compression.
pub struct Packing {
    /// Its name in messages and in the documentation.
    pub title: &'static str,
    /// What follows the last dot of a file's name, in lower case.
    pub extension: &'static str,
    magic: &'static [u8],
    unpack: fn(Box<dyn BufRead + Send>) -> Box<dyn Read + Send>,
}

/// The compressions, in the documented order.
pub const PACKINGS: [Packing; 4] = [
    Packing {
        title: "gzip",
        extension: "gz",
        magic: b"\x1f\x8b",
        unpack: |packed| Box::new(Members::<_, GzDecoder<_>>::new(packed)),
    },
    Packing {
        title: "bzip2",
        extension: "bz2",
        magic: b"BZh",
        unpack: |packed| Box::new(Members::<_, BzDecoder<_>>::new(packed)),
    },
    Packing {
        title: "zstd",
        extension: "zst",
        magic: b"\x28\xb5\x2f\xfd",
        unpack: |packed| Box::new(Members::<_, ZstdDecoder<'static, _>>::new(packed)),
    },
    Packing {
        title: "xz",
        extension: "xz",
        magic: b"\xfd7zXZ\0",
        unpack: |packed| Box::new(Members::<_, XzDecoder<_>>::new(packed)),
    },
];

impl Packing {
    /// The compression of a file with this `head`.
    pub(super) fn of(head: &[u8]) -> Option<&'static Self> {
        PACKINGS.iter().find(|packing| head.starts_with(packing.magic))
    }

    /// `name` without the extension of a compression.
    pub(super) fn strip(name: &str) -> &str {
        let stripped = PACKINGS
            .iter()
            .find_map(|packing| name.strip_suffix(packing.extension).and_then(|name| name.strip_suffix('.')));
        stripped.unwrap_or(name)
    }

    /// The content of `packed`.
    pub(super) fn unpack(&self, packed: Box<dyn BufRead + Send>) -> Box<dyn Read + Send> {
        (self.unpack)(packed)
    }
}

impl<T: BufRead> Member<T> for GzDecoder<T> {
    fn begin(packed: T) -> io::Result<Self> {
        Ok(Self::new(packed))
    }

    fn end(self) -> T {
        self.into_inner()
    }
}

impl<T: BufRead> Member<T> for BzDecoder<T> {
    fn begin(packed: T) -> io::Result<Self> {
        Ok(Self::new(packed))
    }

    fn end(self) -> T {
        self.into_inner()
    }
}

impl<T: BufRead> Member<T> for ZstdDecoder<'static, T> {
    fn begin(packed: T) -> io::Result<Self> {
        let mut decoder = Self::with_buffer(packed)?.single_frame();
        decoder.window_log_max(MAX_WINDOW_LOG)?;
        Ok(decoder)
    }

    fn end(self) -> T {
        self.finish()
    }
}

impl<T: BufRead> Member<T> for XzDecoder<T> {
    fn begin(packed: T) -> io::Result<Self> {
        Ok(Self::new_stream(packed, Stream::new_stream_decoder(MAX_WINDOW_BYTES, 0)?))
    }

    fn end(self) -> T {
        self.into_inner()
    }
}
