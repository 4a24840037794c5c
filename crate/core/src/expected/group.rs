//! What became of rows that were tried.

use super::crew::Done;
use super::distinct::Found;
use super::size::Sizes;
use crate::dedup::{Identities, Keys};
use crate::engine::EngineOutput;
use crate::error::Error;
use crate::known::Known;
use crate::output::products::ProductTable;
use crate::platform::own_thread_seconds;
use crate::totals::RowOutcome;

/// What products go through after the engine and the filter, as in the commit of a run.
pub struct Judges {
    /// Makes rows of products.
    pub table: ProductTable,
    /// Finds what products are recognised by.
    pub identities: Identities,
    /// Known molecules, which are left out.
    pub known: Known,
    /// Makes the keys of each transform.
    pub keys: Vec<Keys>,
}

/// The counts of some rows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Counts {
    /// Rows.
    pub rows: u64,
    /// Rows with a site of any transform, excluded or not.
    pub with_sites: u64,
    /// Rows that at least one transform counts as rejected.
    pub rejected: u64,
    /// Products after the filter.
    pub products: u64,
    /// Those of them that are not known.
    pub judged: u64,
    /// Value bytes of these.
    pub value_bytes: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.rows += other.rows;
        self.with_sites += other.with_sites;
        self.rejected += other.rejected;
        self.products += other.products;
        self.judged += other.judged;
        self.value_bytes += other.value_bytes;
    }
}

/// What became of rows that were tried.
#[derive(Default)]
pub struct Group {
    /// The counts.
    pub counts: Counts,
    /// The counts of each place.
    pub by_place: Vec<Counts>,
    /// The products that were judged, in the order of their rows.
    pub found: Vec<Found>,
    /// CPU seconds of the engine and the filter.
    pub engine_seconds: f64,
    /// CPU seconds of the commit and of the encoder.
    pub commit_seconds: f64,
}

impl Group {
    /// Takes in rows; their products are encoded by `sizes`.
    ///
    /// # Errors
    /// Those of the judges and of the encoder.
    pub fn add(&mut self, done: &Done, judges: &mut Judges, sizes: &mut Sizes) -> Result<(), Error> {
        let before = own_thread_seconds();
        let Done { piece, output, cpu_seconds } = done;
        let kept = self.judge(done, judges)?;
        let mut value_bytes = 0;
        let source_row = |row| piece.source_row(row) as i64;
        judges.table.rows_of(&source_row, &piece.chunk, &output.products, &kept, |rows| {
            value_bytes += rows.value_bytes.iter().copied().map(u64::from).sum::<u64>();
            sizes.push(&rows)
        })?;
        let counts = Counts {
            rows: output.rows.len() as u64,
            with_sites: rows_with_sites(output),
            rejected: output.rows.iter().filter(|row| row.rejected).count() as u64,
            products: output.products.len() as u64,
            judged: kept.len() as u64,
            value_bytes,
        };
        self.counts += counts;
        self.by_place.resize(self.by_place.len().max(piece.place as usize + 1), Counts::default());
        self.by_place[piece.place as usize] += counts;
        self.engine_seconds += cpu_seconds;
        self.commit_seconds += own_thread_seconds() - before;
        Ok(())
    }

    /// The positions of the products that are not known.
    fn judge(&mut self, Done { piece, output, .. }: &Done, judges: &mut Judges) -> Result<Vec<usize>, Error> {
        let products = &output.products;
        let mut kept = Vec::with_capacity(products.len());
        for index in 0..products.len() {
            let product = judges.identities.of(products.smiles.get(index), &products.columns, index);
            if judges.known.contains(product)? {
                continue;
            }
            let key = judges.keys[usize::from(products.transform[index])].of(product);
            let offset = piece.offsets[products.row[index] as usize];
            self.found.push(Found { key, place: piece.place, offset });
            kept.push(index);
        }
        Ok(kept)
    }

    /// The standard error of the products per row, as a share of them, judged by how much the places differ.
    pub fn relative_error(&self) -> f64 {
        let places = self.by_place.iter().filter(|place| place.rows > 0);
        let (mean, count) =
            (self.counts.products as f64 / (self.counts.rows as f64).max(1.0), places.clone().count());
        if count < 2 || mean == 0.0 {
            return 0.0;
        }
        let average_rows = self.counts.rows as f64 / count as f64;
        let squares: f64 = places
            .map(|place| ((place.products as f64 - mean * place.rows as f64) / average_rows).powi(2))
            .sum();
        (squares / (count * (count - 1)) as f64).sqrt() / mean
    }
}

/// Rows with a site of any transform. A rejected row has one if a transform could be applied to it at all.
fn rows_with_sites(output: &EngineOutput) -> u64 {
    let mut failed =
        output.failures.iter().filter(|failure| failure.site.is_some()).map(|failure| failure.row).peekable();
    let rows = (0_u32..).zip(&output.rows).filter(|(row, result)| {
        while failed.next_if(|failed| failed < row).is_some() {}
        match result.outcome {
            RowOutcome::NoSite => false,
            RowOutcome::AllSitesExcluded | RowOutcome::WithProducts => true,
            RowOutcome::Rejected => failed.peek() == Some(row),
        }
    });
    rows.count() as u64
}
