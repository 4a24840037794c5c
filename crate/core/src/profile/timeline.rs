//! How far a run was when.

use serde::{Deserialize, Serialize, Serializer};

use super::lines::one_a_line;

/// Points of a timeline at most.
pub const MAX_POINTS: usize = 500;

/// Seconds between two points at first.
const INTERVAL_SECONDS: f64 = 1.0;

/// The state of a run at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Seconds since the start.
    pub seconds: f64,
    /// Rows done.
    pub rows: u64,
    /// Products before deduplication.
    pub products: u64,
    /// Proportional set size of the process tree, in bytes.
    pub memory_bytes: u64,
}

/// Points in the order of their times, at most [`MAX_POINTS`]. When there is no more room, every second one goes, and from
/// then on there is twice as much time between two points. A long run therefore has evenly spaced points, too.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Vec<Point>")]
pub struct Timeline {
    points: Vec<Point>,
    interval_seconds: f64,
}

impl Default for Timeline {
    fn default() -> Self {
        Self { points: Vec::new(), interval_seconds: INTERVAL_SECONDS }
    }
}

impl From<Vec<Point>> for Timeline {
    fn from(points: Vec<Point>) -> Self {
        let mut timeline = Self::default();
        points.into_iter().for_each(|point| timeline.push(point));
        timeline
    }
}

impl Timeline {
    /// Whether enough time has passed for a point at this moment.
    pub fn is_due(&self, seconds: f64) -> bool {
        self.points.last().is_none_or(|last| seconds - last.seconds >= self.interval_seconds)
    }

    /// Adds a point after the others.
    pub fn push(&mut self, point: Point) {
        if self.points.len() >= MAX_POINTS {
            let mut is_kept = false;
            self.points.retain(|_| {
                is_kept = !is_kept;
                is_kept
            });
            self.interval_seconds *= 2.0;
        }
        self.points.push(point);
    }

    /// Adds the points of a run that began at `start`, as far as they are due, and its last one.
    pub fn append(&mut self, start: Point, of_run: &Self) {
        for (index, point) in of_run.points.iter().enumerate() {
            let point = Point {
                seconds: start.seconds + point.seconds,
                rows: start.rows + point.rows,
                products: start.products + point.products,
                memory_bytes: point.memory_bytes,
            };
            if index + 1 == of_run.points.len() || self.is_due(point.seconds) {
                self.push(point);
            }
        }
    }

    /// Its points.
    pub fn points(&self) -> &[Point] {
        &self.points
    }
}

impl Serialize for Timeline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        one_a_line(&self.points, serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Point {
        Point { seconds: seconds as f64, rows: 10 * seconds, products: 20 * seconds, memory_bytes: 7 }
    }

    /// The timeline of a run of this many seconds, with a point in each of them if it is due.
    fn run(seconds: u64) -> Timeline {
        let mut timeline = Timeline::default();
        for second in 0..=seconds {
            if timeline.is_due(second as f64) {
                timeline.push(at(second));
            }
        }
        timeline
    }

    #[test]
    fn a_timeline_that_is_full_is_halved_and_slows_down() {
        assert_eq!(run(499).points().len(), MAX_POINTS);
        let halved = run(500);
        assert_eq!(halved.points().len(), MAX_POINTS / 2 + 1);
        assert_eq!((halved.points()[1], halved.points()[250]), (at(2), at(500)));
        for seconds in [1_000, 2_000, 86_400, 1_000_000] {
            let points = run(seconds).points().to_vec();
            assert!((MAX_POINTS / 2..=MAX_POINTS).contains(&points.len()), "{seconds}: {}", points.len());
            let gaps: Vec<f64> = points.windows(2).map(|pair| pair[1].seconds - pair[0].seconds).collect();
            assert!(gaps.iter().all(|gap| *gap == gaps[0]), "{seconds}: evenly spaced");
        }
    }

    #[test]
    fn a_timeline_that_is_replayed_is_the_same() {
        let (mut timeline, mut pushed) = (Timeline::default(), Vec::new());
        for second in 0..5_000 {
            if timeline.is_due(second as f64) {
                timeline.push(at(second));
                pushed.push(at(second));
            }
        }
        assert_eq!(Timeline::from(pushed), timeline, "the interval included");
    }

    #[test]
    fn runs_stand_one_after_the_other() {
        let mut all = Timeline::default();
        for index in 0..40 {
            all.append(at(300 * index), &run(300));
        }
        let points = all.points();
        assert!(points.len() <= MAX_POINTS && points.last() == Some(&at(300 * 40)), "{}", points.len());
        assert!(points.windows(2).all(|pair| pair[0].seconds <= pair[1].seconds));
    }

    #[test]
    fn a_point_is_one_line() {
        let text = serde_json::to_string_pretty(&run(1)).unwrap();
        let line = r#"{"seconds":1.0,"rows":10,"products":20,"memory_bytes":7}"#;
        assert!(text.lines().any(|found| found.trim() == line), "{text}");
        assert_eq!(serde_json::from_str::<Timeline>(&text).unwrap(), run(1));
        assert_eq!(serde_json::to_value(run(1)).unwrap()[1]["rows"], 10);
    }
}
