//! The result of `xform` for a row: a list of entries, of three kinds.
//!
//! | `kind` | how many | fields |
//! |---|---|---|
//! | `failure` | one per record in `rejects.parquet` | `ordinal`, `transform` and `site_index` (null as there), `stage`, `code`, `reason` |
//! | `row` | one | `outcome`, `rejected`, `standardized`, `rechecked` and `filtered` (JSON; null if nothing is), `counts` |
//! | `product` | one per distinct product of a transform | all others |
//!
//! `counts` holds a group of [`COUNTS`](crate::record::COUNTS) numbers for each transform that found a site or rejected
//! the row: its position and its tally; the other transforms found no site. `computed` holds the values of the engine's
//! columns, packed as in a record, so that this type is the same whichever properties a run computes. One call of RDKit
//! thus gives products, rejects and counts, and each of them is a value that can be computed again.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryBuilder, BooleanBuilder, Int32Builder, ListArray, ListBuilder, StringBuilder,
    StructArray, UInt64Builder,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use arrow::error::ArrowError;
use xform_core::Error;
use xform_core::dedup::{Identities, Key, Keys};
use xform_core::engine::{EngineOutput, Failure, Rechecked};
use xform_core::totals::RowResult;

use crate::record::Writer;

/// Names of the kinds.
pub const FAILURE: &str = "failure";
/// The outcome of a row.
pub const ROW: &str = "row";
/// A product.
pub const PRODUCT: &str = "product";

/// The fields of an entry.
pub fn fields() -> Fields {
    let list = |item| DataType::List(Arc::new(Field::new("item", item, true)));
    let field = |name: &str, data_type| Field::new(name, data_type, true);
    [
        field("kind", DataType::Utf8),
        field("ordinal", DataType::Int32),
        field("transform", DataType::Int32),
        field("key", DataType::Binary),
        field("smiles", DataType::Utf8),
        field("product_index", DataType::Int32),
        field("site_index", DataType::Int32),
        field("number", DataType::Int32),
        field("stage", DataType::Utf8),
        field("code", DataType::Utf8),
        field("reason", DataType::Utf8),
        field("outcome", DataType::Utf8),
        field("rejected", DataType::Boolean),
        field("standardized", DataType::Boolean),
        field("rechecked", DataType::Utf8),
        field("filtered", DataType::Utf8),
        field("counts", list(DataType::UInt64)),
        field("computed", DataType::Binary),
    ]
    .into_iter()
    .collect()
}

/// The field of each entry in a list.
fn item(fields: &Fields) -> FieldRef {
    Arc::new(Field::new("item", DataType::Struct(fields.clone()), true))
}

/// The type of `xform`'s result.
pub fn list_type() -> DataType {
    DataType::List(item(&fields()))
}

/// Builds the lists for many rows.
#[derive(Default)]
pub struct EntryBuilder {
    lengths: Vec<usize>,
    kind: StringBuilder,
    ordinal: Int32Builder,
    transform: Int32Builder,
    key: BinaryBuilder,
    smiles: StringBuilder,
    product_index: Int32Builder,
    site_index: Int32Builder,
    number: Int32Builder,
    stage: StringBuilder,
    code: StringBuilder,
    reason: StringBuilder,
    outcome: StringBuilder,
    rejected: BooleanBuilder,
    standardized: BooleanBuilder,
    rechecked: StringBuilder,
    filtered: StringBuilder,
    counts: ListBuilder<UInt64Builder>,
    computed: BinaryBuilder,
}

impl EntryBuilder {
    /// Adds the list for a row: the engine's output for a batch with only that row, after the filter.
    ///
    /// # Errors
    /// An internal error if a result is not for one row.
    pub fn push_row(
        &mut self,
        output: &EngineOutput,
        identities: &Identities,
        keys: &[Keys],
    ) -> Result<(), Error> {
        let [row] = output.rows[..] else {
            return Err(Error::internal(format!("{} outcomes of one row", output.rows.len())));
        };
        for (ordinal, failure) in output.failures.iter().enumerate() {
            self.push_failure(ordinal, failure);
        }
        self.push_outcome(row, output)?;
        for index in 0..output.products.len() {
            let products = &output.products;
            let product = identities.of(products.smiles.get(index), &products.columns, index);
            let keys = keys.get(usize::from(products.transform[index]));
            let keys = keys.ok_or_else(|| Error::internal("an unknown transform"))?;
            self.push_product(output, index, keys.of(product))?;
        }
        self.lengths.push(output.failures.len() + 1 + output.products.len());
        Ok(())
    }

