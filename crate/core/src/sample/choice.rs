//! Which rows of a table make the sample.
//!
//! Random rows take one pass over the table, none if every row may be chosen; strata take two: the first counts them, so that
//! the second holds no more rows than it picks. Diverse rows take one pass for a random pool, and one for its molecules.

use std::path::Path;

use serde_json::value::RawValue;

use super::SampleOptions;
use super::allocation::allocate;
use super::fingerprint::MakeFingerprinter;
use super::leader::leaders;
use super::maxmin::maxmin;
use super::pool::Pool;
use super::smallest::Smallest;
use super::summary::{DiverseReport, SamplePhase, Stratum};
use super::watch::Watch;
use crate::error::Error;
use crate::grouping::Groups;
use crate::options::{Pick, SampleBy, SampleInput};
use crate::table_scan::TableScan;
use crate::writers::json_objects;

/// The chosen rows, and what was found on the way.
#[derive(Debug, Default)]
pub struct Choice {
    /// Their numbers in the table, in any order.
    pub rows: Vec<u64>,
    /// Rows of the table.
    pub table_rows: u64,
    /// Rows that do not meet the condition.
    pub filtered: u64,
    /// The strata, in the order of their values.
    pub strata: Option<Vec<Stratum>>,
    /// What was found of the molecules.
    pub diverse: Option<DiverseReport>,
    /// The first row without a molecule.
    pub first_unreadable: Option<u64>,
}

/// Chooses rows of the table at `path`.
pub struct Chooser<'a> {
    pub path: &'a Path,
    pub options: &'a SampleOptions,
    pub make_fingerprinter: &'a MakeFingerprinter<'a>,
    pub watch: &'a Watch<'a>,
}

impl Chooser<'_> {
    /// The choice that the options ask for.
    ///
    /// # Errors
    /// [`Error::InvalidOption`], [`Error::InvalidWhere`], those of the table and of the fingerprinter, [`Error::Cancelled`].
    pub fn choose(&self) -> Result<Choice, Error> {
        let SampleInput { by, n, .. } = self.options.sample;
        match by {
            SampleBy::Random => self.random(n),
            SampleBy::Stratified => self.stratified(n),
            SampleBy::Diverse => self.diverse(n),
        }
    }

    fn random(&self, n: u64) -> Result<Choice, Error> {
        let mut smallest = Smallest::new(self.options.sample.seed, n);
        let scan = self.scan(None)?;
        let table_rows = scan.rows();
        let mut filtered = 0;
        if self.options.export.filter.is_none() {
            // The file states how many rows there are.
            (0..table_rows).for_each(|row| smallest.add(row));
        } else {
            filtered = scan.run(&self.step(SamplePhase::Choosing, table_rows), &mut |met| {
                met.rows.into_iter().for_each(|row| smallest.add(row));
                Ok(())
            })?;
        }
        Ok(Choice { rows: smallest.into_rows(), table_rows, filtered, ..Choice::default() })
    }

    fn stratified(&self, n: u64) -> Result<Choice, Error> {
        let input = &self.options.sample;
        let (mut groups, mut sizes) = (None, Vec::new());
        let scan = self.scan(Some(&mut groups))?;
        let groups = groups.as_mut().ok_or_else(|| Error::internal("the strata have no columns"))?;
        let table_rows = scan.rows();
        let filtered = scan.run(&self.step(SamplePhase::Counting, table_rows), &mut |met| {
            let numbers = groups.numbers(met.columns.columns(), met.rows.len())?;
            sizes.resize(groups.len(), 0);
            numbers.into_iter().for_each(|number| sizes[number] += 1);
            Ok(())
        })?;

        let shares = allocate(input.allocation_or_default(), n, &sizes);
        let mut chosen: Vec<Smallest> =
            shares.iter().map(|&share| Smallest::new(input.seed, share)).collect();
        self.scan(Some(&mut None))?.run(&self.step(SamplePhase::Choosing, table_rows), &mut |met| {
            let numbers = groups.numbers(met.columns.columns(), met.rows.len())?;
            for (number, row) in numbers.into_iter().zip(met.rows) {
                let stratum = chosen.get_mut(number);
                stratum.ok_or_else(|| self.changed())?.add(row);
            }
            Ok(())
        })?;

        let (order, values) = groups.sorted()?;
        let values: Vec<Box<RawValue>> = json_objects(&values)?;
        let stratum =
            |(number, values): (usize, _)| Stratum { values, rows: sizes[number], picked: shares[number] };
        let strata = order.into_iter().zip(values).map(stratum).collect();
        let rows = chosen.into_iter().flat_map(Smallest::into_rows).collect();
        Ok(Choice { rows, table_rows, filtered, strata: Some(strata), ..Choice::default() })
    }

    fn diverse(&self, n: u64) -> Result<Choice, Error> {
        let (input, run) = (&self.options.sample, &self.options.run);
        let drawn = self.random(input.pool_or_default())?;
        let pool = Pool::read(
            self.path,
            run.smiles_column.as_deref(),
            drawn.rows,
            input.seed,
            run.workers,
            self.make_fingerprinter,
            self.watch,
        )?;
        let pick = input.pick_or_default();
        let mut report = DiverseReport {
            pick,
            threshold: None,
            pool_rows: pool.len() as u64,
            rows_unreadable: pool.unreadable,
            rows_uncovered: None,
        };
        let step = self.step(SamplePhase::Picking, n);
        let picks = match pick {
            Pick::MaxMin => maxmin(&pool, n as usize, 0, &step)?,
            Pick::Leader => {
                let threshold = input.threshold_or_default();
                let found = leaders(&pool, n as usize, threshold, &step)?;
                (report.threshold, report.rows_uncovered) = (Some(threshold), Some(found.uncovered as u64));
                found.picks
            }
        };
        let rows = pool.rows(&picks);
        Ok(Choice { rows, diverse: Some(report), first_unreadable: pool.first_unreadable, ..drawn })
    }

    /// A pass over the rows that meet the condition, with the columns of the strata if there are any.
    fn scan(&self, groups: Option<&mut Option<Groups>>) -> Result<TableScan, Error> {
        let SampleOptions { sample, export, run } = self.options;
        TableScan::open(self.path, run.smiles_column.as_deref(), export.filter.as_deref(), |table| {
            let Some(groups) = groups else { return Ok(Vec::new()) };
            let (found, columns) = Groups::new(SampleInput::strata, sample.strata_names(), table)?;
            *groups = Some(found);
            Ok(columns)
        })
    }

    fn changed(&self) -> Error {
        let reason = "it has values that it did not have when the strata were counted".to_owned();
        Error::InputChanged { path: self.path.to_owned(), reason }
    }

    fn step(&self, phase: SamplePhase, rows_total: u64) -> impl Fn(u64) -> Result<(), Error> {
        move |rows| self.watch.step(phase, rows, rows_total)
    }
}
