//! The groups of a finished table.

use arrow::array::{AsArray, RecordBatch};

use crate::dedup::{DedupKey, Identities, Key, Keys};

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
    recognised_by: DedupKey,
    latest: Option<Key>,
}

impl<'a> Groups<'a> {
    /// Those of a table whose transforms have these names, in file order, and whose products are recognised by `key`.
    pub fn new(names: &'a [String], key: DedupKey) -> Self {
        let keys = names.iter().map(|name| Keys::new(name)).collect();
        Self { names, keys, recognised_by: key, latest: None }
    }

    /// The next rows; why they cannot be rows of such a table, in words.
    pub fn members(&mut self, batch: &RecordBatch) -> Result<Vec<Member>, &'static str> {
        let text = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
        let columns = text("smiles").zip(text("xf_name"));
        let identities = Identities::among(batch.schema_ref().fields(), self.recognised_by);
        let ((smiles, names), identities) =
            columns.zip(identities).ok_or("columns are missing or have a different type")?;
        let member = |row: usize| {
            let transform = self.names.iter().position(|name| name == names.value(row));
            let transform = transform.ok_or("a row names no transform of the run")?;
            let product = identities.of(smiles.value(row).as_bytes(), batch.columns(), row);
            let key = self.keys[transform].of(product);
            let is_first = self.latest.replace(key) != Some(key);
            Ok(Member { transform, key, is_first })
        };
        (0..batch.num_rows()).map(member).collect()
    }
}
