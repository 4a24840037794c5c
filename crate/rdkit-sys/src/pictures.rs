//! Pictures of molecules, and of products beside their parents, as SVG.

use cxx::UniquePtr;

use crate::transform::{TransformSpec, compile};
use crate::{CompileError, KernelError, PatternFault};

#[cxx::bridge(namespace = "xform")]
mod ffi {
    /// A picture.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct PictureView {
        /// The molecule, as SVG; empty if it cannot be drawn.
        svg: String,
        /// Its parent; empty if there is none or it cannot be drawn.
        parent_svg: String,
        /// Why something is missing, or why a product does not lie as its parent does; empty if all is well.
        fault: String,
        /// For each query, whether the molecule has a match.
        matches: Vec<bool>,
    }

    /// Where a product comes from.
    #[derive(Debug, Clone, Copy)]
    struct ProductOrigin<'a> {
        /// The SMILES that the site's atoms are counted in.
        parent: &'a str,
        /// The atoms of the site, in template order.
        site_atoms: &'a [i32],
        /// The product template, from 0.
        product_index: i32,
        /// The transform's position, if it is known.
        transform: usize,
        has_transform: bool,
    }

    struct QueryFault {
        reason: String,
        has_position: bool,
        position: usize,
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/pictures.h");

        type Pictures;
        type Transform = crate::transform::ffi::Transform;

        fn new_pictures() -> Result<UniquePtr<Pictures>>;
        fn add_pictured_transform(
            pictures: Pin<&mut Pictures>,
            transform: UniquePtr<Transform>,
            numbers: &[u32],
            symbol: &str,
        ) -> Result<()>;
        fn add_query(pictures: Pin<&mut Pictures>, smarts: &str, fault: &mut QueryFault) -> Result<()>;
        fn draw_molecule(pictures: &Pictures, smiles: &str, atoms: &[i32]) -> Result<PictureView>;
        fn draw_product(
            pictures: &Pictures,
            smiles: &str,
            atoms: &[i32],
            origin: &ProductOrigin,
        ) -> Result<PictureView>;
    }
}

pub use ffi::PictureView;

/// Where a product comes from.
#[derive(Debug, Clone, Copy)]
pub struct ProductOrigin<'a> {
    /// The SMILES of the parent that reacted.
    pub parent: &'a str,
    /// The atoms of the site, in template order, as indices of that parent.
    pub site_atoms: &'a [i32],
    /// The product template, from 0.
    pub product_index: i32,
    /// The number of the transform, from 0 in the order in which they were added; `None` if it is not known.
    pub transform: Option<usize>,
}

/// Draws molecules. Stays on the thread that made it.
pub struct Pictures {
    inner: UniquePtr<ffi::Pictures>,
}

impl Pictures {
    /// Without transforms and queries so far.
    ///
    /// # Errors
    /// Memory that runs out.
    pub fn new() -> Result<Self, KernelError> {
        Ok(Self { inner: ffi::new_pictures()? })
    }

    /// Adds the next transform whose products are drawn. Of a site, the atoms with these map numbers are highlighted, and
    /// of a product those of the element `symbol`; empty ones mean all.
    ///
    /// # Errors
    /// Those of [`check_transform`](crate::check_transform).
    pub fn add_transform(
        &mut self,
        spec: &TransformSpec,
        numbers: &[u32],
        symbol: &str,
    ) -> Result<(), CompileError> {
        let transform = compile(spec)?;
        ffi::add_pictured_transform(self.inner.pin_mut(), transform, numbers, symbol)
            .map_err(KernelError::from)?;
        Ok(())
    }

    /// Adds the next pattern that is sought in the molecules; its matches are highlighted. The inner error is that of a
    /// pattern that RDKit cannot use.
    ///
    /// # Errors
    /// Memory that runs out.
    pub fn add_query(&mut self, smarts: &str) -> Result<Result<(), PatternFault>, KernelError> {
        let mut fault = ffi::QueryFault { reason: String::new(), has_position: false, position: 0 };
        ffi::add_query(self.inner.pin_mut(), smarts, &mut fault)?;
        let position = fault.has_position.then_some(fault.position);
        Ok(match fault.reason.is_empty() {
            true => Ok(()),
            false => Err(PatternFault { reason: fault.reason, position }),
        })
    }

    /// Draws a molecule, with these atoms highlighted: positions in the SMILES. What RDKit cannot read or draw has a fault
    /// in place of a picture.
    ///
    /// # Errors
    /// Memory that runs out.
    pub fn molecule(&self, smiles: &str, atoms: &[i32]) -> Result<PictureView, KernelError> {
        Ok(ffi::draw_molecule(&self.inner, smiles, atoms)?)
    }

    /// Draws a product and its parent, in which the atoms that both have lie in the same way. `atoms` are those of the
    /// product's site.
    ///
    /// # Errors
    /// Memory that runs out.
    pub fn product(
        &self,
        smiles: &str,
        atoms: &[i32],
        origin: &ProductOrigin<'_>,
    ) -> Result<PictureView, KernelError> {
        let ProductOrigin { parent, site_atoms, product_index, transform } = *origin;
        let origin = ffi::ProductOrigin {
            parent,
            site_atoms,
            product_index,
            transform: transform.unwrap_or_default(),
            has_transform: transform.is_some(),
        };
        Ok(ffi::draw_product(&self.inner, smiles, atoms, &origin)?)
    }
}
