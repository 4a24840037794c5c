//! Texts of parents in a summary, whose size is bounded.

use arrow::array::{Array, ArrayRef};
use arrow::error::ArrowError;

use crate::product_id::text_of;

/// Longest SMILES or id in a summary, in bytes. A longer one would be a picture that nobody can read.
pub const TEXT_BYTES: usize = 500;

/// `text`, unless it is too long.
pub fn short(text: &str) -> Option<&str> {
    (text.len() <= TEXT_BYTES).then_some(text)
}

/// The id at `row` of the column `ids` as text; `None` if it is null, has no text, or is too long.
///
/// # Errors
/// Those of Arrow.
pub fn id_text(ids: &ArrayRef, row: usize) -> Result<Option<String>, ArrowError> {
    Ok(text_of(&ids.slice(row, 1))?.filter(|id| short(id).is_some()))
}
