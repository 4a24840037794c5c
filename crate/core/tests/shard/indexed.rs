//! What helps a reader to read less: page indexes, sorting columns and Bloom filters, after parts were put into one file.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Int64Type};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::bloom_filter::Sbbf;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, SortingColumn};
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use xform_core::disk::Disk;
use xform_core::{ApplyOptions, DedupMode, Shard};

use crate::job::{Place, bytes};

fn indexed(path: &Path) -> ArrowReaderMetadata {
    let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Required);
    ArrowReaderMetadata::load(&File::open(path).unwrap(), options).unwrap()
}

/// Some rows of a row group, all columns, found through the page index.
fn rows(path: &Path, metadata: &ArrowReaderMetadata, group: usize, from: usize, count: usize) -> RecordBatch {
    let selection = RowSelection::from(vec![RowSelector::skip(from), RowSelector::select(count)]);
    let reader =
        ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(path).unwrap(), metadata.clone())
            .with_row_groups(vec![group])
            .with_row_selection(selection)
            .build()
            .unwrap();
    let batches: Vec<RecordBatch> = reader.collect::<Result<_, _>>().unwrap();
    concat_batches(metadata.schema(), &batches).unwrap()
}

fn column(metadata: &ParquetMetaData, name: &str) -> usize {
    let leaves = metadata.file_metadata().schema_descr().columns().to_vec();
    leaves.iter().position(|leaf| leaf.path().string() == name).unwrap()
}

/// First rows of the pages of a column.
fn pages(metadata: &ParquetMetaData, group: usize, column: usize) -> Vec<usize> {
    let locations = metadata.offset_index().unwrap()[group][column].page_locations();
    locations.iter().map(|page| page.first_row_index as usize).collect()
}

/// A library whose products fill several pages of a row group.
fn many_pages() -> Place {
    let mut place = Place { change: |options| options.dedup = DedupMode::None, ..Place::new() };
    place.pace.part_bytes = 3 << 20;
    place.write_library(12_000);
    place
}

#[test]
fn each_page_is_where_the_index_says_with_the_values_that_it_says() {
    let place = many_pages();
    let path = place.whole().files.products.file;
    let metadata = indexed(&path);
    let footer = metadata.metadata();
    let of_row = column(footer, "source_row");
    let (mut most, mut checked) = (0, 0);
    for group in 0..footer.num_row_groups() {
        let count = footer.row_group(group).num_rows() as usize;
        let all = rows(&path, &metadata, group, 0, count);
        let starts = pages(footer, group, of_row);
        most = most.max(starts.len());
        let ColumnIndexMetaData::INT64(values) = &footer.column_index().unwrap()[group][of_row] else {
            panic!("source_row has no column index")
        };
        for (page, &start) in starts.iter().enumerate() {
            let end = starts.get(page + 1).copied().unwrap_or(count);
            let found = rows(&path, &metadata, group, start, end - start);
            assert_eq!(found, all.slice(start, end - start), "page {page} of row group {group}");
            let source_rows = found.column_by_name("source_row").unwrap();
            let source_rows = source_rows.as_primitive::<Int64Type>().values();
            assert!(source_rows.is_sorted());
            assert_eq!(values.min_value(page), source_rows.first());
            assert_eq!(values.max_value(page), source_rows.last());
            checked += 1;
        }
        let middle = rows(&path, &metadata, group, count / 2, 1);
        assert_eq!(middle, all.slice(count / 2, 1), "one row of all columns");
    }
    assert!(footer.num_row_groups() > 2 && most > 1 && checked > 5, "{most} {checked}");
}

#[test]
fn a_bloom_filter_has_the_id_of_each_parent_and_few_others() {
    let place = many_pages();
    let path = place.whole().files.products.file;
    let (file, metadata) = (File::open(&path).unwrap(), indexed(&path));
    let footer = metadata.metadata();
    let at = column(footer, "source_id");
    for group in 0..footer.num_row_groups() {
        let chunk = footer.row_group(group);
        let filter = Sbbf::read_from_column_chunk(chunk.column(at), &file).unwrap().unwrap();
        let all = rows(&path, &metadata, group, 0, chunk.num_rows() as usize);
        let ids = cast(all.column_by_name("source_id").unwrap(), &DataType::Utf8).unwrap();
        assert!(ids.as_string::<i32>().iter().flatten().all(|id| filter.check(id)));
        let wrong = (0..1_000).filter(|number| filter.check(format!("other{number}").as_str())).count();
        assert!(wrong < 40, "{wrong} of 1,000 in row group {group}");
    }
}

#[test]
fn row_groups_say_by_what_they_are_sorted_if_they_are() {
    let place = Place { change: |options| options.parents = true, ..Place::new() };
    let whole = place.whole();
    let sorted = |path: &Path, column_idx: Option<i32>| {
        let metadata = indexed(path);
        assert!(metadata.metadata().num_row_groups() > 0);
        for group in metadata.metadata().row_groups() {
            let by = column_idx
                .map(|column_idx| vec![SortingColumn { column_idx, descending: false, nulls_first: false }]);
            assert_eq!(group.sorting_columns(), by.as_ref(), "{}", path.display());
        }
    };
    sorted(&whole.files.products.file, Some(2));
    sorted(&whole.files.rejects.file, Some(0));
    sorted(&whole.files.parents.unwrap().file, None);
}

/// The first shard has no row group at all, so the order cannot be read off its files.
#[test]
fn a_merge_has_the_indexes_of_the_whole_even_if_a_shard_is_empty() {
    let place = Place::new();
    let library = "bad\n".repeat(700) + &(0..700).map(|row| format!("C{row} id{row}\n")).collect::<String>();
    std::fs::write(&place.input, library).unwrap();
    let whole = place.whole();
    let shard = |index| {
        let options = place.options(&format!("part-{index}"), Some(Shard { index, of: 2 }));
        place.run(&ApplyOptions { workers: 1, ..options }, Disk::default()).unwrap().output_dir
    };
    let shards = [shard(1), shard(2)];
    let merged = place.merge(&shards, "merged", Disk::default()).unwrap();
    assert!(bytes(&merged.output_dir) == bytes(&whole.output_dir));
    let footer = Arc::clone(indexed(&merged.files.products.file).metadata());
    assert!(footer.row_group(0).sorting_columns().is_some());
}
