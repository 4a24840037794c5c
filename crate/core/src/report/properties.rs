//! The distributions of the properties that the products of a run have.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int32Type};
use serde::Serialize;

use super::histogram::{Histogram, HistogramBin};
use crate::error::Error;
use crate::output::read_back::WrittenFile;
use crate::summary::Summary;

/// A column in which an engine can write a property, of products or of their parents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyColumn {
    /// Its name.
    pub name: String,
    /// The unit of the property, if it has one.
    pub unit: Option<String>,
}

/// A numeric property of the products.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PropertyDistribution {
    /// The name of its column.
    pub name: String,
    /// Its unit, if it has one.
    pub unit: Option<String>,
    /// Products with a value.
    pub values: u64,
    /// Products without one, or whose value is not a finite number.
    pub nulls: u64,
    /// The lowest value.
    pub min: f64,
    /// The highest value.
    pub max: f64,
    /// The mean of the values.
    pub mean: f64,
    /// Products by value, in bins of equal width.
    pub bins: Vec<HistogramBin>,
}

/// A property while its values are counted.
struct Counted {
    name: String,
    unit: Option<String>,
    min: f64,
    max: f64,
    histogram: Histogram,
    values: u64,
    nulls: u64,
    sum: f64,
}

/// The distributions of those `columns` that are numeric and that the run in `summary` has written into `file`, if a product
/// has a value.
///
/// # Errors
/// Those of a file that cannot be read, and that of `stop_check`.
pub fn distributions(
    file: &WrittenFile,
    summary: &Summary,
    columns: &[PropertyColumn],
    stop_check: &dyn Fn() -> Result<(), Error>,
) -> Result<Vec<PropertyDistribution>, Error> {
    let mut counted = written(file, summary, columns);
    let names: Vec<String> = counted.iter().map(|property| property.name.clone()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    for batch in file.batches_of(&names)? {
        stop_check()?;
        let batch = batch?;
        counted.iter_mut().for_each(|property| property.take(&batch));
    }
    Ok(counted.into_iter().map(Counted::distribution).collect())
}

fn written(file: &WrittenFile, summary: &Summary, columns: &[PropertyColumn]) -> Vec<Counted> {
    let fields = file.schema().rows().fields().iter();
    // A column that the library had may have the name of a property.
    let own = fields.filter(|field| !summary.columns.kept.contains(field.name()));
    let counted = own.filter_map(|field| {
        let is_whole = match field.data_type() {
            DataType::Int32 => true,
            DataType::Float64 => false,
            _ => return None,
        };
        let PropertyColumn { name, unit } =
            columns.iter().find(|column| column.name == *field.name())?.clone();
        // Without a range there is no value.
        let (min, max) = file.range_of(&name)?;
        let histogram = Histogram::new(min, max, is_whole);
        Some(Counted { name, unit, min, max, histogram, values: 0, nulls: 0, sum: 0.0 })
    });
    counted.collect()
}

impl Counted {
    fn take(&mut self, batch: &RecordBatch) {
        let Some(column) = batch.column_by_name(&self.name) else { return };
        match column.data_type() {
            DataType::Int32 => {
                column.as_primitive::<Int32Type>().iter().for_each(|value| self.add(value.map(f64::from)));
            }
            _ => column.as_primitive::<Float64Type>().iter().for_each(|value| self.add(value)),
        }
    }

    fn add(&mut self, value: Option<f64>) {
        match value.filter(|value| value.is_finite()) {
            None => self.nulls += 1,
            Some(value) => {
                self.values += 1;
                self.sum += value;
                self.histogram.add(value);
            }
        }
    }

    fn distribution(self) -> PropertyDistribution {
        PropertyDistribution {
            mean: self.sum / self.values.max(1) as f64,
            bins: self.histogram.bins(),
            name: self.name,
            unit: self.unit,
            values: self.values,
            nulls: self.nulls,
            min: self.min,
            max: self.max,
        }
    }
}
