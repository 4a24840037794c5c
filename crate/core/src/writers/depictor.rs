//! How a caller provides drawings of molecules.

use crate::error::Error;
use crate::strings::SmilesBatch;

/// Lays molecules out in two dimensions, on one thread.
pub trait Depictor {
    /// Calls `found` for each of `texts`, in their order, with a mol block whose first line is empty; with `None` for a text
    /// that is not a molecule.
    ///
    /// # Errors
    /// An internal error.
    fn mol_blocks(
        &mut self,
        texts: &SmilesBatch,
        found: &mut dyn FnMut(Option<&str>) -> Result<(), Error>,
    ) -> Result<(), Error>;
}

/// Makes a depictor for the calling thread.
///
/// # Errors
/// Those of a toolkit that cannot be used.
pub type MakeDepictor<'a> = dyn Fn() -> Result<Box<dyn Depictor>, Error> + Sync + 'a;
