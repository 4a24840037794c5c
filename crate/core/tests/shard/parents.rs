//! `parents`: the rows of each product that more than one row gave, compared with all products of a run without
//! deduplication; and that the table does not depend on how the rows are divided.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray, UInt32Array};
use arrow::compute::{cast, concat_batches, take_record_batch};
use arrow::datatypes::{DataType, Int32Type, Int64Type};
use parquet::arrow::ArrowWriter;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use proptest::prelude::*;
use serde_json::Value;
use xform_core::content::Content;
use xform_core::disk::Disk;
use xform_core::output::read_back::WrittenFile;
use xform_core::source::KeepColumns;
use xform_core::{ApplyOptions, DedupMode, Shard, Summary, verify};

use crate::engine::make_engine;
use crate::job::{Place, assert_same_facts, bytes, names, pace};

const COLUMNS: [&str; 7] =
    ["product_id", "smiles", "source_row", "source_id", "xf_name", "xf_site_index", "xf_site_atoms"];
const FILES: [&str; 4] = ["SUMMARY.json", "parents.parquet", "products.parquet", "rejects.parquet"];

/// The columns of the table of parents, in products or in that table.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    product_id: String,
    smiles: String,
    source_row: i64,
    source_id: Option<String>,
    transform: String,
    site: i32,
    atoms: Vec<i32>,
}

fn batches(path: &Path) -> Vec<RecordBatch> {
    let file = WrittenFile::open(&Disk::default(), path).unwrap();
    file.batches(file.groups()).unwrap().map(Result::unwrap).collect()
}

fn rows(outdir: &Path, name: &str) -> Vec<Row> {
    let rows = |batch: RecordBatch| {
        let column = |name: &str| batch.column_by_name(name).unwrap().clone();
        let ids = cast(&column("source_id"), &DataType::Utf8).unwrap();
        let row = |row: usize| Row {
            product_id: column("product_id").as_string::<i32>().value(row).to_owned(),
            smiles: column("smiles").as_string::<i32>().value(row).to_owned(),
            source_row: column("source_row").as_primitive::<Int64Type>().value(row),
            source_id: ids.is_valid(row).then(|| ids.as_string::<i32>().value(row).to_owned()),
            transform: column("xf_name").as_string::<i32>().value(row).to_owned(),
            site: column("xf_site_index").as_primitive::<Int32Type>().value(row),
            atoms: column("xf_site_atoms")
                .as_list::<i32>()
                .value(row)
                .as_primitive::<Int32Type>()
                .values()
                .to_vec(),
        };
        (0..batch.num_rows()).map(row).collect::<Vec<_>>()
    };
    batches(&outdir.join(name)).into_iter().flat_map(rows).collect()
}

/// The rows that `parents.parquet` should have, from `all` products in total order and the `products` that were written.
fn expected(all: Vec<Row>, products: &[Row]) -> Vec<Row> {
    let mut groups = BTreeMap::<(String, String), Vec<Row>>::new();
    for row in all {
        groups.entry((row.transform.clone(), row.smiles.clone())).or_default().push(row);
    }
    let of_product = |product: &Row| {
        let group = &groups[&(product.transform.clone(), product.smiles.clone())];
        assert_eq!(product, &group[0], "the first row is written");
        let rows = if group.len() > 1 { group.as_slice() } else { &[] };
        let with_id = |row: &Row| Row { product_id: product.product_id.clone(), ..row.clone() };
        rows.iter().map(with_id).collect::<Vec<_>>()
    };
    products.iter().flat_map(of_product).collect()
}

fn assert_well(outdir: &Path) {
    let verification = verify(outdir).unwrap();
    assert!(verification.ok, "{verification:?}");
    assert_eq!(names(outdir), FILES);
}

fn parents(outdir: &Path) -> Vec<u8> {
    fs::read(outdir.join("parents.parquet")).unwrap()
}

/// A place whose runs list parents, with a filter of this many bits.
fn place(filter_bits: u64) -> Place {
    Place { pace: pace(filter_bits), change: |options| options.parents = true, ..Place::new() }
}

