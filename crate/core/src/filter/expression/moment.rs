//! Dates and time stamps, as nanoseconds since the beginning of 1970 in UTC. A date is its midnight; what has no time
//! zone is taken as UTC.

use arrow::array::timezone::Tz;
use arrow::compute::kernels::cast_utils::string_to_datetime;
use arrow::datatypes::TimeUnit;

const SECOND: i128 = 1_000_000_000;
/// Nanoseconds of a day.
pub const DAY: i128 = 86_400 * SECOND;

/// Nanoseconds of a unit.
pub fn nanoseconds(unit: TimeUnit) -> i128 {
    match unit {
        TimeUnit::Second => SECOND,
        TimeUnit::Millisecond => 1_000_000,
        TimeUnit::Microsecond => 1_000,
        TimeUnit::Nanosecond => 1,
    }
}

/// The moment that a text of ISO 8601 names: a date, or date and time, perhaps with an offset.
pub fn moment_of(text: &str) -> Option<i128> {
    let utc: Tz = "+00:00".parse().ok()?;
    let moment = string_to_datetime(&utc, text).ok()?;
    Some(i128::from(moment.timestamp()) * SECOND + i128::from(moment.timestamp_subsec_nanos()))
}
