//! Checks the rows of the products: their order, that none appears twice, and the figures that follow from them.

use std::path::Path;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int32Type;

use super::Trouble;
use super::figures::{Checked, equal, left_out, within};
use crate::dedup::{DedupKey, Identities, Key, Keys, Uniqueness};
use crate::disk::Disk;
use crate::error::Error;
use crate::options::Order;
use crate::output::PRODUCTS_FILE;
use crate::output::read_back::{WrittenFile, places};
use crate::summary::Summary;

/// Checks that the rows of the products in `outdir` match `summary`.
pub fn check(disk: &Disk, outdir: &Path, summary: &Summary) -> Result<String, Trouble> {
    let temporary = std::env::temp_dir();
    let folder = tempfile::tempdir_in(&temporary);
    let folder = folder.map_err(|error| Error::output("create a folder in", &temporary, error))?;
    let mut uniqueness = match summary.options.dedup.facts().keeps_repeats {
        true => None,
        false => Some(Uniqueness::create(disk, folder.path())?),
    };
    let file = WrittenFile::open(disk, &outdir.join(PRODUCTS_FILE)).map_err(|error| error.to_string())?;
    let mut rows = Rows::new(summary);
    for batch in file.batches(file.groups()).map_err(|error| error.to_string())? {
        let keys = rows.take(&batch.map_err(|error| error.to_string())?)?;
        if let Some(uniqueness) = &mut uniqueness {
            keys.into_iter().try_for_each(|key| uniqueness.push(key))?;
        }
    }
    rows.check(summary)?;
    let rows = rows.count;
    let Some(uniqueness) = uniqueness else { return Ok(format!("{rows} rows in order")) };
    let repeated = uniqueness.repeated()?;
    if repeated > 0 {
        return Err(format!("{repeated} of {rows} rows repeat a product of the same transform").into());
    }
    Ok(format!("{rows} rows in order, each product of a transform once"))
}

/// An engine's column that is checked against the counts if it exists: sites of the parent that give the product.
const SITE_COUNT: &str = "xf_site_count";

/// The position of a row in the order of the file.
type Position = (Option<Key>, i64, usize, i32, i32);

/// Counters for a pass through the rows.
struct Rows<'a> {
    names: Vec<&'a str>,
    keys: Vec<Keys>,
    dedup_key: DedupKey,
    source_rows: std::ops::Range<i64>,
    is_by_key: bool,
    has_site_counts: bool,
    count: u64,
    latest: Option<Position>,
    /// The number of rows before each place where the order restarts.
    restarts: Vec<u64>,
    /// Library rows with a product in the first ordered stretch of rows.
    with_products: u64,
    transforms: Vec<OfTransform>,
}

#[derive(Clone, Default)]
struct OfTransform {
    rows: u64,
    /// Library rows with a product in the first ordered stretch of rows.
    with_products: u64,
    /// Sites of all rows.
    sites: u64,
    /// The highest product template, from 1.
    templates: u64,
}

impl<'a> Rows<'a> {
    fn new(summary: &'a Summary) -> Self {
        let names: Vec<&str> =
            summary.totals.transforms.iter().map(|transform| transform.name.as_str()).collect();
        let first_row = summary.shard.map_or(0, |shard| shard.first_row) as i64;
        Self {
            keys: names.iter().map(|name| Keys::new(name)).collect(),
            dedup_key: summary.options.dedup_key,
            source_rows: first_row..first_row.saturating_add_unsigned(summary.totals.rows),
            is_by_key: summary.options.order == Order::Key,
            has_site_counts: false,
            count: 0,
            latest: None,
            restarts: Vec::new(),
            with_products: 0,
            transforms: vec![OfTransform::default(); names.len()],
            names,
        }
    }

