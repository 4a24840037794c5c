//! Records the timeline of a run from the reports of its progress.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::timeline::{Point, Timeline};
use crate::progress::Phase;

/// Records a timeline.
#[derive(Debug, Default)]
pub struct Recorder(Mutex<Recorded>);

#[derive(Debug, Default)]
struct Recorded {
    timeline: Timeline,
    /// The points since [`Recorder::take_new`].
    new: Vec<Point>,
    /// When this run began, on the timeline.
    start_seconds: f64,
    phase: Option<Phase>,
}

impl Recorder {
    /// Continues `timeline`, on which this run began at `start_seconds`.
    pub fn continue_from(&self, timeline: Timeline, start_seconds: f64) {
        let mut recorded = self.recorded();
        (recorded.timeline, recorded.start_seconds) = (timeline, start_seconds);
    }

    /// Records where the run is, by its own clock, if a point is due or another phase begins. A phase that counts no rows or
    /// products has those of the last one.
    pub fn note(&self, phase: Phase, now: Point) {
        let mut recorded = self.recorded();
        let seconds = recorded.start_seconds + now.seconds;
        if recorded.phase != Some(phase) || recorded.timeline.is_due(seconds) {
            recorded.phase = Some(phase);
            recorded.push(now);
        }
    }

    /// Records the end of the run, and returns the timeline.
    pub fn end(&self, now: Point) -> Timeline {
        let mut recorded = self.recorded();
        recorded.push(now);
        recorded.timeline.clone()
    }

    /// The points since the last call.
    pub fn take_new(&self) -> Timeline {
        std::mem::take(&mut self.recorded().new).into()
    }

    fn recorded(&self) -> MutexGuard<'_, Recorded> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recorded {
    fn push(&mut self, now: Point) {
        let last = self.timeline.points().last().copied().unwrap_or_default();
        let milliseconds = (1_000.0 * (self.start_seconds + now.seconds)).round();
        let point = Point {
            seconds: (milliseconds / 1_000.0).max(last.seconds),
            rows: now.rows.max(last.rows),
            products: now.products.max(last.products),
            memory_bytes: now.memory_bytes,
        };
        self.timeline.push(point);
        self.new.push(point);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64, rows: u64) -> Point {
        Point { seconds, rows, products: rows, memory_bytes: 1 }
    }

    #[test]
    fn a_point_is_recorded_once_a_second_and_between_phases() {
        let recorder = Recorder::default();
        for (phase, seconds, rows) in [
            (Phase::Known, 0.0, 0),
            (Phase::Reading, 0.2, 0),
            (Phase::Reading, 0.9, 5),
            (Phase::Reading, 1.2, 6),
            (Phase::Reading, 1.9, 8),
            (Phase::Publishing, 2.0, 9),
        ] {
            recorder.note(phase, at(seconds, rows));
        }
        let new = recorder.take_new();
        let rows = |timeline: &Timeline| timeline.points().iter().map(|point| point.rows).collect::<Vec<_>>();
        assert_eq!(rows(&new), [0, 0, 6, 9]);
        assert_eq!(rows(&recorder.end(at(2.5, 10))), [0, 0, 6, 9, 10]);
        assert_eq!(rows(&recorder.take_new()), [10]);
    }

    #[test]
    fn a_timeline_goes_on_where_it_ended() {
        let recorder = Recorder::default();
        recorder.continue_from(vec![at(0.0, 0), at(7.0, 30)].into(), 7.0);
        recorder.note(Phase::Known, Point { products: 0, ..at(0.5, 30) });
        let timeline = recorder.end(at(2.0, 40));
        assert_eq!(timeline.points(), [at(0.0, 0), at(7.0, 30), at(7.5, 30), at(9.0, 40)]);
        assert_eq!(recorder.take_new().points().len(), 2);
    }
}
