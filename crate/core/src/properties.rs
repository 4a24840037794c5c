//! Properties of products: which of those that an engine declares a run computes.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::suggest::nearest;

/// Chooses all properties.
pub const ALL: &str = "all";
/// Chooses those that are declared as quick.
pub const QUICK: &str = "quick";

/// Names that a message suggests at most.
const SUGGESTIONS: usize = 3;

/// A property that an engine can compute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredProperty {
    /// The name of its column.
    pub name: String,
    /// Whether [`QUICK`] chooses it.
    pub is_quick: bool,
}

/// The properties that a user has chosen: names, [`QUICK`] and [`ALL`], each once, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PropertyChoice(Vec<String>);

impl PropertyChoice {
    /// The choice of these names, in any order; each may be a comma list.
    pub fn new(names: &[impl AsRef<str>]) -> Self {
        let each = names.iter().flat_map(|name| name.as_ref().split(',')).map(str::trim);
        let mut names: Vec<String> = each.filter(|name| !name.is_empty()).map(str::to_owned).collect();
        names.sort();
        names.dedup();
        Self(names)
    }

    /// The choice with another name, if there is one.
    pub fn with(&self, name: Option<&str>) -> Self {
        let names: Vec<&str> = self.0.iter().map(String::as_str).chain(name).collect();
        Self::new(&names)
    }

    /// Whether nothing is chosen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of the chosen ones of the `declared` properties, in their order.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a name that is not declared, with those most like it.
    pub fn of(&self, declared: &[DeclaredProperty]) -> Result<Vec<String>, Error> {
        let has = |name: &str| self.0.iter().any(|chosen| chosen == name);
        let names = || declared.iter().map(|property| property.name.as_str());
        let is_known = |name: &&String| [ALL, QUICK].into_iter().chain(names()).any(|known| known == *name);
        if let Some(unknown) = self.0.iter().find(|name| !is_known(name)) {
            return Err(Error::invalid_option("properties", unknown_reason(unknown, names())));
        }
        let is_chosen = |property: &&DeclaredProperty| {
            has(ALL) || (has(QUICK) && property.is_quick) || has(&property.name)
        };
        Ok(declared.iter().filter(is_chosen).map(|property| property.name.clone()).collect())
    }
}

fn unknown_reason<'a>(name: &str, declared: impl Iterator<Item = &'a str> + Clone) -> String {
    let like = nearest(name, declared.clone().chain([QUICK, ALL]), SUGGESTIONS);
    if like.is_empty() {
        let all: Vec<&str> = declared.collect();
        return format!("{name:?} is not a property; there are {}, {QUICK} and {ALL}", all.join(", "));
    }
    format!("{name:?} is not a property; did you mean {}?", like.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared() -> Vec<DeclaredProperty> {
        let property = |name: &str, is_quick| DeclaredProperty { name: name.to_owned(), is_quick };
        vec![property("MW", true), property("TPSA", true), property("QED", false), property("Rings", false)]
    }

    fn chosen(names: &[&str]) -> Result<Vec<String>, String> {
        PropertyChoice::new(names).of(&declared()).map_err(|error| error.to_string())
    }

    #[test]
    fn names_choose_in_declared_order_each_once() {
        assert_eq!(chosen(&[]).unwrap(), Vec::<String>::new());
        assert_eq!(chosen(&["QED, MW", "QED"]).unwrap(), ["MW", "QED"]);
        assert_eq!(chosen(&["quick"]).unwrap(), ["MW", "TPSA"]);
        assert_eq!(chosen(&["Rings,quick"]).unwrap(), ["MW", "TPSA", "Rings"]);
        assert_eq!(chosen(&["MW", "all"]).unwrap(), ["MW", "TPSA", "QED", "Rings"]);
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_nearest_ones() {
        let refused = |name| chosen(&["MW", name]).unwrap_err();
        assert_eq!(refused("mw"), "properties: \"mw\" is not a property; did you mean MW?");
        assert_eq!(refused("Ring"), "properties: \"Ring\" is not a property; did you mean Rings?");
        let all = "properties: \"weight\" is not a property; there are MW, TPSA, QED, Rings, quick and all";
        assert_eq!(refused("weight"), all);
    }

    #[test]
    fn the_spelling_of_a_choice_does_not_matter() {
        let choice = PropertyChoice::new(&["MW", " TPSA", "MW"]);
        assert_eq!(PropertyChoice::new(&["TPSA,MW,"]), choice);
        assert_eq!((choice.with(None), choice.with(Some("MW"))), (choice.clone(), choice.clone()));
        assert_eq!(PropertyChoice::new(&["TPSA"]).with(Some("MW")), choice);
    }
}
