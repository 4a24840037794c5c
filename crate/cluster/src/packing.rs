//! `xform_key(source_row, entry)` and `xform_record(source_row, smiles, carried, entry)`: an entry and its parent as
//! two byte strings, which are all that the shuffle handles. [`crate::record`] has the layout of the second.
//!
//! The key of a product is 2 and the 128-bit hash of its transform's name and what it is recognised by
//! ([`xform_core::dedup`]). The key of a failure is 0, row and ordinal; the key of a row is 1 and the row. No two of the latter
//! are equal, so they pass through the deduplication unchanged, and they precede all products in the order of the
//! keys.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BinaryBuilder, BooleanArray, Int32Array, Int64Array,
    LargeBinaryBuilder, StringArray, StructArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type, UInt64Type};
use datafusion::common::exec_err;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};
use xform_core::totals::RowOutcome;

use crate::entries;
use crate::record::{FAILURE, PRODUCT, ROW, Writer};

/// The type of records: those of a partition can exceed 2 GiB, and its table returns them in one piece.
pub const RECORD_TYPE: DataType = DataType::LargeBinary;

/// The function that computes keys.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct XformKey {
    signature: Signature,
}

impl XformKey {
    /// Its name in a plan.
    pub const NAME: &'static str = "xform_key";
}

