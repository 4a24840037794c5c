//! Structural alerts: which ones a run seeks in its products.
//!
//! A choice names catalogs, which the engine declares, and files with patterns of the user ([`table`]). The files are read
//! once, when the engine is made; the metadata of the output have the hashes of their content.

mod table;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::suggest::nearest;

/// The column with the names of a product's alerts.
pub const COLUMN: &str = "alerts";

/// The alerts that a user has chosen: the names of catalogs, each once, sorted; then the paths of files, each once, in the
/// order in which they are given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AlertChoice(Vec<String>);

impl AlertChoice {
    /// The choice of these catalogs and files, in any order; each may be a comma list. With a dot or a slash it is a file.
    pub fn new(names: &[impl AsRef<str>]) -> Self {
        let each = names.iter().flat_map(|name| name.as_ref().split(',')).map(str::trim);
        let (mut catalogs, mut files) = (Vec::new(), Vec::new());
        for name in each.filter(|name| !name.is_empty()) {
            let of_its_kind = if is_file(name) { &mut files } else { &mut catalogs };
            if !of_its_kind.iter().any(|known| known == name) {
                of_its_kind.push(name.to_owned());
            }
        }
        catalogs.sort();
        Self(catalogs.into_iter().chain(files).collect())
    }

    /// Whether nothing is chosen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The chosen catalogs.
    pub fn catalogs(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str).filter(|name| !is_file(name))
    }

    /// The chosen files.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.0.iter().filter(|name| is_file(name)).map(Path::new)
    }

    /// Reads the files.
    ///
    /// # Errors
    /// [`Error::InvalidAlerts`].
    pub fn load(&self) -> Result<Alerts, Error> {
        let tables = self.files().map(AlertTable::read).collect::<Result<_, _>>()?;
        Ok(Alerts { catalogs: self.catalogs().map(str::to_owned).collect(), tables })
    }
}

fn is_file(name: &str) -> bool {
    name.contains(['.', '/'])
}

/// Alerts for an engine to seek.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerts {
    /// Names of catalogs of the engine.
    pub catalogs: Vec<String>,
    /// Alerts of the user, which are sought after those of the catalogs.
    pub tables: Vec<AlertTable>,
}

impl Alerts {
    /// Whether nothing is sought.
    pub fn is_empty(&self) -> bool {
        self.catalogs.is_empty() && self.tables.is_empty()
    }

    /// The SHA-256 of each table's file.
    pub fn sha256s(&self) -> Vec<String> {
        self.tables.iter().map(|table| table.sha256.clone()).collect()
    }

    /// A sentence about each file with columns that are not used.
    pub fn notices(&self) -> impl Iterator<Item = String> {
        self.tables.iter().filter_map(|table| table.notice.clone())
    }

    /// Refuses catalogs that are not among the `declared` ones.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] with the declared ones.
    pub fn check_catalogs(&self, declared: &[impl AsRef<str>]) -> Result<(), Error> {
        let declared: Vec<&str> = declared.iter().map(AsRef::as_ref).collect();
        let is_unknown = |name: &&String| !declared.contains(&name.as_str());
        match self.catalogs.iter().find(is_unknown) {
            Some(unknown) => Err(Error::invalid_option("alerts", unknown_reason(unknown, &declared))),
            None => Ok(()),
        }
    }
}

fn unknown_reason(name: &str, declared: &[&str]) -> String {
    let file = format!("write a file without a dot in its name as ./{name}");
    match nearest(name, declared.iter().copied(), 1)[..] {
        [like] => format!("{name:?} is not a catalog; did you mean {like}? For a file, {file}"),
        _ => format!("{name:?} is not a catalog; there are {}; {file}", declared.join(", ")),
    }
}

/// The alerts of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertTable {
    /// The file, as the user names it.
    pub path: String,
    /// SHA-256 of its content, in hex.
    pub sha256: String,
    /// Its alerts, in its order.
    pub alerts: Vec<Alert>,
    /// A sentence about columns that are not used, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
}

/// An alert of the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// The name by which it is listed.
    pub name: String,
    /// The SMARTS of the structure.
    pub smarts: String,
    /// Its line in the file, from 1.
    pub line: u64,
}

impl AlertTable {
    /// The error for the alert at `index`, which an engine cannot use for `reason`.
    pub fn refuse(&self, index: usize, reason: &str) -> Error {
        let Alert { name, smarts, line } = &self.alerts[index];
        let reason = format!("alert {name:?}: SMARTS {smarts:?}: {reason}");
        Error::InvalidAlerts { path: self.path.clone().into(), line: *line, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catalogs_and_files_are_told_apart_and_named_once() {
        let choice = AlertChoice::new(&["PAINS, b.tsv ,BRENK", "./own", "a.csv,PAINS", "b.tsv,,"]);
        assert_eq!(choice.catalogs().collect::<Vec<_>>(), ["BRENK", "PAINS"]);
        assert_eq!(choice.files().collect::<Vec<_>>(), ["b.tsv", "./own", "a.csv"].map(Path::new));
        let again: AlertChoice = serde_json::from_value(serde_json::to_value(&choice).unwrap()).unwrap();
        assert_eq!(again, choice);
        assert!(AlertChoice::new(&[" ,"]).is_empty());
    }

    #[test]
    fn an_unknown_catalog_is_refused_with_what_there_is() {
        let refused = |name: &str| {
            let alerts = AlertChoice::new(&[name]).load().unwrap();
            alerts.check_catalogs(&["PAINS", "NIH"]).unwrap_err().to_string()
        };
        let like = "alerts: \"pains\" is not a catalog; did you mean PAINS? For a file, write a file without a dot in its \
                    name as ./pains";
        assert_eq!(refused("pains"), like);
        assert!(refused("mine").contains("there are PAINS, NIH; write a file"), "{}", refused("mine"));
    }
}
