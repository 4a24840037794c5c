//! The format of an input: what its content proves, else what its name says, else what its first lines look like.

use std::io::{BufRead, Read};
use std::path::Path;

use super::SourceOptions;
use super::foreign;
use super::format::{FormatFacts, InputFormat};
use super::packing::Packing;
use super::peek::{Peeked, TextReader, peek};
use crate::error::Error;
use crate::stable_file::unreadable;

/// Bytes of the content by which its format is judged.
const HEAD_BYTES: usize = 1 << 16;
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// An input at its beginning.
pub(super) struct Input {
    /// Its format; `None` for text of which only its first lines show how it is read.
    pub format: Option<InputFormat>,
    /// Its content, unpacked and without a byte-order mark.
    pub text: TextReader,
}

impl Input {
    /// Determines the format of `stream`, which is called `path`.
    ///
    /// # Errors
    /// [`Error::InputUnreadable`] for what is empty, damaged at its beginning, or not a library.
    pub(super) fn open(
        path: &Path,
        stream: Box<dyn Read + Send>,
        options: &SourceOptions,
    ) -> Result<Self, Error> {
        let refuse = |reason: String| Error::InputUnreadable { path: path.to_owned(), reason };
        let mut peeked = peek(stream, HEAD_BYTES).map_err(|error| unreadable(path, error))?;
        let packing = Packing::of(&peeked.head);
        if let Some(packing) = packing {
            peeked = peek(packing.unpack(Box::new(peeked.text)), HEAD_BYTES)
                .map_err(|error| refuse(format!("cannot unpack it: {error}")))?;
        }
        let Peeked { head, mut text } = peeked;
        if head.is_empty() {
            return Err(refuse("the file is empty".to_owned()));
        }
        let head = match head.strip_prefix(UTF8_MARK) {
            None => &head[..],
            Some(rest) => {
                text.fill_buf().map_err(|error| unreadable(path, error))?;
                text.consume(UTF8_MARK.len());
                rest
            }
        };
        let format = detect(path, head, packing, options).map_err(refuse)?;
        Ok(Self { format, text })
    }
}

/// The format of a file called `path` with this unpacked `head`, or why it is not a library.
fn detect(
    path: &Path,
    head: &[u8],
    packing: Option<&Packing>,
    options: &SourceOptions,
) -> Result<Option<InputFormat>, String> {
    if let Some(reason) = foreign::binary(head) {
        return Err(reason);
    }
    if packing.is_some() && Packing::of(head).is_some() {
        return Err("it is compressed more than once; unpack it".to_owned());
    }
    let proven = InputFormat::ALL.into_iter().find(|format| (format.facts().is_proven)(head));
    let format = options.format.or(proven);
    if let (Some(format), Some(packing)) = (format, packing)
        && !format.facts().streams
    {
        let (title, packing) = (format.facts().title, packing.title);
        return Err(format!("{title} inside {packing} is not read; unpack it"));
    }
    if format.is_some() {
        return Ok(format);
    }
    if let Some(reason) = foreign::text(head) {
        return Err(reason);
    }
    let named = InputFormat::of_extension(&extension(path)).filter(|format| format.is_table());
    if named.is_none() && head.contains(&0) { Err(unidentified(path)) } else { Ok(named) }
}

/// What the user should know if the name of a file does not show the format in which it is read, unless options do.
pub(super) fn notice(path: &Path, format: InputFormat, options: &SourceOptions) -> Option<String> {
    let extension = extension(path);
    let is_chosen = options.format.is_some() || options.delimiter.is_some();
    if is_chosen || InputFormat::of_extension(&extension) == Some(format) {
        return None;
    }
    let name = match extension.as_str() {
        "" => "has no extension".to_owned(),
        extension => format!("ends in .{extension}"),
    };
    let (path, title) = (path.display(), format.facts().title);
    Some(format!("{path}: its name {name}, but its content is {title}; --input-format overrules that"))
}

/// The extension of the name in lower case, before that of a compression; empty if there is none. Some programs unpack what
/// they download but keep the name.
fn extension(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    Packing::strip(&name).rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_owned())
}

/// Why the file is not read: neither content nor name shows its format.
pub(super) fn unidentified(path: &Path) -> String {
    let claimed = InputFormat::of_extension(&extension(path)).map(InputFormat::facts);
    let cause = match claimed {
        Some(FormatFacts { title, proof: Some(proof), .. }) => {
            format!("it is not {title}, as its name says: there is no {proof}")
        }
        _ => "neither its content nor its name identifies its format".to_owned(),
    };
    format!("{cause}; accepted are {}; if it is one of them, pass --input-format", InputFormat::accepted())
}
