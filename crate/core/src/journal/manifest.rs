//! The manifest: one line per commit, appended and synced when everything that it refers to is durable.
//!
//! A line is a JSON object, a blank, the XXH3 of the object in 16 hex digits, and a line feed. A power cut may
//! truncate the last line, which then does not count; any other truncated line was damaged later.

use std::io::{self, BufRead, BufReader};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

use super::Fingerprint;
use crate::disk::{Disk, DiskFile};
use crate::error::Error;
use crate::output::part::Part;
use crate::output::row_log::Mark;
use crate::profile::{ParentFigures, Timeline};
use crate::totals::Totals;

/// Version of the files in the work folder, increased whenever one of them changes. A run continues only from files
/// of its own version; files without a number have version 1.
const WORK_FORMAT: u64 = 7;

/// Identifies a run: the first line, and another line if the run is resumed with more rows to skip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the files in the work folder.
    pub work_format: u64,
    /// Everything that shapes the result, as in the metadata of the output files.
    pub shape: Value,
    /// The files of the input, in their order.
    pub input: Vec<Fingerprint>,
}

impl Header {
    /// The header of a run by this version of the program.
    pub fn new(shape: Value, input: Vec<Fingerprint>) -> Self {
        Self { work_format: WORK_FORMAT, shape, input }
    }
}

/// The durable state: every other line.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Commit {
    /// The counts up to here; its rows are those whose results are durable.
    pub totals: Totals,
    /// The figures of the parents since the previous line.
    pub parents: ParentFigures,
    /// The points of the timeline since the previous line.
    pub timeline: Timeline,
    /// Whether these are all rows. Then the SHA-256 of the input is known.
    pub is_whole_input: bool,
    /// How a resumed run recognises its input.
    pub input: InputMark,
    /// Rows of each file of the input that was done since the previous line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file_rows: Vec<u64>,
    /// SHA-256, in hex, of each file of the input for which it was found since the previous line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file_sha256s: Vec<String>,
    /// Parts completed since the previous line.
    pub parts: Vec<Part>,
    /// The log of the open part.
    pub open: Mark,
    /// The log of the rejects.
    pub rejects: Mark,
    /// The log of the deferred rows.
    pub deferred: Mark,
    /// Length of the key log in bytes.
    pub key_bytes: u64,
}

/// What a resumed run compares to be sure that the committed rows are still those of its input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputMark {
    /// Rows, as long as the SHA-256s of all their files are not known.
    Rows {
        /// The first of them in the library. The files of earlier rows are recognised by their SHA-256s.
        first_row: u64,
        /// The digest of the rows from there to the last committed one, in hex.
        digest: String,
    },
    /// The SHA-256s of all files of which rows were committed.
    Files,
}

impl Default for InputMark {
    fn default() -> Self {
        Self::Rows { first_row: 0, digest: String::new() }
    }
}

/// A manifest that is being written.
#[derive(Debug)]
pub struct Manifest {
    file: DiskFile,
}

impl Manifest {
    /// A new manifest at `path`, in `folder`.
    pub fn create(disk: &Disk, path: &Path, header: &Header) -> Result<Self, Error> {
        let mut manifest = Self { file: disk.create(path)? };
        manifest.append(&Line::Header(header.clone()))?;
        Ok(manifest)
    }

    /// Continues the manifest at `path`, from which `found` was read, after removing what follows its complete lines.
    /// From now on the run is that of `header`.
    pub fn resume(disk: &Disk, path: &Path, found: &Found, header: &Header) -> Result<Self, Error> {
        let mut manifest = Self { file: disk.reopen(path, found.length)? };
        if found.header != *header {
            manifest.append(&Line::Header(header.clone()))?;
        }
        Ok(manifest)
    }

    /// Adds a line and makes it durable.
    pub fn commit(&mut self, commit: Commit) -> Result<(), Error> {
        self.append(&Line::Commit(Box::new(commit)))?;
        self.file.sync()
    }

