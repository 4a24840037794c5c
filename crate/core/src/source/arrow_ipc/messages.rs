//! The messages of an Arrow IPC stream or file, one after the other.
//!
//! A file has a directory at its end (`directory`). Without it, if the file is compressed or comes from a pipe, its messages
//! are read as those of a stream, which is what most writers put between the marks. Lengths are claims: no memory is taken
//! for bytes that have not been read.

use std::io::{self, Read};
use std::vec::IntoIter;

use arrow::buffer::MutableBuffer;
use arrow::ipc::{Message, root_as_message};

use crate::source::peek::{TextReader, peek, rejoined};
use crate::stable_file::StableFile;

/// At the start of a file, padded with zeros.
pub(super) const FILE_MARK: &[u8] = b"ARROW1";
/// Padding to which some writers align the first message.
const START_BYTES: usize = 64;
/// Precedes the length of a message; writers before 2019 left it out.
const CONTINUATION: [u8; 4] = [0xff; 4];
/// Largest description of a message: a schema of as many columns as a library may have.
const MAX_METADATA_BYTES: usize = 64 << 20;
/// Bytes by which a buffer grows while it is filled.
const STEP_BYTES: u64 = 1 << 20;

/// Messages that are still to be read.
pub(super) struct Messages {
    stream: TextReader,
    places: Places,
    /// Whether the last message has been read, or reading has failed.
    has_ended: bool,
    body: Position,
}

/// Where the messages are.
enum Places {
    /// One after the other; a file has a mark at its end.
    InTurn { is_file: bool },
    /// At these bytes of a file.
    At(StableFile, IntoIter<u64>),
}

/// A place in the body of a message.
#[derive(Default)]
struct Position {
    at: u64,
    length: u64,
}

/// The description of a message.
pub(super) struct Metadata(Vec<u8>);

impl Metadata {
    /// The description, which was checked.
    pub(super) fn message(&self) -> Result<Message<'_>, String> {
        root_as_message(&self.0).map_err(|error| format!("the description of a message is damaged: {error}"))
    }
}

impl Messages {
    /// The messages of `stream`, from its first byte.
    pub(super) fn in_turn(stream: TextReader) -> io::Result<Self> {
        let mut start = peek(Box::new(stream), START_BYTES)?;
        let is_file = start.head.starts_with(FILE_MARK);
        if is_file {
            let zeros = start.head[FILE_MARK.len()..].iter().take_while(|&&byte| byte == 0).count();
            let mut mark = vec![0; FILE_MARK.len() + zeros];
            start.text.read_exact(&mut mark)?;
        }
        Ok(Self::new(start.text, Places::InTurn { is_file }))
    }

    /// The messages at `places` of `file`.
    pub(super) fn at(file: &StableFile, places: Vec<u64>) -> Self {
        let nothing = rejoined(Vec::new(), Box::new(io::empty()));
        Self::new(nothing, Places::At(file.clone(), places.into_iter()))
    }

    fn new(stream: TextReader, places: Places) -> Self {
        Self { stream, places, has_ended: false, body: Position::default() }
    }

    /// The next message; `None` after the last one and after an error. What is left of the previous message's body is
    /// skipped.
    pub(super) fn next(&mut self) -> Result<Option<Metadata>, String> {
        if std::mem::replace(&mut self.has_ended, true) {
            return Ok(None);
        }
        let is_file = match &mut self.places {
            Places::At(file, places) => {
                let Some(place) = places.next() else { return Ok(None) };
                self.stream = rejoined(Vec::new(), Box::new(file.from(place)));
                true
            }
            Places::InTurn { is_file } => {
                let is_file = *is_file;
                self.skip_to(self.body.length)?;
                is_file
            }
        };
        let Some(length) = self.length(is_file)? else {
            // A compressed stream shows at its end whether it is intact.
            let rest = io::copy(&mut self.stream, &mut io::sink());
            return rest.map(|_| None).map_err(|error| error.to_string());
        };
        let mut metadata = Vec::new();
        self.read(length, &mut metadata)?;
        let metadata = Metadata(metadata);
        let length = u64::try_from(metadata.message()?.bodyLength());
        let length = length.map_err(|_| "a message has a body of negative length".to_owned())?;
        self.body = Position { at: 0, length };
        self.has_ended = false;
        Ok(Some(metadata))
    }

    /// Ends reading: there is no next message.
    pub(super) fn end(&mut self) {
        self.has_ended = true;
    }

    /// Length of the next message's description; `None` at the end.
    fn length(&mut self, is_file: bool) -> Result<Option<u64>, String> {
        let mut length = Vec::new();
        self.read_up_to(4, &mut length)?;
        if length == CONTINUATION {
            length.clear();
            self.read_up_to(4, &mut length)?;
        } else if length.is_empty() && !is_file {
            // A stream may end like this, or with an empty message.
            return Ok(None);
        }
        let length = <[u8; 4]>::try_from(length).map_err(|_| TRUNCATED.to_owned())?;
        match usize::try_from(i32::from_le_bytes(length)) {
            Ok(0) => Ok(None),
            Ok(length) if length <= MAX_METADATA_BYTES => Ok(Some(length as u64)),
            _ => Err("a message has a description of an impossible length".to_owned()),
        }
    }

    /// Skips the body up to that place.
    pub(super) fn skip_to(&mut self, at: u64) -> Result<(), String> {
        let bytes = at.checked_sub(self.body.at).filter(|_| at <= self.body.length);
        let bytes = bytes.ok_or_else(|| "its buffers overlap, or reach past their message".to_owned())?;
        let skipped = io::copy(&mut (&mut self.stream).take(bytes), &mut io::sink());
        self.body.at = at;
        let skipped = skipped.map_err(|error| error.to_string())?;
        if skipped == bytes { Ok(()) } else { Err(TRUNCATED.to_owned()) }
    }

    /// Appends the next `bytes` of the body to `buffer`.
    pub(super) fn read_body(&mut self, bytes: u64, buffer: &mut MutableBuffer) -> Result<(), String> {
        let end = self.body.at.checked_add(bytes).filter(|&end| end <= self.body.length);
        self.body.at = end.ok_or_else(|| "a buffer reaches past its message".to_owned())?;
        fill(&mut self.stream, bytes, buffer).map_err(|error| in_words(&error))
    }

    fn read(&mut self, bytes: u64, into: &mut Vec<u8>) -> Result<(), String> {
        self.read_up_to(bytes, into)?;
        if into.len() as u64 == bytes { Ok(()) } else { Err(TRUNCATED.to_owned()) }
    }

    fn read_up_to(&mut self, bytes: u64, into: &mut Vec<u8>) -> Result<(), String> {
        let read = (&mut self.stream).take(bytes).read_to_end(into);
        read.map(drop).map_err(|error| error.to_string())
    }
}

/// Appends exactly `bytes` of `content` to `buffer`.
pub(super) fn fill(content: &mut impl Read, bytes: u64, buffer: &mut MutableBuffer) -> io::Result<()> {
    let mut left = bytes;
    while left > 0 {
        let (step, start) = (left.min(STEP_BYTES), buffer.len());
        buffer.resize(start + step as usize, 0);
        content.read_exact(&mut buffer.as_slice_mut()[start..])?;
        left -= step;
    }
    Ok(())
}

const TRUNCATED: &str = "it is truncated";

fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => TRUNCATED.to_owned(),
        _ => error.to_string(),
    }
}
