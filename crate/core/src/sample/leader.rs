//! Leaders: going through the pool, each row that is farther than a threshold from all leaders before becomes one, as RDKit's
//! `LeaderPicker` does. Every row that was passed by is within the threshold of a leader. Time is that of `n` times `pool`
//! distances at worst. Memory is 8 bytes for each row.

use super::pool::Pool;
use crate::error::Error;

/// The leaders of a pool.
#[derive(Debug, PartialEq, Eq)]
pub struct Leaders {
    /// Their positions in the pool.
    pub picks: Vec<usize>,
    /// Rows that are farther than the threshold from all of them: none, unless there are as many leaders as were asked for.
    pub uncovered: usize,
}

/// At most `n` leaders. `stop_check` is called before each pick with the number of picks so far.
///
/// # Errors
/// That of `stop_check`.
pub fn leaders(
    pool: &Pool,
    n: usize,
    threshold: f64,
    stop_check: &dyn Fn(u64) -> Result<(), Error>,
) -> Result<Leaders, Error> {
    let (mut picks, mut left): (_, Vec<usize>) = (Vec::new(), (0..pool.len()).collect());
    while picks.len() < n {
        stop_check(picks.len() as u64)?;
        let Some(&leader) = left.first() else { break };
        picks.push(leader);
        left.retain(|&row| row != leader && pool.distance(leader, row) > threshold);
    }
    Ok(Leaders { picks, uncovered: left.len() })
}

#[cfg(test)]
mod tests {
    use super::super::pool::tests::{pool, random_pools};
    use super::*;

    #[test]
    fn leaders_are_apart_and_every_other_row_is_near_one() {
        for pool in random_pools() {
            for threshold in [0.0, 0.5, 0.7, 0.9, 1.0] {
                let Leaders { picks, uncovered } =
                    leaders(&pool, usize::MAX, threshold, &|_| Ok(())).unwrap();
                assert_eq!(uncovered, 0);
                for (at, &pick) in picks.iter().enumerate() {
                    assert!(picks[..at].iter().all(|&other| pool.distance(pick, other) > threshold));
                }
                let is_near = |row| picks.iter().any(|&pick| pool.distance(row, pick) <= threshold);
                assert!((0..pool.len()).all(is_near));
                let some = leaders(&pool, 3, threshold, &|_| Ok(())).unwrap();
                let is_far =
                    |&row: &usize| some.picks.iter().all(|&pick| pool.distance(row, pick) > threshold);
                assert_eq!(some.picks, picks[..picks.len().min(3)]);
                assert_eq!(some.uncovered, (0..pool.len()).filter(is_far).count());
            }
        }
    }

    #[test]
    fn an_empty_pool_has_no_leader_and_equal_rows_have_one() {
        let found = leaders(&Pool::default(), 5, 0.5, &|_| Ok(())).unwrap();
        assert_eq!(found, Leaders { picks: vec![], uncovered: 0 });
        assert_eq!(leaders(&pool(&[3, 3, 3]), 5, 0.0, &|_| Ok(())).unwrap().picks, [0]);
    }
}
