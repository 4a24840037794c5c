//! Determines from its first lines how to read a text file.
//!
//! A name in the first line decides: a known name of a SMILES column, or one that an option gives. Only if there is
//! none does the engine judge the content: a column whose fields read as SMILES is the SMILES column. Uncertain cases
//! are not decided: if no column fits, or two do, the error names the options.
//!
//! The name of the file determines what is tried first. In SMILES text (`.smi`) the first word of a line is the
//! SMILES, so its molecules are judged only if another column reads as SMILES. If a molecule crashes the engine, it
//! must not do so before the run can record which one it was.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};

use super::columns::{ByContent, is_smiles_name, position, smiles_names};
use super::detect::unidentified;
use super::layout::{Delimiter, Layout};
use super::rows::check_smiles;
use super::sample::{SAMPLE_LINES, Sample};
use super::smiles_line::split_line;
use super::{ReadsAsSmiles, SourceOptions, check_column_count};
use crate::error::Error;
use crate::strings::SmilesBatch;

/// The column separators of a table, in the order in which they are tried.
const TABLES: [Delimiter; 4] = [Delimiter::Tab, Delimiter::Comma, Delimiter::Semicolon, Delimiter::Pipe];
/// The reason for a layout that only the file's name suggests.
const AS_NAMED: &str = "as its name indicates";
/// How many columns an error names.
const NAMED_COLUMNS: usize = 10;

/// The layout found for a text file.
pub(super) struct Found {
    pub layout: Layout,
    /// Fields of the first line.
    pub width: usize,
    /// Columns that no name decides.
    pub by_content: ByContent,
}

/// Examines the first lines of the text file at `path`, whose name implies columns separated `by_name`.
pub(super) fn sniff(
    path: &Path,
    sample: &Sample,
    by_name: Option<Delimiter>,
    options: &SourceOptions,
    reads_as_smiles: &ReadsAsSmiles<'_>,
) -> Result<Found, Error> {
    let tables = <[OnceCell<Table>; Delimiter::COUNT]>::default();
    let sniffer = Sniffer { path, sample, tables, by_name, options, reads_as_smiles };
    match options.delimiter.or(by_name) {
        Some(Delimiter::Blank) if options.delimiter.is_some() => sniffer.lines_of_smiles(),
        Some(Delimiter::Blank) => sniffer.smiles_text(),
        None => sniffer.unnamed(),
        Some(delimiter) => sniffer.delimited(delimiter),
    }
}

struct Sniffer<'a> {
    path: &'a Path,
    sample: &'a Sample,
    /// The sample as each separator cuts it, by the separator's number.
    tables: [OnceCell<Table>; Delimiter::COUNT],
    by_name: Option<Delimiter>,
    options: &'a SourceOptions,
    reads_as_smiles: &'a ReadsAsSmiles<'a>,
}

/// The sample, cut into columns.
struct Table {
    delimiter: Delimiter,
    rows: Vec<ByteRecord>,
}

impl Table {
    fn first(&self) -> &[ByteRecord] {
        &self.rows[..self.rows.len().min(1)]
    }

    fn width(&self) -> usize {
        self.rows.first().map_or(0, ByteRecord::len)
    }

    /// The rows after the first one; that row itself if it is the only one.
    fn rest(&self) -> &[ByteRecord] {
        if self.rows.len() > 1 { &self.rows[1..] } else { &self.rows }
    }

    /// Whether nearly all rows have as many fields as the first one.
    fn is_even(&self) -> bool {
        most(self.rows.iter().filter(|row| row.len() == self.width()).count(), self.rows.len())
    }

    /// The fields of the first line as names.
    fn names(&self) -> Vec<String> {
        let fields = self.first().iter().flatten();
        fields.map(|field| String::from_utf8_lossy(field).into_owned()).collect()
    }

    /// The first column other than `smiles` whose values are all present and distinct.
    fn distinct_column(&self, smiles: usize) -> Option<usize> {
        (0..self.width()).filter(|&column| column != smiles).find(|&column| {
            let mut seen = HashSet::new();
            self.rows
                .iter()
                .all(|row| row.get(column).is_some_and(|value| !value.is_empty() && seen.insert(value)))
        })
    }
}

