//! A condition on the rows of a table, over the table's own columns.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::Fields;
use arrow::error::ArrowError;

use super::expression::{Expression, Names, Rows};
use super::{read, taken_by};
use crate::error::Error;

/// A condition on rows.
#[derive(Debug)]
pub struct TableFilter {
    expression: Expression,
}

impl TableFilter {
    /// The condition `text` over columns with these `fields`.
    ///
    /// # Errors
    /// [`Error::InvalidWhere`].
    pub fn new(text: &str, fields: &Fields) -> Result<Self, Error> {
        let names = Names { columns: fields, listed: fields.len(), absent: &[] };
        Ok(Self { expression: read(text, names)? })
    }

    /// The positions of the columns that it names, ascending.
    pub fn columns(&self) -> BTreeSet<usize> {
        self.expression.columns()
    }

    /// The positions of the rows that meet the condition, ascending. `place` gives the position in `rows` of each column
    /// that the condition names.
    ///
    /// # Errors
    /// An internal error.
    pub fn met(&self, rows: &RecordBatch, place: &dyn Fn(usize) -> usize) -> Result<Vec<u32>, Error> {
        let taken_by = taken_by(&self.expression, &TableRows { rows, place })?;
        let met = (0_u32..).zip(taken_by).filter(|(_, taken_by)| taken_by.is_none());
        Ok(met.map(|(row, _)| row).collect())
    }
}

/// Rows of a table of which only some columns are read.
struct TableRows<'a> {
    rows: &'a RecordBatch,
    place: &'a dyn Fn(usize) -> usize,
}

impl Rows for TableRows<'_> {
    fn len(&self) -> usize {
        self.rows.num_rows()
    }

    fn column(&self, index: usize) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::clone(self.rows.column((self.place)(index))))
    }
}
