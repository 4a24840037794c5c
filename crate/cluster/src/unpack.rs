//! Passes the rows that come back from the cluster to core's sink for them.

use arrow::array::{Array, ArrayBuilder, AsArray, LargeBinaryArray, RecordBatch, make_builder};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Fields, Int64Type};
use xform_core::engine::{Failure, Products, SmilesBatch};
use xform_core::source::{Chunk, InputColumns};
use xform_core::{EngineSettings, Error, Gathered, legacy};

use crate::carried::Carried;
use crate::packing::RECORD_TYPE;
use crate::record::{FAILURE, PRODUCT, ROW, Reader};

/// Unpacks the records of one job.
pub struct Unpacker {
    carried: Carried,
    /// The columns that the engine computes for a product.
    computed: Fields,
    /// Products that exist according to the rows.
    promised: u64,
    /// Products that arrived, including repeats in other rows.
    products: u64,
}

/// Parents of failures or of products, one each, in the order of the records.
#[derive(Default)]
struct Parents<'a> {
    source_rows: Vec<i64>,
    smiles: SmilesBatch,
    carried: Vec<&'a [u8]>,
}

impl<'a> Parents<'a> {
    fn read(&mut self, source_row: i64, reader: &mut Reader<'a>) -> Option<()> {
        self.source_rows.push(source_row);
        self.smiles.push(reader.bytes()?);
        self.carried.push(reader.bytes()?);
        Some(())
    }

    fn chunk(self, carried: &Carried) -> Result<(Vec<i64>, Chunk), Error> {
        let columns = carried.unpack(&self.carried)?;
        Ok((
            self.source_rows,
            Chunk {
                smiles: self.smiles,
                faults: Vec::new(),
                columns,
                replaced: 0,
                unlisted: Default::default(),
            },
        ))
    }
}

impl Unpacker {
    /// For the columns that were chosen from the library, and the settings of the engine.
    pub fn new(columns: &InputColumns, settings: &EngineSettings) -> Result<Self, Error> {
        let computed = legacy::computed(&xform_rdkit::columns(settings)?, settings.legacy);
        Ok(Self { carried: Carried::new(columns)?, computed, promised: 0, products: 0 })
    }

    /// The number of products that arrived, and the number that exist according to the rows that arrived.
    pub fn products_and_promised(&self) -> (u64, u64) {
        (self.products, self.promised)
    }

    /// Passes the rows of a batch to `gathered`.
    ///
    /// # Errors
    /// Those of the sink; an internal error for an invalid record.
    pub fn unpack(&mut self, batch: &RecordBatch, gathered: &mut Gathered<'_>) -> Result<(), Error> {
        let column = |name: &str| {
            batch
                .column_by_name(name)
                .ok_or_else(|| Error::internal(format!("the cluster returned no {name}")))
        };
        let records = cast(column("record")?, &RECORD_TYPE).map_err(|_| damaged())?;
        let records = records.as_binary::<i64>();
        let copies = column("copies")?.as_primitive_opt::<Int64Type>().ok_or_else(damaged)?.values();
        let mut start = 0;
        while start < records.len() {
            let kind = kind(records, start).ok_or_else(damaged)?;
            let same = (start..records.len()).take_while(|&at| self::kind(records, at) == Some(kind));
            let end = start + same.count();
            let range = (start..end).map(|at| records.value(at));
            match kind {
                FAILURE => self.failures(range, gathered)?,
                ROW => self.promised += outcomes(range, gathered)?,
                PRODUCT => {
                    let copies: Vec<u64> = copies[start..end].iter().map(|&copies| copies as u64).collect();
                    self.products += copies.iter().sum::<u64>();
                    self.products(range, &copies, gathered)?;
                }
                _ => return Err(damaged()),
            }
            start = end;
        }
        Ok(())
    }

    fn failures<'a>(
        &self,
        records: impl Iterator<Item = &'a [u8]>,
        gathered: &mut Gathered<'_>,
    ) -> Result<(), Error> {
        let (mut parents, mut failures) = (Parents::default(), Vec::new());
        for record in records {
            let row = failures.len() as u32;
            failures.push(failure(record, row, &mut parents).ok_or_else(damaged)?);
        }
        let (source_rows, chunk) = parents.chunk(&self.carried)?;
        gathered.failures(&source_rows, &chunk, &failures)
    }

    fn products<'a>(
        &self,
        records: impl Iterator<Item = &'a [u8]>,
        copies: &[u64],
        gathered: &mut Gathered<'_>,
    ) -> Result<(), Error> {
        let (mut parents, mut products) = (Parents::default(), Products::default());
        let types = self.computed.iter().map(|field| field.data_type());
        let mut computed: Vec<_> = types.map(|values| (make_builder(values, copies.len()), values)).collect();
        records
            .map(|record| product(record, &mut products, &mut computed, &mut parents))
            .collect::<Option<()>>()
            .ok_or_else(damaged)?;
        products.columns = computed.iter_mut().map(|(column, _)| column.finish()).collect();
        let (source_rows, chunk) = parents.chunk(&self.carried)?;
        gathered.products(&source_rows, &chunk, &products, copies)
    }
}

/// Passes the outcomes of rows to `gathered`; returns the number of products that these rows have.
fn outcomes<'a>(records: impl Iterator<Item = &'a [u8]>, gathered: &mut Gathered<'_>) -> Result<u64, Error> {
    let mut promised = 0;
    for record in records {
        let (_, source_row, mut reader) = Reader::begin(record).ok_or_else(damaged)?;
        let (row, tallies, mut rechecked, filtered) = reader.outcome().ok_or_else(damaged)?;
        // An executor does not know which row it makes.
        if let Some(difference) = &mut rechecked.difference {
            difference.row = source_row as u64;
        }
        if let Some(example) = &mut rechecked.charged.charged_example {
            *example = source_row as u64;
        }
        promised += tallies.iter().map(|(_, tally)| tally.made).sum::<u64>();
        promised = promised.checked_sub(filtered.by_clause.iter().sum()).ok_or_else(damaged)?;
        gathered.outcome(row, &tallies, rechecked, &filtered)?;
    }
    Ok(promised)
}

fn failure<'a>(record: &'a [u8], row: u32, parents: &mut Parents<'a>) -> Option<Failure> {
    let (_, source_row, mut reader) = Reader::begin(record)?;
    reader.place()?;
    let failure = reader.failure(row)?;
    parents.read(source_row, &mut reader)?;
    Some(failure)
}

fn product<'a>(
    record: &'a [u8],
    products: &mut Products,
    computed: &mut [(Box<dyn ArrayBuilder>, &DataType)],
    parents: &mut Parents<'a>,
) -> Option<()> {
    let (_, source_row, mut reader) = Reader::begin(record)?;
    let transform = u16::try_from(reader.place()?).ok()?;
    let place = (reader.place()?, reader.place()?);
    let number = u32::try_from(reader.number()?).ok()?;
    for (column, data_type) in computed {
        reader.value(&mut **column, data_type)?;
    }
    products.push_numbered(products.len() as u32, transform, place, number, reader.bytes()?);
    parents.read(source_row, &mut reader)
}

fn kind(records: &LargeBinaryArray, at: usize) -> Option<u8> {
    records.value(at).first().copied()
}

fn damaged() -> Error {
    Error::internal("the cluster returned a damaged record")
}