/// Compares a run with one without deduplication, and the merge of its shards with the run.
fn check(place: &Place, context: &str) -> Summary {
    let whole = place.whole();
    assert_well(&whole.output_dir);
    let plain = ApplyOptions { parents: false, ..place.options("plain", None) };
    let plain = place.run(&plain, Disk::default()).unwrap();
    let all = ApplyOptions { parents: false, dedup: DedupMode::None, ..place.options("all", None) };
    let all = place.run(&all, Disk::default()).unwrap();
    let products = rows(&whole.output_dir, "products.parquet");
    assert_eq!(products, rows(&plain.output_dir, "products.parquet"), "the products are the same without it");
    let listed = rows(&whole.output_dir, "parents.parquet");
    assert!(listed == expected(rows(&all.output_dir, "products.parquet"), &products), "{context}");
    assert_eq!(whole.files.parents.as_ref().unwrap().rows, listed.len() as u64);
    for of in [1, 2, 3, 7, 40] {
        let mut shards = place.shards(of);
        shards.iter().for_each(|shard| assert_well(shard));
        shards.rotate_left(of as usize / 2);
        let merged = place.merge(&shards, &format!("merged-{of}"), Disk::default()).unwrap();
        assert!(bytes(&merged.output_dir) == bytes(&whole.output_dir), "{of} shards, {context}");
        assert!(parents(&merged.output_dir) == parents(&whole.output_dir), "{of} shards, {context}");
        assert_same_facts(&whole, &merged, &format!("{of} shards, {context}"));
        assert_well(&merged.output_dir);
        assert!(merged.merged.iter().all(|shard| shard.parents_sha256.is_some()));
    }
    whole
}

#[test]
fn exact_with_filters_that_are_seldom_and_often_mistaken() {
    for bits in [1 << 6, 1 << 11, 1 << 13, 1 << 15, 1 << 29] {
        let whole = check(&place(bits), &format!("a filter of {bits} bits"));
        assert!(whole.sums.duplicates.unwrap() > 1_000, "{:?}", whole.sums);
    }
}

#[test]
fn with_a_condition_and_kept_columns() {
    let change: fn(&mut ApplyOptions) = |options| {
        (options.parents, options.keep_columns) = (true, KeepColumns::All);
        options.filter = Some("smiles <> 'P7' and source_row > 100".to_owned());
    };
    let whole = check(&Place { change, ..place(1 << 13) }, "a condition");
    assert!(whole.sums.filter.filtered > 100);
}

#[test]
fn without_repeats_the_table_is_empty() {
    let place = place(1 << 13);
    place.write_library(3);
    let whole = check(&place, "three rows");
    assert_eq!(whole.files.parents.unwrap().rows, 0);
}

/// Types of ids are unchanged on their way through logs, sorting and files.
#[test]
fn ids_of_every_kind() {
    let change: fn(&mut ApplyOptions) = |options| options.parents = true;
    for name in ["pyarrow-kept", "polars-kept", "duckdb-kept", "pyarrow-plain", "pyarrow-no-rows"] {
        let input =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixture/source/{name}.parquet"));
        let file = SerializedFileReader::new(File::open(&input).unwrap()).unwrap();
        let mut ids = 0;
        for column in file.metadata().file_metadata().schema().get_fields() {
            let column = column.name().to_owned();
            let place = Place { input: input.clone(), change, pace: pace(1 << 6), ..Place::empty() };
            let options = |outdir: &str, shard| {
                let smiles_column = (name == "pyarrow-plain").then(|| "utf8".to_owned());
                ApplyOptions {
                    id_column: Some(column.clone()),
                    smiles_column,
                    ..place.options(outdir, shard)
                }
            };
            let whole = match place.run(&options("whole", None), Disk::default()) {
                Ok(whole) => whole,
                Err(error) => {
                    assert_eq!(
                        error.code(),
                        "XFORM_INPUT_COLUMN",
                        "a nested column, or that of the SMILES: {error}"
                    );
                    continue;
                }
            };
            ids += 1;
            assert_well(&whole.output_dir);
            let shards = [1, 2].map(|index| {
                let options = options(&format!("shard-{index}"), Some(Shard { index, of: 2 }));
                place.run(&options, Disk::default()).unwrap().output_dir
            });
            let merged = place.merge(&shards, "merged", Disk::default()).unwrap();
            assert!(parents(&merged.output_dir) == parents(&whole.output_dir), "{name}, {column}");
        }
        assert!(ids > 0, "{name}");
    }
}

