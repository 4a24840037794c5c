//! The sample while it is tried.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::crew::{Crew, Done, End};
use super::estimate::{Basis, Estimate};
use super::group::{Group, Judges};
use super::outcome::Outcome;
use super::places::{Chance, Part, Place};
use super::reading::{Passed, Reader};
use super::size::Sizes;
use crate::error::Error;
use crate::memory::Watch;
use crate::summary::Expected;

/// The part of the time for which rows are planned.
const PLANNED: f64 = 0.75;
/// One row in this many is in a run.
const RUN_SHARE: u64 = 3;
/// Rows that are tried first, to warm up the threads and to learn for how many rows there is time.
const WARM_UP_ROWS: u64 = 400;
/// The part of the time that these may take.
const WARM_UP_SHARE: u32 = 4;

/// A sample while it is tried.
pub struct Trial<'a> {
    /// The part of the library that is sampled.
    pub part: Part,
    /// Chooses the rows.
    pub chance: Chance,
    /// The threads.
    pub crew: Crew,
    /// Reads the rows.
    pub reader: Reader<'a>,
    /// What products go through.
    pub judges: Judges,
    /// When the sample must end.
    pub deadline: Instant,
    /// Called now and then; an error ends the work.
    pub stop_check: &'a dyn Fn() -> Result<(), Error>,
}

impl Trial<'_> {
    /// Tries the sample, and passes what is known after its runs to `heard`.
    ///
    /// # Errors
    /// Those of the input and of the engine.
    pub fn perform(
        &mut self,
        basis: &Basis<'_>,
        heard: &dyn Fn(&Expected),
    ) -> Result<(Option<Expected>, End), Error> {
        let wanted = self.part.rows().map_or(basis.sample.rows, |rows| rows.min(basis.sample.rows));
        let affordable = match self.warm_up(wanted)? {
            Ok(affordable) => affordable,
            Err(end) => return Ok((None, end)),
        };
        let warm_bytes = Watch::start(basis.options.isolate).baseline_bytes();
        let planned = wanted.min(affordable);
        if let Some(all) = self.part.all().filter(|_| self.part.rows() == Some(planned)) {
            let tried = self.try_places(&all)?;
            let mut estimate = self.estimate(basis, warm_bytes, &tried, &all);
            (estimate.is_whole, estimate.is_cut) = (tried.end == End::All, tried.end != End::All);
            return Ok((estimate.if_any(), tried.end));
        }
        // First the runs: fewer even rows are still even, but short runs are not like the library.
        let (places, started) = (self.part.runs((planned / RUN_SHARE).max(1), self.chance), Instant::now());
        let runs = self.try_places(&places)?;
        let estimate = Estimate { is_cut: true, ..self.estimate(basis, warm_bytes, &runs, &places) };
        if runs.end != End::All {
            return Ok((estimate.if_any(), runs.end));
        }
        if let Some(expected) = estimate.if_any() {
            heard(&expected);
        }
        let working = started.elapsed().saturating_sub(runs.reading).as_secs_f64();
        let each = working / (runs.group.counts.rows as f64).max(1.0);
        let left = planned - planned / RUN_SHARE;
        let count = left.min(self.affordable(each, runs.reading)).max(1);
        let places = self.part.even(count, self.chance);
        let even = self.try_places(&places)?;
        let is_cut = planned < wanted || count < left || even.end != End::All;
        let estimate =
            Estimate { is_cut, runs: Some(&runs), ..self.estimate(basis, warm_bytes, &even, &places) };
        Ok((estimate.if_any(), even.end))
    }

    /// What follows from `even` rows in these `places`.
    fn estimate<'e>(
        &self,
        basis: &'e Basis<'_>,
        warm_bytes: u64,
        even: &'e Outcome,
        places: &[Place],
    ) -> Estimate<'e> {
        Estimate {
            basis,
            rows: self.rows(),
            rows_are_counted: self.part.rows().is_some(),
            window_rows: self.window_rows(places),
            windows: places.len() as f64,
            is_read_whole: self.part.is_read_whole(),
            is_whole: false,
            is_cut: false,
            warm_bytes,
            known_bytes: self.judges.known.memory_bytes(),
            reading_seconds: self.reader.passed().seconds_each(),
            even,
            runs: None,
        }
    }

    /// Tries some of `wanted` rows, and returns for how many there is time; else how the work on them ended.
    fn warm_up(&mut self, wanted: u64) -> Result<Result<u64, End>, Error> {
        if wanted <= WARM_UP_ROWS {
            return Ok(Ok(wanted));
        }
        let (started, deadline) = (Instant::now(), self.deadline);
        self.deadline = started + deadline.saturating_duration_since(started) / WARM_UP_SHARE;
        // Runs, because they are read quickly.
        let Outcome { group, reading, end, .. } =
            self.try_places(&self.part.runs(WARM_UP_ROWS, self.chance))?;
        self.deadline = deadline;
        if end == End::Stuck || group.counts.rows == 0 {
            return Ok(Err(end));
        }
        let each = started.elapsed().saturating_sub(reading).as_secs_f64() / group.counts.rows as f64;
        Ok(Ok(self.affordable(each, 2 * reading).max(RUN_SHARE)))
    }

    /// For how many rows there is time, if each takes so many seconds and the reading some more.
    fn affordable(&self, seconds_each: f64, reading: Duration) -> u64 {
        let left = self.deadline.saturating_duration_since(Instant::now() + reading);
        (PLANNED * left.as_secs_f64() / seconds_each) as u64
    }

    /// Tries the rows of `places`.
    fn try_places(&mut self, places: &[Place]) -> Result<Outcome, Error> {
        let Self { chance, crew, reader, judges, deadline, stop_check, .. } = self;
        let mut group = Group::default();
        let mut sizes = Sizes::new(judges.table.schema())?;
        let (mut pieces, mut sequence, mut reading) = (VecDeque::new(), 0, Duration::ZERO);
        let mut places = (0_u32..).zip(places);
        let mut next = || {
            while pieces.is_empty() {
                let Some((index, place)) = places.next() else { return Ok(None) };
                let before = Instant::now();
                pieces.extend(reader.pieces(place, index, sequence, *chance, stop_check)?);
                reading += before.elapsed();
                sequence += pieces.len() as u64;
            }
            Ok(pieces.pop_front())
        };
        let mut take_in = |done: Done| group.add(&done, judges, &mut sizes);
        let end = crew.try_all(*deadline, stop_check, &mut next, &mut take_in)?;
        Ok(Outcome { group, size: sizes.finish()?, reading, end })
    }

    /// Rows of the part of the library.
    fn rows(&self) -> f64 {
        match &self.part {
            Part::Rows(range) => (range.end - range.start) as f64,
            Part::Bytes(range) => {
                let Passed { rows, bytes, .. } = self.reader.passed();
                (range.end - range.start) as f64 * rows as f64 / (bytes as f64).max(1.0)
            }
        }
    }

    /// Rows of one of the `places` of even rows.
    fn window_rows(&self, places: &[Place]) -> f64 {
        let covered: u64 = places.iter().map(|place| place.at.len()).sum();
        let share = covered as f64 / (self.part.len() as f64).max(1.0);
        self.rows() * share / (places.len() as f64).max(1.0)
    }
}
