//! Timestamps of the deprecated type INT96: nanoseconds of a day, and the Julian day.
//!
//! arrow-rs would wrap around at the years 1677 and 2262. Here, a date is exact or an error.

use arrow::array::{
    Array, ArrayData, ArrayRef, AsArray, FixedSizeBinaryArray, TimestampMicrosecondArray, make_array,
};
use arrow::datatypes::{DataType, TimeUnit};

const JULIAN_DAY_OF_EPOCH: i128 = 2_440_588;
const NANOSECONDS_PER_DAY: i128 = 86_400_000_000_000;

/// The rows as `held`, in which each INT96, read as bytes, becomes a timestamp in microseconds; also the number of
/// timestamps that lost parts of a microsecond.
///
/// # Errors
/// A timestamp that microseconds cannot hold.
pub(super) fn in_microseconds(rows: &ArrayRef, held: &DataType) -> Result<(ArrayRef, u64), String> {
    let mut cut = 0;
    let data = convert(rows.to_data(), held, &mut cut)?;
    Ok((make_array(data), cut))
}

fn convert(data: ArrayData, held: &DataType, cut: &mut u64) -> Result<ArrayData, String> {
    if data.data_type() == held {
        return Ok(data);
    }
    if let DataType::Timestamp(TimeUnit::Microsecond, zone) = held {
        let rows = make_array(data);
        let rows = rows.as_fixed_size_binary_opt().ok_or("an INT96 was not read as bytes")?;
        let times = times(rows, cut)?.with_timezone_opt(zone.clone());
        return Ok(times.into_data());
    }
    let parts: Vec<&DataType> = match held {
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _) => vec![item.data_type()],
        DataType::Struct(fields) => fields.iter().map(|field| field.data_type()).collect(),
        other => return Err(format!("an INT96 as {other}")),
    };
    let children = data.child_data().iter().cloned().zip(parts).map(|(part, held)| convert(part, held, cut));
    let children = children.collect::<Result<_, _>>()?;
    let data = data.into_builder().data_type(held.clone()).child_data(children).build();
    data.map_err(|error| error.to_string())
}

fn times(rows: &FixedSizeBinaryArray, cut: &mut u64) -> Result<TimestampMicrosecondArray, String> {
    let time = |bytes: Option<&[u8]>| bytes.map(|bytes| microseconds(bytes, cut)).transpose();
    rows.iter().map(time).collect()
}

fn microseconds(bytes: &[u8], cut: &mut u64) -> Result<i64, String> {
    let (nanoseconds, day) = bytes.split_at(8);
    let nanoseconds = i64::from_le_bytes(nanoseconds.try_into().map_err(|_| "an INT96 of another length")?);
    let day = i32::from_le_bytes(day.try_into().map_err(|_| "an INT96 of another length")?);
    let all = (i128::from(day) - JULIAN_DAY_OF_EPOCH) * NANOSECONDS_PER_DAY + i128::from(nanoseconds);
    *cut += u64::from(all.rem_euclid(1000) != 0);
    i64::try_from(all.div_euclid(1000))
        .map_err(|_| format!("an INT96 timestamp (Julian day {day}) is beyond what microseconds can hold"))
}
