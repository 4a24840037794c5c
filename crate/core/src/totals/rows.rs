//! The outcomes of rows.

use super::counts::counts;

/// The four outcomes of a row, worst first, so that the best of several is their maximum. The numbers are those of
/// `Outcome` in `xform-rdkit-sys`, and those in a cluster's records.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowOutcome {
    /// No match of the reactant template.
    NoSite = 0,
    /// There are matches, but each of them is excluded.
    AllSitesExcluded = 1,
    /// The row itself is bad, or a site failed and no site gave a product.
    Rejected = 2,
    /// At least one product.
    WithProducts = 3,
}

impl RowOutcome {
    /// Every outcome, worst first.
    const ALL: [Self; 4] = [Self::NoSite, Self::AllSitesExcluded, Self::Rejected, Self::WithProducts];

    /// The outcome with that number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| *outcome as u8 == number)
    }

    /// The outcome with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == name)
    }

    /// Its name, which is also that of its count in [`RowCounts`].
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoSite => "no_site",
            Self::AllSitesExcluded => "all_sites_excluded",
            Self::Rejected => "rejected",
            Self::WithProducts => "with_products",
        }
    }
}

/// The result of one row, over all transforms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowResult {
    /// The best outcome over all transforms.
    pub outcome: RowOutcome,
    /// Whether at least one transform counts it as rejected.
    pub rejected: bool,
}

counts! {
    /// Rows by outcome, each row once, however many transforms there are.
    RowCounts {
        // The predecessor's readers expect that key.
        /// Rows with a product of any transform.
        #[serde(rename = "success")]
        with_products,
        /// Rows without a site of any transform.
        no_site,
        /// Rows with sites, all excluded.
        all_sites_excluded,
        /// Rows without a product that are bad or have a failed site.
        rejected,
    }
}

impl RowCounts {
    /// Whether there are rows and all of them were rejected.
    pub fn all_rejected(&self) -> bool {
        self.rejected > 0 && self.rejected == self.total()
    }

    /// Counts one row.
    pub fn add(&mut self, outcome: RowOutcome) {
        *match outcome {
            RowOutcome::WithProducts => &mut self.with_products,
            RowOutcome::NoSite => &mut self.no_site,
            RowOutcome::AllSitesExcluded => &mut self.all_sites_excluded,
            RowOutcome::Rejected => &mut self.rejected,
        } += 1;
    }

    /// Rows with an outcome.
    pub fn total(&self) -> u64 {
        self.values().iter().sum()
    }
}
