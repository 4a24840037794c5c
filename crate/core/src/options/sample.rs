//! The options that a sample has in addition to those that it shares with an export and with a run.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::declare::options;
use super::spec::{Command, OptionSpec, Range};
use super::value::{Kind, OptionValue};
use crate::error::Error;
use crate::source::KeepColumns;

/// Rows that a sample has if nothing else is asked for.
const ROWS: u64 = 100;

options! {
    /// Which rows of a table are picked, and where they go.
    pub struct SampleInput for &[Command::SampleTable];

    "Sample" {
        /// Rows to pick, at most 10,000,000. Memory is 16 bytes for each.
        n: u64 = ROWS => {
            help: "pick this many rows, at most 10,000,000",
            value: "rows",
            range: Range::Within(1, 10_000_000),
        }
        /// How rows are picked: `"random"`: each row with the same chance; `"stratified"`: so many rows of each combination of the
        /// values of `strata`; `"diverse"`: rows whose molecules differ from each other.
        by: SampleBy = SampleBy::Random => {
            help: "how rows are picked",
            value: "way",
        }
        /// Another seed picks other rows. The same seed picks the same rows of a table, whatever the number of workers.
        seed: u64 = 0 => {
            help: "pick other rows: the same seed always picks the same rows of a table",
            value: "number",
        }
        /// The columns whose values divide the rows into strata, at most 10,000: columns of text, whole numbers or true and false.
        strata: KeepColumns = KeepColumns::None => {
            help: "with `--by` stratified, required: the columns whose values divide the rows into strata, a comma list; at most \
                   10,000 strata",
            value: "names",
            default_text: "none",
        }
        /// How many rows each stratum gives. `"equal"`: the same number; what a stratum is too small for, the others give.
        /// `"proportional"`: its share of all rows, rounded by the largest remainder.
        allocation: Option<Allocation> = None => {
            help: "with `--by` stratified: how many rows each stratum gives",
            value: "way",
            default_text: "`equal`",
        }
        /// How diverse rows are picked. `"maxmin"`: next the one that is the farthest from all picked before. `"leader"`: in random
        /// order, those that are farther than `threshold` from all picked before, `n` at most.
        pick: Option<Pick> = None => {
            help: "with `--by` diverse: how rows are picked",
            value: "way",
            default_text: "`maxmin`",
        }
        /// The Tanimoto distance of Morgan fingerprints within which a picked row stands for others, from 0 to 1.
        threshold: Option<f64> = None => {
            help: "with `--pick` leader: the Tanimoto distance, from 0 to 1, within which a picked row stands for others",
            value: "distance",
            default_text: "0.35",
            range: Range::Within(0, 1),
        }
        /// Rows among which diverse ones are picked, at most 1,000,000: a random choice. Each takes 272 bytes of memory.
        pool: Option<u64> = None => {
            help: "with `--by` diverse: pick among this many random rows, at most 1,000,000; each takes 272 bytes of memory",
            value: "rows",
            default_text: "100000",
            range: Range::Within(1, 1_000_000),
        }
    }
    "Output" {
        /// The file to write, in any format of {@link exportTable}; `-` writes to standard output. An ending `.gz`, `.bz2`, `.zst`
        /// or `.xz` after that of the format compresses it. Without a file, the rows are in the result, 1,000 at most.
        output: Option<PathBuf> = None => {
            help: "the file to write, compressed if it ends in `.gz`, `.bz2`, `.zst` or `.xz`; `-` for standard output; without it, \
                   the rows are shown",
            value: "file",
            short: Some('o'),
            default_text: "none",
        }
    }
}

/// Rows that are shown at most.
const SHOWN: u64 = 1_000;

impl SampleInput {
    /// How strata share the rows.
    pub fn allocation_or_default(&self) -> Allocation {
        self.allocation.unwrap_or(Allocation::Equal)
    }

    /// How diverse rows are picked.
    pub fn pick_or_default(&self) -> Pick {
        self.pick.unwrap_or(Pick::MaxMin)
    }

    /// The distance within which a leader stands for others. 0.35 is a similarity of 0.65: molecules of one scaffold with one
    /// or two other substituents are closer, two molecules taken at random have a similarity of about 0.1.
    pub fn threshold_or_default(&self) -> f64 {
        self.threshold.unwrap_or(0.35)
    }

    /// Rows among which diverse ones are picked.
    pub fn pool_or_default(&self) -> u64 {
        self.pool.unwrap_or(100_000)
    }

    /// The columns that make the strata.
    pub fn strata_names(&self) -> &[String] {
        named(&self.strata)
    }

