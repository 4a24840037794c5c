//! The counts of an engine, and the warnings that follow from them.

use super::TransformSums;
use super::counts::counts;

counts! {
    /// The counts of an engine for one transform, added up over micro-batches. [`super::sums`] has the equations
    /// between them.
    Tally {
        /// Rows with at least one made product.
        rows_with_products,
        /// Rows without a match of the reactant template.
        rows_no_site,
        /// Rows all of whose sites were excluded.
        rows_all_sites_excluded,
        /// Bad rows, and rows without a product that have a failed site.
        rows_rejected,
        /// Matches of the reactant template.
        sites,
        /// Sites that were run and gave a product.
        sites_applied,
        /// Sites that `query_smarts` excludes.
        sites_excluded_query,
        /// Sites at which a `not_smarts` matches.
        #[serde(default)]
        sites_excluded_not_smarts,
        /// Sites in a sugar.
        sites_excluded_sugar,
        /// Sites beyond `max_sites_per_mol`.
        sites_excluded_limit,
        /// Sites that were run and gave no product.
        sites_failed,
        /// Results: sites that were run, times product templates.
        results,
        /// Results equal to a product that the parent already has.
        results_repeated,
        /// Results that could not be made.
        results_failed,
        /// Distinct products, summed over parents, before `--where`.
        made,
        /// Made products that are the parent itself; counted only if the templates keep all atoms and elements.
        #[serde(default)]
        products_same_as_parent,
        /// Rows with products whose stereo groups (CXSMILES) no column shows; 0 with `--cxsmiles`, unless standardized.
        #[serde(default)]
        rows_stereo_groups_dropped,
        /// Made products with a warning by InChI; counted only if `--properties` names `InChI` or `InChIKey`.
        #[serde(default)]
        inchi_warnings,
    }
}

impl TransformSums {
    /// A warning about the results of the transform, if there is a reason for one; the first reason counts.
    pub fn warning(&self) -> Option<String> {
        self.mostly_failed().or_else(|| self.mostly_unchanged())
    }

    fn mostly_unchanged(&self) -> Option<String> {
        let Self { name, sums, .. } = self;
        let (same, made) = (sums.tally.products_same_as_parent, sums.tally.made);
        (2 * same > made).then(|| {
            format!(
                "transform {name:?}: {same} of {made} products ({:.1} %) are the same as their parent; check the \
                 SMIRKS",
                100.0 * same as f64 / made as f64
            )
        })
    }

    fn mostly_failed(&self) -> Option<String> {
        let Self { name, sums, commonest_failure } = self;
        let failed = sums.tally.sites_failed;
        let run = failed + sums.tally.sites_applied;
        if failed <= run - failed {
            return None;
        }
        let cause = commonest_failure.as_ref().map(|failure| {
            let (code, row, reason) = (&failure.code, failure.source_row, &failure.reason);
            format!(", most often with code {code}, for example in row {row}: {reason}")
        });
        Some(format!(
            "transform {name:?}: {failed} of the {run} sites that were run ({:.1} %) gave no product{}; check the SMIRKS",
            100.0 * failed as f64 / run as f64,
            cause.unwrap_or_default()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::totals::Sums;

    fn warning(made: u64, products_same_as_parent: u64) -> Option<String> {
        let tally = Tally { sites: 9, sites_applied: 9, made, products_same_as_parent, ..Tally::default() };
        let sums = Sums { tally, ..Sums::new(false) };
        TransformSums { name: "T".to_owned(), sums, commonest_failure: None }.warning()
    }

    #[test]
    fn a_transform_that_gives_little_but_its_parents_is_warned_of() {
        assert_eq!([warning(0, 0), warning(4, 0), warning(4, 2)], [None, None, None], "at most half");
        assert_eq!(
            warning(4, 3).as_deref(),
            Some("transform \"T\": 3 of 4 products (75.0 %) are the same as their parent; check the SMIRKS")
        );
    }
}