    fn push_failure(&mut self, ordinal: usize, failure: &Failure) {
        self.kind.append_value(FAILURE);
        self.ordinal.append_value(ordinal as i32);
        self.transform.append_option(failure.transform.map(i32::from));
        self.site_index.append_option(failure.site);
        self.stage.append_value(failure.stage.as_str());
        self.code.append_value(failure.code.as_str());
        self.reason.append_value(&failure.reason);
        self.no_outcome();
        self.no_product();
    }

    fn push_outcome(&mut self, row: RowResult, output: &EngineOutput) -> Result<(), Error> {
        self.kind.append_value(ROW);
        self.ordinal.append_null();
        self.transform.append_null();
        self.site_index.append_null();
        self.outcome.append_value(row.outcome.as_str());
        self.rejected.append_value(row.rejected);
        self.standardized.append_value(row.standardized);
        let rechecked = Some(&output.rechecked).filter(|rechecked| **rechecked != Rechecked::default());
        let rechecked = rechecked.map(serde_json::to_string).transpose();
        self.rechecked.append_option(rechecked.map_err(|error| Error::internal(error.to_string()))?);
        let filtered = Some(&output.filtered).filter(|filtered| !filtered.is_nothing());
        let filtered = filtered.map(serde_json::to_string).transpose();
        self.filtered.append_option(filtered.map_err(|error| Error::internal(error.to_string()))?);
        for (transform, tally) in
            output.tallies.iter().enumerate().filter(|(_, tally)| tally.rows_no_site == 0)
        {
            self.counts.values().append_value(transform as u64);
            self.counts.values().append_slice(&tally.values());
        }
        self.counts.append(true);
        self.no_failure();
        self.no_product();
        Ok(())
    }

    fn push_product(&mut self, output: &EngineOutput, index: usize, key: Key) -> Result<(), Error> {
        let products = &output.products;
        let (transform, smiles) = (products.transform[index], products.smiles.get(index));
        let text = str::from_utf8(smiles).map_err(|error| Error::internal(format!("a product: {error}")))?;
        self.kind.append_value(PRODUCT);
        self.ordinal.append_null();
        self.transform.append_value(i32::from(transform));
        self.key.append_value(key.to_be_bytes());
        self.smiles.append_value(text);
        self.product_index.append_value(products.product_index[index]);
        self.site_index.append_value(products.site_index[index]);
        self.number.append_value(products.number[index] as i32);
        let mut packed = Vec::new();
        let mut values = products.columns.iter();
        let written = values.try_for_each(|column| Writer(&mut packed).value(column, index));
        written.map_err(|error| Error::internal(format!("a product's columns: {error}")))?;
        self.computed.append_value(packed);
        self.no_failure();
        self.no_outcome();
        Ok(())
    }

    fn no_failure(&mut self) {
        self.stage.append_null();
        self.code.append_null();
        self.reason.append_null();
    }

    fn no_outcome(&mut self) {
        self.outcome.append_null();
        self.rejected.append_null();
        self.standardized.append_null();
        self.rechecked.append_null();
        self.filtered.append_null();
        self.counts.append(false);
    }

    fn no_product(&mut self) {
        self.key.append_null();
        self.smiles.append_null();
        self.product_index.append_null();
        self.number.append_null();
        self.computed.append_null();
    }

    /// The lists.
    ///
    /// # Errors
    /// An internal error.
    pub fn finish(self) -> Result<ArrayRef, Error> {
        self.lists(fields()).map_err(|error| Error::internal(format!("making entries: {error}")))
    }

    fn lists(mut self, fields: Fields) -> Result<ArrayRef, ArrowError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.kind.finish()),
            Arc::new(self.ordinal.finish()),
            Arc::new(self.transform.finish()),
            Arc::new(self.key.finish()),
            Arc::new(self.smiles.finish()),
            Arc::new(self.product_index.finish()),
            Arc::new(self.site_index.finish()),
            Arc::new(self.number.finish()),
            Arc::new(self.stage.finish()),
            Arc::new(self.code.finish()),
            Arc::new(self.reason.finish()),
            Arc::new(self.outcome.finish()),
            Arc::new(self.rejected.finish()),
            Arc::new(self.standardized.finish()),
            Arc::new(self.rechecked.finish()),
            Arc::new(self.filtered.finish()),
            Arc::new(self.counts.finish()),
            Arc::new(self.computed.finish()),
        ];
        let item = item(&fields);
        let entries = StructArray::try_new(fields, columns, None)?;
        let offsets = OffsetBuffer::from_lengths(self.lengths);
        Ok(Arc::new(ListArray::try_new(item, offsets, Arc::new(entries), None)?))
    }
}