impl Default for XformKey {
    fn default() -> Self {
        Self { signature: Signature::any(2, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for XformKey {
    fn name(&self) -> &str {
        Self::NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Binary)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = arrays(arguments)?;
        let [source_row, entry] = &arrays[..] else {
            return exec_err!("xform_key requires a row and an entry");
        };
        let (source_rows, entries) = (numbers(source_row)?, Entries::new(entry)?);
        let mut keys = BinaryBuilder::with_capacity(entries.len(), entries.len() * 17);
        let mut key = Vec::with_capacity(17);
        for index in 0..entries.len() {
            key.clear();
            match entries.kind(index)? {
                PRODUCT => {
                    key.push(PRODUCT);
                    key.extend_from_slice(entries.key.value(index));
                }
                kind => {
                    Writer(&mut key).begin(kind, source_rows.value(index));
                    if kind == FAILURE {
                        Writer(&mut key).place(entries.ordinal.value(index));
                    }
                }
            }
            keys.append_value(&key);
        }
        Ok(ColumnarValue::Array(Arc::new(keys.finish())))
    }
}

/// The function that computes records.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct XformRecord {
    signature: Signature,
}

impl XformRecord {
    /// Its name in a plan.
    pub const NAME: &'static str = "xform_record";
}

impl Default for XformRecord {
    fn default() -> Self {
        Self { signature: Signature::any(4, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for XformRecord {
    fn name(&self) -> &str {
        Self::NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(RECORD_TYPE)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = arrays(arguments)?;
        let [source_row, smiles, carried, entry] = &arrays[..] else {
            return exec_err!("xform_record requires a row, its SMILES, its carried columns and an entry");
        };
        let source_rows = numbers(source_row)?;
        let smiles = cast(smiles, &DataType::Utf8)?;
        let carried = cast(carried, &DataType::Binary)?;
        let (smiles, carried) = (smiles.as_string::<i32>(), carried.as_binary::<i32>());
        let entries = Entries::new(entry)?;
        let mut records = LargeBinaryBuilder::new();
        let mut record = Vec::new();
        for index in 0..entries.len() {
            let kind = entries.kind(index)?;
            let mut writer = Writer(&mut record);
            writer.begin(kind, source_rows.value(index));
            match kind {
                FAILURE => entries.write_failure(index, &mut writer),
                ROW => entries.write_outcome(index, &mut writer)?,
                _ => entries.write_product(index, &mut writer),
            }
            if kind != ROW {
                writer.bytes(smiles.value(index).as_bytes());
                writer.bytes(carried.value(index));
            }
            records.append_value(&record);
        }
        Ok(ColumnarValue::Array(Arc::new(records.finish())))
    }
}

/// The columns of entries.
struct Entries<'a> {
    kind: &'a StringArray,
    ordinal: &'a Int32Array,
    transform: &'a Int32Array,
    key: &'a BinaryArray,
    smiles: &'a StringArray,
    product_index: &'a Int32Array,
    site_index: &'a Int32Array,
    number: &'a Int32Array,
    stage: &'a StringArray,
    code: &'a StringArray,
    reason: &'a StringArray,
    outcome: &'a StringArray,
    rejected: &'a BooleanArray,
    standardized: &'a BooleanArray,
    rechecked: &'a StringArray,
    filtered: &'a StringArray,
    counts: &'a ArrayRef,
    /// The values of the engine's columns for a product, packed.
    computed: &'a BinaryArray,
}

impl<'a> Entries<'a> {
    fn new(array: &'a ArrayRef) -> Result<Self> {
        let entries: Option<&StructArray> = array.as_struct_opt();
        let Some(entries) = entries.filter(|entries| entries.fields() == &entries::fields()) else {
            return exec_err!("expected an entry of xform, not {}", array.data_type());
        };
        let [
            kind,
            ordinal,
            transform,
            key,
            smiles,
            product_index,
            site_index,
            number,
            stage,
            code,
            reason,
            outcome,
            rejected,
            standardized,
            rechecked,
            filtered,
            counts,
            computed,
        ] = entries.columns()
        else {
            return exec_err!("an entry of xform has {} fields", entries.num_columns());
        };
        Ok(Self {
            kind: kind.as_string(),
            ordinal: ordinal.as_primitive(),
            transform: transform.as_primitive(),
            key: key.as_binary(),
            smiles: smiles.as_string(),
            product_index: product_index.as_primitive(),
            site_index: site_index.as_primitive(),
            number: number.as_primitive(),
            stage: stage.as_string(),
            code: code.as_string(),
            reason: reason.as_string(),
            outcome: outcome.as_string(),
            rejected: rejected.as_boolean(),
            standardized: standardized.as_boolean(),
            rechecked: rechecked.as_string(),
            filtered: filtered.as_string(),
            counts,
            computed: computed.as_binary(),
        })
    }

    fn len(&self) -> usize {
        self.kind.len()
    }

    fn kind(&self, index: usize) -> Result<u8> {
        match self.kind.value(index) {
            entries::FAILURE => Ok(FAILURE),
            entries::ROW => Ok(ROW),
            entries::PRODUCT => Ok(PRODUCT),
            other => exec_err!("an entry of the kind {other:?}"),
        }
    }

    fn write_failure(&self, index: usize, writer: &mut Writer<'_>) {
        writer.place(self.ordinal.value(index));
        writer.number(some(self.transform, index));
        writer.number(some(self.site_index, index));
        for text in [self.stage, self.code, self.reason] {
            writer.bytes(text.value(index).as_bytes());
        }
    }

    fn write_outcome(&self, index: usize, writer: &mut Writer<'_>) -> Result<()> {
        let outcome = RowOutcome::from_name(self.outcome.value(index));
        writer.byte(outcome.ok_or_else(|| unknown("outcome"))? as u8);
        writer.byte(u8::from(self.rejected.value(index)));
        writer.byte(u8::from(self.standardized.value(index)));
        // The value of a null is empty.
        writer.bytes(self.rechecked.value(index).as_bytes());
        writer.bytes(self.filtered.value(index).as_bytes());
        let counts = self.counts.as_list::<i32>().value(index);
        counts.as_primitive::<UInt64Type>().values().iter().for_each(|&count| writer.count(count));
        Ok(())
    }

    fn write_product(&self, index: usize, writer: &mut Writer<'_>) {
        writer.place(self.transform.value(index));
        writer.place(self.site_index.value(index));
        writer.place(self.product_index.value(index));
        writer.number(self.number.value(index));
        writer.raw(self.computed.value(index));
        writer.bytes(self.smiles.value(index).as_bytes());
    }
}

fn some(numbers: &Int32Array, index: usize) -> i32 {
    if numbers.is_valid(index) { numbers.value(index) } else { -1 }
}

fn unknown(what: &str) -> DataFusionError {
    DataFusionError::Execution(format!("an entry of an unknown {what}"))
}

fn numbers(array: &ArrayRef) -> Result<&Int64Array> {
    match array.as_primitive_opt::<Int64Type>() {
        Some(numbers) => Ok(numbers),
        None => exec_err!("a row is a 64-bit number, not {}", array.data_type()),
    }
}

fn arrays(arguments: ScalarFunctionArgs) -> Result<Vec<ArrayRef>> {
    let rows = arguments.number_rows;
    arguments.args.into_iter().map(|argument| argument.into_array(rows)).collect()
}
