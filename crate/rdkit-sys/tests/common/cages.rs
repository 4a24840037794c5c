//! Molecules with more and more rings, made from others by closing rings within them.

use xform_rdkit_sys::{CompileError, Spellings, TransformSpec, product_spellings};

/// Reactions that close a ring: cyclopropanes, [2+2] and Diels-Alder additions within the molecule, ethers.
const CLOSURES: &[&str] = &[
    "[C;H1,H2:1][C;H1,H2:2]>>[C:1]1[C:2]C1",
    "[C;H1,H2:1][C:2][C;H1,H2:3]>>[C:1]1[C:2][C:3]1",
    "[CH2:1]>>[C:1]1CC1",
    "([C:1]=[C:2].[C:3]=[C:4])>>[C:1]1[C:2][C:3][C:4]1",
    "([C:1]=[C:2][C:3]=[C:4].[C:5]=[C:6])>>[C:1]1[C:2]=[C:3][C:4][C:5][C:6]1",
    "([C;!$(C=O):1][OH:2].[C;!$(C=O):3][OH])>>[C:1][O:2][C:3]",
];
/// Reactions that do not change the rings.
const OTHERS: &[&str] = &["[CH2:1]>>[C:1]=O", "[C;R:1]>>[C:1]"];

/// The number of products compared, and those whose two spellings differ.
#[derive(Debug, Default)]
pub struct Compared {
    pub products: usize,
    pub different: Vec<Difference>,
}

/// A product that the kernel writes differently from RDKit.
#[derive(Debug)]
pub struct Difference {
    pub parent: String,
    pub smirks: &'static str,
    pub spellings: Spellings,
}

/// Compares the kernel's spelling with RDKit's for all products of `parent`, then of up to `cages` of its products
/// with more rings, and so on, for the given number of `generations`.
///
/// # Errors
/// A SMILES that RDKit refuses.
pub fn compare(
    parent: &str,
    generations: u32,
    cages: usize,
    compared: &mut Compared,
) -> Result<(), CompileError> {
    let mut closed = Vec::new();
    for (smirks, closes) in
        CLOSURES.iter().map(|smirks| (smirks, true)).chain(OTHERS.iter().map(|smirks| (smirks, false)))
    {
        for spellings in product_spellings(&TransformSpec::new(smirks), parent)? {
            compared.products += 1;
            if closes {
                closed.push(spellings.rdkit.smiles.clone());
            }
            if spellings.kernel != spellings.rdkit {
                compared.different.push(Difference { parent: parent.to_owned(), smirks, spellings });
            }
        }
    }
    if generations > 1 {
        let step = closed.len().div_ceil(cages.max(1)).max(1);
        // From the end, because ethers and additions between distant atoms make the more entangled rings.
        for cage in closed.iter().rev().step_by(step) {
            compare(cage, generations - 1, cages, compared)?;
        }
    }
    Ok(())
}
