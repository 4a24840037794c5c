//! Which columns of the input a run uses, and under which names they are carried over.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use arrow::datatypes::{DataType, Field, Fields};

use super::{KeepColumns, SourceOptions};
use crate::error::Error;

/// Columns of the output, except the engine's; no kept column has such a name, in any case.
pub const OUTPUT_COLUMNS: [&str; 11] = [
    "smiles",
    "product_id",
    "source_row",
    "source_id",
    "source_smiles",
    "xf_name",
    "xf_code",
    "xf_label",
    "xf_prob",
    "product_index",
    "xf_site_index",
];

/// Names by which a SMILES column is found, in any case; the first of them that exists is used.
const SMILES_NAMES: [&str; 3] = ["smiles", "canonical_smiles", "structure"];

/// The column that names a product.
const PRODUCT_ID: &str = "product_id";

/// Names by which an id column is found, in any case; the first of them that exists is used.
const ID_NAMES: [&str; 2] = ["id", PRODUCT_ID];

/// The name of the mol block among the columns of an SDF.
pub(super) const RECORD_TEXT: &str = "mol block";
/// The name of its title, the first line.
pub(super) const RECORD_TITLE: &str = "title";

/// More names than this are not listed in a message.
const LISTED_NAMES: usize = 40;

/// Positions in the input's field list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub smiles: usize,
    pub id: Option<usize>,
    /// Position and output name.
    pub kept: Vec<(usize, String)>,
    /// What the user should know about these names.
    pub warnings: Vec<String>,
}

/// Columns that the content of a file suggests; each applies only if no name decides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ByContent {
    pub smiles: Option<usize>,
    pub id: Option<usize>,
}

/// Whether a column of this name holds SMILES.
pub(super) fn is_smiles_name(name: &str) -> bool {
    SMILES_NAMES.iter().any(|known| name.trim().eq_ignore_ascii_case(known))
}

/// The position if `asked` is a number (from 1).
pub(super) fn position(asked: &str) -> Option<usize> {
    asked.bytes().all(|byte| byte.is_ascii_digit()).then(|| asked.parse::<usize>().ok()?.checked_sub(1))?
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
pub(super) fn is_binary(data_type: &DataType) -> bool {
    match data_type {
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => true,
        DataType::Dictionary(_, value) => is_binary(value),
        _ => false,
    }
}

/// Chooses the columns of a run among the `fields` of the file at `path`.
pub(super) fn choose(
    path: &Path,
    fields: &Fields,
    options: &SourceOptions,
    by_content: ByContent,
) -> Result<Choice, Error> {
    let chooser = Chooser { path, fields };
    let smiles = match options.molblock_column.as_deref() {
        Some(asked) => chooser.mol_blocks(asked)?,
        None => chooser.smiles(options.smiles_column.as_deref(), by_content.smiles)?,
    };
    let id = chooser.id(options.id_column.as_deref(), smiles, by_content.id)?;
    chooser.choice(options, smiles, id)
}

/// Chooses the columns of a run among the `fields` of the SDF at `path`: the first is the mol block and the second its
/// title, which is the id unless an option names another.
pub(super) fn choose_of_records(
    path: &Path,
    fields: &Fields,
    options: &SourceOptions,
) -> Result<Choice, Error> {
    let chooser = Chooser { path, fields };
    let (smiles, title) = (0, 1);
    let id = match options.id_column.as_deref() {
        Some(asked) => chooser.id(Some(asked), smiles, None)?,
        None => Some(title),
    };
    chooser.choice(options, smiles, id)
}

/// The position of the column that holds the SMILES of the table at `path`, and of the one that names its rows, if there
/// is one: the asked ones or, for the latter, `product_id` before any other id.
pub(super) fn choose_of_table(
    path: &Path,
    fields: &Fields,
    smiles: Option<&str>,
    id: Option<&str>,
) -> Result<(usize, Option<usize>), Error> {
    let chooser = Chooser { path, fields };
    let smiles = chooser.smiles(smiles, None)?;
    let id = id.or_else(|| fields.find(PRODUCT_ID).map(|_| PRODUCT_ID));
    Ok((smiles, chooser.id(id, smiles, None)?))
}

struct Chooser<'a> {
    path: &'a Path,
    fields: &'a Fields,
}

