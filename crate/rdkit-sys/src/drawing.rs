//! Pictures of a transform and of what it makes of a molecule, as SVG.

#[cxx::bridge(namespace = "xform")]
mod ffi {
    /// A molecule to draw.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    struct DepictedMolecule {
        /// Its SMILES.
        smiles: String,
        /// Atoms to highlight, by their position in the SMILES; beyond its last atom, the hydrogens in the order in
        /// which `AddHs` appends them.
        atoms: Vec<u32>,
        /// Text below the molecule.
        caption: String,
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/drawing.h");

        type Transform = crate::transform::ffi::Transform;

        fn reaction_svg(transform: &Transform) -> Result<String>;
        fn products_svg(parent: &DepictedMolecule, products: &Vec<DepictedMolecule>) -> Result<String>;
    }
}

pub use ffi::DepictedMolecule;

use crate::transform::{TransformSpec, compile};
use crate::{CompileError, KernelError};

/// The templates of a transform.
///
/// # Errors
/// Those of [`check_transform`](crate::check_transform).
pub fn draw_reaction(spec: &TransformSpec) -> Result<String, CompileError> {
    let transform = compile(spec)?;
    Ok(ffi::reaction_svg(&transform).map_err(KernelError::from)?)
}

/// A parent and its products.
///
/// # Errors
/// RDKit cannot read one of the molecules.
pub fn draw_products(
    parent: &DepictedMolecule,
    products: &Vec<DepictedMolecule>,
) -> Result<String, KernelError> {
    Ok(ffi::products_svg(parent, products)?)
}