    /// Adds the next rows and returns their keys.
    fn take(&mut self, batch: &RecordBatch) -> Result<Vec<Key>, String> {
        const MALFORMED: &str = "columns are missing or have a different type";
        let sites = batch.column_by_name(SITE_COUNT);
        let sites = sites.map(|sites| sites.as_primitive_opt::<Int32Type>().ok_or(MALFORMED)).transpose()?;
        self.has_site_counts = sites.is_some();
        let found = places(batch, &self.names).ok_or(MALFORMED)?;
        let identities = Identities::among(batch.schema_ref().fields(), self.dedup_key).ok_or(MALFORMED)?;
        let mut keys = Vec::with_capacity(found.len());
        for (index, (place, smiles)) in found.into_iter().enumerate() {
            let sites = sites.map_or(0, |sites| sites.value(index));
            let row = self.count;
            if !self.source_rows.contains(&place.0) {
                return Err(format!("row {row} comes from source row {}, which was not read", place.0));
            }
            let transform = place.1.ok_or_else(|| format!("row {row} names no transform of the run"))?;
            let product = identities.of(smiles.as_bytes(), batch.columns(), index);
            let key = self.keys[transform].of(product);
            self.count_row((self.is_by_key.then_some(key), place.0, transform, place.2, place.3), sites);
            keys.push(key);
        }
        Ok(keys)
    }

    fn count_row(&mut self, position: Position, sites: i32) {
        let (_, source_row, transform, _, template) = position;
        if self.latest.is_some_and(|latest| latest >= position) {
            self.restarts.push(self.count);
        }
        let of_transform = &mut self.transforms[transform];
        if self.restarts.is_empty() {
            let latest = self.latest.map(|latest| (latest.1, latest.2));
            self.with_products += u64::from(latest.is_none_or(|(row, _)| row != source_row));
            of_transform.with_products += u64::from(latest != Some((source_row, transform)));
        }
        of_transform.rows += 1;
        of_transform.sites += u64::from(sites.unsigned_abs());
        of_transform.templates = of_transform.templates.max(u64::from(template.unsigned_abs()) + 1);
        self.latest = Some(position);
        self.count += 1;
    }

    fn check(&self, summary: &Summary) -> Checked {
        let mode = summary.options.dedup.facts();
        // Deferred rows that proved unique follow the others, in the same order; if rows are ordered by their keys,
        // there are none.
        let permitted = usize::from(mode.defers && !self.is_by_key);
        if self.restarts.len() > permitted {
            return Err(format!("the rows are not in their order: {} breaks", self.restarts.len()));
        }
        if let Some(before) = self.restarts.first() {
            equal("dedup.deferred", summary.dedup.deferred, left_out(summary) + self.count - before)?;
        }
        equal("the number of rows", self.count, summary.files.products.rows)?;
        // If products were left out, there may be parents none of whose products were written.
        let is_whole = mode.keeps_repeats && !self.is_by_key && summary.sums.known == 0;
        let most = |counted: u64, all: u64| if is_whole { counted } else { all };
        let is_counted = !self.is_by_key;
        for (counted, transform) in self.transforms.iter().zip(&summary.totals.transforms) {
            let (sums, tally) = (transform.sums, transform.sums.tally);
            let of = |what: &str| format!("transform {:?}: {what}", transform.name);
            equal(&of("unique"), sums.unique, counted.rows)?;
            if is_counted {
                let all = most(counted.with_products, sums.products) + sums.filter.rows_all_filtered;
                let least = counted.with_products + sums.filter.rows_all_filtered;
                within(&of("rows_with_products"), tally.rows_with_products, least, all)?;
            }
            let made = tally.made + tally.results_repeated;
            let is_each_site_a_result =
                mode.keeps_repeats && sums.templates() == Some(1) && sums.filter.filtered + sums.known == 0;
            let least = if is_each_site_a_result { made } else { 0 };
            if self.has_site_counts {
                within(&of("the sites of the products"), counted.sites, least, made)?;
            }
            within(&of("the product templates"), counted.templates, 0, sums.templates().unwrap_or(0))?;
        }
        if is_counted {
            let all_filtered = summary.totals.rows_all_filtered;
            let least = self.with_products + all_filtered;
            let all = most(self.with_products, summary.total_products) + all_filtered;
            within("stats.success", summary.totals.by_outcome.with_products, least, all)?;
        }
        Ok(())
    }
}
