//! The deduplication modes. Each is declared here: its name, its documentation, and what it means for the rest of a
//! run. `plan.rs` makes them.

use serde::{Deserialize, Serialize};

/// How products that were seen before are recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DedupMode {
    /// Every product once, none lost.
    Exact,
    /// A Bloom filter: constant memory, and occasionally a new product is mistaken for a duplicate and lost.
    Bloom,
    /// All products.
    None,
}

/// What a mode means for the rest of a run.
#[derive(Debug)]
pub struct ModeFacts {
    /// Its name on the command line and in files.
    pub name: &'static str,
    /// What the documentation adds to the name.
    pub note: Option<&'static str>,
    /// Its description in the help, with which that in the documentation begins.
    pub brief: &'static str,
    /// The rest of its description in the documentation.
    pub details: &'static str,
    /// Whether duplicates are written as well.
    pub keeps_repeats: bool,
    /// Whether new products may be lost. Products left out then count as `dropped_as_seen`, not as `duplicates`.
    pub is_lossy: bool,
    /// Whether rows may be deferred. Those that prove unique follow all others.
    pub defers: bool,
    /// Why a cluster does not support this mode; `None` if it does.
    pub not_on_cluster: Option<&'static str>,
    /// Why the rows that gave the same product cannot be listed in this mode; `None` if they can.
    pub lists_no_parents: Option<&'static str>,
}

impl DedupMode {
    /// Every mode, in the documented order.
    pub const ALL: [Self; 3] = [Self::Exact, Self::Bloom, Self::None];

    /// Their names, each with its brief.
    pub const BRIEFS: [(&'static str, &'static str); Self::ALL.len()] = {
        let mut briefs = [("", ""); Self::ALL.len()];
        let mut index = 0;
        while index < briefs.len() {
            let facts = Self::ALL[index].facts();
            briefs[index] = (facts.name, facts.brief);
            index += 1;
        }
        briefs
    };

    /// What the mode means for the rest of a run.
    pub const fn facts(self) -> &'static ModeFacts {
        match self {
            Self::Exact => &ModeFacts {
                name: "exact",
                note: Some("default"),
                brief: "each product of a transform once",
                details: "none is lost, in constant memory; products that a filter may have seen are settled on disk at \
                          the end",
                keeps_repeats: false,
                is_lossy: false,
                defers: true,
                not_on_cluster: None,
                lists_no_parents: None,
            },
            Self::Bloom => &ModeFacts {
                name: "bloom",
                note: Some("`--use-bloom-filter`"),
                brief: "in constant memory, with a small loss",
                details: "occasionally a new product is mistaken for a duplicate and lost. The summary reports how full \
                          the filter is, how many losses to expect, and the share of false positives on a sample",
                keeps_repeats: false,
                is_lossy: true,
                defers: false,
                not_on_cluster: Some("bloom needs the products in one place"),
                lists_no_parents: Some("bloom mistakes some products for others"),
            },
            Self::None => &ModeFacts {
                name: "none",
                note: None,
                brief: "all products",
                details: "one row per distinct product of each parent",
                keeps_repeats: true,
                is_lossy: false,
                defers: false,
                not_on_cluster: None,
                lists_no_parents: Some("none writes a row of products.parquet for each of them"),
            },
        }
    }
}
