//! Files with alerts of the user: TSV or CSV, with or without a header, or lines of SMARTS, blanks and name.
//!
//! A header is a first line with the column `smarts`; beside it is `name`, or else `description`, in any order and case.
//! Without a header, the SMARTS come first. Blank lines and lines that begin with `#` are no alerts.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use csv::ReaderBuilder;

use super::{Alert, AlertTable};
use crate::content::Content;
use crate::error::Error;

/// Largest file read.
const MAX_BYTES: usize = 16 << 20;
const SMARTS: &str = "smarts";
/// Columns with the names of alerts; the first of them that exists is used.
const NAMES: [&str; 2] = ["name", "description"];

/// What is wrong at a line; 0 if it is the file.
type Fault = (u64, String);

impl AlertTable {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// [`Error::InvalidAlerts`].
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let refuse = |(line, reason)| Error::InvalidAlerts { path: path.to_owned(), line, reason };
        let unreadable = |error: io::Error| refuse((0, format!("cannot be read: {error}")));
        let bytes = content(path).map_err(|error| {
            Error::system_limit(|| format!("read {}", path.display()), error).unwrap_or_else(unreadable)
        })?;
        let (alerts, notice) = parse(path, &bytes).map_err(refuse)?;
        Ok(Self {
            path: path.display().to_string(),
            sha256: Content::of_bytes(&bytes).sha256,
            alerts,
            notice: notice.map(|notice| format!("{}: {notice}", path.display())),
        })
    }
}

/// At most one byte more than will be parsed.
fn content(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn parse(path: &Path, bytes: &[u8]) -> Result<(Vec<Alert>, Option<String>), Fault> {
    if bytes.len() > MAX_BYTES {
        return Err((0, format!("it has more than {} MiB; is it a table of SMARTS?", MAX_BYTES >> 20)));
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        let lines = bytes[..error.valid_up_to()].split(|&byte| byte == b'\n').count();
        (lines as u64, "not UTF-8; save the file as UTF-8".to_owned())
    })?;
    let mut lines = lines(text).peekable();
    let Some(&(line, first)) = lines.peek() else {
        return Err((0, "it has no alerts; write a SMARTS, a blank and a name on each line".to_owned()));
    };
    let layout = Layout::of(path, first).map_err(|reason| (line, reason))?;
    let alerts = lines.skip(usize::from(layout.has_header)).map(|(line, text)| layout.alert(line, text));
    let alerts = alerts.collect::<Result<Vec<_>, _>>()?;
    match alerts.is_empty() {
        true => Err((0, "it has a header but no alerts".to_owned())),
        false => Ok((alerts, layout.notice())),
    }
}

/// The lines of `text` with their numbers, from 1, without blank ones and comments.
fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let numbered = (1..).zip(text.lines());
    numbered.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}

/// What separates fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    /// This byte.
    Byte(u8),
    /// Blanks, of which the second field may contain some.
    Blanks,
}

/// How a file is laid out.
struct Layout {
    separator: Separator,
    has_header: bool,
    /// Fields of a line.
    width: usize,
    smarts: usize,
    name: usize,
    /// Titles of columns that are not used.
    unused: Vec<String>,
}

impl Layout {
    /// The layout of the file at `path`, whose first line is `first`.
    fn of(path: &Path, first: &str) -> Result<Self, String> {
        let separator = Separator::of(path, first);
        let titles = separator.split(first)?;
        let find = |wanted: &str| titles.iter().position(|title| title.eq_ignore_ascii_case(wanted));
        let Some(smarts) = find(SMARTS) else {
            let width = if separator == Separator::Blanks { 2 } else { titles.len().max(2) };
            let unused = (3..=width).map(|number| number.to_string()).collect();
            return Ok(Self { separator, has_header: false, width, smarts: 0, name: 1, unused });
        };
        let Some(name) = NAMES.iter().find_map(|name| find(name)) else {
            return Err(format!("no column {:?} beside {SMARTS:?}; name it in the header", NAMES[0]));
        };
        let is_unused = |&(column, _): &(usize, &String)| ![smarts, name].contains(&column);
        let unused =
            titles.iter().enumerate().filter(is_unused).map(|(_, title)| format!("{title:?}")).collect();
        Ok(Self { separator, has_header: true, width: titles.len(), smarts, name, unused })
    }

