//! Compressed files. The ending of a name, after that of the format, says how.

use std::io::{self, Write};

use bzip2::write::BzEncoder;
use flate2::write::GzEncoder;
use liblzma::write::XzEncoder;
use zstd::stream::write::Encoder as ZstdEncoder;

use super::sink::Sink;

/// A way to compress a file.
#[derive(Debug)]
pub struct Compression {
    /// How the names of its files end, after a dot.
    pub extension: &'static str,
    /// Packs what is written to a sink.
    pub pack: fn(Sink) -> io::Result<Box<dyn Packer>>,
}

/// All of them.
pub const COMPRESSIONS: [Compression; 4] = [
    Compression {
        extension: "gz",
        pack: |sink| Ok(Box::new(GzEncoder::new(sink, flate2::Compression::default()))),
    },
    Compression {
        extension: "bz2",
        pack: |sink| Ok(Box::new(BzEncoder::new(sink, bzip2::Compression::default()))),
    },
    Compression { extension: "zst", pack: |sink| Ok(Box::new(zstd_encoder(sink)?)) },
    Compression { extension: "xz", pack: |sink| Ok(Box::new(XzEncoder::new(sink, XZ_LEVEL))) },
];

/// 3 MiB for an encoder instead of 94 MiB with xz's own default, 6, because hundreds of files may be open.
const XZ_LEVEL: u32 = 0;

/// Zstandard's own default.
const ZSTD_LEVEL: i32 = 0;
/// 256 KiB instead of 2 MiB, because hundreds of files may be open at the same time.
const ZSTD_WINDOW_LOG: u32 = 18;

fn zstd_encoder(sink: Sink) -> io::Result<ZstdEncoder<'static, Sink>> {
    let mut encoder = ZstdEncoder::new(sink, ZSTD_LEVEL)?;
    encoder.window_log(ZSTD_WINDOW_LOG)?;
    encoder.include_checksum(true)?;
    Ok(encoder)
}

impl Compression {
    /// The compression of files whose names end in a dot and `extension`, in any case.
    pub fn of_extension(extension: &str) -> Option<&'static Self> {
        COMPRESSIONS.iter().find(|compression| compression.extension.eq_ignore_ascii_case(extension))
    }
}

/// Takes the content of a file, and packs it or not.
pub trait Packer: Write {
    /// Writes what is left, and returns where it was written.
    fn finish(self: Box<Self>) -> io::Result<Sink>;
}

impl Packer for Sink {
    fn finish(self: Box<Self>) -> io::Result<Sink> {
        Ok(*self)
    }
}

impl Packer for GzEncoder<Sink> {
    fn finish(self: Box<Self>) -> io::Result<Sink> {
        (*self).finish()
    }
}

impl Packer for BzEncoder<Sink> {
    fn finish(self: Box<Self>) -> io::Result<Sink> {
        (*self).finish()
    }
}

impl Packer for XzEncoder<Sink> {
    fn finish(self: Box<Self>) -> io::Result<Sink> {
        (*self).finish()
    }
}

impl Packer for ZstdEncoder<'static, Sink> {
    fn finish(self: Box<Self>) -> io::Result<Sink> {
        (*self).finish()
    }
}
