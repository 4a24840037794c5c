//! The halogens of a molecule, from its formula.

/// The halogens, in the order in which they are listed, and their atoms in a molecule.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Halogens([u32; SYMBOLS.len()]);

const SYMBOLS: [&str; 4] = ["F", "Cl", "Br", "I"];

impl Halogens {
    /// Those of a molecule with this formula, as RDKit's `CalcMolFormula` writes it: symbols with numbers, then the charge.
    pub fn of_formula(formula: &str) -> Self {
        let mut found = Self::default();
        let mut rest = formula;
        while let Some(start) = rest.find(|character: char| character.is_ascii_uppercase()) {
            let element = &rest[start..];
            let symbol = 1 + length(&element[1..], |byte| byte.is_ascii_lowercase());
            let end = symbol + length(&element[symbol..], |byte| byte.is_ascii_digit());
            if let Some(at) = SYMBOLS.iter().position(|known| *known == &element[..symbol]) {
                found.0[at] += element[symbol..end].parse().unwrap_or(1);
            }
            rest = &element[end..];
        }
        found
    }

    /// Their symbols, with bars between them.
    pub fn set(self) -> String {
        self.present().map(|(symbol, _)| symbol).collect::<Vec<_>>().join("|")
    }

    /// The atoms of each, as JSON; `None` if there are none.
    pub fn counts(self) -> Option<String> {
        let counts: Vec<String> =
            self.present().map(|(symbol, count)| format!("\"{symbol}\":{count}")).collect();
        (!counts.is_empty()).then(|| format!("{{{}}}", counts.join(",")))
    }

    /// The first of which there are more atoms than in `parent`.
    pub fn introduced(self, parent: Self) -> Option<&'static str> {
        let atoms = self.0.iter().zip(parent.0);
        SYMBOLS.iter().zip(atoms).find_map(|(symbol, (&own, of_parent))| (own > of_parent).then_some(*symbol))
    }

    fn present(self) -> impl Iterator<Item = (&'static str, u32)> {
        SYMBOLS.into_iter().zip(self.0).filter(|&(_, count)| count > 0)
    }
}

/// Bytes at the start of `text` that are all `of_kind`.
fn length(text: &str, of_kind: fn(&u8) -> bool) -> usize {
    text.bytes().take_while(of_kind).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_read_symbol_by_symbol() {
        for (formula, atoms) in [
            ("", [0; 4]),
            ("C6H6", [0; 4]),
            ("CClF3", [3, 1, 0, 0]),
            ("C10H12Br2ClF3IN2O2", [3, 1, 2, 1]),
            ("CI12-3", [0, 0, 0, 12]),
            ("F-", [1, 0, 0, 0]),
            // No halogens: iron, chromium, beryllium, indium, iridium, californium, and a dummy atom.
            ("CHBeCfCrFeInIr*", [0; 4]),
            ("Cl2+2", [0, 2, 0, 0]),
        ] {
            assert_eq!(Halogens::of_formula(formula).0, atoms, "{formula}");
        }
    }

    #[test]
    fn what_is_listed_is_in_the_order_of_the_periodic_table() {
        let all = Halogens::of_formula("Br2Cl10F3I");
        assert_eq!(all.set(), "F|Cl|Br|I");
        assert_eq!(all.counts().unwrap(), r#"{"F":3,"Cl":10,"Br":2,"I":1}"#);
        let none = Halogens::default();
        assert_eq!((none.set(), none.counts()), (String::new(), None));
        assert_eq!(all.introduced(none), Some("F"));
        assert_eq!(all.introduced(Halogens::of_formula("F3Cl9Br2I")), Some("Cl"));
        assert_eq!(all.introduced(all), None);
        assert_eq!(none.introduced(all), None, "a halogen that went is not introduced");
    }
}
