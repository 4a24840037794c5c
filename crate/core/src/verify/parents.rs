//! Checks the table of parents: its groups are in the order of the products, each begins with the row that was written,
//! and the repeats are as many as the products that were left out.

use std::path::Path;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Int32Type, Int64Type};
use arrow::row::Rows as EncodedRows;

use super::Trouble;
use super::figures::equal;
use crate::disk::Disk;
use crate::output::read_back::{Batches, WrittenFile};
use crate::output::{PARENTS_FILE, PRODUCTS_FILE};
use crate::parents::{Groups, ParentTable};
use crate::summary::{FileReport, Summary};

const MALFORMED: &str = "columns are missing or have a different type";

/// Checks that the table of parents in `outdir`, described by `written`, matches the products and `summary`.
pub fn check(disk: &Disk, outdir: &Path, summary: &Summary, written: &FileReport) -> Result<String, Trouble> {
    let words = |error: crate::Error| error.to_string();
    let open = |name: &str| WrittenFile::open(disk, &outdir.join(name)).map_err(words);
    let (products, parents) = (open(PRODUCTS_FILE)?, open(PARENTS_FILE)?);
    let key = summary.options.dedup_key;
    let table = ParentTable::of(products.schema(), key)?;
    let products = Products { batches: products.batches_of(&table.columns()).map_err(words)?, rows: None };
    let names = summary.totals.names();
    let mut rows = Rows::new(summary, &table, products, Groups::new(&names, key));
    for batch in parents.batches(parents.groups()).map_err(words)? {
        rows.take(&batch.map_err(words)?)?;
    }
    rows.end_group()?;
    equal("the number of rows", rows.count, written.rows)?;
    for (repeats, transform) in rows.repeats.iter().zip(&summary.totals.transforms) {
        let what = format!("transform {:?}: repeated products", transform.name);
        equal(&what, *repeats, transform.sums.duplicates.unwrap_or(0))?;
    }
    Ok(format!("{} rows of {} products, in the order of the products", rows.count, rows.groups_count))
}

/// A pass through the rows.
struct Rows<'a> {
    table: &'a ParentTable,
    products: Products,
    groups: Groups<'a>,
    source_rows: std::ops::Range<i64>,
    count: u64,
    groups_count: u64,
    /// The repeats of each transform.
    repeats: Vec<u64>,
    latest: Option<Latest>,
}

/// The latest row.
struct Latest {
    is_first: bool,
    product_id: String,
    /// Source row, site and SMILES; without the SMILES if it is the first of its group, which comes before the others.
    place: (i64, i32, String),
}

impl<'a> Rows<'a> {
    fn new(summary: &Summary, table: &'a ParentTable, products: Products, groups: Groups<'a>) -> Self {
        let first_row = summary.shard.map_or(0, |shard| shard.first_row) as i64;
        Self {
            table,
            products,
            groups,
            source_rows: first_row..first_row.saturating_add_unsigned(summary.totals.rows),
            count: 0,
            groups_count: 0,
            repeats: vec![0; summary.totals.transforms.len()],
            latest: None,
        }
    }

    fn take(&mut self, batch: &RecordBatch) -> Result<(), String> {
        let members = self.groups.members(batch)?;
        let encoded = self.table.encode(batch).map_err(|_| MALFORMED)?;
        let column = |name: &str| batch.column_by_name(name).ok_or(MALFORMED);
        let text = |name: &str| column(name)?.as_string_opt::<i32>().ok_or(MALFORMED);
        let (product_ids, smiles) = (text("product_id")?, text("smiles")?);
        let source_rows = column("source_row")?.as_primitive_opt::<Int64Type>().ok_or(MALFORMED)?;
        let sites = column("xf_site_index")?.as_primitive_opt::<Int32Type>().ok_or(MALFORMED)?;
        for (index, member) in members.into_iter().enumerate() {
            let (row, source_row) = (self.count, source_rows.value(index));
            if !self.source_rows.contains(&source_row) {
                return Err(format!("row {row} comes from source row {source_row}, which was not read"));
            }
            if member.is_first {
                self.end_group()?;
                self.groups_count += 1;
                if !self.products.pass(encoded.row(index).data(), self.table)? {
                    return Err(format!("row {row} is not a product, or not in the order of the products"));
                }
            } else {
                self.repeats[member.transform] += 1;
            }
            let smiles = if member.is_first { "" } else { smiles.value(index) };
            let latest = Latest {
                is_first: member.is_first,
                product_id: product_ids.value(index).to_owned(),
                place: (source_row, sites.value(index), smiles.to_owned()),
            };
            let before = self.latest.replace(latest).zip(self.latest.as_ref());
            if let Some((before, latest)) = before.filter(|_| !member.is_first) {
                if before.place >= latest.place {
                    return Err(format!("row {row} is not in the order of source rows and sites"));
                }
                if before.product_id != latest.product_id {
                    return Err(format!("row {row} does not have the id of its product"));
                }
            }
            self.count += 1;
        }
        Ok(())
    }

    /// A group has at least two rows.
    fn end_group(&self) -> Result<(), String> {
        match &self.latest {
            Some(latest) if latest.is_first => {
                Err(format!("row {} is the only one of its product", self.count - 1))
            }
            _ => Ok(()),
        }
    }
}

/// The products, as the table encodes them.
struct Products {
    batches: Batches,
    /// The rest of a batch: its rows, and the number of those that were passed.
    rows: Option<(EncodedRows, usize)>,
}

impl Products {
    /// Passes the products up to the one that equals `row`; `false` if none of them does.
    fn pass(&mut self, row: &[u8], table: &ParentTable) -> Result<bool, String> {
        loop {
            if let Some((rows, passed)) = &mut self.rows {
                while *passed < rows.num_rows() {
                    *passed += 1;
                    if rows.row(*passed - 1).data() == row {
                        return Ok(true);
                    }
                }
            }
            let Some(batch) = self.batches.next() else { return Ok(false) };
            let batch = batch.map_err(|error| error.to_string())?;
            self.rows = Some((table.encode(&batch).map_err(|_| MALFORMED)?, 0));
        }
    }
}