impl Chooser<'_> {
    /// These columns, and those to keep.
    fn choice(&self, options: &SourceOptions, smiles: usize, id: Option<usize>) -> Result<Choice, Error> {
        let bare = self.bare(&options.bare_columns)?;
        let mut indices = self.kept(options, smiles, id)?;
        indices.retain(|index| !bare.contains(index));
        indices.extend(bare);
        let names: Vec<&str> = indices.iter().map(|&index| self.fields[index].name().as_str()).collect();
        let named = kept_names(&names, options);
        let (names, warnings) = named.map_err(|reason| self.error(reason))?;
        Ok(Choice { smiles, id, kept: indices.into_iter().zip(names).collect(), warnings })
    }

    fn mol_blocks(&self, asked: &str) -> Result<usize, Error> {
        let index = self.asked(asked, "--molblock-column")?.ok_or_else(|| self.missing(asked))?;
        let field = &self.fields[index];
        if is_text(field.data_type()) || is_binary(field.data_type()) {
            return Ok(index);
        }
        Err(self.error(format!("column {:?} cannot hold mol blocks: it is {}", field.name(), kind(field))))
    }

    fn smiles(&self, asked: Option<&str>, by_content: Option<usize>) -> Result<usize, Error> {
        let found = match asked {
            Some(asked) => self.asked(asked, "--smiles-column")?,
            None => self.named_smiles()?.or(by_content),
        };
        let those = |what: &str, fits: fn(&DataType) -> bool| {
            let names = listing(self.fields.iter().filter(|field| fits(field.data_type())))?;
            Some(format!("{what} columns are {names}"))
        };
        let candidates = || those("string", is_text).or_else(|| those("binary", is_binary));
        let Some(index) = found else {
            let names = asked.map_or_else(|| smiles_names(" or "), |name| format!("{name:?}"));
            let advice = match candidates() {
                Some(candidates) => format!("its {candidates}; name one with --smiles-column"),
                None => "it has no string column".to_owned(),
            };
            return Err(self.error(format!("no column {names}; {advice}")));
        };
        let field = &self.fields[index];
        if is_text(field.data_type()) || is_binary(field.data_type()) {
            return Ok(index);
        }
        let advice = candidates().map_or_else(String::new, |candidates| format!("; the {candidates}"));
        let what = kind(field);
        Err(self.error(format!("column {:?} cannot hold SMILES: it is {what}{advice}", field.name())))
    }

    /// The first column with one of the known names that is text. `smiles` may also be bytes, as older writers store
    /// it; a `structure` in bytes is hardly SMILES.
    fn named_smiles(&self) -> Result<Option<usize>, Error> {
        let mut unfit = None;
        for name in SMILES_NAMES {
            let found =
                self.only(name, "--smiles-column", |field| field.trim().eq_ignore_ascii_case(name))?;
            let Some(index) = found else { continue };
            let data_type = self.fields[index].data_type();
            if is_text(data_type) || (name == SMILES_NAMES[0] && is_binary(data_type)) {
                return Ok(found);
            }
            if !is_binary(data_type) {
                unfit = unfit.or(found);
            }
        }
        Ok(unfit)
    }

    fn id(
        &self,
        asked: Option<&str>,
        smiles: usize,
        by_content: Option<usize>,
    ) -> Result<Option<usize>, Error> {
        let found = match asked {
            Some(asked) => match self.asked(asked, "--id-column")? {
                Some(index) => Some(index),
                None => return Err(self.missing(asked)),
            },
            None => self.named_id()?,
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
            _ => by_content,
        })
    }

    /// The first column with one of the known names.
    fn named_id(&self) -> Result<Option<usize>, Error> {
        for name in ID_NAMES {
            let found = self.only(name, "--id-column", |field| field.eq_ignore_ascii_case(name))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The column that `asked` names or, if no column has that name, numbers.
    fn asked(&self, asked: &str, option: &str) -> Result<Option<usize>, Error> {
        let named = self.only(asked, option, |field| field == asked)?;
        Ok(named.or_else(|| position(asked).filter(|&index| index < self.fields.len())))
    }

    /// The positions of the kept columns, each once.
    fn kept(&self, options: &SourceOptions, smiles: usize, id: Option<usize>) -> Result<Vec<usize>, Error> {
        let names = match &options.keep_columns {
            KeepColumns::None => return Ok(Vec::new()),
            KeepColumns::All => {
                return Ok((0..self.fields.len()).filter(|&i| i != smiles && Some(i) != id).collect());
            }
            KeepColumns::Named(names) => names,
        };
        let mut indices: Vec<usize> = Vec::new();
        for name in names {
            let index = match self.only(name, "--keep-columns", |field| field == name)? {
                Some(index) => index,
                None if options.may_lack_columns => continue,
                None => return Err(self.missing(name)),
            };
            if !indices.contains(&index) {
                indices.push(index);
            }
        }
        Ok(indices)
    }

    /// The positions and names of those of the columns `names` that there are.
    fn bare(&self, names: &[String]) -> Result<Vec<usize>, Error> {
        let found = names.iter().map(|name| self.only(name, "--keep-columns", |field| field == name));
        Ok(found.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// The only field that `matches`, if there is one.
    fn only(&self, name: &str, option: &str, matches: impl Fn(&str) -> bool) -> Result<Option<usize>, Error> {
        let found: Vec<usize> = (0..self.fields.len()).filter(|&i| matches(self.fields[i].name())).collect();
        if found.len() < 2 {
            return Ok(found.first().copied());
        }
        let names: Vec<String> = found
            .iter()
            .take(LISTED_NAMES)
            .map(|&i| format!("{:?} (column {})", self.fields[i].name(), i + 1))
            .collect();
        let advice = match option {
            "--keep-columns" => "rename one of them".to_owned(),
            _ => format!("name one with {option}, or give its number"),
        };
        Err(self.error(format!("{} columns could be {name:?}: {}; {advice}", found.len(), names.join(", "))))
    }

    fn missing(&self, name: &str) -> Error {
        let names = listing(self.fields.iter()).unwrap_or_else(|| "none".to_owned());
        self.error(format!("no column {name:?}; the columns are {names}"))
    }

    fn error(&self, reason: String) -> Error {
        Error::InputColumn { path: self.path.to_owned(), reason }
    }
}

/// The output names of kept columns that are called `names` in the input, and a warning for each name that is not the
/// prefix and that name; the error is the reason why a column cannot have its name.
///
/// A column whose name is free keeps it, so that one that is not does not change the names of others.
pub(crate) fn kept_names(
    names: &[&str],
    options: &SourceOptions,
) -> Result<(Vec<String>, Vec<String>), String> {
    let SourceOptions { computed_columns, bare_columns, .. } = options;
    let taken_names = computed_columns.iter().chain(bare_columns).map(String::as_str);
    let of_output = OUTPUT_COLUMNS.into_iter().chain(taken_names);
    let is_of_output = |name: &str| of_output.clone().any(|column| column.eq_ignore_ascii_case(name));
    let is_bare = |name: &str| bare_columns.iter().any(|bare| bare == name);
    let prefix = options.kept_prefix.as_str();
    let mut taken = HashSet::new();
    let free: Vec<bool> = names
        .iter()
        .map(|name| {
            let wanted = format!("{prefix}{name}");
            is_bare(name) || (!is_of_output(&wanted) && taken.insert(wanted))
        })
        .collect();
    let mut next = HashMap::new();
    let (mut found, mut warnings) = (Vec::with_capacity(names.len()), Vec::new());
    for (name, is_free) in names.iter().zip(free) {
        let wanted = format!("{prefix}{name}");
        if is_free {
            found.push(if is_bare(name) { (*name).to_owned() } else { wanted });
            continue;
        }
        if prefix.is_empty() {
            return Err(format!(
                "the kept column {name:?} has the name of another column of the output; use --kept-prefix, rename the \
                 column or leave it out of --keep-columns"
            ));
        }
        // A header may have tens of thousands of equal names.
        let number = next.entry(wanted.clone()).or_insert(2_u64);
        let renamed = loop {
            let name = format!("{wanted}_{number}");
            *number += 1;
            if !is_of_output(&name) && !taken.contains(&name) {
                break name;
            }
        };
        warnings.push(format!(
            "the kept column {name:?} is called {renamed:?} in the output, because another column is called {wanted:?}"
        ));
        taken.insert(renamed.clone());
        found.push(renamed);
    }
    Ok((found, warnings))
}

fn kind(field: &Field) -> String {
    let nested = if field.data_type().is_nested() { "nested, " } else { "" };
    format!("{nested}of type {}", field.data_type())
}

/// The known names of a SMILES column, the last one after `last`.
pub(super) fn smiles_names(last: &str) -> String {
    let [first, second, third] = SMILES_NAMES;
    format!("{first:?}, {second:?}{last}{third:?}")
}

/// `a, b, c`, or `None` if there are no fields.
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
