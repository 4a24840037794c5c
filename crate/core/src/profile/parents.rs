//! Figures of parents: how many sites and products they have, and which of them stand out.

use std::cmp::Ordering;

use arrow::error::ArrowError;
use serde::{Deserialize, Serialize};

use super::distribution::Distribution;
use super::lines::one_a_line;
use super::text::{id_text, short};
use crate::engine::EngineOutput;
use crate::source::Chunk;
use crate::totals::Totals;

/// Parents that a list has at most.
pub const LISTED: usize = 20;

/// Figures of the parents of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ParentFigures {
    /// Rows by their sites, of all transforms, excluded or not.
    pub sites: Distribution,
    /// Rows by their products, of all transforms, after `where` and before `exclude` and deduplication.
    pub products: Distribution,
    /// The rows with the most products, at most [`LISTED`]; of equal ones, the first.
    #[serde(serialize_with = "one_a_line")]
    pub most_products: Vec<FruitfulParent>,
    /// The rows that took longest, at most [`LISTED`].
    #[serde(serialize_with = "one_a_line")]
    pub slowest: Vec<SlowParent>,
}

/// A row of the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParentRow {
    /// Its position.
    pub source_row: u64,
    /// Its id as text; `None` if it has none, or a very long one.
    pub source_id: Option<String>,
    /// Its SMILES; empty if it is very long.
    pub smiles: String,
}

/// A row with many products.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FruitfulParent {
    /// The row.
    #[serde(flatten)]
    pub parent: ParentRow,
    /// Its products.
    pub products: u64,
}

/// A row that took long.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SlowParent {
    /// The row.
    #[serde(flatten)]
    pub parent: ParentRow,
    /// The time between its beginning and its end, for all transforms, without its recheck.
    pub seconds: f64,
}

/// What makes a row stand out.
trait Ranked {
    fn figure(&self) -> f64;
    fn parent(&self) -> &ParentRow;
}

impl Ranked for FruitfulParent {
    fn figure(&self) -> f64 {
        self.products as f64
    }

    fn parent(&self) -> &ParentRow {
        &self.parent
    }
}

impl Ranked for SlowParent {
    fn figure(&self) -> f64 {
        self.seconds
    }

    fn parent(&self) -> &ParentRow {
        &self.parent
    }
}

/// The order of the lists: the highest figure first, then the first row.
fn order(one: &impl Ranked, figure: f64, row: u64) -> Ordering {
    figure.total_cmp(&one.figure()).then(one.parent().source_row.cmp(&row))
}

/// Where a row with this figure belongs in `list`; `None` if that is full of others.
fn place<T: Ranked>(list: &[T], figure: f64, row: u64) -> Option<usize> {
    let place = list.partition_point(|listed| order(listed, figure, row).is_lt());
    (place < LISTED).then_some(place)
}

fn absorb<T: Ranked + Clone>(list: &mut Vec<T>, others: &[T]) {
    for other in others {
        if let Some(place) = place(list, other.figure(), other.parent().source_row) {
            list.insert(place, other.clone());
            list.truncate(LISTED);
        }
    }
}

fn is_in_order<T: Ranked>(list: &[T]) -> bool {
    let is_before = |pair: &[T]| order(&pair[0], pair[1].figure(), pair[1].parent().source_row).is_lt();
    list.len() <= LISTED && list.windows(2).all(is_before)
}

/// Consecutive rows of the library, with what an engine and a filter have made of them.
pub struct ProfiledRows<'a> {
    /// The position of the first one in the library.
    pub first_row: u64,
    /// The rows.
    pub chunk: &'a Chunk,
    /// Whether the first column of the chunk is the id.
    pub has_id: bool,
    /// The results.
    pub output: &'a EngineOutput,
}

impl ProfiledRows<'_> {
    fn row(&self, row: usize) -> Result<ParentRow, ArrowError> {
        let smiles = String::from_utf8_lossy(self.chunk.smiles.get(row));
        let id = if self.has_id { id_text(self.chunk.columns.column(0), row)? } else { None };
        let smiles = short(&smiles).unwrap_or_default().to_owned();
        Ok(ParentRow { source_row: self.first_row + row as u64, source_id: id, smiles })
    }
}

impl ParentFigures {
    /// Counts a row.
    pub fn count(&mut self, sites: u64, products: u64) {
        self.sites.add(sites);
        self.products.add(products);
    }

    /// Counts rows, and lists those that stand out.
    ///
    /// # Errors
    /// Those of Arrow.
    pub fn add_rows(&mut self, rows: &ProfiledRows<'_>) -> Result<(), ArrowError> {
        let output = rows.output;
        let mut made = output.products.row.as_slice();
        for (row, result) in output.rows.iter().enumerate() {
            let products = made.iter().take_while(|&&parent| parent as usize == row).count();
            made = &made[products..];
            self.count(result.sites, products as u64);
            let source_row = rows.first_row + row as u64;
            if products > 0
                && let Some(place) = place(&self.most_products, products as f64, source_row)
            {
                let listed = FruitfulParent { parent: rows.row(row)?, products: products as u64 };
                self.most_products.insert(place, listed);
                self.most_products.truncate(LISTED);
            }
        }
        for (row, &nanoseconds) in output.row_nanoseconds.iter().enumerate() {
            // A microsecond is enough to tell them apart.
            let seconds = (nanoseconds / 1_000) as f64 / 1e6;
            let has_smiles = !rows.chunk.smiles.get(row).is_empty();
            if let Some(place) = place(&self.slowest, seconds, rows.first_row + row as u64)
                && has_smiles
            {
                self.slowest.insert(place, SlowParent { parent: rows.row(row)?, seconds });
                self.slowest.truncate(LISTED);
            }
        }
        Ok(())
    }

    /// Adds the figures of other rows.
    pub fn absorb(&mut self, other: &Self) {
        self.sites.absorb(&other.sites);
        self.products.absorb(&other.products);
        absorb(&mut self.most_products, &other.most_products);
        absorb(&mut self.slowest, &other.slowest);
    }

    /// Takes out of its lists what is not listed in `all`.
    pub fn keep_listed_in(&mut self, all: &Self) {
        self.most_products.retain(|listed| all.most_products.contains(listed));
        self.slowest.retain(|listed| all.slowest.contains(listed));
    }

    /// What contradicts the counts of the same rows, in words.
    pub fn broken(&self, totals: &Totals) -> Option<String> {
        let sums = totals.sums();
        let without_products = (totals.rows - totals.by_outcome.with_products) + totals.rows_all_filtered;
        let counts = [
            ("the rows of parents.sites", self.sites.rows(), totals.rows),
            ("the rows of parents.products", self.products.rows(), totals.rows),
            ("the rows without products in parents.products", self.products.rows_of_none(), without_products),
        ];
        let unequal = counts.into_iter().find(|(_, found, counted)| found != counted);
        if let Some((what, found, counted)) = unequal {
            return Some(format!("{what} are {found} and should be {counted}"));
        }
        for (what, distribution, total) in
            [("sites", &self.sites, sums.tally.sites), ("products", &self.products, sums.products)]
        {
            let (least, most) = distribution.totals();
            if !(least..=most).contains(&total) || !distribution.is_regular() {
                return Some(format!("parents.{what} does not fit the {total} {what}"));
            }
        }
        let listed: u64 = self.most_products.iter().map(|listed| listed.products).sum();
        let is_listed_well = is_in_order(&self.most_products) && listed <= sums.products;
        (!is_listed_well || !is_in_order(&self.slowest))
            .then(|| "the parents that stand out are not in their order".to_owned())
    }
}
