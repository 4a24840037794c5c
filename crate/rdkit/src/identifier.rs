//! Recognising molecules that are no rows of the library.

use xform_core::Error;
use xform_core::dedup::Identity;
use xform_core::engine::{Identifier, SmilesBatch};
use xform_rdkit_sys::{self as sys, MoleculeIdentity};

use crate::convert::{internal, notation};

/// One thread's.
pub struct RdkitIdentifier {
    /// The kernel's.
    pub inner: sys::Identifier,
}

impl Identifier for RdkitIdentifier {
    fn identify(
        &mut self,
        first_row: u64,
        texts: &SmilesBatch,
        found: &mut dyn FnMut(Option<Identity<'_>>),
    ) -> Result<(), Error> {
        let view = self
            .inner
            .identify(first_row, texts.bytes(), texts.offsets(), notation(texts.notation()))
            .map_err(internal)?;
        for (kind, bounds) in view.kinds.iter().zip(view.offsets.windows(2)) {
            let text = &view.texts[bounds[0] as usize..bounds[1] as usize];
            found(match (MoleculeIdentity { repr: *kind }) {
                MoleculeIdentity::None => None,
                MoleculeIdentity::Smiles => Some(Identity::Smiles(text)),
                MoleculeIdentity::InchiKey => Some(Identity::InchiKey(text)),
                unknown => return Err(internal(format!("the kernel recognises a molecule by {unknown:?}"))),
            });
        }
        Ok(())
    }
}
