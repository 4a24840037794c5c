//! Rows of a table, grouped by the values of some of its columns.
//!
//! Memory is that of the values of each group, of which there are at most [`MAX_GROUPS`].

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, FieldRef, Schema};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};

use crate::error::Error;
use crate::options::OptionSpec;
use crate::source::TableColumns;

/// Groups that there may be.
pub const MAX_GROUPS: usize = 10_000;

/// Numbers groups in the order in which their first rows come.
pub struct Groups {
    /// The option that names the columns.
    option: OptionSpec,
    fields: Vec<FieldRef>,
    converter: RowConverter,
    numbers: HashMap<Box<[u8]>, usize>,
}

impl Groups {
    /// No groups yet, of the columns of `table` that `option` calls `names`; without a name, all rows are one group.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a column that there is not, or whose values make no groups.
    pub fn new(
        option: OptionSpec,
        names: &[String],
        table: &TableColumns,
    ) -> Result<(Self, Vec<usize>), Error> {
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            let column = table.position(name).map_err(|reason| option.refuse(reason))?;
            let data_type = table.fields[column].data_type();
            if !makes_groups(data_type) {
                let reason = format!(
                    "column {name:?} is of type {data_type}; groups are made of text, whole numbers or true and false"
                );
                return Err(option.refuse(reason));
            }
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        let fields: Vec<FieldRef> = columns.iter().map(|&column| Arc::clone(&table.fields[column])).collect();
        let keys = fields.iter().map(|field| SortField::new(field.data_type().clone())).collect();
        let converter = RowConverter::new(keys).map_err(broken)?;
        // Without columns, the group is there even if there are no rows.
        let numbers = if fields.is_empty() { [(Box::default(), 0)].into() } else { HashMap::new() };
        Ok((Self { option, fields, converter, numbers }, columns))
    }

    /// The number of groups so far.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The numbers of the groups of rows with these values, a column for each name; without a name, `rows` rows.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] beyond [`MAX_GROUPS`].
    pub fn numbers(&mut self, values: &[ArrayRef], rows: usize) -> Result<Vec<usize>, Error> {
        if values.is_empty() {
            return Ok(vec![0; rows]);
        }
        let keys = self.converter.convert_columns(values).map_err(broken)?;
        keys.iter().map(|key| self.number(key.as_ref())).collect()
    }

    fn number(&mut self, key: &[u8]) -> Result<usize, Error> {
        if let Some(&number) = self.numbers.get(key) {
            return Ok(number);
        }
        let next = self.numbers.len();
        if next == MAX_GROUPS {
            let names: Vec<&str> = self.fields.iter().map(|field| field.name().as_str()).collect();
            let reason = format!(
                "{} has more than {MAX_GROUPS} different values; choose other columns, or fewer rows with `where`",
                names.join(", ")
            );
            return Err(self.option.refuse(reason));
        }
        self.numbers.insert(key.into(), next);
        Ok(next)
    }

    /// The numbers of the groups in the order of their values, nulls first, and these values.
    ///
    /// # Errors
    /// An internal error.
    pub fn sorted(&self) -> Result<(Vec<usize>, RecordBatch), Error> {
        let mut keys: Vec<(&[u8], usize)> =
            self.numbers.iter().map(|(key, number)| (&**key, *number)).collect();
        keys.sort_unstable();
        let parser = self.converter.parser();
        let rows = keys.iter().map(|(key, _)| parser.parse(key));
        let order = keys.iter().map(|(_, number)| *number).collect();
        if self.fields.is_empty() {
            return Ok((order, RecordBatch::new_empty(Arc::new(Schema::empty()))));
        }
        let values = self.converter.convert_rows(rows).map_err(broken)?;
        let schema = Arc::new(Schema::new(self.fields.clone()));
        Ok((order, RecordBatch::try_new(schema, values).map_err(broken)?))
    }
}

fn makes_groups(data_type: &DataType) -> bool {
    data_type.is_integer()
        || matches!(data_type, DataType::Boolean | DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

fn broken(error: ArrowError) -> Error {
    Error::internal(format!("grouping rows: {error}"))
}