    fn append(&mut self, line: &Line) -> Result<(), Error> {
        let json =
            serde_json::to_string(line).map_err(|error| Error::internal(format!("manifest: {error}")))?;
        self.file.append(format!("{json} {:016x}\n", xxh3_64(json.as_bytes())).as_bytes())
    }
}

/// A manifest that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The run's header.
    pub header: Header,
    /// Its last complete line, with the figures of parents, points, parts, rows of files and SHA-256s of all lines.
    pub latest: Commit,
    /// Bytes up to the end of that line.
    pub length: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Header(Header),
    Commit(Box<Commit>),
}

impl Found {
    /// Reads the manifest at `path`; see [`parse`].
    pub fn read(disk: &Disk, path: &Path) -> Result<Result<Option<Self>, String>, Error> {
        parse(BufReader::new(disk.open(path)?)).map_err(|error| Error::output("read", path, error))
    }
}

/// Reads a manifest; `None` if nothing was committed, an error text if it is damaged. Memory: a line, and what it adds up.
pub fn parse(mut manifest: impl BufRead) -> io::Result<Result<Option<Found>, String>> {
    let (mut header, mut latest, mut length) = (None, None::<Commit>, 0);
    let mut text = Vec::new();
    for number in 1.. {
        text.clear();
        if manifest.read_until(b'\n', &mut text)? == 0 {
            break;
        }
        let json = checked(&text);
        if number == 1
            && let Some(version) = json.and_then(other_version)
        {
            return Ok(Err(version));
        }
        let Some(line) = json.and_then(|json| serde_json::from_str(json).ok()) else {
            if manifest.fill_buf()?.is_empty() {
                break;
            }
            return Ok(Err(format!("line {number} of the manifest is damaged")));
        };
        match (line, header.is_some()) {
            (Line::Header(first), false) => header = Some(first),
            (Line::Header(now), true) if latest.is_some() => header = Some(now),
            (Line::Commit(mut commit), true) => {
                let before = latest.take().unwrap_or_default();
                let first = before.parts.len();
                if (first..).zip(&commit.parts).any(|(position, part)| part.index as usize != position) {
                    return Ok(Err(format!("line {number} of the manifest skips a part")));
                }
                follow_figures(&mut commit, before.parents, before.timeline);
                follow(&mut commit.parts, before.parts);
                follow(&mut commit.file_rows, before.file_rows);
                follow(&mut commit.file_sha256s, before.file_sha256s);
                latest = Some(*commit);
            }
            _ => return Ok(Err(format!("line {number} of the manifest is out of place"))),
        }
        length += text.len() as u64;
    }
    Ok(Ok(header.zip(latest).map(|(header, latest)| Found { header, latest, length })))
}

/// Puts `before` in front of `added`.
fn follow<T>(added: &mut Vec<T>, mut before: Vec<T>) {
    before.append(added);
    *added = before;
}

/// Puts the figures and points of the lines before in front of those that `added` has.
fn follow_figures(added: &mut Commit, mut parents: ParentFigures, mut timeline: Timeline) {
    parents.absorb(&added.parents);
    added.timeline.points().iter().for_each(|&point| timeline.push(point));
    (added.parents, added.timeline) = (parents, timeline);
}

/// The object in a line, if its checksum is right.
fn checked(line: &[u8]) -> Option<&str> {
    let text = str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (json, checksum) = text.rsplit_once(' ')?;
    let is_whole =
        checksum.len() == 16 && u64::from_str_radix(checksum, 16).ok()? == xxh3_64(json.as_bytes());
    is_whole.then_some(json)
}

