//! The groups of a finished table.

use arrow::array::{AsArray, RecordBatch};

use crate::dedup::{Key, Keys};

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Position of its transform.
    pub transform: usize,
    /// The key of its product.
    pub key: Key,
    /// Whether it is the first row of its group.
    pub is_first: bool,
}

/// Finds the groups of a table that is read from its first row on.
pub struct Groups<'a> {
    names: &'a [String],
    keys: Vec<Keys>,
    latest: Option<Key>,
}

impl<'a> Groups<'a> {
    /// Those of a table whose transforms have these names, in file order.
    pub fn new(names: &'a [String]) -> Self {
        Self { names, keys: names.iter().map(|name| Keys::new(name)).collect(), latest: None }
    }

    /// The next rows; why they cannot be rows of such a table, in words.
    pub fn members(&mut self, batch: &RecordBatch) -> Result<Vec<Member>, &'static str> {
        let text = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
        let columns = text("smiles").zip(text("xf_name"));
        let (smiles, names) = columns.ok_or("columns are missing or have a different type")?;
        let member = |row: usize| {
            let transform = self.names.iter().position(|name| name == names.value(row));
            let transform = transform.ok_or("a row names no transform of the run")?;
            let key = self.keys[transform].of(smiles.value(row).as_bytes());
            let is_first = self.latest.replace(key) != Some(key);
            Ok(Member { transform, key, is_first })
        };
        (0..batch.num_rows()).map(member).collect()
    }
}
