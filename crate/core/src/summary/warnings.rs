//! The warnings that follow from the figures of a result.

use super::Summary;
use crate::dedup::BloomReport;
use crate::journal::QuarantineCounts;
use crate::known::KnownFile;
use crate::output::REJECTS_FILE;
use crate::restarts::Restarts;
use crate::standardization::Standardization;
use crate::totals::TransformSums;

/// Transforms without a site that a warning names; the counts in the summary show the others.
const NAMED: usize = 10;

impl Summary {
    /// The warnings that follow from the figures alone. A merge leaves out those of its shards, and `verify` expects
    /// them.
    pub fn warnings_of_figures(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        warnings.extend(restarted(&self.restarts));
        warnings.extend(left_out(self.quarantined));
        warnings.extend(replaced(self.totals.replaced_values));
        warnings.extend(self.totals.unlisted.warning());
        warnings.extend(simplified(self.totals.rows_simplified));
        warnings.extend(self.known_files.iter().filter_map(KnownFile::warning));
        warnings.extend(without_site(&self.totals.transforms));
        warnings.extend(self.totals.charged.warning());
        warnings.extend(self.totals.transforms.iter().filter_map(|transform| transform.warning()));
        warnings.extend(without_stereo_groups(&self.totals.transforms, self.options.standardize));
        warnings.extend(self.dedup.bloom.iter().flat_map(mistaken));
        warnings
    }
}

fn restarted(restarts: &Restarts) -> Option<String> {
    let times = match restarts.total {
        0 => return None,
        1 => "once".to_owned(),
        total => format!("{total} times"),
    };
    let reasons: Vec<String> =
        restarts.reasons.iter().map(|(reason, count)| format!("{reason} {count}x")).collect();
    Some(format!("the process that runs RDKit died and was restarted {times} ({})", reasons.join(", ")))
}

fn left_out(QuarantineCounts { crashed, timed_out, out_of_memory }: QuarantineCounts) -> Vec<String> {
    let on_another_machine = "on another machine they may not, so the output of another run may differ";
    let kinds = [
        (crashed, format!("crashed the process and were left out; {REJECTS_FILE} names them (code crashed)")),
        (
            timed_out,
            format!(
                "took more time than --mol-timeout and were left out (code timed_out); {on_another_machine}"
            ),
        ),
        (
            out_of_memory,
            format!(
                "ran out of memory even when tried alone and were left out (code out_of_memory); {on_another_machine}"
            ),
        ),
    ];
    kinds
        .into_iter()
        .filter(|&(rows, _)| rows > 0)
        .map(|(rows, words)| format!("{rows} rows {words}"))
        .collect()
}

fn replaced(values: u64) -> Option<String> {
    (values > 0).then(|| {
        format!(
            "{values} values in carried columns could not be kept as they were: bytes that are not valid UTF-8 became \
             U+FFFD, and INT96 timestamps lost parts of a microsecond"
        )
    })
}

fn simplified(rows: u64) -> Option<String> {
    (rows > 0).then(|| {
        format!(
            "{rows} mol blocks have substance groups, attachment points or link nodes, which their SMILES, and so their \
             products, do not show"
        )
    })
}

/// One warning for all, since a run of thousands of rules has hundreds that find nothing.
fn without_site(transforms: &[TransformSums]) -> Option<String> {
    let found_none: Vec<_> = transforms.iter().filter(|transform| transform.sums.tally.sites == 0).collect();
    let rows = found_none.first()?.sums.rows;
    let names: Vec<_> =
        found_none.iter().take(NAMED).map(|transform| format!("{:?}", transform.name)).collect();
    let names = names.join(", ");
    Some(match found_none.len() {
        1 => format!("transform {names} found no site in {rows} rows"),
        count if count <= NAMED => format!("{count} transforms found no site in {rows} rows: {names}"),
        count => {
            let more = count - NAMED;
            format!(
                "{count} transforms found no site in {rows} rows: {names} and {more} more, whose sums have sites: 0"
            )
        }
    })
}

/// A row counts for each transform, so that only the largest count is certain to count no row twice.
fn without_stereo_groups(transforms: &[TransformSums], standardize: Standardization) -> Option<String> {
    let counts = transforms.iter().map(|transform| transform.sums.tally.rows_stereo_groups_dropped);
    let counts: Vec<u64> = counts.filter(|&rows| rows > 0).collect();
    let rows = counts.iter().max()?;
    let bound = if counts.len() > 1 { "at least " } else { "" };
    let advice = match standardize {
        Standardization::None => "--cxsmiles writes them",
        _ => "standardized parents have none",
    };
    Some(format!("{bound}{rows} rows have stereo groups that their products do not show; {advice}"))
}

fn mistaken(bloom: &BloomReport) -> Vec<String> {
    let overfilled = bloom.overfilled.then(|| {
        format!(
            "the Bloom filter holds more than the {} products it was sized for; it mistakes {:.2} % of new products for \
             duplicates; raise --bloom-expected-items or use --dedup exact",
            bloom.expected_items,
            100.0 * bloom.expected_false_positive_rate
        )
    });
    let lost = (bloom.expected_lost >= 0.5).then(|| {
        let observed = bloom.observed_false_positive_rate;
        let observed = observed.map(|rate| format!(" ({:.4} % of a sample were)", 100.0 * rate));
        format!(
            "about {:.0} new products were probably mistaken for duplicates and lost{}; --dedup exact loses none",
            bloom.expected_lost,
            observed.unwrap_or_default()
        )
    });
    overfilled.into_iter().chain(lost).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::totals::{Sums, Tally};

    /// Transforms `t0`, `t1` and so on, with these counts of sites.
    fn warning(sites: &[u64]) -> Option<String> {
        let sums = |&sites| Sums { rows: 7, tally: Tally { sites, ..Tally::default() }, ..Sums::new(false) };
        let transform = |(index, sites)| TransformSums {
            name: format!("t{index}"),
            sums: sums(sites),
            commonest_failure: None,
        };
        without_site(&sites.iter().enumerate().map(transform).collect::<Vec<_>>())
    }

    #[test]
    fn dropped_stereo_groups_are_warned_of_once() {
        let dropped = |rows: &[u64]| {
            let sums = |&rows_stereo_groups_dropped| Sums {
                tally: Tally { rows_stereo_groups_dropped, ..Tally::default() },
                ..Sums::new(false)
            };
            let transform =
                |rows| TransformSums { name: "t".to_owned(), sums: sums(rows), commonest_failure: None };
            without_stereo_groups(&rows.iter().map(transform).collect::<Vec<_>>(), Standardization::None)
        };
        assert_eq!(dropped(&[0, 0]), None);
        let words = "rows have stereo groups that their products do not show; --cxsmiles writes them";
        assert_eq!(dropped(&[0, 3]), Some(format!("3 {words}")));
        assert_eq!(dropped(&[2, 3]), Some(format!("at least 3 {words}")));
    }

    #[test]
    fn transforms_without_a_site_share_a_warning() {
        assert_eq!(warning(&[1, 2]), None);
        assert_eq!(warning(&[1, 0]).unwrap(), "transform \"t1\" found no site in 7 rows");
        assert_eq!(warning(&[0, 3, 0]).unwrap(), "2 transforms found no site in 7 rows: \"t0\", \"t2\"");
        let many = warning(&[0; 12]).unwrap();
        assert!(many.ends_with("\"t9\" and 2 more, whose sums have sites: 0"), "{many}");
    }
}
