//! The format of the input: Parquet and gzip by their first bytes, everything else by the name.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::gzip::GzipMembers;
use super::{TEXT_BUFFER_BYTES, TEXT_FORMATS, TextFormat};
use crate::error::Error;
use crate::stable_file::{StableFile, unreadable};

const GZIP: &[u8] = &[0x1f, 0x8b];
const UTF8_MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// First bytes of files that people pass by mistake.
const FOREIGN: &[(&[u8], &str)] = &[
    (b"PARE", "it is Parquet with an encrypted footer, which is not read; write it without encryption"),
    (b"ARROW1", "it is an Arrow IPC file; write it as Parquet"),
    (b"PK\x03\x04", "it is a ZIP archive or a workbook; unpack it, or save it as CSV"),
    (b"\x28\xb5\x2f\xfd", "it is compressed with zstd; unpack it or use gzip"),
    (b"BZh", "it is compressed with bzip2; unpack it or use gzip"),
    (b"\xfd7zXZ\x00", "it is compressed with xz; unpack it or use gzip"),
    (b"\xff\xfe", "it is UTF-16 text; save it as UTF-8"),
    (b"\xfe\xff", "it is UTF-16 text; save it as UTF-8"),
];

/// Text, unpacked if necessary, without a byte-order mark, not empty.
pub(super) type TextReader = BufReader<Box<dyn Read + Send>>;

/// An input file of a known format, at its beginning.
pub(super) enum Input {
    Parquet(StableFile),
    /// Text, with the format that the file's name implies; `None` if the name implies none.
    Text(TextReader, Option<&'static TextFormat>),
}

impl Input {
    /// Determines the file's format. A file of any name is text if `is_text`.
    pub(super) fn open(file: &StableFile, is_text: bool) -> Result<Self, Error> {
        let path = file.path();
        let refuse =
            |reason: &str| Err(Error::InputUnreadable { path: path.to_owned(), reason: reason.to_owned() });
        let mut text = file.reader();
        let head = text.fill_buf().map_err(|error| unreadable(path, error))?;
        if head.is_empty() {
            return refuse("the file is empty");
        }
        if head.starts_with(b"PAR1") {
            return Ok(Self::Parquet(file.clone()));
        }
        if let Some(reason) = foreign(head) {
            return refuse(reason);
        }
        let zipped = head.starts_with(GZIP);
        let text: Box<dyn Read + Send> =
            if zipped { Box::new(GzipMembers::new(text)) } else { Box::new(text) };
        let name =
            path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        // Some programs unpack what they download but keep the name.
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let format = TEXT_FORMATS.iter().find(|format| format.extensions.contains(&extension));
        match extension {
            _ if format.is_some() || is_text => {}
            "parquet" | "pq" if zipped => return refuse("Parquet inside gzip is not read; unpack it"),
            "parquet" | "pq" => return refuse("it is not a Parquet file: it does not begin with PAR1"),
            _ => {
                return refuse(&format!(
                    "neither its first bytes nor its name identify its format; {}",
                    accepted()
                ));
            }
        }
        Ok(Self::Text(begin_text(path, text, zipped)?, format))
    }
}

/// The accepted formats, in words.
fn accepted() -> String {
    let names = |format: &TextFormat| {
        let extensions: Vec<String> = format.extensions.iter().map(|name| format!(".{name}")).collect();
        format!("{} ({})", format.name, extensions.join(", "))
    };
    let names: Vec<String> = TEXT_FORMATS.iter().map(names).collect();
    let (others, last) = names.split_at(names.len() - 1);
    format!(
        "accepted are Parquet, {} and {}, the text ones also with gzip (.gz); text of another name with \
         --delimiter",
        others.join(", "),
        last.concat()
    )
}

/// Opens the input file at `path`.
///
/// # Errors
/// [`Error::InputNotFound`], and [`Error::InputUnreadable`] for what is not a file.
pub fn open_file(path: &Path) -> Result<StableFile, Error> {
    let refuse =
        |reason: &str| Err(Error::InputUnreadable { path: path.to_owned(), reason: reason.to_owned() });
    // Checked before opening, because opening a pipe would wait for its writer.
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, error))?;
    if metadata.is_dir() {
        return refuse("it is a directory; name a file");
    }
    if !metadata.is_file() {
        return refuse("it is not a regular file");
    }
    File::open(path).and_then(|file| StableFile::new(path, file)).map_err(|error| unreadable(path, error))
}

/// Checks the first bytes of unpacked text, and skips a byte-order mark.
fn begin_text(path: &Path, text: Box<dyn Read + Send>, zipped: bool) -> Result<TextReader, Error> {
    let refuse = |reason: String| Error::InputUnreadable { path: path.to_owned(), reason };
    let mut text = BufReader::with_capacity(TEXT_BUFFER_BYTES, text);
    let head = text.fill_buf().map_err(|error| refuse(format!("cannot unpack it: {error}")))?;
    if head.is_empty() {
        return Err(refuse("the file is empty".to_owned()));
    }
    if zipped && head.starts_with(b"PAR1") {
        return Err(refuse("Parquet inside gzip is not read; unpack it".to_owned()));
    }
    if let Some(reason) = foreign(head) {
        return Err(refuse(reason.to_owned()));
    }
    if head.starts_with(UTF8_MARK) {
        text.consume(UTF8_MARK.len());
    }
    Ok(text)
}

fn foreign(head: &[u8]) -> Option<&'static str> {
    FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)).map(|&(_, reason)| reason)
}