impl Sniffer<'_> {
    /// A file of columns that `own` separates, unless its first lines show a different layout.
    fn delimited(&self, own: Delimiter) -> Result<Found, Error> {
        let others = TABLES.into_iter().filter(|&other| self.options.delimiter.is_none() && other != own);
        for delimiter in [own].into_iter().chain(others.clone()) {
            let table = self.table(delimiter);
            if let Some(found) = self.named(table)? {
                return Ok(found);
            }
        }
        let table = self.table(own);
        if table.rows.is_empty() {
            let reason = "it has no header: every line is blank".to_owned();
            return Err(Error::InputUnreadable { path: self.path.to_owned(), reason });
        }
        if let Some(found) = self.asked_in_vain(table) {
            return Ok(found);
        }
        if table.width() > 1
            && let Some(found) = self.by_content(table)?
        {
            return Ok(found);
        }
        // A bar can be part of a CXSMILES extension, so it indicates a table only together with a name.
        let tables = others.filter(|&other| other != Delimiter::Pipe).map(|other| self.table(other));
        let mut fits = Vec::new();
        for other in tables.filter(|other| other.width() > 1 && other.is_even()) {
            fits.extend(self.by_content(other)?);
        }
        if fits.len() == 1 {
            return Ok(fits.remove(0));
        }
        let lone = if table.width() == 1 { self.by_content(table)? } else { None };
        lone.ok_or_else(|| self.undecided(table))
    }

    /// SMILES text, unless its first lines show a table.
    fn smiles_text(&self) -> Result<Found, Error> {
        for delimiter in TABLES.into_iter().chain([Delimiter::Space]) {
            let table = self.table(delimiter);
            if let Some(found) = self.named(table)?.filter(|_| self.is_rather_a_table(table)) {
                return Ok(found);
            }
        }
        let lines = self.table(Delimiter::Blank);
        if self.named(lines)?.is_some() || self.asked_in_vain(lines).is_some() {
            return self.lines_of_smiles();
        }
        let tabs = self.table(Delimiter::Tab);
        if tabs.width() > 1 && tabs.is_even() {
            return self.first_column_or_other(tabs);
        }
        for delimiter in [Delimiter::Comma, Delimiter::Semicolon, Delimiter::Pipe] {
            let table = self.table(delimiter);
            // After a blank it may be part of a CXSMILES extension.
            let in_first_word = lines.rows.iter().filter(|row| {
                let mut word = row[0].iter().take_while(|byte| !byte.is_ascii_whitespace());
                word.any(|byte| Some(*byte) == delimiter.byte())
            });
            if table.width() > 1
                && table.is_even()
                && most(in_first_word.count(), lines.rows.len())
                && let Some(found) = self.by_content(table)?
            {
                return Ok(found);
            }
        }
        self.first_column_or_other(lines)
    }

    /// Text of which no name says what it is: only content that is certain decides.
    fn unnamed(&self) -> Result<Found, Error> {
        for delimiter in TABLES {
            let table = self.table(delimiter);
            if let Some(found) = self.named(table)?.filter(|_| table.width() > 1) {
                return Ok(found);
            }
        }
        let lines = self.table(Delimiter::Blank);
        if let Some(found) = self.named(lines)?.or_else(|| self.asked_in_vain(lines)) {
            return Ok(found);
        }
        for delimiter in TABLES {
            let table = self.table(delimiter);
            if table.width() > 1
                && table.is_even()
                && let Some(found) = self.by_content(table)?
            {
                return Ok(found);
            }
        }
        self.by_content(lines)?.ok_or_else(|| Error::InputUnreadable {
            path: self.path.to_owned(),
            reason: unidentified(self.path),
        })
    }

    /// Lines of SMILES, blanks and the rest, whatever they contain.
    fn lines_of_smiles(&self) -> Result<Found, Error> {
        let lines = self.table(Delimiter::Blank);
        let found = self.named(lines)?.or_else(|| self.asked_in_vain(lines));
        found.map_or_else(|| self.first_column_or_other(lines), Ok)
    }

    fn table(&self, delimiter: Delimiter) -> &Table {
        self.tables[delimiter as usize].get_or_init(|| self.cut(delimiter))
    }

    fn cut(&self, delimiter: Delimiter) -> Table {
        let rows = match delimiter.byte() {
            None => {
                let pieces = self.sample.lines().map(split_line);
                pieces.map(|(first, rest)| ByteRecord::from(vec![first, rest])).collect()
            }
            Some(byte) => {
                let mut reader = ReaderBuilder::new();
                reader.delimiter(byte).has_headers(false).flexible(true);
                let records = reader.from_reader(self.sample.text()).into_byte_records();
                let mut rows: Vec<ByteRecord> = records.map_while(Result::ok).take(SAMPLE_LINES).collect();
                // A quote may still be open at the end of the sample.
                if self.sample.is_cut() && rows.len() > 1 {
                    rows.pop();
                }
                rows
            }
        };
        Table { delimiter, rows }
    }

    /// The layout that a name in the first line decides. If only the id is named, the content shows the SMILES.
    fn named(&self, table: &Table) -> Result<Option<Found>, Error> {
        if self.options.header == Some(false) {
            return Ok(None);
        }
        let names = table.names();
        let asked = names.iter().find(|name| self.is_asked(name));
        let Some(name) = asked.or_else(|| names.iter().find(|name| is_smiles_name(name))) else {
            return Ok(None);
        };
        let named = names.iter().position(|name| is_smiles_name(name));
        let smiles = match table.delimiter {
            Delimiter::Blank => named,
            _ if named.is_none() && self.options.smiles_column.is_none() => {
                let fits = self.reading(table.rows.get(1..).unwrap_or_default(), self.columns(table)?)?;
                if let [only] = fits[..] { Some(only) } else { None }
            }
            _ => None,
        };
        let because = format!("its first line names the column {:?}", name.trim());
        Ok(Some(self.found(table, true, ByContent { smiles, id: None }, because)))
    }

    /// Whether an option names this column.
    fn is_asked(&self, name: &str) -> bool {
        let id_column = self.options.id_column.as_deref();
        [self.options.molecule_column(), id_column].into_iter().flatten().any(|asked| asked == name)
    }

    /// The layout by the file's name, if a requested column of molecules is not in the first line. The error then comes
    /// from choosing the columns, and lists the existing ones.
    fn asked_in_vain(&self, table: &Table) -> Option<Found> {
        let asked = self.options.molecule_column()?;
        // A mol block does not show by its content which column it is.
        if self.options.molblock_column.is_none() && position(asked).is_some() {
            return None;
        }
        let header = self.options.header.unwrap_or(table.delimiter != Delimiter::Blank);
        Some(self.found(table, header, ByContent::default(), AS_NAMED.to_owned()))
    }

    /// Whether a first line of SMILES text that names columns is more likely the header of a table.
    fn is_rather_a_table(&self, table: &Table) -> bool {
        let names = table.names();
        let smiles_first = names.first().is_some_and(|name| is_smiles_name(name));
        match table.delimiter {
            // Names and rows would be the same in both layouts.
            Delimiter::Tab
                if names.len() == 2 && smiles_first && !names.iter().any(|name| self.is_asked(name)) =>
            {
                false
            }
            // A name after the SMILES may contain blanks.
            Delimiter::Space => {
                names.len() > 2
                    && names.iter().all(|name| !name.is_empty())
                    && table.rows.iter().all(|row| row.len() == names.len())
            }
            _ => names.len() > 1 && (table.is_even() || !smiles_first),
        }
    }

    /// The only column that reads as SMILES, and whether its first field does; `None` if there is none.
    fn by_content(&self, table: &Table) -> Result<Option<Found>, Error> {
        let asked = self.options.smiles_column.as_deref().and_then(position);
        let columns = asked.map_or_else(|| self.columns(table), |column| Ok(vec![column]))?;
        if asked.is_some_and(|column| column >= table.width()) {
            // The error comes from choosing the columns, and states their number.
            let header = self.options.header.unwrap_or(true);
            return Ok(Some(self.found(table, header, ByContent::default(), AS_NAMED.to_owned())));
        }
        let (header, fits) = match self.options.header {
            Some(header) if asked.is_some() => (header, columns),
            Some(header) => {
                (header, self.reading(table.rows.get(usize::from(header)..).unwrap_or_default(), columns)?)
            }
            None => {
                let at_first = self.reading(table.first(), columns.clone())?;
                match at_first.is_empty() {
                    true => (true, self.reading(table.rows.get(1..).unwrap_or_default(), columns)?),
                    false => (false, self.reading(&table.rows, at_first)?),
                }
            }
        };
        match fits[..] {
            [] => Ok(None),
            [smiles] => Ok(Some(self.found_in(table, header, smiles))),
            _ => Err(self.several(table, &fits, header)),
        }
    }

    /// The first column of SMILES text, unless it does not read as SMILES and a different one does.
    fn first_column_or_other(&self, table: &Table) -> Result<Found, Error> {
        if self.options.smiles_column.is_some() {
            return self.asked_column(table);
        }
        let rest = table.rest();
        let others = self.reading(rest, self.columns(table)?.into_iter().skip(1).collect())?;
        if others.is_empty() {
            return self.first_column(table);
        }
        // Bad lines are rejects: the first column is given up only if it certainly does not hold SMILES.
        if !most(rest.len() - self.count(rest, 0)?, rest.len()) {
            return self.first_column(table);
        }
        match table.delimiter {
            Delimiter::Blank => Ok(self.found_in(table, self.options.header.unwrap_or(false), 1)),
            _ => self.by_content(table)?.ok_or_else(|| self.undecided(table)),
        }
    }

    fn first_column(&self, table: &Table) -> Result<Found, Error> {
        if table.width() < 3 {
            let header = self.options.header.unwrap_or(false);
            let lines = self.table(Delimiter::Blank);
            return Ok(self.found(lines, header, ByContent::default(), AS_NAMED.to_owned()));
        }
        let header = match self.options.header {
            Some(header) => header,
            None => {
                self.reading(table.first(), self.columns(table)?)?.is_empty()
                    && table.rows.len() > 1
                    && !self.reading(table.rest(), vec![0])?.is_empty()
            }
        };
        Ok(self.found_in(table, header, 0))
    }

    /// SMILES text for which an option gives the number of the SMILES column.
    fn asked_column(&self, table: &Table) -> Result<Found, Error> {
        let column = self.options.smiles_column.as_deref().and_then(position).unwrap_or_default();
        match table.delimiter {
            Delimiter::Blank => Ok(self.found_in(table, self.options.header.unwrap_or(false), column)),
            _ if column == 0 => self.first_column(table),
            _ => self.by_content(table)?.ok_or_else(|| self.undecided(table)),
        }
    }

    /// All columns, unless there are more than a file may have.
    fn columns(&self, table: &Table) -> Result<Vec<usize>, Error> {
        check_column_count(self.path, table.width())?;
        Ok((0..table.width()).collect())
    }

    /// The `columns` whose fields read as SMILES in nearly all `rows`.
    fn reading(&self, rows: &[ByteRecord], columns: Vec<usize>) -> Result<Vec<usize>, Error> {
        let mut left: Vec<(usize, usize)> = columns.into_iter().map(|column| (column, 0)).collect();
        if rows.is_empty() {
            left.clear();
        }
        for row in rows {
            let reads = self.reads(left.iter().map(|(column, _)| row.get(*column)))?;
            for ((_, misses), reads) in left.iter_mut().zip(reads) {
                *misses += usize::from(!reads);
            }
            left.retain(|(_, misses)| most(rows.len() - misses, rows.len()));
        }
        Ok(left.into_iter().map(|(column, _)| column).collect())
    }

    /// The number of `rows` whose field in `column` reads as SMILES.
    fn count(&self, rows: &[ByteRecord], column: usize) -> Result<usize, Error> {
        let reads = self.reads(rows.iter().map(|row| row.get(column)))?;
        Ok(reads.into_iter().filter(|reads| *reads).count())
    }

    fn reads<'f>(&self, fields: impl Iterator<Item = Option<&'f [u8]>>) -> Result<Vec<bool>, Error> {
        let mut texts = SmilesBatch::default();
        for field in fields {
            // The engine treats an empty text as not SMILES.
            texts.push(field.and_then(|field| check_smiles(field).ok()).unwrap_or_default());
        }
        if texts.is_empty() { Ok(Vec::new()) } else { (self.reads_as_smiles)(&texts) }
    }

    /// The layout with `smiles`, which was found by its content or requested by its number.
    fn found_in(&self, table: &Table, header: bool, smiles: usize) -> Found {
        let id = if header { None } else { table.distinct_column(smiles) };
        let because = match (self.options.smiles_column.is_some(), self.options.header) {
            (true, Some(_)) => "the options request it".to_owned(),
            _ if header => format!("column {} reads as SMILES after the first line", smiles + 1),
            _ => format!("column {} reads as SMILES from the first line on", smiles + 1),
        };
        self.found(table, header, ByContent { smiles: Some(smiles), id }, because)
    }

    fn found(&self, table: &Table, header: bool, by_content: ByContent, because: String) -> Found {
        let as_named = self.by_name == Some(table.delimiter)
            && match table.delimiter {
                Delimiter::Blank => {
                    by_content.smiles.is_none_or(|column| column == 0) && self.options.header.is_none()
                }
                _ => header,
            };
        let layout = Layout { delimiter: table.delimiter, header, because, as_named };
        Found { layout, width: table.width(), by_content }
    }

    fn undecided(&self, table: &Table) -> Error {
        let names = table.names();
        let columns: Vec<usize> = (0..names.len()).collect();
        let cause = match self.options.smiles_column.as_deref().and_then(position) {
            Some(column) => format!(
                "column {} does not show whether the first line names the columns: its fields read as SMILES neither from \
                 the first line on nor after it",
                column + 1
            ),
            None => format!(
                "no column is named {}, and none is certain to hold SMILES by {}",
                smiles_names(" or "),
                self.lines_judged(table)
            ),
        };
        self.error(format!(
            "{cause}; it was read with {} between the columns {}; name the SMILES column with --smiles-column (name or \
             number), pass --header or --no-header, and --delimiter if its columns are separated by something else",
            table.delimiter.name(),
            listed(&names, &columns)
        ))
    }

    fn several(&self, table: &Table, columns: &[usize], header: bool) -> Error {
        let names = if header { table.names() } else { Vec::new() };
        self.error(format!(
            "{} columns could hold the SMILES by {}: {}; name one with --smiles-column (name or number)",
            columns.len(),
            self.lines_judged(table),
            listed(&names, columns)
        ))
    }

    fn lines_judged(&self, table: &Table) -> String {
        match table.rows.len() {
            1 => "its only line".to_owned(),
            count if self.sample.is_cut() => format!("its first {count} lines"),
            count => format!("its {count} lines"),
        }
    }

    fn error(&self, reason: String) -> Error {
        Error::InputColumn { path: self.path.to_owned(), reason }
    }
}

/// `1 ("a"), 2 ("b")`, or only numbers if the columns have no names.
fn listed(names: &[String], columns: &[usize]) -> String {
    let each = columns.iter().take(NAMED_COLUMNS).map(|&column| match names.get(column) {
        Some(name) => format!("{} ({name:?})", column + 1),
        None => format!("{}", column + 1),
    });
    let more = columns.len().saturating_sub(NAMED_COLUMNS);
    let rest = (more > 0).then(|| format!("and {more} more"));
    each.chain(rest).collect::<Vec<_>>().join(", ")
}

/// Whether `count` is at least 95 % of `of`.
pub(super) fn most(count: usize, of: usize) -> bool {
    of > 0 && 20 * count >= 19 * of
}
