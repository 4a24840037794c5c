//! An entry with its parent as bytes, so that plain comparison puts records in total order.
//!
//! ```text
//! kind (0 failure, 1 row, 2 product) | source_row | place | body
//! ```
//!
//! `place` is the ordinal of a failure, nothing for a row, and (transform, site, product template) for a product;
//! numbers in it and before it are big-endian. Therefore `min` over the records of one key is the first product in
//! total order, whichever executor made it, and a sort by record is a sort into that order. A record as bytes also
//! costs a shuffle one allocation instead of twenty columns.

use arrow::array::{
    Array, ArrayBuilder, ArrayRef, AsArray, BooleanBuilder, Float64Builder, Int32Builder, ListBuilder,
    StringBuilder,
};
use arrow::datatypes::{DataType, Float64Type, Int32Type};
use datafusion::common::exec_err;
use datafusion::error::Result;
use xform_core::engine::{Failure, Rechecked, RejectCode, Stage};
use xform_core::totals::{Filtered, RowOutcome, RowResult, Tally};

/// The first byte of a record and of its key.
pub const FAILURE: u8 = 0;
/// See [`FAILURE`].
pub const ROW: u8 = 1;
/// See [`FAILURE`].
pub const PRODUCT: u8 = 2;

/// Numbers in a group of the counts of a row: the position of a transform, and its [`Tally`].
pub const COUNTS: usize = 1 + Tally::NAMES.len();

/// Writes a record.
pub struct Writer<'a>(pub &'a mut Vec<u8>);

impl Writer<'_> {
    /// Begins a record of that kind for that row of the library.
    pub fn begin(&mut self, kind: u8, source_row: i64) {
        self.0.clear();
        self.0.push(kind);
        self.0.extend_from_slice(&source_row.to_be_bytes());
    }

    /// A number of a place.
    pub fn place(&mut self, number: i32) {
        self.0.extend_from_slice(&number.to_be_bytes());
    }

    /// A number.
    pub fn number(&mut self, number: i32) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// A byte.
    pub fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// A count.
    pub fn count(&mut self, count: u64) {
        self.0.extend_from_slice(&count.to_le_bytes());
    }

    /// Bytes that were written by [`Self::value`].
    pub fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Bytes of any length.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as i32);
        self.0.extend_from_slice(bytes);
    }

    /// The value at `index` of a column of an engine, which may be null.
    ///
    /// # Errors
    /// A column of a type that no engine has.
    pub fn value(&mut self, column: &ArrayRef, index: usize) -> Result<()> {
        self.byte(u8::from(column.is_valid(index)));
        if column.is_null(index) { Ok(()) } else { self.content(column, index) }
    }

    fn content(&mut self, column: &ArrayRef, index: usize) -> Result<()> {
        match column.data_type() {
            DataType::Int32 => self.number(column.as_primitive::<Int32Type>().value(index)),
            DataType::Float64 => self.count(column.as_primitive::<Float64Type>().value(index).to_bits()),
            DataType::Boolean => self.byte(u8::from(column.as_boolean().value(index))),
            DataType::Utf8 => self.bytes(column.as_string::<i32>().value(index).as_bytes()),
            DataType::List(_) => {
                let list = column.as_list::<i32>().value(index);
                self.number(list.len() as i32);
                return (0..list.len()).try_for_each(|member| self.content(&list, member));
            }
            other => return exec_err!("a column of the type {other}"),
        }
        Ok(())
    }
}

/// What a row gave: its result, the counts of each transform by its position, what was rechecked, what a filter took out.
pub type Outcome = (RowResult, Vec<(usize, Tally)>, Rechecked, Filtered);

