//! Which columns of the input a run takes, and under which names they go along.

use std::collections::HashSet;
use std::path::Path;

use arrow::datatypes::{DataType, Field, Fields};

use super::{KeepColumns, SourceOptions};
use crate::error::Error;

/// Columns of the output; a kept column of such a name, in any case, becomes `input_NAME`.
pub const OUTPUT_COLUMNS: [&str; 13] = [
    "smiles",
    "source_row",
    "source_id",
    "source_smiles",
    "xf_name",
    "xf_code",
    "xf_label",
    "xf_prob",
    "product_index",
    "xf_site_index",
    "xf_site_atoms",
    "xf_site_count",
    "product_site_atoms",
];

/// More names than this are not listed in a message.
const LISTED_NAMES: usize = 40;

/// Positions in the input's field list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub smiles: usize,
    pub id: Option<usize>,
    /// Position and output name.
    pub kept: Vec<(usize, String)>,
}

/// Whether values of the type are text.
pub(super) fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, value) => is_text(value),
        _ => false,
    }
}

/// Whether values of the type are bytes of any length, which older writers use for text.
fn is_binary(data_type: &DataType) -> bool {
    match data_type {
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => true,
        DataType::Dictionary(_, value) => is_binary(value),
        _ => false,
    }
}

/// Chooses the columns of a run among the `fields` of the file at `path`.
pub(super) fn choose(path: &Path, fields: &Fields, options: &SourceOptions) -> Result<Choice, Error> {
    let chooser = Chooser { path, fields };
    let smiles = chooser.smiles(options.smiles_column.as_deref())?;
    let id = chooser.id(options.id_column.as_deref(), smiles)?;
    let kept = chooser.kept(&options.keep_columns, smiles, id)?;
    Ok(Choice { smiles, id, kept })
}

struct Chooser<'a> {
    path: &'a Path,
    fields: &'a Fields,
}

