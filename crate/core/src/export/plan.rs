//! What an export reads of a table, and what becomes of each column.

use arrow::datatypes::{Fields, Schema, SchemaRef};

use crate::error::Error;
use crate::filter::TableFilter;
use crate::options::ExportInput;
use crate::source::{KeepColumns, TableColumns};

/// Positions in the chunks that are read.
#[derive(Debug)]
pub struct Plan {
    /// Positions in the table of the columns that are read.
    pub read: Vec<usize>,
    /// The columns to write come first; this is their schema.
    pub schema: SchemaRef,
    /// What names the rows.
    pub id: Option<usize>,
    /// The column whose values divide the rows.
    pub partition: Option<usize>,
    /// The condition that rows must meet.
    pub filter: Option<TableFilter>,
}

impl Plan {
    /// The plan for a table with these columns.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a column that there is not, [`Error::InvalidWhere`].
    pub fn new(input: &ExportInput, table: &TableColumns) -> Result<Self, Error> {
        let fields = &table.fields;
        let named = |name: &str| table.position(name);
        let mut read = match &input.columns {
            KeepColumns::Named(names) => {
                let mut chosen = Vec::new();
                for name in names {
                    let column = named(name).map_err(|reason| ExportInput::columns.refuse(reason))?;
                    if !chosen.contains(&column) {
                        chosen.push(column);
                    }
                }
                chosen
            }
            _ => (0..fields.len()).collect(),
        };
        let schema = Schema::new(read.iter().map(|&column| fields[column].clone()).collect::<Fields>());
        let partition = input.partition_by.as_deref().map(named).transpose();
        let partition = partition.map_err(|reason| ExportInput::partition_by.refuse(reason))?;
        if let Some(column) = partition.filter(|&column| fields[column].data_type().is_nested()) {
            let reason = format!("column {:?} has lists or other nested values", fields[column].name());
            return Err(ExportInput::partition_by.refuse(reason));
        }
        let filter = input.filter.as_deref().map(|text| TableFilter::new(text, fields)).transpose()?;
        let mut place = |column: usize| {
            read.iter().position(|&known| known == column).unwrap_or_else(|| {
                read.push(column);
                read.len() - 1
            })
        };
        let (id, partition) = (table.id.map(&mut place), partition.map(&mut place));
        for column in filter.iter().flat_map(TableFilter::columns) {
            place(column);
        }
        Ok(Self { read, schema: schema.into(), id, partition, filter })
    }

    /// The position in a chunk of a column of the table that is read.
    pub fn place(&self, column: usize) -> usize {
        self.read.iter().position(|&known| known == column).unwrap_or_default()
    }
}