    /// Refuses values that no sample can use, and options without effect.
    ///
    /// # Errors
    /// [`Error::InvalidOption`].
    pub fn validate(&self) -> Result<(), Error> {
        self.check_ranges()?;
        if self.strata == KeepColumns::All {
            return Err(Self::strata.refuse("must name columns"));
        }
        let is_leader = self.pick == Some(Pick::Leader);
        let given: [(&OptionSpec, bool, bool, &str); 5] = [
            (
                &Self::strata,
                !self.strata_names().is_empty(),
                self.by == SampleBy::Stratified,
                "`by` stratified",
            ),
            (
                &Self::allocation,
                self.allocation.is_some(),
                self.by == SampleBy::Stratified,
                "`by` stratified",
            ),
            (&Self::pick, self.pick.is_some(), self.by == SampleBy::Diverse, "`by` diverse"),
            (&Self::pool, self.pool.is_some(), self.by == SampleBy::Diverse, "`by` diverse"),
            (&Self::threshold, self.threshold.is_some(), is_leader, "`pick` leader"),
        ];
        if let Some((option, .., with)) =
            given.iter().find(|(_, is_given, has_effect, _)| *is_given && !has_effect)
        {
            return Err(option.refuse(format!("requires {with}")));
        }
        if self.by == SampleBy::Stratified && self.strata_names().is_empty() {
            return Err(Self::strata.refuse("is required with `by` stratified"));
        }
        if self.by == SampleBy::Diverse && self.n > self.pool_or_default() {
            let pool = self.pool_or_default();
            return Err(Self::n.refuse(format!("{} is more than the {pool} rows of `pool`", self.n)));
        }
        if self.output.is_none() && self.n > SHOWN {
            let reason = format!(
                "{} is more than {SHOWN}, and without `output` the rows are shown; name a file",
                self.n
            );
            return Err(Self::n.refuse(reason));
        }
        Ok(())
    }
}

/// The names of a list of columns that cannot be `all`.
pub(super) fn named(columns: &KeepColumns) -> &[String] {
    match columns {
        KeepColumns::Named(names) => names,
        KeepColumns::None | KeepColumns::All => &[],
    }
}

/// A type whose values have names of one word.
macro_rules! words {
    ($($(#[$about:meta])* $Type:ident { $($(#[doc = $doc:literal])+ $Word:ident = $name:literal: $brief:literal,)+ })+) => {
        $(
            $(#[$about])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
            pub enum $Type {
                $($(#[doc = $doc])+ #[serde(rename = $name)] $Word,)+
            }

            impl OptionValue for $Type {
                const KIND: Kind = Kind::Choice;
                const CHOICES: &'static [(&'static str, &'static str)] = &[$(($name, $brief)),+];

                fn read(given: Value) -> Result<Self, String> {
                    super::types::choice(&given)
                }
            }
        )+
    };
}

words! {
    /// How the rows of a sample are picked.
    SampleBy {
        /// Each row with the same chance.
        Random = "random": "each row with the same chance",
        /// So many rows of each combination of the values of some columns.
        Stratified = "stratified": "some rows of each combination of values of `--strata`",
        /// Rows whose molecules differ from each other.
        Diverse = "diverse": "rows whose molecules differ, by Morgan fingerprints",
    }
    /// How many rows of a sample each stratum gives.
    Allocation {
        /// The same number, as far as the stratum has that many.
        Equal = "equal": "the same number; what a small stratum lacks, the others give",
        /// Its share of all rows.
        Proportional = "proportional": "its share of all rows, rounded by the largest remainder",
    }
    /// How diverse rows are picked.
    Pick {
        /// The one that is the farthest from those picked before.
        MaxMin = "maxmin": "next the one that is the farthest from all before",
        /// Those that are farther than a threshold from those picked before.
        Leader = "leader": "those that are farther than `--threshold` from all before",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_without_effect_are_refused() {
        type Spoil = fn(&mut SampleInput);
        let strata = || KeepColumns::Named(vec!["a".to_owned()]);
        let good = SampleInput { by: SampleBy::Stratified, strata: strata(), ..SampleInput::default() };
        good.validate().unwrap();
        SampleInput::default().validate().unwrap();
        let faults: [(&str, Spoil); 12] = [
            ("n", |o| o.n = 0),
            ("n", |o| o.n = 1_001),
            ("n", |o| (o.by, o.n, o.pool) = (SampleBy::Diverse, 6, Some(5))),
            ("strata", |o| o.by = SampleBy::Stratified),
            ("strata", |o| (o.by, o.strata) = (SampleBy::Stratified, KeepColumns::All)),
            ("strata", |o| o.strata = KeepColumns::Named(vec!["a".to_owned()])),
            ("allocation", |o| o.allocation = Some(Allocation::Equal)),
            ("pick", |o| o.pick = Some(Pick::Leader)),
            ("pool", |o| o.pool = Some(5)),
            ("pool", |o| (o.by, o.pool) = (SampleBy::Diverse, Some(2_000_000))),
            ("threshold", |o| (o.by, o.threshold) = (SampleBy::Diverse, Some(0.5))),
            ("threshold", |o| {
                (o.by, o.pick, o.threshold) = (SampleBy::Diverse, Some(Pick::Leader), Some(1.5))
            }),
        ];
        for (option, spoil) in faults {
            let mut options = SampleInput::default();
            spoil(&mut options);
            let message = options.validate().unwrap_err().to_string();
            assert!(message.starts_with(&format!("{option}: ")), "{message}");
        }
    }
}
