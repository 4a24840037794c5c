//! The table of parents: for each product that more than one row gave, all of these rows.
//!
//! A *group* is such a product, recognised as the deduplication does (transform and key). Its first row is the one
//! that was written to the products; the others are its *repeats*. Groups are in the order of the products, the
//! repeats of a group in the order of source row and site.
//!
//! # How repeats are found
//!
//! A run keeps nothing for this table except the positions of written products, beside their keys in the key log.
//! Exact deduplication defers every product that it has seen before, so all repeats are among the deferred rows.
//! After these are settled, the key log gives for each repeat the row that was written
//! ([`crate::dedup::Dedup::repeats`]). Two [external sorts](crate::sorter) then bring the repeats into the order of
//! the table: by the number of the deferred row, to read them from their log, and by product. The first row of each
//! group is read from the parts.
//!
//! # How a merge gives the same table
//!
//! A shard's products and its own table of parents name every row that gave a product: once each, except that the
//! first row of a group is in both. The merge judges the products as always, and notes the repeats of the shards
//! beside the deferred rows. The first row of such a group was judged before, so a shard's repeat is never the first
//! row of its group in the merge. Groups, and the order within them, depend only on the rows.

mod group;
mod listing;
mod originals;
mod table;

pub use self::group::{Groups, Member};
pub use self::listing::{Found, Parents};
pub use self::table::ParentTable;
