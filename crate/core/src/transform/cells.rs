//! Rules whose values are text cells: those of tables and of lines.
//!
//! A cell is read as the key of a YAML entry would be: as text, and if the key takes none, as a number, as true or
//! false, or as a list separated by semicolons.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize as _;
use serde_json::{Map, Value};
use serde_saphyr::{Location, Spanned};

use super::fault::{Checked, Fault};
use super::file::{self, Defaults, Entry};
use super::left_out::LeftOut;
use super::patterns::Patterns;
use super::place::Place;
use super::{Transform, yaml};

/// The reason why a file of none is at fault.
pub(super) const NO_RULES: &str = "the file has no rules";

/// A value and where it stands.
pub(super) struct Cell {
    key: &'static str,
    text: String,
    place: Place,
    /// Whether the file spells the value as `text`.
    is_as_spelt: bool,
}

/// The cells of a rule, none of them empty.
pub(super) struct Row {
    pub(super) place: Place,
    pub(super) cells: Vec<Cell>,
}

/// The keys that a cell may have.
pub(super) fn keys() -> Vec<&'static str> {
    // An example is a mapping.
    yaml::keys::<Entry>().into_iter().filter(|key| *key != "examples").collect()
}

impl Cell {
    /// The cell with the value `text` that starts at a byte of a line.
    pub(super) fn of(line: &str, number: u64, key: &'static str, start: usize, text: &str) -> Self {
        let column = 1 + line[..start].chars().count() as u64;
        let place = Place { line: number, column, used_at: None };
        Self { key, text: text.to_owned(), place, is_as_spelt: true }
    }

    /// This cell if its value is spelt in another way in the file.
    pub(super) fn spelt_otherwise(self) -> Self {
        Self { is_as_spelt: false, ..self }
    }

    /// Its value as the key takes it.
    fn value(&self) -> Checked<Value> {
        let text = || Value::String(self.text.clone());
        let items = || self.text.split(';').map(str::trim);
        let texts = || items().map(Value::from).collect();
        let scalars = || items().map(|item| scalar(item).unwrap_or_else(|| item.into())).collect();
        let mut refusal = match self.accepts(text()) {
            Ok(value) => return Ok(value),
            Err(refusal) => refusal,
        };
        if let Some(scalar) = scalar(&self.text) {
            match self.accepts(scalar) {
                Ok(value) => return Ok(value),
                Err(later) => refusal = later,
            }
        }
        // Only keys that take a scalar explain what they refuse.
        if !refusal.contains('\n') {
            let list = self.accepts(texts()).or_else(|_| self.accepts(scalars()));
            match list {
                Ok(value) => return Ok(value),
                Err(later) => refusal = later,
            }
        }
        let (reason, suggestion) = refusal.split_once('\n').unwrap_or((&refusal, ""));
        let suggestion = if suggestion.ends_with("without quotes") { "" } else { suggestion };
        Err(Fault::new(self.place, self.key, reason, suggestion))
    }

    fn accepts(&self, value: Value) -> Result<Value, String> {
        let entry = Map::from_iter([(self.key.to_owned(), value.clone())]);
        match Entry::deserialize(Value::Object(entry)) {
            Ok(_) => Ok(value),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// The number or truth value that `text` spells.
fn scalar(text: &str) -> Option<Value> {
    let value = serde_json::from_str(&text.to_ascii_lowercase()).ok()?;
    matches!(value, Value::Number(_) | Value::Bool(_)).then_some(value)
}

impl Row {
    fn cell(&self, key: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.key == key)
    }

    /// Its transform, which is called `FILE:LINE` if the row has no name.
    fn transform(&self, path: &Path, patterns: &mut Patterns) -> Checked<(Transform, Place)> {
        let smirks = self.cell("smirks");
        if !smirks.is_some_and(|smirks| smirks.text.contains('>')) {
            let place = smirks.map_or(self.place, |smirks| smirks.place);
            return Err(Fault::new(
                place,
                "smirks",
                "no SMIRKS: it has no >>",
                "write [reactant]>>[product]",
            ));
        }
        let name = self.cell("name").map_or(self.place, |name| name.place);
        let mut entry = Map::new();
        for cell in &self.cells {
            entry.insert(cell.key.to_owned(), cell.value()?);
        }
        if self.cell("name").is_none() {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            entry.insert("name".to_owned(), format!("{file}:{}", self.place.line).into());
        }
        let unusable = |error: serde_json::Error| {
            let message = error.to_string();
            let (reason, suggestion) = message.split_once('\n').unwrap_or((&message, ""));
            Fault::new(name, "name", reason, suggestion)
        };
        let entry = Entry::deserialize(Value::Object(entry)).map_err(unusable)?;
        let entry = Spanned::new(entry, Location::UNKNOWN, Location::UNKNOWN);
        let (transform, _) = file::transform(entry, "", &Defaults::default(), "", patterns)?;
        let places = self.cells.iter().map(|cell| (cell.key, cell.place, cell.is_as_spelt));
        patterns.replace(&transform.name, name, places);
        Ok((transform, name))
    }
}

/// The transforms of `rows` of the file at `path`, and where their patterns are.
pub(super) fn transforms(
    rows: impl Iterator<Item = Checked<Row>>,
    path: &Path,
    left_out: &mut LeftOut,
) -> Checked<(Vec<Transform>, Patterns)> {
    let (mut transforms, mut patterns) = (Vec::new(), Patterns::default());
    let mut lines = HashMap::new();
    for row in rows {
        let mut of_row = Patterns::default();
        match row.and_then(|row| row.transform(path, &mut of_row)) {
            Ok((transform, name)) => match lines.get(&transform.name) {
                Some(&first) => left_out.add(file::repeated(name, "name", &transform.name, first))?,
                None => {
                    lines.insert(transform.name.clone(), name.line);
                    patterns.extend(of_row);
                    transforms.push(transform);
                }
            },
            Err(fault) => left_out.add(fault)?,
        }
    }
    if transforms.is_empty() && left_out.is_empty() {
        return Err(Fault::new(Place::after(""), "", NO_RULES, "write each rule on a line of its own"));
    }
    Ok((transforms, patterns))
}
