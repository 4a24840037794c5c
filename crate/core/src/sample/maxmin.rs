//! MaxMin: next the row that is the farthest from all that are picked (Ashton et al., Quant. Struct.-Act. Relat. 21, 598,
//! 2002).
//!
//! The distances are computed as late as possible, as RDKit's `MaxMinPicker` does (Sayle, RDKit UGM 2017): a row is compared
//! with picks only as long as it may still be the farthest. The picks are RDKit's, given the same first one: of rows that are
//! equally far, the first in the pool. Time is at worst that of `n` times `pool` distances. Memory is 16 bytes for each row.

use super::pool::Pool;
use crate::error::Error;

/// What is known of a row.
#[derive(Clone, Copy)]
struct Known {
    /// Its distance from the nearest of the first `picks` picks. Negative if it is itself picked.
    distance: f64,
    picks: usize,
}

const PICKED: f64 = -1.0;

/// The positions of `n` rows of the pool (or all), the first of which is row `first`. `stop_check` is called before each pick
/// with the number of picks so far.
///
/// # Errors
/// That of `stop_check`.
pub fn maxmin(
    pool: &Pool,
    n: usize,
    first: usize,
    stop_check: &dyn Fn(u64) -> Result<(), Error>,
) -> Result<Vec<usize>, Error> {
    let n = n.min(pool.len());
    let mut picks = Vec::with_capacity(n);
    if n == 0 {
        return Ok(picks);
    }
    let mut known = vec![Known { distance: f64::INFINITY, picks: 0 }; pool.len()];
    picks.push(first);
    known[first].distance = PICKED;
    while picks.len() < n {
        stop_check(picks.len() as u64)?;
        let (mut farthest, mut most) = (None, PICKED);
        for (row, known) in known.iter_mut().enumerate() {
            while known.distance > most && known.picks < picks.len() {
                known.distance = known.distance.min(pool.distance(row, picks[known.picks]));
                known.picks += 1;
            }
            if known.distance > most {
                (farthest, most) = (Some(row), known.distance);
            }
        }
        let Some(row) = farthest else { break };
        known[row].distance = PICKED;
        picks.push(row);
    }
    Ok(picks)
}

#[cfg(test)]
mod tests {
    use super::super::pool::tests::{pool, random_pools};
    use super::*;

    /// By the definition, without any care for time.
    fn plainly(pool: &Pool, n: usize, first: usize) -> Vec<usize> {
        let mut picks = vec![first];
        while picks.len() < n {
            let left = (0..pool.len()).filter(|row| !picks.contains(row));
            let nearest =
                |row| picks.iter().map(|&pick| pool.distance(row, pick)).fold(f64::INFINITY, f64::min);
            let next = left.fold(None, |best: Option<(usize, f64)>, row| match best {
                Some((_, most)) if most >= nearest(row) => best,
                _ => Some((row, nearest(row))),
            });
            picks.push(next.unwrap().0);
        }
        picks
    }

    #[test]
    fn each_pick_is_the_farthest_from_those_before() {
        for pool in random_pools() {
            for first in [0, 7, pool.len() - 1] {
                let picks = maxmin(&pool, 25, first, &|_| Ok(())).unwrap();
                assert_eq!(picks, plainly(&pool, 25, first));
            }
        }
    }

    #[test]
    fn all_rows_are_picked_once_if_there_are_no_more_even_if_they_are_equal() {
        let pool = pool(&[1, 1, 1, 2]);
        assert_eq!(maxmin(&pool, 9, 1, &|_| Ok(())).unwrap(), [1, 3, 0, 2]);
        assert_eq!(maxmin(&Pool::default(), 9, 0, &|_| Ok(())).unwrap(), [0; 0]);
    }
}
