//! The rows among which diverse ones are picked: a random choice of the eligible rows, each with its fingerprint.
//!
//! Memory is 272 bytes for each row: 27 MB for 100,000.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::fingerprint::{Fingerprint, MakeFingerprinter};
use super::smallest::place;
use super::summary::SamplePhase;
use super::watch::Watch;
use crate::error::Error;
use crate::export::{ChosenRows, Deal, Job};
use crate::source::Table;
use crate::strings::SmilesBatch;

/// A row of the pool.
#[derive(Debug)]
pub struct Member {
    /// Its number in the table.
    pub row: u64,
    fingerprint: Fingerprint,
}

/// The rows, in a random order.
#[derive(Debug, Default)]
pub struct Pool {
    members: Vec<Member>,
    /// Rows without a place in it, because they have no molecule that can be read.
    pub unreadable: u64,
    /// The first of these.
    pub first_unreadable: Option<u64>,
}

/// Rows with their molecules.
type Task = (Vec<u64>, SmilesBatch);

impl Pool {
    /// The pool of these `rows` of the table at `path`; the order follows from the seed.
    ///
    /// # Errors
    /// Those of the table and of the fingerprinter, [`Error::Cancelled`].
    pub fn read(
        path: &Path,
        smiles_column: Option<&str>,
        rows: Vec<u64>,
        seed: u64,
        workers: usize,
        make: &MakeFingerprinter<'_>,
        watch: &Watch<'_>,
    ) -> Result<Self, Error> {
        let table = Table::open(path, smiles_column, None, |_| Ok(Vec::new()))?;
        let total = table.rows();
        let mut pool = Self { members: Vec::with_capacity(rows.len()), ..Self::default() };
        let (read, cancel) = (AtomicU64::new(0), watch.cancel_check());
        let job = Job {
            workers,
            make: Box::new(|deal| deal_rows(table, ChosenRows::new(rows), &read, deal, &cancel)),
            worker: &|| {
                let mut fingerprinter = make()?;
                Ok(Box::new(move |(rows, smiles): Task| {
                    let mut found = Vec::with_capacity(rows.len());
                    fingerprinter.fingerprints(&smiles, &mut |fingerprint| found.push(fingerprint))?;
                    Ok(rows.into_iter().zip(found).collect::<Vec<_>>())
                }))
            },
            take: &mut |made| {
                made.into_iter().for_each(|(row, fingerprint)| pool.add(row, fingerprint));
                Ok(())
            },
            idle: &|| watch.step(SamplePhase::Fingerprints, read.load(Ordering::Relaxed), total),
        };
        job.run()?;
        pool.members.sort_unstable_by_key(|member| place(seed, member.row));
        Ok(pool)
    }

    fn add(&mut self, row: u64, fingerprint: Option<Fingerprint>) {
        match fingerprint {
            Some(fingerprint) => self.members.push(Member { row, fingerprint }),
            None => {
                self.unreadable += 1;
                self.first_unreadable = self.first_unreadable.or(Some(row));
            }
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// The distance between two of them.
    pub fn distance(&self, one: usize, other: usize) -> f64 {
        self.members[one].fingerprint.distance(&self.members[other].fingerprint)
    }

    /// The numbers in the table of the rows at these positions.
    pub fn rows(&self, positions: &[usize]) -> Vec<u64> {
        positions.iter().map(|&position| self.members[position].row).collect()
    }
}

fn deal_rows(
    mut table: Table,
    mut chosen: ChosenRows,
    read: &AtomicU64,
    deal: &mut Deal<'_, Task>,
    cancel_check: &dyn Fn(u64) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut first = 0;
    while !chosen.is_done() {
        cancel_check(first)?;
        let gap = chosen.gap(first);
        if gap > 0 {
            table.skip(gap, &|| cancel_check(first))?;
            first += gap;
        }
        let Some(chunk) = table.next_chunk()? else { break };
        let count = chunk.smiles.len() as u32;
        let positions = chosen.take(first, count);
        let mut smiles = SmilesBatch::default();
        positions.iter().for_each(|&position| smiles.push(chunk.smiles.get(position as usize)));
        let rows: Vec<u64> = positions.iter().map(|&position| first + u64::from(position)).collect();
        first += u64::from(count);
        read.store(first, Ordering::Relaxed);
        if !rows.is_empty() && !deal((rows, smiles)) {
            return Ok(());
        }
    }
    table.confirm(&|| cancel_check(first))
}

#[cfg(test)]
pub mod tests {
    use serde::Deserialize;
    use xxhash_rust::xxh3::xxh3_64_with_seed;

    use super::super::fingerprint::FINGERPRINT_WORDS;
    use super::super::leader::leaders;
    use super::super::maxmin::maxmin;
    use super::*;

    /// A pool of fingerprints whose first words are `words`.
    pub fn pool(words: &[u64]) -> Pool {
        let bits = |&word: &u64| (0..64).filter(move |bit| word >> bit & 1 == 1).collect();
        pool_of_bits(&words.iter().map(bits).collect::<Vec<_>>())
    }

    fn pool_of_bits(all: &[Vec<usize>]) -> Pool {
        let member = |(row, bits): (usize, &Vec<usize>)| {
            let mut words = [0; FINGERPRINT_WORDS];
            bits.iter().for_each(|bit| words[bit / 64] |= 1 << (bit % 64));
            Member { row: row as u64, fingerprint: Fingerprint::new(words) }
        };
        Pool { members: all.iter().enumerate().map(member).collect(), ..Pool::default() }
    }

    #[derive(Deserialize)]
    struct Recorded {
        /// The bits of each.
        fingerprints: Vec<Vec<usize>>,
        maxmin: Vec<MaxMinPicks>,
        leader: Vec<LeaderPicks>,
    }

    #[derive(Deserialize)]
    struct MaxMinPicks {
        first: usize,
        picks: Vec<usize>,
    }

    #[derive(Deserialize)]
    struct LeaderPicks {
        threshold: f64,
        picks: Vec<usize>,
    }

    /// `scripts/oracle/main.py fingerprints` has recorded what RDKit's pickers pick in Python.
    #[test]
    fn picks_are_those_of_rdkit() {
        let recorded = include_str!("../../tests/fixture/picks.jsonl");
        assert_eq!(recorded.lines().count(), 2);
        for line in recorded.lines() {
            let Recorded { fingerprints, maxmin: of_maxmin, leader } = serde_json::from_str(line).unwrap();
            let pool = pool_of_bits(&fingerprints);
            for MaxMinPicks { first, picks } in of_maxmin {
                assert_eq!(maxmin(&pool, picks.len(), first, &|_| Ok(())).unwrap(), picks);
            }
            for LeaderPicks { threshold, picks } in leader {
                let found = leaders(&pool, usize::MAX, threshold, &|_| Ok(())).unwrap();
                assert_eq!(found.picks, picks, "{threshold}");
            }
        }
    }

    /// Pools with few and with many bits, so that many and few distances are equal.
    pub fn random_pools() -> Vec<Pool> {
        let word = |seed: u64, row: u64| xxh3_64_with_seed(&row.to_le_bytes(), seed);
        let few = |row| word(1, row) & word(2, row) & 0xff;
        let many = |row| word(3, row) & word(4, row);
        vec![pool(&(0..60).map(few).collect::<Vec<_>>()), pool(&(0..100).map(many).collect::<Vec<_>>())]
    }
}
