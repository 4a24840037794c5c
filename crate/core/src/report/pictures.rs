//! Pictures of single molecules.

use crate::drawing::Illustrator;
use crate::error::Error;
use crate::profile::{ParentRow, short};

/// Draws molecules one after the other.
pub struct Pictures<'a> {
    pub illustrator: Box<dyn Illustrator>,
    /// Called before each picture.
    pub stop_check: &'a dyn Fn() -> Result<(), Error>,
}

impl Pictures<'_> {
    /// The molecule as SVG; `None` if it cannot be drawn, or is too large for a small picture.
    pub fn of(&mut self, smiles: &str) -> Result<Option<String>, Error> {
        (self.stop_check)()?;
        match short(smiles) {
            None | Some("") => Ok(None),
            Some(smiles) => Ok(self.illustrator.molecule(smiles, &[])?.svg),
        }
    }

    /// A picture of each of these rows.
    pub fn of_all<'a>(
        &mut self,
        rows: impl Iterator<Item = &'a ParentRow>,
    ) -> Result<Vec<Option<String>>, Error> {
        rows.map(|row| self.of(&row.smiles)).collect()
    }
}
