//! The names of an export's files.
//!
//! Several files are in one folder, and their names differ before the ending: `name-00001.csv`, `name.xf_name=VALUE.csv`,
//! `name.xf_name=VALUE-00001.csv`. A value is percent-encoded, except for letters, digits and a few harmless signs, so no two
//! values share a name and none leaves the folder.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use crate::error::Error;
use crate::options::ExportInput;
use crate::writers::{Compression, Format};

/// The name that stands for standard output.
const STANDARD_OUTPUT: &str = "-";
/// Digits of a file's number, at least.
const DIGITS: usize = 5;
/// Longest value in a name, in bytes; a longer one is cut, and a checksum follows.
const MAX_VALUE_BYTES: usize = 100;

/// What the name of an export's file says.
#[derive(Debug)]
pub struct Names {
    path: PathBuf,
    folder: PathBuf,
    /// The name up to its ending.
    stem: OsString,
    /// Such as `.csv.gz`.
    ending: OsString,
    /// The format.
    pub format: Format,
    /// How the file is packed, if it is.
    pub compression: Option<&'static Compression>,
    /// Whether the files have numbers.
    is_numbered: bool,
    /// The column whose values the names have.
    column: Option<String>,
}

impl Names {
    /// The names that the options ask for.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] if the format is neither given nor implied, or if options contradict each other.
    pub fn of(input: &ExportInput) -> Result<Self, Error> {
        let path = &input.output;
        let name = path.file_name().filter(|_| !path.as_os_str().as_bytes().ends_with(b"/"));
        let Some(name) = name.filter(|_| !path.is_dir()) else {
            return Err(ExportInput::output.refuse("is a folder; name a file"));
        };
        let (mut stem, mut endings) = (name, Vec::new());
        let packed = last_extension(stem).and_then(|(rest, extension)| {
            let compression = Compression::of_extension(extension)?;
            endings.push(extension);
            stem = rest;
            Some(compression)
        });
        let implied = last_extension(stem).and_then(|(rest, extension)| {
            endings.push(extension);
            stem = rest;
            Format::of_extension(extension)
        });
        let Some(format) = input.format.or(implied) else {
            let names: Vec<&str> = Format::ALL.iter().map(|format| format.facts().name).collect();
            let reason = format!(
                "is required if the name of the file does not end as that of one of the formats, which are {}",
                names.join(", ")
            );
            return Err(ExportInput::format.refuse(reason));
        };
        let ending: String = endings.iter().rev().map(|ending| format!(".{ending}")).collect();
        let names = Self {
            path: path.clone(),
            folder: path
                .parent()
                .filter(|folder| *folder != Path::new(""))
                .unwrap_or(Path::new("."))
                .to_owned(),
            stem: stem.to_owned(),
            ending: ending.into(),
            format,
            compression: packed,
            is_numbered: input.max_rows_per_file.is_some(),
            column: input.partition_by.clone(),
        };
        names.check(input)?;
        Ok(names)
    }

    fn check(&self, input: &ExportInput) -> Result<(), Error> {
        if input.spreadsheet && !self.format.facts().for_spreadsheets {
            let reason = format!("is for csv and tsv, and the format is {}", self.format.facts().name);
            return Err(ExportInput::spreadsheet.refuse(reason));
        }
        let several = [
            (ExportInput::max_rows_per_file, self.is_numbered),
            (ExportInput::partition_by, self.column.is_some()),
        ];
        match several.iter().find(|(_, is_given)| *is_given) {
            Some((option, _)) if self.is_standard_output() => {
                Err(option.refuse("makes several files; name a file with `output`"))
            }
            _ => Ok(()),
        }
    }

    /// Whether the rows go to standard output.
    pub fn is_standard_output(&self) -> bool {
        self.path.as_os_str() == STANDARD_OUTPUT
    }

    /// The path that was asked for.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of the files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of the file with that name.
    pub fn file(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.path.with_file_name(name)
    }

    /// The name of a file with rows of that value (`None`: null) of the column, if there is one; `number` counts from 1.
    pub fn name(&self, value: Option<&str>, number: u64) -> OsString {
        let mut name = self.stem.clone();
        if let Some(column) = &self.column {
            name.push(format!(".{}", encoded(column)));
            match value {
                Some(value) => name.push(format!("={}", encoded(value))),
                // Without a sign of equality, it is the name of no text.
                None => name.push(".null"),
            }
        }
        if self.is_numbered {
            name.push(format!("-{number:0DIGITS$}"));
        }
        name.push(&self.ending);
        name
    }

    /// Whether a file of that name may come from an export with these names.
    pub fn is_own(&self, name: &OsStr) -> bool {
        let inner = name.as_bytes().strip_prefix(self.stem.as_bytes());
        let Some(mut inner) = inner.and_then(|inner| inner.strip_suffix(self.ending.as_bytes())) else {
            return false;
        };
        if self.is_numbered {
            let digits = inner.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
            let Some(rest) = inner[..inner.len() - digits].strip_suffix(b"-").filter(|_| digits >= DIGITS)
            else {
                return false;
            };
            inner = rest;
        }
        let Some(column) = &self.column else { return inner.is_empty() };
        let rest = inner.strip_prefix(format!(".{}", encoded(column)).as_bytes());
        rest.is_some_and(|rest| rest == b".null" || (rest.starts_with(b"=") && !rest.contains(&b'.')))
    }
}

