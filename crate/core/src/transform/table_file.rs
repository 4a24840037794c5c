//! Tables of rules: TSV and CSV, with a header or with a known order of columns.
//!
//! A row is a line, and fields are quoted as in CSV.

use csv::ReaderBuilder;

use super::cells::{Cell, NO_RULES, Row, keys};
use super::fault::{Checked, Fault, quoted};
use super::file::IDLE_KEYS;
use super::format::lines;
use super::place::Place;

const ORDERS: &str = "name the columns in the first line, or write name, SMIRKS, probability or, as SyGMa does, SMIRKS, \
                      probability, name";
const QUOTE_FIELDS: &str = "put double quotes around a field that holds the delimiter";

/// A table.
pub(super) struct Table<'t> {
    text: &'t str,
    delimiter: u8,
    columns: Vec<Column>,
    has_header: bool,
}

/// A column, with its name for people.
struct Column {
    title: String,
    /// `None` for a column that is not used.
    key: Option<&'static str>,
}

impl<'t> Table<'t> {
    /// The table `text`, whose first row says what its columns are.
    pub(super) fn new(text: &'t str, delimiter: u8) -> Checked<Self> {
        let Some((line, first)) = lines(text).next() else {
            return Err(Fault::new(Place::after(text), "", NO_RULES, ORDERS));
        };
        let place = Place { line, column: 1, used_at: None };
        let fields = fields(first, delimiter, place)?;
        let has_header = !fields.iter().any(|field| field.contains('>'));
        let keys = if has_header { named(&fields, place)? } else { ordered(&fields, place)? };
        let title = |(index, name): (usize, &String)| match has_header {
            true => quoted(name),
            false => (index + 1).to_string(),
        };
        let titles = fields.iter().enumerate().map(title);
        let columns = titles.zip(keys).map(|(title, key)| Column { title, key }).collect();
        Ok(Self { text, delimiter, columns, has_header })
    }

    /// A sentence about columns that are not used, if there are any.
    pub(super) fn notice(&self) -> Option<String> {
        let unused = self.columns.iter().filter(|column| column.key.is_none());
        let titles: Vec<&str> = unused.map(|column| column.title.as_str()).collect();
        let list = titles.join(", ");
        match titles.len() {
            0 => None,
            1 => Some(format!("column {list} is not used")),
            _ => Some(format!("columns {list} are not used")),
        }
    }

    /// The keys of its columns that change nothing in a run.
    pub(super) fn idle_keys(&self) -> Vec<&'static str> {
        self.columns.iter().filter_map(|column| column.key).filter(|key| IDLE_KEYS.contains(key)).collect()
    }

    /// Its rules.
    pub(super) fn rows(&self) -> impl Iterator<Item = Checked<Row>> {
        lines(self.text).skip(usize::from(self.has_header)).map(|(line, text)| self.row(line, text))
    }

    fn row(&self, line: u64, text: &str) -> Checked<Row> {
        let place = Place { line, column: 1, used_at: None };
        let fields = fields(text, self.delimiter, place)?;
        // Without a header, a table with tabs may have comments after its columns.
        if fields.len() > self.columns.len() && (self.has_header || self.delimiter == b',') {
            let (found, expected) = (fields.len(), self.columns.len());
            let reason = format!("{found} fields, but the first line has {expected}");
            return Err(Fault::new(place, "", reason, QUOTE_FIELDS));
        }
        let (mut cells, mut from) = (Vec::new(), 0);
        for (column, field) in self.columns.iter().zip(&fields) {
            // A field with doubled quotes is not found as it is; then the place is that of the field before.
            let start = text[from..].find(field.as_str()).map(|found| from + found);
            from = start.map_or(from, |start| start + field.len());
            if let Some(key) = column.key.filter(|_| !field.is_empty()) {
                let cell = Cell::of(text, line, key, start.unwrap_or(from), field);
                cells.push(if start.is_some() { cell } else { cell.spelt_otherwise() });
            }
        }
        Ok(Row { place, cells })
    }
}

/// The fields of a line, without the blanks around them.
fn fields(line: &str, delimiter: u8, place: Place) -> Checked<Vec<String>> {
    let opens_quote = |field: &str| field.trim_start().starts_with('"');
    let quotes = line.matches('"').count();
    if quotes % 2 == 1 && line.split(char::from(delimiter)).any(opens_quote) {
        return Err(Fault::new(place, "", "a quote is not closed on its line", "write a rule on one line"));
    }
    let mut reader = ReaderBuilder::new();
    reader.has_headers(false).delimiter(delimiter).buffer_capacity(line.len()).flexible(true);
    let record = reader.from_reader(line.as_bytes()).records().next();
    let unreadable = |error: csv::Error| Fault::new(place, "", error.to_string(), QUOTE_FIELDS);
    let record = record.transpose().map_err(unreadable)?.unwrap_or_default();
    Ok(record.iter().map(|field| field.trim().to_owned()).collect())
}

/// The keys that a header names, in any order and case.
fn named(header: &[String], place: Place) -> Checked<Vec<Option<&'static str>>> {
    let known = keys();
    let found: Vec<Option<&'static str>> =
        header.iter().map(|name| known.iter().copied().find(|key| key.eq_ignore_ascii_case(name))).collect();
    if !found.contains(&Some("smirks")) {
        return Err(Fault::new(place, "smirks", "no column of this name, and no SMIRKS", ORDERS));
    }
    let twice = |(index, key): &(usize, &Option<&str>)| key.is_some() && found[..*index].contains(key);
    match found.iter().enumerate().find(twice) {
        Some((_, key)) => {
            Err(Fault::new(place, key.unwrap_or_default(), "two columns of this name", "keep one of the two"))
        }
        None => Ok(found),
    }
}

/// The keys of a table without a header whose first row has these fields.
fn ordered(first: &[String], place: Place) -> Checked<Vec<Option<&'static str>>> {
    let is_probability =
        |index: usize| first.get(index).is_some_and(|field| field.is_empty() || field.parse::<f64>().is_ok());
    let order: &[&str] = match first.iter().position(|field| field.contains('>')) {
        Some(0) if first.len() > 2 && is_probability(1) => &["smirks", "prob", "name"],
        Some(0) => &["smirks", "name"],
        Some(1) if is_probability(2) => &["name", "smirks", "prob"],
        Some(1) => &["name", "smirks"],
        _ => return Err(Fault::new(place, "smirks", "not among the first two columns", ORDERS)),
    };
    Ok((0..first.len()).map(|index| order.get(index).copied()).collect())
}
