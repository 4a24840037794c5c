//! What products are recognised by: their canonical SMILES or their InChIKeys.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Fields};
use serde::{Deserialize, Serialize};

/// What makes two products the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DedupKey {
    /// Their canonical SMILES.
    #[default]
    Smiles,
    /// Their InChIKey, or their SMILES if they do not have one.
    InchiKey,
}

impl DedupKey {
    /// Their names, each with its description in the help.
    pub const BRIEFS: [(&'static str, &'static str); 2] = [
        ("smiles", "the canonical SMILES"),
        ("inchikey", "the InChIKey, which is then written, or the SMILES of a product without one"),
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        Self::BRIEFS[self as usize].0
    }

    /// The property that the engine has to compute for it, which is the name of its column.
    pub const fn property(self) -> Option<&'static str> {
        match self {
            Self::Smiles => None,
            Self::InchiKey => Some("InChIKey"),
        }
    }
}

/// What a product is recognised by. The same text of another kind is another identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Identity<'a> {
    /// Its canonical SMILES.
    Smiles(&'a [u8]),
    /// Its InChIKey.
    InchiKey(&'a [u8]),
}

/// Finds the identities of products in their columns.
#[derive(Debug, Clone, Copy)]
pub struct Identities {
    inchi_key: Option<usize>,
}

impl Identities {
    /// For products with these columns; `None` if the one that `key` needs is missing or not text.
    pub fn among(columns: &Fields, key: DedupKey) -> Option<Self> {
        let Some(property) = key.property() else { return Some(Self { inchi_key: None }) };
        let (index, field) = columns.find(property)?;
        (*field.data_type() == DataType::Utf8).then_some(Self { inchi_key: Some(index) })
    }

    /// The identity of the product at `index` of `columns`, whose SMILES is `smiles`.
    pub fn of<'a>(&self, smiles: &'a [u8], columns: &'a [ArrayRef], index: usize) -> Identity<'a> {
        let inchi_keys = self.inchi_key.map(|column| columns[column].as_string::<i32>());
        match inchi_keys.filter(|keys| keys.is_valid(index)) {
            Some(keys) => Identity::InchiKey(keys.value(index).as_bytes()),
            None => Identity::Smiles(smiles),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::StringArray;
    use arrow::datatypes::Field;

    use super::*;

    #[test]
    fn a_product_without_an_inchi_key_is_recognised_by_its_smiles() {
        let fields = |data_type| {
            Fields::from(vec![
                Field::new("MW", DataType::Float64, true),
                Field::new("InChIKey", data_type, true),
            ])
        };
        let keys: ArrayRef = Arc::new(StringArray::from(vec![Some("K"), None]));
        let columns = [Arc::clone(&keys), keys];
        let identities = |key| {
            let found = Identities::among(&fields(DataType::Utf8), key).unwrap();
            [0, 1].map(|index| found.of(b"C", &columns, index))
        };
        assert_eq!(identities(DedupKey::Smiles), [Identity::Smiles(b"C"), Identity::Smiles(b"C")]);
        assert_eq!(identities(DedupKey::InchiKey), [Identity::InchiKey(b"K"), Identity::Smiles(b"C")]);
        for columns in [fields(DataType::Int32), Fields::empty()] {
            assert!(Identities::among(&columns, DedupKey::InchiKey).is_none());
        }
    }

    #[test]
    fn the_names_are_those_in_files() {
        for key in [DedupKey::Smiles, DedupKey::InchiKey] {
            assert_eq!(serde_json::to_value(key).unwrap(), key.name());
        }
    }
}
