//! The products of a run as it wrote them, and which of them should have been written.

use std::collections::{BTreeMap, HashSet};

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Int32Type, Int64Type};
use xform_core::disk::Disk;
use xform_core::output::read_back::WrittenFile;
use xform_core::{DedupKey, Summary};

/// Where a product stands in total order, but for its transform: source row, site, product template.
pub type At = (i64, i32, i32);

/// A product: its SMILES, and its InChIKey if it has one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Product {
    pub smiles: String,
    pub inchi_key: Option<String>,
}

impl Product {
    /// Which kind of text it is recognised by, and the text.
    pub fn identity(&self, key: DedupKey) -> (DedupKey, String) {
        match (key, &self.inchi_key) {
            (DedupKey::InchiKey, Some(text)) => (DedupKey::InchiKey, text.clone()),
            _ => (DedupKey::Smiles, self.smiles.clone()),
        }
    }
}

/// The products of a transform.
pub type Products = BTreeMap<At, Product>;

/// The products of each transform.
pub fn products(summary: &Summary) -> BTreeMap<String, Products> {
    let file = WrittenFile::open(&Disk::default(), &summary.output_dir.join("products.parquet")).unwrap();
    let mut products: BTreeMap<String, Products> = BTreeMap::new();
    for batch in file.batches(file.groups()).unwrap() {
        let batch = batch.unwrap();
        let column = |name: &str| batch.column_by_name(name).unwrap();
        let text = |name: &str, row| column(name).as_string::<i32>().value(row).to_owned();
        let number = |name: &str, row| column(name).as_primitive::<Int32Type>().value(row);
        let keys = batch.column_by_name("InChIKey").map(|column| column.as_string::<i32>());
        for row in 0..batch.num_rows() {
            let source_row = column("source_row").as_primitive::<Int64Type>().value(row);
            let at = (source_row, number("xf_site_index", row), number("product_index", row));
            let inchi_key = keys.filter(|keys| keys.is_valid(row)).map(|keys| keys.value(row).to_owned());
            let product = Product { smiles: text("smiles", row), inchi_key };
            products.entry(text("xf_name", row)).or_default().insert(at, product);
        }
    }
    products
}

/// The first of equal products.
pub fn first_of_each(all: &Products, key: DedupKey) -> Products {
    let mut seen = HashSet::new();
    let is_first = |(_, product): &(&At, &Product)| seen.insert(product.identity(key));
    all.iter().filter(is_first).map(|(at, product)| (*at, product.clone())).collect()
}
