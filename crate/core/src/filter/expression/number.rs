//! Numbers: whole ones exactly, the others as 64-bit floating point.

use std::cmp::Ordering;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, DecimalType, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::error::ArrowError;

use super::Arithmetic;
use super::moment::{DAY, nanoseconds};

/// A number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number; it holds the product of any two 64-bit integers.
    Whole(i128),
    /// Any other number, or one that is too large.
    Real(f64),
}

impl Number {
    /// The number that `text` has; `None` if it is none, or beyond all floating-point numbers.
    pub fn parse(text: &str) -> Option<Self> {
        let whole = text.parse().ok().map(Self::Whole);
        whole.or_else(|| text.parse().ok().filter(|real: &f64| real.is_finite()).map(Self::Real))
    }

    /// How the number compares with another one, by their exact values; `None` if one of them is NaN.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(one), Self::Whole(other)) => Some(one.cmp(&other)),
            (Self::Real(one), Self::Real(other)) => one.partial_cmp(&other),
            (Self::Whole(whole), Self::Real(real)) => compare_mixed(whole, real),
            (Self::Real(real), Self::Whole(whole)) => compare_mixed(whole, real).map(Ordering::reverse),
        }
    }

    /// The result of an operation; `None` for a division by zero.
    pub fn combine(self, operation: Arithmetic, other: Self) -> Option<Self> {
        let reals = |result: fn(f64, f64) -> f64| Self::Real(result(self.real(), other.real()));
        let wholes = |result: fn(i128, i128) -> Option<i128>| match (self, other) {
            (Self::Whole(one), Self::Whole(other)) => result(one, other).map(Self::Whole),
            _ => None,
        };
        match operation {
            Arithmetic::Add => Some(wholes(i128::checked_add).unwrap_or_else(|| reals(|a, b| a + b))),
            Arithmetic::Subtract => Some(wholes(i128::checked_sub).unwrap_or_else(|| reals(|a, b| a - b))),
            Arithmetic::Multiply => Some(wholes(i128::checked_mul).unwrap_or_else(|| reals(|a, b| a * b))),
            Arithmetic::Divide => (other.real() != 0.0).then(|| reals(|a, b| a / b)),
        }
    }

    /// The number with the other sign.
    pub fn negative(self) -> Self {
        match self {
            Self::Whole(whole) => whole.checked_neg().map_or(Self::Real(-(whole as f64)), Self::Whole),
            Self::Real(real) => Self::Real(-real),
        }
    }

    fn real(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Real(real) => real,
        }
    }
}

/// How a whole number compares with any other one. Neither is rounded: below 2^53 both kinds are exact, and above it a
/// floating-point number is whole.
fn compare_mixed(whole: i128, real: f64) -> Option<Ordering> {
    const BEYOND: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0; // 2^127
    if real >= BEYOND {
        Some(Ordering::Less)
    } else if real < -BEYOND {
        Some(Ordering::Greater)
    } else {
        let towards_zero = real.trunc();
        let fraction = towards_zero.partial_cmp(&real)?;
        Some(whole.cmp(&(towards_zero as i128)).then(fraction))
    }
}

/// The values of a column of numbers, dates or time stamps; the latter two in nanoseconds since 1970.
pub fn numbers_of(array: &ArrayRef) -> Result<Vec<Option<Number>>, ArrowError> {
    Ok(match array.data_type() {
        DataType::Int8 => wholes::<Int8Type>(array, 1),
        DataType::Int16 => wholes::<Int16Type>(array, 1),
        DataType::Int32 => wholes::<Int32Type>(array, 1),
        DataType::Int64 => wholes::<Int64Type>(array, 1),
        DataType::UInt8 => wholes::<UInt8Type>(array, 1),
        DataType::UInt16 => wholes::<UInt16Type>(array, 1),
        DataType::UInt32 => wholes::<UInt32Type>(array, 1),
        DataType::UInt64 => wholes::<UInt64Type>(array, 1),
        DataType::Decimal32(..) => decimals::<Decimal32Type>(array),
        DataType::Decimal64(..) => decimals::<Decimal64Type>(array),
        DataType::Decimal128(..) => decimals::<Decimal128Type>(array),
        DataType::Decimal256(..) => decimals::<Decimal256Type>(array),
        DataType::Date32 => wholes::<Date32Type>(array, DAY),
        DataType::Date64 => wholes::<Date64Type>(array, nanoseconds(TimeUnit::Millisecond)),
        DataType::Timestamp(unit, _) => {
            let factor = nanoseconds(*unit);
            match unit {
                TimeUnit::Second => wholes::<TimestampSecondType>(array, factor),
                TimeUnit::Millisecond => wholes::<TimestampMillisecondType>(array, factor),
                TimeUnit::Microsecond => wholes::<TimestampMicrosecondType>(array, factor),
                TimeUnit::Nanosecond => wholes::<TimestampNanosecondType>(array, factor),
            }
        }
        _ => {
            let reals = cast(array, &DataType::Float64)?;
            reals.as_primitive::<Float64Type>().iter().map(|real| real.map(Number::Real)).collect()
        }
    })
}

fn wholes<T: ArrowPrimitiveType>(array: &ArrayRef, factor: i128) -> Vec<Option<Number>>
where
    T::Native: Into<i128>,
{
    array.as_primitive::<T>().iter().map(|value| Some(Number::Whole(value?.into() * factor))).collect()
}

/// Decimals as the numbers that their text has, so that 1.10 equals 1.1 in a filter.
fn decimals<T: DecimalType>(array: &ArrayRef) -> Vec<Option<Number>> {
    let array = array.as_primitive::<T>();
    let number = |row| Number::parse(&array.value_as_string(row));
    (0..array.len()).map(|row| array.is_valid(row).then(|| number(row)).flatten()).collect()
}