/// The name up to its last dot, and what follows; `None` if that is not ASCII, or if there is no such dot.
fn last_extension(name: &OsStr) -> Option<(&OsStr, &str)> {
    let bytes = name.as_bytes();
    let dot = bytes.iter().rposition(|&byte| byte == b'.').filter(|&dot| dot > 0)?;
    let extension = str::from_utf8(&bytes[dot + 1..]).ok().filter(|extension| extension.is_ascii())?;
    Some((OsStr::from_bytes(&bytes[..dot]), extension))
}

/// A text as a part of a file's name, without dots.
fn encoded(text: &str) -> String {
    let is_harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"_-+,()".contains(&byte);
    let encode = |bytes: &[u8]| -> String {
        let signs = bytes.iter().map(|&byte| match is_harmless(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        });
        signs.collect()
    };
    let whole = encode(text.as_bytes());
    if whole.len() <= MAX_VALUE_BYTES {
        return whole;
    }
    let kept = OsString::from_vec(whole.into_bytes()[..MAX_VALUE_BYTES].to_vec());
    format!("{}~{:016x}", kept.to_string_lossy(), xxh3_64(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(output: &str, change: fn(&mut ExportInput)) -> Result<Names, Error> {
        let mut input = ExportInput { output: output.into(), ..ExportInput::default() };
        change(&mut input);
        Names::of(&input)
    }

    #[test]
    fn the_name_gives_format_and_compression() {
        for (name, format, compression) in [
            ("a.csv", Format::Csv, None),
            ("b/a.b.SDF.gz", Format::Sdf, Some("gz")),
            ("a.ndjson.zst", Format::Jsonl, Some("zst")),
        ] {
            let names = names(name, |_| ()).unwrap();
            let packed = names.compression.map(|compression| compression.extension);
            assert_eq!((names.format, packed), (format, compression), "{name}");
            assert_eq!(names.file(names.name(None, 1)), Path::new(name));
        }
        let given = names("-", |input| input.format = Some(Format::Tsv)).unwrap();
        assert!(given.is_standard_output() && given.format == Format::Tsv);
        let given = names("table.txt", |input| input.format = Some(Format::Tsv)).unwrap();
        assert_eq!((given.format, given.name(None, 1)), (Format::Tsv, "table.txt".into()));
        for (name, option) in [
            ("a", "format"),
            (".csv", "format"),
            ("a.gz", "format"),
            ("/tmp", "output"),
            ("a.csv/", "output"),
        ] {
            let message = names(name, |_| ()).unwrap_err().to_string();
            assert!(message.starts_with(&format!("{option}: ")), "{name}: {message}");
        }
    }

    #[test]
    fn options_that_contradict_each_other_are_refused() {
        type Change = fn(&mut ExportInput);
        let cases: [(&str, Change, &str); 3] = [
            (
                "a.sdf",
                |input| input.spreadsheet = true,
                "spreadsheet: is for csv and tsv, and the format is sdf",
            ),
            (
                "-",
                |input| (input.format, input.max_rows_per_file) = (Some(Format::Csv), Some(5)),
                "max_rows_per_file: makes",
            ),
            (
                "-",
                |input| (input.format, input.partition_by) = (Some(Format::Csv), Some("a".into())),
                "partition_by: makes",
            ),
        ];
        for (name, change, start) in cases {
            let message = names(name, change).unwrap_err().to_string();
            assert!(message.starts_with(start), "{message}");
        }
    }

    #[test]
    fn each_value_has_a_name_of_its_own_which_is_safe() {
        let split = names("out/p.csv.gz", |input| {
            (input.max_rows_per_file, input.partition_by) = (Some(5), Some("xf.name".into()));
        })
        .unwrap();
        let long = ["C".repeat(200), format!("{}N", "C".repeat(199))];
        let values =
            ["", "null", ".", "..", "../x", "a/b", "a%2Fb", "a b", "=", "ä", "\0", &long[0], &long[1]];
        let mut found: Vec<OsString> = values.iter().map(|value| split.name(Some(value), 1)).collect();
        found.push(split.name(None, 1));
        for name in &found {
            let text = name.to_str().unwrap();
            assert!(text.is_ascii() && !text.contains(['/', ' ', '\0']) && text.len() <= 255, "{text}");
            assert!(split.is_own(name), "{text}");
        }
        assert_eq!(found[4], "p.xf%2Ename=%2E%2E%2Fx-00001.csv.gz");
        assert_eq!(found.last().unwrap(), "p.xf%2Ename.null-00001.csv.gz");
        found.sort();
        found.dedup();
        assert_eq!(found.len(), values.len() + 1);
    }

    #[test]
    fn only_files_of_the_same_export_are_its_own() {
        let numbered = names("p.csv", |input| input.max_rows_per_file = Some(5)).unwrap();
        assert_eq!(numbered.name(None, 123_456), "p-123456.csv");
        let own = |name: &str| numbered.is_own(OsStr::new(name));
        assert!(own("p-00001.csv") && own("p-123456.csv"));
        for other in ["p.csv", "p-1.csv", "p-00001.csv.gz", "q-00001.csv", "p-x-00001.csv", "p-.csv"] {
            assert!(!own(other), "{other}");
        }
        let single = names("p.csv", |_| ()).unwrap();
        assert!(single.is_own(OsStr::new("p.csv")) && !single.is_own(OsStr::new("p-00001.csv")));
        let parted = names("p.csv", |input| input.partition_by = Some("x".into())).unwrap();
        assert!(parted.is_own(OsStr::new("p.x=1.csv")) && !parted.is_own(OsStr::new("p.x=1.2.csv")));
    }
}
