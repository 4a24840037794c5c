//! A quick check of the input, which often shows at once that it is a different one.

use std::io::{self, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};

use crate::content::Content;
use crate::error::Error;
use crate::library::{Library, LibraryFile};
use crate::path_text;
use crate::stable_file::{StableFile, unreadable};

/// Bytes at either end of the only file of a library.
const EDGE_BYTES: u64 = 1 << 20;
/// Bytes at either end of each of several files.
const EDGE_BYTES_OF_SEVERAL: u64 = 1 << 16;

/// Name, size and edges of a file. Files that differ only in between look the same; the SHA-256 of the whole file, which
/// takes longer, distinguishes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Its path, if it is one of several, whose order and names shape the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of its first and its last bytes, in hex; empty for a stream, of which a run cannot be resumed.
    pub edges_sha256: String,
}

impl Fingerprint {
    /// The fingerprints of the files of `library`.
    ///
    /// # Errors
    /// Those of a file that cannot be read; `stop_check` is called between two files.
    pub fn of(library: &Library, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<Vec<Self>, Error> {
        let each = library.files().iter().map(|file| {
            stop_check()?;
            Self::of_file(file, library.is_several())
        });
        each.collect()
    }

    fn of_file(file: &LibraryFile, is_several: bool) -> Result<Self, Error> {
        let name = is_several.then(|| path_text::shown(file.path()));
        let edge = if is_several { EDGE_BYTES_OF_SEVERAL } else { EDGE_BYTES };
        let edges_sha256 = match file.stable()? {
            Some(stable) => {
                edges(&stable, edge)
                    .map_err(|error| stable.or_changed(unreadable(stable.path(), error)))?
                    .sha256
            }
            None => String::new(),
        };
        Ok(Self { file: name, bytes: file.bytes(), edges_sha256 })
    }

    /// What differs between the files that a run started with and those of now, in words; `None` if nothing does.
    pub fn difference(then: &[Self], now: &[Self]) -> Option<String> {
        let pairs = then.iter().zip(now).find(|(then, now)| then != now);
        match pairs {
            Some((then, now)) => Some(match (&then.file, &now.file) {
                (Some(before), Some(file)) if before == file => {
                    format!("{file} is not the file that the run started with")
                }
                (Some(then), Some(now)) => format!("the library has {now} where it had {then}"),
                _ => "the input is not the file that the run started with".to_owned(),
            }),
            None if then.len() == now.len() => None,
            None => Some(format!(
                "the library has {} files, and had {} when the run started",
                now.len(),
                then.len()
            )),
        }
    }
}

fn edges(file: &StableFile, bytes: u64) -> io::Result<Content> {
    let mut tail = file.reader();
    tail.seek(SeekFrom::Start(file.bytes().saturating_sub(bytes)))?;
    Content::of(&mut file.reader().take(bytes).chain(tail.take(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_the_file() {
        let print = |file: &str, bytes| {
            let edges_sha256 = String::new();
            Fingerprint { file: (!file.is_empty()).then(|| file.to_owned()), bytes, edges_sha256 }
        };
        let then = [print("a", 1), print("b", 2)];
        let difference = |now: &[Fingerprint]| Fingerprint::difference(&then, now);
        assert_eq!(difference(&then), None);
        let changed = difference(&[print("a", 1), print("b", 3)]).unwrap();
        assert_eq!(changed, "b is not the file that the run started with");
        let other = difference(&[print("a", 1), print("c", 2)]).unwrap();
        assert_eq!(other, "the library has c where it had b");
        let more = difference(&[print("a", 1), print("b", 2), print("c", 1)]).unwrap();
        assert_eq!(more, "the library has 3 files, and had 2 when the run started");
        let alone = Fingerprint::difference(&[print("", 1)], &[print("", 2)]).unwrap();
        assert_eq!(alone, "the input is not the file that the run started with");
    }
}