    fn alert(&self, line: u64, text: &str) -> Result<Alert, Fault> {
        let fields = self.separator.split(text).map_err(|reason| (line, reason))?;
        if fields.len() > self.width {
            let reason = format!(
                "{} fields, but the first line has {}; put double quotes around a field that holds the delimiter",
                fields.len(),
                self.width
            );
            return Err((line, reason));
        }
        let field = |column: usize, what: &str| match fields.get(column) {
            Some(field) if !field.is_empty() => Ok(field.clone()),
            _ => Err((line, format!("no {what}; each alert has a SMARTS and a name"))),
        };
        let alert = Alert { smarts: field(self.smarts, "SMARTS")?, name: field(self.name, "name")?, line };
        match alert.smarts.contains(char::is_whitespace) {
            // RDKit would take what follows for a name.
            true => Err((line, format!("the SMARTS {:?} has a blank in it", alert.smarts))),
            false => Ok(alert),
        }
    }

    /// A sentence about columns that are not used.
    fn notice(&self) -> Option<String> {
        let listed = self.unused.join(", ");
        match self.unused.len() {
            0 => None,
            1 => Some(format!("column {listed} is not used")),
            _ => Some(format!("columns {listed} are not used")),
        }
    }
}

impl Separator {
    /// That of the file at `path`, whose first line is `first`. The name decides first. A comma in a line is as a rule part of
    /// a SMARTS, so that only a header shows that it separates.
    fn of(path: &Path, first: &str) -> Self {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let is_header = |delimiter: char| {
            first.split(delimiter).any(|title| title.trim().trim_matches('"').eq_ignore_ascii_case(SMARTS))
        };
        match extension.as_str() {
            "csv" => Self::Byte(b','),
            "tsv" | "tab" => Self::Byte(b'\t'),
            _ if first.contains('\t') => Self::Byte(b'\t'),
            _ if first.contains(',') && is_header(',') => Self::Byte(b','),
            _ => Self::Blanks,
        }
    }

    /// The fields of a line, without the blanks around them.
    fn split(self, line: &str) -> Result<Vec<String>, String> {
        let Self::Byte(delimiter) = self else {
            let (smarts, name) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
            return Ok(vec![smarts.to_owned(), name.trim().to_owned()]);
        };
        // A quote that is not closed would hide the delimiters after it.
        let opens_quote = |field: &str| field.trim_start().starts_with('"');
        if line.matches('"').count() % 2 == 1 && line.split(char::from(delimiter)).any(opens_quote) {
            return Err("a quote is not closed on its line".to_owned());
        }
        let mut reader = ReaderBuilder::new();
        reader.has_headers(false).delimiter(delimiter).buffer_capacity(line.len()).flexible(true);
        let record = reader.from_reader(line.as_bytes()).records().next();
        let record = record.transpose().map_err(|error| error.to_string())?.unwrap_or_default();
        Ok(record.iter().map(|field| unquoted(field.trim())).collect())
    }
}

