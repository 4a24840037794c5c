//! The counts of charged rows without a site, some of which are tried neutral.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// Rows below which the share of those that have a site says little.
const LEAST: u64 = 20;

/// Rows that were tried neutral: without `standardize`, one in 100 of those with a net charge in which no transform has a
/// site, chosen by their text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargedRows {
    /// Rows that were tried.
    #[serde(default)]
    pub charged_tried: u64,
    /// How many of them then have a site of some transform.
    #[serde(default)]
    pub charged_found: u64,
    /// The first of these, as its position in the library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charged_example: Option<u64>,
}

impl AddAssign for ChargedRows {
    fn add_assign(&mut self, other: Self) {
        self.charged_tried += other.charged_tried;
        self.charged_found += other.charged_found;
        self.charged_example = self.charged_example.into_iter().chain(other.charged_example).min();
    }
}

impl ChargedRows {
    /// A warning if more than a tenth of enough rows would have a site if they were neutral.
    pub fn warning(&self) -> Option<String> {
        let Self { charged_tried: tried, charged_found: found, charged_example } = *self;
        let example = charged_example.filter(|_| tried >= LEAST && 10 * found > tried)?;
        let share = 100.0 * found as f64 / tried as f64;
        Some(format!(
            "{found} of {tried} charged rows without a site ({share:.1} %), tried as a sample, have one when they are \
             neutral, for example row {example}; --standardize neutral or parent makes them so"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(charged_tried: u64, charged_found: u64, charged_example: Option<u64>) -> ChargedRows {
        ChargedRows { charged_tried, charged_found, charged_example }
    }

    #[test]
    fn more_than_a_tenth_of_twenty_rows_gives_a_warning() {
        assert_eq!(rows(0, 0, None).warning(), None);
        assert_eq!(rows(19, 19, Some(3)).warning(), None, "too few");
        assert_eq!(rows(20, 2, Some(3)).warning(), None, "a tenth");
        let warning = rows(20, 3, Some(7)).warning().unwrap();
        assert!(warning.starts_with("3 of 20 charged rows without a site (15.0 %)"), "{warning}");
        assert!(warning.contains("row 7;") && warning.contains("--standardize"), "{warning}");
    }

    #[test]
    fn the_example_is_the_first_row_of_all() {
        let mut all = rows(4, 1, Some(9));
        all += rows(3, 0, None);
        assert_eq!(all, rows(7, 1, Some(9)));
        all += rows(2, 2, Some(5));
        assert_eq!(all, rows(9, 3, Some(5)));
    }
}
