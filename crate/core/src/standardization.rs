//! Standardization: what an engine makes of each molecule of the library before any transform sees it.

use serde::{Deserialize, Serialize};

/// How the molecules of the library are standardized. What comes of it is the parent of all that follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standardization {
    /// Not at all.
    #[default]
    None,
    /// RDKit's `Cleanup`.
    Cleanup,
    /// RDKit's `Cleanup`, then its `Uncharger`.
    Neutral,
    /// RDKit's `ChargeParent`.
    Parent,
}

impl Standardization {
    /// Their names, each with its meaning.
    pub const NAMED: [(&'static str, &'static str); 4] = [
        ("none", "take them as they are"),
        ("cleanup", "cut bonds to metals, normalize functional groups, ionize the strongest acids first"),
        ("neutral", "`cleanup`, then add or remove protons until the molecule is neutral, if it can be"),
        ("parent", "`cleanup`, keep the largest fragment and neutralize it"),
    ];

    /// Its name for an engine; `None` if it has nothing to do.
    pub fn function(self) -> Option<&'static str> {
        (self != Self::None).then(|| Self::NAMED[self as usize].0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_the_name_of_its_place() {
        let all = [
            Standardization::None,
            Standardization::Cleanup,
            Standardization::Neutral,
            Standardization::Parent,
        ];
        for (how, (name, _)) in all.into_iter().zip(Standardization::NAMED) {
            assert_eq!(serde_json::to_value(how).unwrap(), name);
            assert_eq!(how.function(), Some(name).filter(|_| how != Standardization::None));
        }
    }
}