/// Reads a record; `None` if it ends early or contains an invalid value.
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The kind of a record, its row of the library, and a reader for the rest.
    pub fn begin(record: &'a [u8]) -> Option<(u8, i64, Self)> {
        let mut reader = Self(record);
        let kind = reader.byte()?;
        let source_row = i64::from_be_bytes(reader.take()?);
        Some((kind, source_row, reader))
    }

    /// A number of a place.
    pub fn place(&mut self) -> Option<i32> {
        self.take().map(i32::from_be_bytes)
    }

    /// A number.
    pub fn number(&mut self) -> Option<i32> {
        self.take().map(i32::from_le_bytes)
    }

    /// A byte.
    pub fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    /// Bytes of any length.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes)
    }

    /// Text of any length.
    pub fn text(&mut self) -> Option<&'a str> {
        str::from_utf8(self.bytes()?).ok()
    }

    /// A value of a column of this type, which `column` builds.
    pub fn value(&mut self, column: &mut dyn ArrayBuilder, data_type: &DataType) -> Option<()> {
        if self.byte()? == 0 { null(column, data_type) } else { self.content(column, data_type) }
    }

    fn content(&mut self, column: &mut dyn ArrayBuilder, data_type: &DataType) -> Option<()> {
        let column = column.as_any_mut();
        match data_type {
            DataType::Int32 => column.downcast_mut::<Int32Builder>()?.append_value(self.number()?),
            DataType::Float64 => {
                let bits = u64::from_le_bytes(self.take()?);
                column.downcast_mut::<Float64Builder>()?.append_value(f64::from_bits(bits));
            }
            DataType::Boolean => column.downcast_mut::<BooleanBuilder>()?.append_value(self.byte()? != 0),
            DataType::Utf8 => {
                column.downcast_mut::<StringBuilder>()?.append_value(self.text()?);
            }
            DataType::List(member) => {
                let list = column.downcast_mut::<ListBuilder<Box<dyn ArrayBuilder>>>()?;
                for _ in 0..self.number()? {
                    self.content(&mut **list.values(), member.data_type())?;
                }
                list.append(true);
            }
            _ => return None,
        }
        Some(())
    }

    /// The body of a failure, without its parent; `place` has been read.
    pub fn failure(&mut self, row: u32) -> Option<Failure> {
        let (transform, site) = (self.number()?, self.number()?);
        Some(Failure {
            row,
            transform: u16::try_from(transform).ok(),
            site: (site >= 0).then_some(site),
            stage: Stage::from_name(self.text()?)?,
            code: RejectCode::from_name(self.text()?)?,
            reason: self.text()?.to_owned(),
        })
    }

    /// The body of a row.
    pub fn outcome(&mut self) -> Option<Outcome> {
        let outcome = RowOutcome::from_number(self.byte()?)?;
        let rejected = self.byte()? != 0;
        let standardized = self.byte()? != 0;
        let rechecked = match self.text()? {
            "" => Rechecked::default(),
            json => serde_json::from_str(json).ok()?,
        };
        let filtered = match self.text()? {
            "" => Filtered::default(),
            json => serde_json::from_str(json).ok()?,
        };
        let mut tallies = Vec::new();
        while !self.0.is_empty() {
            let mut counts = [0; COUNTS];
            for count in &mut counts {
                *count = u64::from_le_bytes(self.take()?);
            }
            let [transform, counts @ ..] = counts;
            tallies.push((usize::try_from(transform).ok()?, Tally::from_values(&counts)?));
        }
        Some((RowResult { standardized, ..RowResult::of(outcome, rejected) }, tallies, rechecked, filtered))
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*bytes)
    }
}

