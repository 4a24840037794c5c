//! Molecules drawn by RDKit.

use xform_core::Error;
use xform_core::drawing::{Illustrator, Origin, Picture};
use xform_core::transform::Transform;
use xform_rdkit_sys as sys;

use crate::{check_environment, compile_error, convert::internal, in_characters, spec};

/// The option whose values are queries.
const QUERY: &str = "query";

/// One thread's.
pub struct RdkitIllustrator {
    inner: sys::Pictures,
}

impl RdkitIllustrator {
    /// An illustrator for the calling thread, for products of these transforms, with these SMARTS as queries.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a query that is not a SMARTS; [`Error::InvalidSmirks`] and [`Error::InvalidSmarts`];
    /// [`Error::Environment`] names an environment variable that would change how RDKit handles a molecule.
    pub fn new(transforms: &[Transform], queries: &[String]) -> Result<Self, Error> {
        check_environment()?;
        let mut inner = sys::Pictures::new().map_err(internal)?;
        for transform in transforms {
            let symbol = transform.product_highlight_symbol.as_deref().unwrap_or_default();
            inner
                .add_transform(&spec(transform), &transform.highlight_mapnums, symbol)
                .map_err(|error| compile_error(error, transform))?;
        }
        for query in queries {
            inner.add_query(query).map_err(internal)?.map_err(|fault| {
                let (reason, _) = in_characters(fault, query);
                Error::invalid_option(QUERY, format!("{query:?}: {reason}"))
            })?;
        }
        Ok(Self { inner })
    }
}

impl Illustrator for RdkitIllustrator {
    fn molecule(&mut self, smiles: &str, atoms: &[i32]) -> Result<Picture, Error> {
        self.inner.molecule(smiles, atoms).map(picture).map_err(internal)
    }

    fn product(&mut self, smiles: &str, atoms: &[i32], origin: &Origin<'_>) -> Result<Picture, Error> {
        let Origin { parent, site_atoms, product_index, transform } = *origin;
        let origin = sys::ProductOrigin { parent, site_atoms, product_index, transform };
        self.inner.product(smiles, atoms, &origin).map(picture).map_err(internal)
    }
}

fn picture(view: sys::PictureView) -> Picture {
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    Picture {
        svg: some(view.svg),
        parent_svg: some(view.parent_svg),
        fault: some(view.fault),
        matches: view.matches,
    }
}
