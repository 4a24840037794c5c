//! The Arrow schema that a writer may leave in the metadata of a file.

use std::panic::catch_unwind;

use arrow::datatypes::Field;
use arrow::ipc;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use parquet::arrow::ARROW_SCHEMA_META_KEY;
use parquet::file::metadata::KeyValue;

/// The entry for a column in the Arrow schema of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Hint {
    /// No entry.
    None,
    /// A field.
    Field(Field),
    /// An entry that arrow-rs does not know.
    Unknown,
}

/// The entry of each column.
#[derive(Debug, Default)]
pub struct Hints(Vec<(String, Hint)>);

impl Hints {
    /// For a file with this metadata; none if its Arrow schema cannot be read.
    pub fn of(metadata: Option<&Vec<KeyValue>>) -> Self {
        let pair = metadata.into_iter().flatten().find(|pair| pair.key == ARROW_SCHEMA_META_KEY);
        let encoded = pair.and_then(|pair| pair.value.as_ref());
        let bytes = encoded.and_then(|encoded| BASE64_STANDARD.decode(encoded).ok());
        bytes.and_then(|bytes| Self::read(&bytes)).unwrap_or_default()
    }

    /// The entry for the column at `index`, if it has that name.
    pub fn get(&self, index: usize, name: &str) -> &Hint {
        match self.0.get(index) {
            Some((found, hint)) if found == name => hint,
            _ => &Hint::None,
        }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        // Four bytes of ones, the length, the message; old writers store only the message.
        let message = bytes.strip_prefix(&[0xff; 4]).map_or(Some(bytes), |rest| rest.get(4..))?;
        let schema = ipc::root_as_message(message).ok()?.header_as_schema()?;
        let hint = |field: ipc::Field<'_>| {
            let name = field.name().unwrap_or_default().to_owned();
            // It panics for a type of a later version.
            let known = has_known_integers(field).then(|| catch_unwind(|| Field::from(field)).ok());
            (name, known.flatten().map_or(Hint::Unknown, Hint::Field))
        };
        Some(Self(schema.fields()?.iter().map(hint).collect()))
    }
}

/// Whether its integers have a width that arrow-rs knows. Polars has wider ones; the panic would print a message to
/// stderr.
fn has_known_integers(field: ipc::Field<'_>) -> bool {
    let is_known = field.type_as_int().is_none_or(|int| [8, 16, 32, 64].contains(&int.bitWidth()));
    is_known && field.children().is_none_or(|children| children.iter().all(has_known_integers))
}