/// If the manifest with this first line has a different version, a text that explains it.
fn other_version(json: &str) -> Option<String> {
    let line: Value = serde_json::from_str(json).ok()?;
    let found = line["header"]["work_format"].as_u64().unwrap_or(1);
    (found != WORK_FORMAT).then(|| {
        format!("a different version of xform-native started it (work folder format {found}, this version has {WORK_FORMAT})")
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn manifest(parts: &[&[u32]]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest");
        let input = Fingerprint { file: None, bytes: 7, edges_sha256: "00".into() };
        let header = Header::new(json!({ "tool": "t" }), vec![input]);
        let mut manifest = Manifest::create(&Disk::default(), &path, &header).unwrap();
        for (line, indices) in parts.iter().enumerate() {
            let part = |&index: &u32| Part { index, rows: 1, bytes: 1, sha256: String::new() };
            let parts = indices.iter().map(part).collect();
            let totals = Totals { rows: 10 * (line as u64 + 1), ..Totals::default() };
            let (file_rows, file_sha256s) = (vec![line as u64; indices.len()], vec![line.to_string()]);
            let commit = Commit { totals, parts, file_rows, file_sha256s, ..Commit::default() };
            manifest.commit(commit).unwrap();
        }
        std::fs::read(path).unwrap()
    }

    fn parse(bytes: &[u8]) -> Result<Option<Found>, String> {
        super::parse(bytes).unwrap()
    }

    #[test]
    fn lines_may_be_longer_than_what_is_read_at_a_time() {
        let bytes = manifest(&[&[0, 1], &[], &[2]]);
        let torn = &bytes[..bytes.len() - 3];
        for bytes in [&bytes[..], torn] {
            let by_pieces = super::parse(BufReader::with_capacity(7, bytes)).unwrap();
            assert_eq!(by_pieces, parse(bytes));
        }
    }

    #[test]
    fn the_last_line_counts_and_parts_add_up() {
        let bytes = manifest(&[&[0, 1], &[], &[2]]);
        let found = parse(&bytes).unwrap().unwrap();
        assert_eq!((found.latest.totals.rows, found.latest.parts.len()), (30, 3));
        assert_eq!(
            (found.latest.file_rows, found.latest.file_sha256s.concat()),
            (vec![0, 0, 2], "012".into())
        );
        assert_eq!(found.length, bytes.len() as u64);
        assert_eq!(parse(&manifest(&[])), Ok(None));
        assert_eq!(parse(b""), Ok(None));
    }

    #[test]
    fn a_torn_last_line_is_as_good_as_not_written() {
        let (two, three) = (manifest(&[&[0], &[]]), manifest(&[&[0], &[], &[1]]));
        let expected = parse(&two).unwrap();
        for length in two.len()..three.len() {
            assert_eq!(parse(&three[..length]).unwrap(), expected, "{length}");
        }
        for position in two.len()..three.len() {
            let mut flipped = three.clone();
            flipped[position] ^= 1;
            assert_eq!(parse(&flipped).unwrap(), expected, "{position}");
        }
    }

    #[test]
    fn a_manifest_of_another_version_is_refused_by_that() {
        let line = |json: &str| format!("{json} {:016x}\n", xxh3_64(json.as_bytes()));
        let first = [
            r#"{"header":{"shape":{},"input":{"bytes":7,"edges_sha256":"00"}}}"#,
            r#"{"header":{"work_format":8,"something":"new"}}"#,
        ];
        for (first, version) in first.into_iter().zip(["format 1,", "format 8,"]) {
            let manifest = line(first) + &line(r#"{"commit":{"rows":1}}"#);
            let refused = parse(manifest.as_bytes()).unwrap_err();
            assert!(refused.contains("a different version") && refused.contains(version), "{refused}");
        }
    }

    #[test]
    fn damage_before_the_last_line_is_told() {
        let mut bytes = manifest(&[&[0], &[1], &[2]]);
        let second_line = bytes.iter().position(|&byte| byte == b'\n').unwrap() + 1;
        bytes[second_line + 20] ^= 1;
        assert_eq!(parse(&bytes).unwrap_err(), "line 2 of the manifest is damaged");
        assert!(parse(&manifest(&[&[0], &[2]])).unwrap_err().contains("skips a part"));
        let twice = [manifest(&[&[0]]), manifest(&[&[0]])].concat();
        assert!(parse(&twice).unwrap_err().contains("skips a part"));
        let two_headers = [manifest(&[]), manifest(&[&[0]])].concat();
        assert!(parse(&two_headers).unwrap_err().contains("out of place"));
    }
}
