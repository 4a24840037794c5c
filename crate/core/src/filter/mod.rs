//! `where`: a condition that products must meet, or the rows of a table ([`TableFilter`]).
//!
//! For products it acts where these are made, in the threads of the workers, on the products of one micro-batch at a time,
//! after the engine and before any deduplication. Its verdict on a product depends only on that product and its parent, so
//! it does not depend on how the rows are divided. A condition that is not true, be it false or unknown, takes the product
//! out of the engine's output; the counts say how many, by transform and by clause.

mod columns;
mod counts;
mod expression;
mod table;

use arrow::array::Array;
use arrow::error::ArrowError;

use self::columns::Columns;
pub use self::expression::{Comparison, KINDS, Kind, KindFacts};
use self::expression::{Expression, Names, Rows};
pub use self::table::TableFilter;
use crate::alerts;
use crate::engine::{Engine, EngineOutput};
use crate::error::Error;
use crate::source::{Chunk, InputColumns};
use crate::transform::Transform;

/// Columns that a run may lack, each with what would add it.
const ABSENT: &[(&str, &str)] =
    &[(alerts::COLUMN, "add `alerts`, which names catalogs, for example PAINS, or files")];

/// A failure to compute a column that a condition names.
fn broken(error: ArrowError) -> Error {
    Error::internal(format!("applying the condition of `where`: {error}"))
}

/// The condition `text`, in which these are the `names`.
///
/// # Errors
/// [`Error::InvalidWhere`].
fn read(text: &str, names: Names<'_>) -> Result<Expression, Error> {
    Expression::read(text, names).map_err(|fault| Error::InvalidWhere {
        text: text.to_owned(),
        position: fault.position + 1,
        reason: fault.reason,
    })
}

/// For each of `rows`, the first clause that is not true of it; `None` for a row that meets all of them.
///
/// # Errors
/// An internal error.
fn taken_by(expression: &Expression, rows: &dyn Rows) -> Result<Vec<Option<usize>>, Error> {
    let mut taken_by = vec![None; rows.len()];
    for (index, clause) in expression.clauses().iter().enumerate() {
        if taken_by.iter().all(Option::is_some) {
            break;
        }
        let met = clause.evaluate(rows).map_err(broken)?;
        for (row, taken_by) in taken_by.iter_mut().enumerate().filter(|(_, taken_by)| taken_by.is_none()) {
            let is_met = met.is_valid(row) && met.value(row);
            *taken_by = (!is_met).then_some(index);
        }
    }
    Ok(taken_by)
}

/// A condition on products.
pub struct Filter {
    columns: Columns,
    expression: Expression,
    transforms: usize,
}

impl Filter {
    /// The condition `text` on the products that `engine` makes with `transforms` from a library with the columns `input`.
    /// The engine learns which further columns it is to compute.
    ///
    /// # Errors
    /// [`Error::InvalidWhere`], and those of the engine.
    pub fn new(
        text: &str,
        input: &InputColumns,
        transforms: &[Transform],
        engine: &mut dyn Engine,
    ) -> Result<Self, Error> {
        let mut columns = Columns::new(input, transforms, &engine.columns(), &engine.further_columns());
        let names = Names { columns: columns.fields(), listed: columns.of_output(), absent: ABSENT };
        let expression = read(text, names)?;
        engine.compute_further(&columns.take_further(expression.columns()))?;
        Ok(Self { columns, expression, transforms: transforms.len() })
    }

    /// The texts of its clauses: the conditions of a top-level AND, or the whole.
    pub fn clauses(&self) -> impl Iterator<Item = &str> {
        self.expression.clauses().iter().map(|clause| clause.text.as_str())
    }

    /// Takes the products that do not meet the condition out of `output` and counts them, and takes out the columns that were
    /// computed for the condition alone. The parents are the rows of `chunk`, whose positions in the library `source_row`
    /// gives.
    ///
    /// # Errors
    /// An internal error.
    pub fn apply(
        &self,
        source_row: &dyn Fn(u32) -> i64,
        chunk: &Chunk,
        output: &mut EngineOutput,
    ) -> Result<(), Error> {
        if output.rechecked.difference.is_some() {
            return Ok(()); // the rest has no meaning
        }
        let products = &output.products;
        let rows = self.columns.of(source_row, chunk, products);
        let taken_by = taken_by(&self.expression, &rows)?;
        output.filtered =
            counts::count(products, &taken_by, self.transforms, self.expression.clauses().len());
        let left: Vec<u32> =
            (0..products.len() as u32).filter(|&at| taken_by[at as usize].is_none()).collect();
        output.products.columns.truncate(self.columns.computed());
        if left.len() < output.products.len() {
            output.products = output.products.take(left).map_err(broken)?;
        }
        Ok(())
    }
}
