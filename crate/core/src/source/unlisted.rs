//! Columns that only later rows of a library have. Its columns are those of its first rows.

use serde::{Deserialize, Serialize};

/// Values that were not carried over, although all columns were to be kept: the first rows of the library do not have
/// their columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unlisted {
    /// Number of these values.
    #[serde(rename = "unlisted_values", default)]
    pub values: u64,
    /// The column of the first of them.
    #[serde(rename = "unlisted_column", default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

impl Unlisted {
    /// Counts a value of that column.
    pub(super) fn count(&mut self, column: &str) {
        self.values += 1;
        self.column.get_or_insert_with(|| column.to_owned());
    }

    /// Adds those of later rows.
    pub fn add(&mut self, later: &Self) {
        self.values += later.values;
        if self.column.is_none() {
            self.column.clone_from(&later.column);
        }
    }

    /// A warning, if there are any.
    pub fn warning(&self) -> Option<String> {
        let Self { values, column } = self;
        let column = column.as_ref()?;
        Some(format!(
            "{values} values were not kept, because the first rows of the library do not have their columns (the first is \
             {column:?}); name those that you need with --keep-columns"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_column_is_named_and_all_values_are_counted() {
        let mut all = Unlisted::default();
        assert_eq!(all.warning(), None);
        let (mut first, mut later) = (Unlisted::default(), Unlisted::default());
        first.count("b");
        later.count("a");
        later.count("b");
        all.add(&first);
        all.add(&later);
        assert_eq!(all, Unlisted { values: 3, column: Some("b".to_owned()) });
        assert!(all.warning().unwrap().starts_with("3 values were not kept"));
    }
}
