//! The outcomes of rows.

use super::counts::counts;
use crate::codes::named;

named! {
    /// The four outcomes of a row, worst first, so that the best of several is their maximum. Their order is that of
    /// `Outcome` in `xform-rdkit-sys`, and of the numbers in a cluster's records. Their names are those of the counts
    /// in [`RowCounts`].
    #[repr(u8)]
    #[derive(PartialOrd, Ord)]
    RowOutcome {
        NoSite = "no_site", "no match of the reactant template";
        AllSitesExcluded = "all_sites_excluded", "there are matches, but each of them is excluded";
        Rejected = "rejected", "the row itself is bad, or a site failed and no site gave a product";
        WithProducts = "with_products", "at least one made product";
    }
}

impl RowOutcome {
    /// The outcome with that number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

/// The result of one row, over all transforms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowResult {
    /// The best outcome over all transforms.
    pub outcome: RowOutcome,
    /// Whether at least one transform counts it as rejected.
    pub rejected: bool,
    /// Whether standardizing made another molecule of it.
    pub standardized: bool,
    /// Whether it is a mol block that says more of its molecule than a SMILES can, stereo groups aside.
    pub simplified: bool,
    /// Its sites, of all transforms, excluded or not.
    pub sites: u64,
}

impl RowResult {
    /// The result of a row without a site whose molecule is its own parent.
    pub fn of(outcome: RowOutcome, rejected: bool) -> Self {
        Self { outcome, rejected, standardized: false, simplified: false, sites: 0 }
    }

    /// The result of a row with this many sites.
    pub fn with_sites(self, sites: u64) -> Self {
        Self { sites, ..self }
    }
}

counts! {
    /// Rows by outcome, each row once, however many transforms there are.
    RowCounts {
        // The predecessor's readers expect that key.
        /// Rows with a made product of any transform.
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