#[test]
fn neither_workers_nor_batches_matter() {
    let place = place(1 << 13);
    let mut expected = None;
    for (workers, batch_size, max_in_flight) in [(1, 50_000, 2), (8, 7, 64), (3, 400, 1)] {
        let options = place.options(&format!("{workers}"), None);
        let options = ApplyOptions { workers, batch_size, max_in_flight, ..options };
        let summary = place.run(&options, Disk::default()).unwrap();
        let found = (bytes(&summary.output_dir), parents(&summary.output_dir));
        assert!(*expected.get_or_insert_with(|| found.clone()) == found, "{workers} workers");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_any_rows(numbers in prop::collection::vec(0_u32..40, 1..120), bits in 6_u32..20, of in 1_u32..6) {
        let place = place(1 << bits);
        let library: String = numbers.iter().map(|number| format!("C{number:0>9} same\n")).collect();
        fs::write(&place.input, library).unwrap();
        let whole = place.whole();
        assert_well(&whole.output_dir);
        let all = ApplyOptions { parents: false, dedup: DedupMode::None, ..place.options("all", None) };
        let all = place.run(&all, Disk::default()).unwrap();
        let products = rows(&whole.output_dir, "products.parquet");
        let listed = rows(&whole.output_dir, "parents.parquet");
        prop_assert_eq!(listed, expected(rows(&all.output_dir, "products.parquet"), &products));
        let merged = place.merge(&place.shards(of), "merged", Disk::default()).unwrap();
        prop_assert!(parents(&merged.output_dir) == parents(&whole.output_dir));
        assert_well(&merged.output_dir);
    }
}

#[test]
fn a_finished_run_is_recognised_by_this_file_too() {
    let place = place(1 << 13);
    let options = ApplyOptions { resume: true, ..place.options("whole", None) };
    place.run(&options, Disk::default()).unwrap();
    assert!(place.run(&options, Disk::default()).unwrap().already_finished);
    fs::remove_file(options.outdir.join("parents.parquet")).unwrap();
    let error = place.run(&options, Disk::default()).unwrap_err();
    assert!(error.to_string().contains("parents.parquet is missing"), "{error}");
    // A run without the table leaves none behind.
    fs::write(options.outdir.join("parents.parquet"), "of an earlier run").unwrap();
    let forced = ApplyOptions { force: true, resume: false, parents: false, ..options };
    place.run(&forced, Disk::default()).unwrap();
    crate::job::assert_well(&forced.outdir);
}

#[test]
fn shards_must_all_list_their_parents_and_have_them_unchanged() {
    let place = place(1 << 13);
    let shards = place.shards(2);
    let path = shards[1].join("parents.parquet");
    let good = fs::read(&path).unwrap();
    let mut bad = good.clone();
    bad[good.len() / 2] ^= 1;
    fs::write(&path, bad).unwrap();
    let error = place.merge(&shards, "merged", Disk::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_SHARD_DAMAGED");
    assert!(error.to_string().contains("parents.parquet has changed"), "{error}");
    let second = place.options("shard-2-2", Some(Shard { index: 2, of: 2 }));
    let without = ApplyOptions { force: true, parents: false, ..second };
    place.run(&without, Disk::default()).unwrap();
    let error = place.merge(&shards, "merged", Disk::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_SHARD_MISMATCH");
    assert!(error.to_string().contains("parents was true and is null"), "{error}");
}

#[test]
fn a_cluster_refuses_it() {
    struct Never;
    impl xform_core::Maker for Never {
        fn make(
            &mut self,
            _: &xform_core::Task<'_>,
            _: &mut dyn xform_core::source::Source,
            _: &mut xform_core::Gathered<'_>,
        ) -> Result<(), xform_core::Error> {
            panic!("it begins");
        }
    }
    let place = place(1 << 13);
    let options = place.options("out", None);
    let error = xform_core::gather(&options, &make_engine, &place.control(Disk::default()), &mut Never);
    let error = error.unwrap_err().to_string();
    assert_eq!(error, "parents: a cluster drops repeated products before they come back");
}

/// Replaces the table of a finished run, and makes its summary state the new file.
fn replace(outdir: &Path, change: &dyn Fn(&RecordBatch) -> RecordBatch) {
    let path = outdir.join("parents.parquet");
    let file = WrittenFile::open(&Disk::default(), &path).unwrap();
    let metadata = file.metadata().unwrap();
    let batches = batches(&path);
    let changed = change(&concat_batches(&batches[0].schema(), &batches).unwrap());
    let mut writer = ArrowWriter::try_new(File::create(&path).unwrap(), changed.schema(), None).unwrap();
    writer.write(&changed).unwrap();
    writer.append_key_value_metadata(parquet::file::metadata::KeyValue::new(
        "xform_native".to_owned(),
        metadata.to_string(),
    ));
    writer.close().unwrap();
    let Content { bytes, sha256 } = Content::of_bytes(&fs::read(&path).unwrap());
    let mut summary: Value = serde_json::from_slice(&fs::read(outdir.join("SUMMARY.json")).unwrap()).unwrap();
    let report = &mut summary["files"]["parents"];
    (report["bytes"], report["sha256"]) = (bytes.into(), sha256.into());
    report["rows"] = changed.num_rows().into();
    summary.as_object_mut().unwrap().remove("summary_sha256");
    let sha256 = Content::of_bytes(summary.to_string().as_bytes()).sha256;
    summary["summary_sha256"] = sha256.into();
    fs::write(outdir.join("SUMMARY.json"), summary.to_string()).unwrap();
}

/// Each of these tables has its own checksum in the summary, so only the rows show that it is wrong.
#[test]
fn verify_finds_a_row_that_is_not_as_it_should_be() {
    let place = place(1 << 13);
    let outdir = place.whole().output_dir;
    let files = FILES.map(|name| fs::read(outdir.join(name)).unwrap());
    let listed = rows(&outdir, "parents.parquet");
    let firsts: Vec<usize> = (1..listed.len())
        .filter(|&row| {
            let key = |row: &Row| (row.transform.clone(), row.smiles.clone());
            key(&listed[row]) != key(&listed[row - 1])
        })
        .collect();
    let (second, third) = (firsts[0], firsts[1]);
    assert!(second >= 3, "the first group has at least three rows");
    let taken = |rows: Vec<usize>| {
        move |batch: &RecordBatch| {
            let rows: Vec<u32> = rows.iter().map(|&row| row as u32).collect();
            take_record_batch(batch, &UInt32Array::from(rows)).unwrap()
        }
    };
    let all = || 0..listed.len();
    let swapped = |one: usize, other: usize| {
        let mut rows: Vec<usize> = all().collect();
        rows.swap(one, other);
        taken(rows)
    };
    let with_text = |name: &'static str, row: usize, text: &'static str| {
        move |batch: &RecordBatch| {
            let index = batch.schema().index_of(name).unwrap();
            let texts = batch.column(index).as_string::<i32>().iter().enumerate();
            let texts = texts.map(|(at, found)| if at == row { Some(text) } else { found });
            let mut columns = batch.columns().to_vec();
            columns[index] = std::sync::Arc::new(texts.collect::<StringArray>()) as ArrayRef;
            RecordBatch::try_new(batch.schema(), columns).unwrap()
        }
    };
    let without = |row: usize| taken(all().filter(|&other| other != row).collect());
    let groups_swapped = taken((second..third).chain(0..second).chain(third..listed.len()).collect());
    type Change = Box<dyn Fn(&RecordBatch) -> RecordBatch>;
    let faults: [(&str, Change); 8] = [
        ("row 0 is not a product", Box::new(swapped(0, 1))),
        ("row 0 is the only one of its product", Box::new(with_text("smiles", 1, "P none"))),
        ("row 0 is not a product", Box::new(with_text("smiles", 0, "P none"))),
        ("row 1 does not have the id", Box::new(with_text("product_id", 1, "another"))),
        ("not in the order of the products", Box::new(groups_swapped)),
        ("repeated products is", Box::new(without(second - 1))),
        (
            "not in the order of source rows",
            Box::new(taken(all().map(|row| if row == 2 { 1 } else { row }).collect())),
        ),
        ("names no transform", Box::new(with_text("xf_name", 1, "OTHER"))),
    ];
    for (words, change) in faults {
        replace(&outdir, &*change);
        let verification = verify(&outdir).unwrap();
        let failed: Vec<_> = verification.checks.iter().filter(|check| !check.ok).collect();
        let is_told = |check: &&xform_core::Check| check.name == "parents" && check.detail.contains(words);
        assert!(failed.iter().any(is_told) && failed.len() == 1, "{words}: {failed:?}");
        FILES.iter().zip(&files).for_each(|(name, good)| fs::write(outdir.join(name), good).unwrap());
    }
    assert_eq!(listed.len(), rows(&outdir, "parents.parquet").len());
    let schema = WrittenFile::open(&Disk::default(), &outdir.join("parents.parquet")).unwrap();
    let fields: Vec<_> = schema.schema().rows().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(fields, COLUMNS);
    assert_well(&outdir);
}