/// A field without quotes that follow a blank, which a CSV reader takes for a part of the text.
fn unquoted(field: &str) -> String {
    let inner = field.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.map_or_else(|| field.to_owned(), |inner| inner.replace("\"\"", "\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SMARTS, name and line.
    type Read = (String, String, u64);

    fn read(name: &str, text: &str) -> Result<(Vec<Read>, Option<String>), Fault> {
        let (alerts, notice) = parse(Path::new(name), text.as_bytes())?;
        Ok((alerts.into_iter().map(|Alert { smarts, name, line }| (smarts, name, line)).collect(), notice))
    }

    /// The alerts of a file whose columns are all used.
    fn alerts(name: &str, text: &str) -> Vec<Read> {
        let (alerts, notice) = read(name, text).unwrap();
        assert_eq!(notice, None);
        alerts
    }

    fn alert(smarts: &str, name: &str, line: u64) -> Read {
        (smarts.to_owned(), name.to_owned(), line)
    }

    #[test]
    fn each_layout_is_read() {
        let expected = [alert("[F,Cl]C", "alkyl halide", 2), alert("N=O", "nitroso", 3)];
        for (name, text) in [
            ("a.csv", "name,smarts\nalkyl halide,\"[F,Cl]C\"\nnitroso,N=O\n"),
            ("a.txt", "\u{feff}\"SMARTS\", \"Name\"\r\n\"[F,Cl]C\", alkyl halide\r\nN=O,nitroso\r\n"),
            ("a.tsv", "smarts\tdescription\n[F,Cl]C\talkyl halide\nN=O\tnitroso"),
            ("a.dat", "Description\tSMARTS\nalkyl halide\t[F,Cl]C\nnitroso\tN=O"),
            ("a.smarts", "smarts name\n[F,Cl]C  alkyl halide\nN=O nitroso"),
            ("a.smarts", "# own\n[F,Cl]C alkyl halide \n  N=O\tnitroso"),
            ("a.tab", "# own\n[F,Cl]C\talkyl halide\nN=O\tnitroso"),
            ("a.csv", "# own\n\"[F,Cl]C\",alkyl halide\nN=O,nitroso"),
        ] {
            assert_eq!(alerts(name, text), expected, "{name} {text:?}");
        }
        let (_, notice) = read("a.csv", "id,smarts,name,max\n7,N=O,nitroso,1\n").unwrap();
        assert_eq!(notice.unwrap(), "columns \"id\", \"max\" are not used");
        let (found, notice) = read("a.tsv", "N=O\tnitroso\t7\nC#C\talkyne\n").unwrap();
        assert_eq!((found.len(), notice.unwrap().as_str()), (2, "column 3 is not used"));
    }

    #[test]
    fn a_fault_has_its_line() {
        for (name, text, line, part) in [
            ("a.csv", "name,smarts\n\nx,\n", 3, "no SMARTS"),
            ("a.csv", "name,smarts\nx\n", 2, "no SMARTS"),
            ("a.csv", "name,smarts\n,C\n", 2, "no name"),
            ("a.csv", "name,smarts\nx,[F,Cl]C\n", 2, "3 fields, but the first line has 2; put double quotes"),
            ("a.csv", "name,smarts\nx,\"C\n", 2, "quote is not closed"),
            ("a.csv", "smarts,max\nC,1\n", 1, "no column \"name\" beside \"smarts\""),
            ("a.csv", "name,smarts\n", 0, "header but no alerts"),
            ("a.smarts", "C x\nN\n", 2, "no name"),
            ("a.tsv", "# own\nsmarts\tmax\nC\t1\n", 2, "no column"),
            ("a.tsv", "C N\tx\n", 1, "has a blank in it"),
            ("a.smarts", "# none\n", 0, "no alerts"),
        ] {
            let (found, reason) = read(name, text).unwrap_err();
            assert!(found == line && reason.contains(part), "{text:?}: {found} {reason}");
        }
        assert_eq!(parse(Path::new("a"), b"C x\nN \xff").unwrap_err().0, 2);
        let large = vec![b'#'; MAX_BYTES + 1];
        assert!(parse(Path::new("a"), &large).unwrap_err().1.contains("16 MiB"));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let error = AlertTable::read(Path::new("missing/a.csv")).unwrap_err();
        assert_eq!(error.code(), "XFORM_INVALID_ALERTS");
        assert!(error.to_string().starts_with("missing/a.csv: cannot be read: No such file"), "{error}");
    }
}