impl Chooser<'_> {
    fn smiles(&self, asked: Option<&str>) -> Result<usize, Error> {
        let found = match asked {
            Some(name) => self.only(name, "--smiles-column", |field| field == name)?,
            None => self.only("smiles", "--smiles-column", |field| field.eq_ignore_ascii_case("smiles"))?,
        };
        let those = |what: &str, fits: fn(&DataType) -> bool| {
            let names = listing(self.fields.iter().filter(|field| fits(field.data_type())))?;
            Some(format!("{what} columns are {names}"))
        };
        let candidates = || those("string", is_text).or_else(|| those("binary", is_binary));
        let Some(index) = found else {
            let name = asked.unwrap_or("smiles");
            let advice = match candidates() {
                Some(candidates) => format!("its {candidates}; name one with --smiles-column"),
                None => "it has no string column".to_owned(),
            };
            return Err(self.error(format!("no column {name:?}; {advice}")));
        };
        let field = &self.fields[index];
        if is_text(field.data_type()) || is_binary(field.data_type()) {
            return Ok(index);
        }
        let advice = candidates().map_or_else(String::new, |candidates| format!("; the {candidates}"));
        let what = kind(field);
        Err(self.error(format!("column {:?} cannot hold SMILES: it is {what}{advice}", field.name())))
    }

    fn id(&self, asked: Option<&str>, smiles: usize) -> Result<Option<usize>, Error> {
        let found = match asked {
            Some(name) => match self.only(name, "--id-column", |field| field == name)? {
                Some(index) => Some(index),
                None => return Err(self.missing(name)),
            },
            None => self.only("id", "--id-column", |field| field.eq_ignore_ascii_case("id"))?,
        };
        if let Some(index) = found {
            let field = &self.fields[index];
            if field.data_type().is_nested() {
                let what = kind(field);
                return Err(self.error(format!("column {:?} cannot be the id: it is {what}", field.name())));
            }
            return Ok(Some(index));
        }
        let mut suffixed = self.fields.iter().enumerate().filter(|&(index, field)| {
            index != smiles
                && field.name().to_ascii_lowercase().ends_with("_id")
                && !field.data_type().is_nested()
        });
        Ok(match (suffixed.next(), suffixed.next()) {
            (Some((index, _)), None) => Some(index),
            _ => None,
        })
    }

    fn kept(
        &self,
        keep: &KeepColumns,
        smiles: usize,
        id: Option<usize>,
    ) -> Result<Vec<(usize, String)>, Error> {
        let mut indices: Vec<usize> = Vec::new();
        match keep {
            KeepColumns::None => {}
            KeepColumns::All => {
                indices.extend((0..self.fields.len()).filter(|&i| i != smiles && Some(i) != id));
            }
            KeepColumns::Named(names) => {
                for name in names {
                    let index = self
                        .only(name, "--keep-columns", |field| field == name)?
                        .ok_or_else(|| self.missing(name))?;
                    if !indices.contains(&index) {
                        indices.push(index);
                    }
                }
            }
        }
        let mut kept: Vec<(usize, String)> = Vec::with_capacity(indices.len());
        let mut names = HashSet::new();
        for index in indices {
            let name = self.output_name(self.fields[index].name())?;
            if !names.insert(name.clone()) {
                return Err(self.error(format!("two columns named {name:?}, which cannot both be kept")));
            }
            kept.push((index, name));
        }
        Ok(kept)
    }

    /// The name that a kept column has in the output.
    fn output_name(&self, name: &str) -> Result<String, Error> {
        if !OUTPUT_COLUMNS.iter().any(|column| column.eq_ignore_ascii_case(name)) {
            return Ok(name.to_owned());
        }
        let renamed = format!("input_{name}");
        if self.fields.iter().any(|field| field.name().eq_ignore_ascii_case(&renamed)) {
            return Err(self.error(format!(
                "column {name:?} has the name of an output column, and {renamed:?} is taken by another \
                 input column; rename one of them or leave {name:?} out of --keep-columns"
            )));
        }
        Ok(renamed)
    }

    /// The only field that `matches`, if there is one.
    fn only(&self, name: &str, option: &str, matches: impl Fn(&str) -> bool) -> Result<Option<usize>, Error> {
        let found: Vec<usize> = (0..self.fields.len()).filter(|&i| matches(self.fields[i].name())).collect();
        if found.len() < 2 {
            return Ok(found.first().copied());
        }
        let names = listing(found.iter().map(|&i| &self.fields[i])).unwrap_or_default();
        let distinct = found.iter().any(|&i| self.fields[i].name() != self.fields[found[0]].name());
        let advice =
            if distinct { format!("name one with {option}") } else { "rename one of them".to_owned() };
        Err(self.error(format!("{} columns could be {name:?}: {names}; {advice}", found.len())))
    }

    fn missing(&self, name: &str) -> Error {
        let names = listing(self.fields.iter()).unwrap_or_else(|| "none".to_owned());
        self.error(format!("no column {name:?}; the columns are {names}"))
    }

    fn error(&self, reason: String) -> Error {
        Error::InputColumn { path: self.path.to_owned(), reason }
    }
}

fn kind(field: &Field) -> String {
    let nested = if field.data_type().is_nested() { "nested, " } else { "" };
    format!("{nested}of type {}", field.data_type())
}

/// `a, b, c`, or `None` for no field at all.
fn listing<'a, F: AsRef<Field> + 'a>(fields: impl Iterator<Item = &'a F>) -> Option<String> {
    let names: Vec<&str> = fields.map(|field| field.as_ref().name().as_str()).collect();
    let shown =
        names.iter().take(LISTED_NAMES).map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => None,
        n if n > LISTED_NAMES => Some(format!("{shown} and {} more", n - LISTED_NAMES)),
        _ => Some(shown),
    }
}

#[cfg(test)]
#[path = "columns_tests.rs"]
mod tests;
