//! SMILES text: a line for each molecule, its SMILES, a tab, its id. Rows without a SMILES are left out.

use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::encoder::{Content, Encoded, Encoder, Rows, broken};
use super::values::in_utc;
use crate::error::Error;

/// Encodes lines of SMILES.
pub struct SmilesLines;

impl Encoder for SmilesLines {
    fn encode(&mut self, rows: &Rows) -> Result<Encoded, Error> {
        let options = FormatOptions::default();
        let ids = rows.ids.as_ref().map(in_utc).transpose().map_err(broken)?;
        let ids = ids.as_ref().map(|ids| ArrayFormatter::try_new(ids, &options));
        let ids = ids.transpose().map_err(broken)?;
        let (mut text, mut left_out, mut changed) = (Vec::new(), Vec::new(), 0);
        for (row, &position) in rows.positions.iter().enumerate() {
            let smiles = rows.smiles.get(row);
            if smiles.is_empty() || smiles.iter().any(|byte| b"\r\n".contains(byte)) {
                left_out.push(position);
                continue;
            }
            text.extend_from_slice(smiles);
            if let Some(ids) = &ids {
                let id = ids.value(row).try_to_string().map_err(broken)?;
                let safe = id.replace(['\r', '\n', '\t'], " ");
                changed += u64::from(safe != id);
                text.push(b'\t');
                text.extend_from_slice(safe.as_bytes());
            }
            text.push(b'\n');
        }
        let written = rows.positions.len() - left_out.len();
        Ok(Encoded { content: Content::Text(text), rows: written as u64, left_out, changed })
    }
}
