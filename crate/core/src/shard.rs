//! A shard: one of several contiguous ranges of a library's rows, made by a separate run, often on a different
//! machine.
//!
//! The ranges depend only on the number of rows, so runs fit together without communicating. A row keeps its number
//! in the whole library. `merge` combines all shards into one result.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The shard that a run makes: `2/7` is the second of seven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Shard {
    /// Its number, from 1.
    pub index: u32,
    /// The number of shards.
    pub of: u32,
}

impl Shard {
    /// Its rows in a library of `total` rows. All shards together cover all rows, and their sizes differ by at most
    /// one row; if there are more shards than rows, some are empty.
    pub fn rows(self, total: u64) -> Range<u64> {
        // With 128 bits the product cannot overflow; the quotient is at most `total`.
        let bound = |index: u32| (u128::from(index) * u128::from(total) / u128::from(self.of)) as u64;
        bound(self.index - 1)..bound(self.index)
    }

    /// Refuses an invalid shard; the error is the reason in words.
    pub fn validate(self) -> Result<(), String> {
        if (1..=self.of).contains(&self.index) { Ok(()) } else { Err(refuse(&self.to_string())) }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    /// Why the text is not a shard.
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?;
        let numbers = text.split_once('/').and_then(|(index, of)| Some((number(index)?, number(of)?)));
        let (index, of) = numbers.ok_or_else(|| refuse(text))?;
        let shard = Self { index, of };
        shard.validate().map(|()| shard)
    }
}

fn refuse(text: &str) -> String {
    format!(
        "{text:?} is not a valid shard; use i/n, for example 2/7 for the second of seven (the first is 1/7)"
    )
}

/// The part of a library that a run covered, in its summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardRows {
    /// Which shard.
    #[serde(flatten)]
    pub shard: Shard,
    /// Its first row in the library, from 0.
    pub first_row: u64,
    /// Rows of the whole library.
    pub library_rows: u64,
}

impl ShardRows {
    /// Rows of the shard.
    pub fn rows(self) -> u64 {
        self.shard.rows(self.library_rows).end - self.first_row
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_shard_is_two_numbers() {
        assert_eq!("2/7".parse::<Shard>().unwrap(), Shard { index: 2, of: 7 });
        assert_eq!("1/1".parse::<Shard>().unwrap().to_string(), "1/1");
        for bad in
            ["", "2", "/", "0/7", "8/7", "1/0", "-1/7", "+1/7", "1/7/2", "1 / 7", "one/7", "1/4294967296"]
        {
            let reason = bad.parse::<Shard>().unwrap_err();
            assert!(reason.starts_with(&format!("{bad:?} is not a valid shard")), "{reason}");
        }
    }

    proptest! {
        #[test]
        fn shards_are_all_rows_in_their_order(total in 0_u64..=u64::MAX, of in 1_u32..500) {
            let mut next = 0;
            for index in 1..=of {
                let rows = Shard { index, of }.rows(total);
                prop_assert_eq!(rows.start, next);
                let fair = total / u64::from(of);
                prop_assert!((fair..=fair + 1).contains(&(rows.end - rows.start)));
                next = rows.end;
            }
            prop_assert_eq!(next, total);
        }
    }
}
