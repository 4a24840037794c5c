//! The recheck: some rows are made a second time, with the toolkit alone, and both results are compared.
//!
//! The choice depends only on the text of a row, so that it is the same for any number of workers, in a resumed run, in
//! shards and on a cluster. A difference ends the run ([`Error::RecheckDiffers`]). A recheck that cannot be finished changes
//! nothing but the count `recheck_incomplete`. Rows that are tried neutral are chosen and recorded in the same way.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::engine::{Batch, EngineOutput, Skip, SmilesBatch, Worker};
use crate::error::Error;

/// The share of rows that are tried neutral if they are charged and without a site.
const TRIED: f64 = 0.01;

/// How a run uses the short cuts of its engine, which rows it rechecks, and whether it tries charged rows neutral.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recheck {
    fast: bool,
    share: f64,
    #[serde(default)]
    tries_charged: bool,
    #[serde(skip)]
    given_up: BTreeSet<u64>,
}

impl Default for Recheck {
    /// A fast engine, and no row rechecked.
    fn default() -> Self {
        Self::new(true, 0.0)
    }
}

impl Recheck {
    /// Rechecks this share of the rows, from 0 to 1; none if the engine is not `fast`, since there is nothing to compare.
    pub fn new(fast: bool, share: f64) -> Self {
        Self { fast, share, tries_charged: false, given_up: BTreeSet::new() }
    }

    /// The same; if so, one row in 100 is tried neutral if it is charged and without a site.
    pub fn trying_charged(self, tries_charged: bool) -> Self {
        Self { tries_charged, ..self }
    }

    /// The same, except for rows whose recheck the process has not survived.
    pub fn without(self, given_up: BTreeSet<u64>) -> Self {
        Self { given_up, ..self }
    }

    /// Applies all transforms to the rows of a micro-batch, with the rechecks that fall to it.
    ///
    /// # Errors
    /// Those of [`Worker::run`].
    pub fn run(
        &self,
        worker: &mut dyn Worker,
        first_row: u64,
        smiles: &SmilesBatch,
        skips: &[Skip],
    ) -> Result<EngineOutput, Error> {
        let rechecked_share = if self.fast { self.share } else { 0.0 };
        let tried_share = if self.tries_charged { TRIED } else { 0.0 };
        let chosen = |share: f64| {
            (0..smiles.len() as u32).filter(move |&row| is_chosen(smiles.get(row as usize), share))
        };
        let is_given_up = |row: &u32| self.given_up.contains(&(first_row + u64::from(*row)));
        let (given_up, rechecks): (Vec<u32>, Vec<u32>) = chosen(rechecked_share).partition(is_given_up);
        let trials: Vec<u32> = chosen(tried_share).filter(|row| !is_given_up(row)).collect();
        let (fast, mut output) = (self.fast, EngineOutput::default());
        let batch = Batch { first_row, smiles, skips, fast, rechecks: &rechecks, trials: &trials };
        worker.run(batch, &mut output)?;
        let counts = &mut output.rechecked.counts;
        counts.rows_rechecked += given_up.len() as u64;
        counts.recheck_incomplete += given_up.len() as u64;
        counts.rows_plain = if self.fast { 0 } else { smiles.len() as u64 };
        Ok(output)
    }
}

/// Whether the row with that text belongs to this share of all rows.
fn is_chosen(smiles: &[u8], share: f64) -> bool {
    // 2^64 values of the hash are more than an f64 can tell apart, which does not matter for a share.
    share > 0.0 && xxh3_64(smiles) as f64 <= share * u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds no site in any row, and records what it was asked to recheck and to try.
    #[derive(Default)]
    struct Recorder(Vec<u32>, Vec<u32>);

    impl Worker for Recorder {
        fn run(&mut self, batch: Batch<'_>, output: &mut EngineOutput) -> Result<(), Error> {
            (self.0, self.1) = (batch.rechecks.to_vec(), batch.trials.to_vec());
            output.rechecked.counts.rows_rechecked = batch.rechecks.len() as u64;
            Ok(())
        }
    }

    fn rows(count: usize) -> SmilesBatch {
        let mut rows = SmilesBatch::default();
        (1..=count).for_each(|length| rows.push("C".repeat(length).as_bytes()));
        rows
    }

    fn asked(recheck: &Recheck, first_row: u64, smiles: &SmilesBatch) -> (Vec<u32>, EngineOutput) {
        let mut worker = Recorder::default();
        let output = recheck.run(&mut worker, first_row, smiles, &[]).unwrap();
        (worker.0, output)
    }

    #[test]
    fn rows_are_chosen_by_their_text_at_about_the_share() {
        let rows = rows(2_000);
        for (share, least, most) in [(0.0, 0, 0), (0.1, 140, 260), (1.0, 2_000, 2_000)] {
            let recheck = Recheck::new(true, share);
            let (chosen, _) = asked(&recheck, 0, &rows);
            assert!((least..=most).contains(&chosen.len()), "{share}: {}", chosen.len());
            assert_eq!(asked(&recheck, 77, &rows).0, chosen, "the position does not matter");
        }
        let (few, more) = (Recheck::new(true, 0.1), Recheck::new(true, 0.2));
        let more: BTreeSet<u32> = asked(&more, 0, &rows).0.into_iter().collect();
        assert!(
            asked(&few, 0, &rows).0.iter().all(|row| more.contains(row)),
            "a larger share has all of them"
        );
    }

    #[test]
    fn a_row_whose_recheck_was_given_up_counts_as_incomplete() {
        let recheck = Recheck::new(true, 1.0).without([11, 40].into());
        let (chosen, output) = asked(&recheck, 10, &rows(3));
        assert_eq!(chosen, [0, 2]);
        let counts = output.rechecked.counts;
        assert_eq!((counts.rows_rechecked, counts.recheck_incomplete), (3, 1));
    }

    #[test]
    fn one_row_in_a_hundred_is_tried_if_wanted() {
        let rows = rows(2_000);
        let tried = |recheck: &Recheck| {
            let mut worker = Recorder::default();
            recheck.run(&mut worker, 10, &rows, &[]).unwrap();
            worker.1
        };
        assert!(tried(&Recheck::default()).is_empty());
        let trying = Recheck::new(false, 0.0).trying_charged(true);
        let chosen = tried(&trying);
        assert!((10..=35).contains(&chosen.len()), "{}", chosen.len());
        let first = u64::from(chosen[0]) + 10;
        assert_eq!(
            tried(&trying.without([first].into())),
            chosen[1..],
            "not what the process did not survive"
        );
    }

    #[test]
    fn with_the_toolkit_alone_there_is_nothing_to_recheck() {
        let (chosen, output) = asked(&Recheck::new(false, 1.0), 0, &rows(3));
        assert!(chosen.is_empty());
        let counts = output.rechecked.counts;
        assert_eq!((counts.rows_plain, counts.rows_rechecked), (3, 0));
    }
}
