//! The products of a shard in total order, as they were judged before the deferred ones moved to the end.
//!
//! Memory: a batch from each of the two runs of rows, and the rows built from them.

use std::ops::Range;

use arrow::array::RecordBatch;
use arrow::compute::interleave_record_batch;

use super::shards::ShardFolder;
use crate::dedup::DedupMode;
use crate::error::Error;
use crate::output::read_back::{Batches, places};
use crate::output::table_error;

/// Source row, transform, site, product template.
type Place = (i64, usize, i32, i32);

/// The rows of a shard in total order, batch by batch, with the transform of each.
pub struct InOrder<'a> {
    shard: &'a ShardFolder,
    /// Rows that were written at once, and rows that were deferred and proved unique; each run is ascending.
    runs: [Run<'a>; 2],
    latest: Option<Place>,
}

impl<'a> InOrder<'a> {
    /// The products of `shard`; `names` are those of the transforms in file order.
    pub fn new(shard: &'a ShardFolder, names: &'a [String], dedup: DedupMode) -> Result<Self, Error> {
        let groups = shard.products.groups();
        let middle = if dedup.facts().defers { shard.products.deferred_group()? } else { groups.end };
        let run = |groups: Range<usize>| {
            Ok::<_, Error>(Run { shard, names, batches: shard.products.batches(groups)?, head: None })
        };
        Ok(Self { shard, runs: [run(groups.start..middle)?, run(middle..groups.end)?], latest: None })
    }

    fn next_rows(&mut self) -> Result<Option<(RecordBatch, Vec<usize>)>, Error> {
        let [written, deferred] = &mut self.runs;
        let heads = (written.take_head()?, deferred.take_head()?);
        let (batch, places) = match heads {
            (None, None) => return Ok(None),
            (Some(head), None) | (None, Some(head)) => head.rest(),
            (Some(one), Some(other)) => {
                let (rows, [one, other]) = zip(one, other)?;
                (written.head, deferred.head) = (one, other);
                rows
            }
        };
        for &place in &places {
            if self.latest.is_some_and(|latest| latest >= place) {
                return Err(self.shard.damaged("its products are not in total order"));
            }
            self.latest = Some(place);
        }
        Ok(Some((batch, places.into_iter().map(|place| place.1).collect())))
    }
}

impl Iterator for InOrder<'_> {
    type Item = Result<(RecordBatch, Vec<usize>), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_rows().transpose()
    }
}

/// Rows that ascend.
struct Run<'a> {
    shard: &'a ShardFolder,
    names: &'a [String],
    batches: Batches,
    head: Option<Head>,
}

impl Run<'_> {
    /// A batch with rows that have not been handed out yet; `None` at the end.
    fn take_head(&mut self) -> Result<Option<Head>, Error> {
        if let Some(head) = self.head.take() {
            return Ok(Some(head));
        }
        let Some(batch) = self.batches.next().transpose()? else { return Ok(None) };
        let damaged = |reason: &str| self.shard.damaged(reason);
        let found = places(&batch, self.names);
        let found = found.ok_or_else(|| damaged("its products do not have the columns of products"))?;
        let place = |(source_row, transform, site, product): (i64, Option<usize>, i32, i32)| {
            let is_inside = u64::try_from(source_row).is_ok_and(|row| self.shard.source_rows.contains(&row));
            is_inside.then_some(())?;
            Some((source_row, transform?, site, product))
        };
        let places: Option<Vec<Place>> = found.into_iter().map(|(found, _)| place(found)).collect();
        let places =
            places.ok_or_else(|| damaged("it has products of rows or transforms that are not its own"))?;
        Ok(Some(Head { batch, places, at: 0 }))
    }
}

/// A batch whose rows before `at` have been handed out.
struct Head {
    batch: RecordBatch,
    places: Vec<Place>,
    at: usize,
}

impl Head {
    fn rest(self) -> (RecordBatch, Vec<Place>) {
        let left = self.places.len() - self.at;
        (self.batch.slice(self.at, left), self.places[self.at..].to_vec())
    }

    /// The rest of the batch.
    fn after(self, at: usize) -> Option<Self> {
        (at < self.places.len()).then_some(Self { at, ..self })
    }
}

/// The rows of two batches in total order, until one of them is used up.
#[allow(clippy::type_complexity, reason = "rows, and what is left of both")]
fn zip(one: Head, other: Head) -> Result<((RecordBatch, Vec<Place>), [Option<Head>; 2]), Error> {
    let ends_before = |a: &Head, b: &Head| a.places.last() < b.places.get(b.at);
    if ends_before(&one, &other) {
        return Ok((one.rest(), [None, Some(other)]));
    }
    if ends_before(&other, &one) {
        return Ok((other.rest(), [Some(one), None]));
    }
    let (mut a, mut b) = (one.at, other.at);
    let (mut indices, mut places) = (Vec::new(), Vec::new());
    while let (Some(&left), Some(&right)) = (one.places.get(a), other.places.get(b)) {
        if left < right {
            indices.push((0, a));
            places.push(left);
            a += 1;
        } else {
            indices.push((1, b));
            places.push(right);
            b += 1;
        }
    }
    let batch = interleave_record_batch(&[&one.batch, &other.batch], &indices).map_err(table_error)?;
    Ok(((batch, places), [one.after(a), other.after(b)]))
}
