//! Evaluates checked expressions over Arrow arrays, in the three-valued logic of SQL.

use std::cmp::Ordering;

use arrow::array::{Array, AsArray, BooleanArray, StringViewArray};
use arrow::compute::kernels::length::length;
use arrow::compute::{and_kleene, cast, is_null, not, or_kleene};
use arrow::datatypes::{DataType, Int64Type};
use arrow::error::ArrowError;

use super::number::{Number, numbers_of};
use super::{Kind, Rows, Term};

/// Whether a condition holds in each of `rows`; null if that is unknown.
pub fn truths(term: &Term, rows: &dyn Rows) -> Result<BooleanArray, ArrowError> {
    match term {
        Term::Column(index) => Ok(rows.column(*index)?.as_boolean().clone()),
        Term::Comparison(Kind::Text, comparison, sides) => {
            let [left, right] = [texts(&sides[0], rows)?, texts(&sides[1], rows)?];
            let order = |row| Some(left.get(row)?.cmp(right.get(row)?));
            Ok(each(rows, |row| order(row).map(|order| comparison.holds(order))))
        }
        Term::Comparison(Kind::Boolean, comparison, sides) => {
            let [left, right] = [truths(&sides[0], rows)?, truths(&sides[1], rows)?];
            let value = |array: &BooleanArray, row| array.is_valid(row).then(|| array.value(row));
            let order = |row| Some(value(&left, row)?.cmp(&value(&right, row)?));
            Ok(each(rows, |row| order(row).map(|order| comparison.holds(order))))
        }
        Term::Comparison(_, comparison, sides) => {
            let [left, right] = [numbers(&sides[0], rows)?, numbers(&sides[1], rows)?];
            let order = |row| left.get(row)?.compare(right.get(row)?);
            Ok(each(rows, |row| order(row).map(|order| comparison.holds(order))))
        }
        Term::OneOfNumbers(term, sought) => {
            let numbers = numbers(term, rows)?;
            Ok(each(rows, |row| is_one_of(numbers.get(row)?, sought)))
        }
        Term::OneOfTexts(term, sought) => {
            let texts = texts(term, rows)?;
            let find = |text: &str| sought.binary_search_by(|known| known.as_str().cmp(text)).is_ok();
            Ok(each(rows, |row| texts.get(row).map(find)))
        }
        Term::Like(term, pattern) => {
            let texts = texts(term, rows)?;
            Ok(each(rows, |row| texts.get(row).map(|text| pattern.matches(text))))
        }
        Term::IsNull(kind, term) => are_null(*kind, term, rows),
        Term::HasMembers(index) => {
            let lengths = cast(&length(&rows.column(*index)?)?, &DataType::Int64)?;
            Ok(lengths
                .as_primitive::<Int64Type>()
                .iter()
                .map(|length| length.map(|length| length > 0))
                .collect())
        }
        Term::Not(term) => not(&truths(term, rows)?),
        Term::All(terms) => junction(terms, rows, true, and_kleene),
        Term::Any(terms) => junction(terms, rows, false, or_kleene),
        Term::Number(_) | Term::Text(_) | Term::Negative(_) | Term::Arithmetic(..) => Err(mistyped()),
    }
}

type Kleene = fn(&BooleanArray, &BooleanArray) -> Result<BooleanArray, ArrowError>;

/// The terms, joined; without any, the `neutral` value.
fn junction(
    terms: &[Term],
    rows: &dyn Rows,
    neutral: bool,
    join: Kleene,
) -> Result<BooleanArray, ArrowError> {
    let start = BooleanArray::from(vec![neutral; rows.len()]);
    terms.iter().try_fold(start, |joined, term| join(&joined, &truths(term, rows)?))
}

fn are_null(kind: Kind, term: &Term, rows: &dyn Rows) -> Result<BooleanArray, ArrowError> {
    match (term, kind) {
        (Term::Column(index), _) => is_null(&rows.column(*index)?),
        (term, Kind::Boolean) => is_null(&truths(term, rows)?),
        (term, Kind::Text) => {
            let texts = texts(term, rows)?;
            Ok(each(rows, |row| Some(texts.get(row).is_none())))
        }
        (term, _) => {
            let numbers = numbers(term, rows)?;
            Ok(each(rows, |row| Some(numbers.get(row).is_none())))
        }
    }
}

/// Whether a number is one of those in ascending order; unknown for NaN.
fn is_one_of(number: Number, sought: &[Number]) -> Option<bool> {
    number.compare(number)?;
    let order = |known: &Number| known.compare(number).unwrap_or(Ordering::Less);
    Some(sought.binary_search_by(order).is_ok())
}

/// Numbers of each row, or the same one in all rows.
enum Numbers {
    One(Number),
    Each(Vec<Option<Number>>),
}

impl Numbers {
    fn get(&self, row: usize) -> Option<Number> {
        match self {
            Self::One(number) => Some(*number),
            Self::Each(numbers) => numbers[row],
        }
    }
}

fn numbers(term: &Term, rows: &dyn Rows) -> Result<Numbers, ArrowError> {
    Ok(match term {
        Term::Column(index) => Numbers::Each(numbers_of(&rows.column(*index)?)?),
        Term::Number(number) => Numbers::One(*number),
        Term::Negative(term) => {
            let numbers = numbers(term, rows)?;
            Numbers::Each((0..rows.len()).map(|row| numbers.get(row).map(Number::negative)).collect())
        }
        Term::Arithmetic(operation, sides) => {
            let [left, right] = [numbers(&sides[0], rows)?, numbers(&sides[1], rows)?];
            let result = |row| left.get(row)?.combine(*operation, right.get(row)?);
            Numbers::Each((0..rows.len()).map(result).collect())
        }
        _ => return Err(mistyped()),
    })
}

/// Texts of each row, or the same one in all rows.
enum Texts<'a> {
    One(&'a str),
    Each(StringViewArray),
}

impl Texts<'_> {
    fn get(&self, row: usize) -> Option<&str> {
        match self {
            Self::One(text) => Some(text),
            Self::Each(texts) => texts.is_valid(row).then(|| texts.value(row)),
        }
    }
}

fn texts<'a>(term: &'a Term, rows: &dyn Rows) -> Result<Texts<'a>, ArrowError> {
    match term {
        Term::Column(index) => {
            let views = cast(&rows.column(*index)?, &DataType::Utf8View)?;
            Ok(Texts::Each(views.as_string_view().clone()))
        }
        Term::Text(text) => Ok(Texts::One(text)),
        _ => Err(mistyped()),
    }
}

fn each(rows: &dyn Rows, truth: impl Fn(usize) -> Option<bool>) -> BooleanArray {
    (0..rows.len()).map(truth).collect()
}

fn mistyped() -> ArrowError {
    ArrowError::ComputeError("an expression of a filter has the wrong kind".to_owned())
}
