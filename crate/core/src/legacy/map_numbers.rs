//! The map numbers by which a site is found in a product's mapped SMILES.

use std::collections::HashSet;

/// The numbers in `mapped_smiles` of the atoms `site`, which are indices in the parent, in their order, as JSON. An atom
/// that the product lacks has no number.
pub(super) fn of_site(mapped_smiles: &str, site: &[i32]) -> String {
    let present: HashSet<i64> = map_numbers(mapped_smiles).collect();
    let numbers = site.iter().map(|&index| i64::from(index) + 1).filter(|number| present.contains(number));
    let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
    format!("[{}]", numbers.join(","))
}

/// The map numbers of a SMILES: what follows a colon within brackets. A colon elsewhere is a bond.
fn map_numbers(smiles: &str) -> impl Iterator<Item = i64> {
    let atoms = smiles.split('[').skip(1).filter_map(|atom| atom.split_once(']'));
    atoms.filter_map(|(atom, _)| atom.rsplit_once(':')?.1.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_has_the_numbers_of_the_atoms_that_are_left() {
        let product = "C[O:1][c:2]1[cH:3][nH:14][13cH:5][cH:6]1";
        assert_eq!(of_site(product, &[1, 0]), "[2,1]", "in the order of the site");
        assert_eq!(of_site(product, &[13, 6]), "[14]", "atom 6 went");
        assert_eq!(of_site(product, &[]), "[]");
        assert_eq!(of_site("[NH4+]", &[0]), "[]");
        assert_eq!(of_site("C:1:C:C:1.[O-:12]", &[0, 11]), "[12]", "a bond is not a number");
    }
}
