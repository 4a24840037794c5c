//! How a caller provides pictures of molecules.

use crate::error::Error;
use crate::transform::Transform;

/// A picture of a molecule, and of its parent beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picture {
    /// The molecule, as SVG of a fixed size with a transparent background; `None` if it cannot be drawn.
    pub svg: Option<String>,
    /// Its parent, in the same orientation; `None` if there is none or it cannot be drawn.
    pub parent_svg: Option<String>,
    /// Why something is missing, or why a product does not lie as its parent does.
    pub fault: Option<String>,
    /// For each query, whether the molecule has a match.
    pub matches: Vec<bool>,
}

/// Where a product comes from.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The SMILES of the parent that reacted.
    pub parent: &'a str,
    /// The atoms of the site, in template order, as indices of that parent.
    pub site_atoms: &'a [i32],
    /// The product template, from 0.
    pub product_index: i32,
    /// The position of the transform among those that the illustrator was made with; `None` if it is not known.
    pub transform: Option<usize>,
}

/// Draws molecules, on one thread. The same molecule gives the same picture on each.
pub trait Illustrator {
    /// A molecule in which these atoms, as positions in the SMILES, are highlighted. What a toolkit cannot read or draw has
    /// a fault in place of a picture.
    ///
    /// # Errors
    /// An internal error.
    fn molecule(&mut self, smiles: &str, atoms: &[i32]) -> Result<Picture, Error>;

    /// A product beside its parent, in which the atoms that both have lie in the same way, with the site highlighted as its
    /// transform says. `atoms` are those of the product's site.
    ///
    /// # Errors
    /// An internal error.
    fn product(&mut self, smiles: &str, atoms: &[i32], origin: &Origin<'_>) -> Result<Picture, Error>;
}

/// Makes an illustrator for the calling thread: for products of these transforms, with these SMARTS as queries, whose
/// matches it highlights.
///
/// # Errors
/// [`Error::InvalidOption`] for a query that is not a SMARTS, and those of a toolkit that cannot be used.
pub type MakeIllustrator<'a> =
    dyn Fn(&[Transform], &[String]) -> Result<Box<dyn Illustrator>, Error> + Sync + 'a;