/// Adds a null to a column of this type.
fn null(column: &mut dyn ArrayBuilder, data_type: &DataType) -> Option<()> {
    let column = column.as_any_mut();
    match data_type {
        DataType::Int32 => column.downcast_mut::<Int32Builder>()?.append_null(),
        DataType::Float64 => column.downcast_mut::<Float64Builder>()?.append_null(),
        DataType::Boolean => column.downcast_mut::<BooleanBuilder>()?.append_null(),
        DataType::Utf8 => column.downcast_mut::<StringBuilder>()?.append_null(),
        DataType::List(_) => column.downcast_mut::<ListBuilder<Box<dyn ArrayBuilder>>>()?.append(false),
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        BooleanArray, Float64Array, Int32Array, ListArray, ListBuilder, StringArray, make_builder,
    };

    use super::*;

    /// Columns of each type that an engine may have, some with a null.
    fn columns() -> Vec<ArrayRef> {
        let lists = [vec![Some(7)], vec![Some(3), Some(1)]].map(Some);
        let mut texts = ListBuilder::new(StringBuilder::new());
        [vec![], vec![Some("a"), Some("")]].into_iter().for_each(|list| texts.append_value(list));
        vec![
            Arc::new(Int32Array::from(vec![5, -2])),
            Arc::new(Float64Array::from(vec![0.5, -0.0])),
            Arc::new(BooleanArray::from(vec![false, true])),
            Arc::new(StringArray::from(vec!["", "two"])),
            Arc::new(StringArray::from(vec![Some("one"), None])),
            Arc::new(Float64Array::from(vec![Some(1.5), None])),
            Arc::new(Int32Array::from(vec![Some(4), None])),
            Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists)),
            Arc::new(texts.finish()),
        ]
    }

    fn product(source_row: i64, place: [i32; 3], smiles: &str) -> Vec<u8> {
        let mut record = Vec::new();
        let mut writer = Writer(&mut record);
        writer.begin(PRODUCT, source_row);
        place.into_iter().for_each(|number| writer.place(number));
        columns().iter().for_each(|column| writer.value(column, 1).unwrap());
        writer.bytes(smiles.as_bytes());
        record
    }

    #[test]
    fn bytes_are_in_total_order() {
        let places = [
            (0, [0, 0, 0]),
            (0, [0, 0, 1]),
            (0, [0, 255, 0]),
            (0, [0, 256, 0]),
            (0, [1, 0, 0]),
            (255, [0, 0, 0]),
            (256, [0, 0, 0]),
            (1 << 40, [0, 0, 0]),
        ];
        let records: Vec<Vec<u8>> = places.iter().map(|&(row, place)| product(row, place, "C")).collect();
        assert!(records.is_sorted_by(|a, b| a < b), "{records:?}");
        let mut row = Vec::new();
        Writer(&mut row).begin(ROW, i64::MAX);
        assert!(row < records[0], "a row stands before any product");
    }

    #[test]
    fn what_goes_in_comes_out_and_what_is_cut_off_is_seen() {
        let record = product(7, [1, 2, 3], "CCO");
        let read = |record: &[u8]| {
            let (kind, row, mut reader) = Reader::begin(record)?;
            let place = [reader.place()?, reader.place()?, reader.place()?];
            let mut computed = Vec::new();
            for column in columns() {
                let mut builder = make_builder(column.data_type(), 1);
                reader.value(&mut *builder, column.data_type())?;
                computed.push(builder.finish());
            }
            Some((kind, row, place, computed, reader.bytes()?.to_vec()))
        };
        let computed = columns().iter().map(|column| column.slice(1, 1)).collect();
        assert_eq!(read(&record), Some((PRODUCT, 7, [1, 2, 3], computed, b"CCO".to_vec())));
        for end in 0..record.len() {
            assert_eq!(read(&record[..end]), None, "cut off at {end}");
        }
    }

    #[test]
    fn an_outcome_carries_the_tallies_of_its_transforms() {
        let tally = Tally {
            rows_with_products: 1,
            sites: 3,
            sites_applied: 3,
            results: 3,
            made: 3,
            ..Tally::default()
        };
        let mut record = Vec::new();
        let mut writer = Writer(&mut record);
        writer.begin(ROW, 9);
        writer.byte(3);
        writer.byte(1);
        writer.byte(1);
        writer.bytes(br#"{"rows_rechecked":1,"difference":null}"#);
        writer.bytes(br#"{"transforms":[],"rows_all_filtered":1,"by_clause":[3,0]}"#);
        writer.count(5);
        tally.values().into_iter().for_each(|count| writer.count(count));
        let (_, _, mut reader) = Reader::begin(&record).unwrap();
        let (row, tallies, rechecked, filtered) = reader.outcome().unwrap();
        assert_eq!((filtered.rows_all_filtered, filtered.by_clause), (1, vec![3, 0]));
        assert_eq!((rechecked.counts.rows_rechecked, rechecked.difference), (1, None));
        assert_eq!(row, RowResult { standardized: true, ..RowResult::of(RowOutcome::WithProducts, true) });
        assert_eq!(tallies, [(5, tally)]);
    }
}
