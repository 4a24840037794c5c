//! Libraries of several files: the rows of one file with the same lines, and the same bytes however they are processed.

use std::fs;
use std::path::PathBuf;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use xform_core::disk::Disk;
use xform_core::output::read_back::read_metadata;
use xform_core::source::KeepColumns;
use xform_core::{ApplyOptions, Shard, verify};

use crate::job::{Place, ROWS, assert_same, bytes, pace};

fn table(path: PathBuf) -> RecordBatch {
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
    let schema = reader.schema().clone();
    let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    concat_batches(&schema, &batches).unwrap()
}

/// The columns of a table but this one.
fn without(table: &RecordBatch, name: &str) -> RecordBatch {
    let kept: Vec<usize> =
        (0..table.num_columns()).filter(|&index| table.schema_ref().field(index).name() != name).collect();
    table.project(&kept).unwrap()
}

/// Splits the library into three files below `parts`, in folders that name a column; the order of their names is theirs.
fn split(place: &Place) {
    let text = fs::read_to_string(&place.input).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (index, lines) in lines.chunks(600).enumerate() {
        let folder = place.path(&format!("parts/part={index}"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("rows.smi"), lines.concat()).unwrap();
    }
    fs::write(place.path("parts/_SUCCESS"), "").unwrap();
}

fn of_parts(place: &Place, outdir: &str, shard: Option<Shard>) -> ApplyOptions {
    let input = place.path("parts").into();
    ApplyOptions { input, keep_columns: KeepColumns::All, ..place.options(outdir, shard) }
}

#[test]
fn one_file_and_three_give_the_same_rows() {
    let place = Place { pace: pace(1 << 13), ..Place::new() };
    split(&place);
    let whole = place.whole();
    let several = place.run(&of_parts(&place, "several", None), Disk::default()).unwrap();
    for name in ["products.parquet", "rejects.parquet"] {
        let [one, three] = [&whole, &several].map(|summary| table(summary.output_dir.join(name)));
        let files = three.column_by_name("source_file").unwrap();
        assert_eq!(files.null_count(), 0);
        let three = without(&without(&three, "source_file"), "source_part");
        assert_eq!(one.columns(), three.columns(), "{name}");
    }
    let listed = several.source_files.as_ref().unwrap();
    assert_eq!((listed.total, listed.rows()), (3, Some(ROWS)));
    let metadata = read_metadata(&several.output_dir.join("products.parquet")).unwrap();
    assert_eq!(metadata["input"]["files"], 3);
    assert_eq!(metadata["input"]["sha256"], listed.sha256().unwrap());
    assert_eq!((&whole.source_files, metadata["input"]["rows"].as_u64()), (&None, Some(ROWS)));
    let verification = verify(&several.output_dir).unwrap();
    assert!(verification.ok, "{verification:?}");
}

#[test]
fn shards_of_several_files_merge_into_the_bytes_of_one_run() {
    let place = Place::new();
    split(&place);
    let whole = place.run(&of_parts(&place, "whole", None), Disk::default()).unwrap();
    for of in [2, 5] {
        let shards = (1..=of).map(|index| {
            let shard = of_parts(&place, &format!("shard-{index}-{of}"), Some(Shard { index, of }));
            let options = ApplyOptions { workers: 1 + index as usize % 3, batch_size: 70, ..shard };
            place.run(&options, Disk::default()).unwrap();
            options.outdir
        });
        let shards: Vec<PathBuf> = shards.collect();
        let merged = place.merge(&shards, &format!("merged-{of}"), Disk::default()).unwrap();
        assert_same(&whole, &merged, &format!("{of} shards"));
        assert_eq!(merged.source_files, whole.source_files);
    }
}

#[test]
fn workers_batches_and_the_way_the_files_are_named_change_nothing() {
    let place = Place::new();
    split(&place);
    let first = place.run(&of_parts(&place, "first", None), Disk::default()).unwrap();
    let pattern = place.path("parts/part=*/*.smi");
    let each = (0..3).map(|index| place.path(&format!("parts/part={index}/rows.smi"))).collect::<Vec<_>>();
    for (outdir, input) in [("pattern", vec![pattern]), ("each", each)] {
        let options = of_parts(&place, outdir, None);
        let options = ApplyOptions { input: input.into(), workers: 3, batch_size: 17, ..options };
        let summary = place.run(&options, Disk::default()).unwrap();
        assert!(bytes(&summary.output_dir) == bytes(&first.output_dir), "{outdir}");
    }
}

#[test]
fn an_output_is_never_written_over_a_file_that_is_read() {
    let place = Place::new();
    place.whole();
    let input = place.path("whole/prod*").into();
    let options = ApplyOptions { input, force: true, ..place.options("whole", None) };
    let error = place.run(&options, Disk::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_INPUT_IN_OUTPUT", "{error}");
}
