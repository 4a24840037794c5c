//! `legacy`: the predecessor's columns and keys, alike for shards, resumed runs and the whole.

use std::fs;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{Float64Type, Int32Type, Int64Type};
use xform_core::disk::Disk;
use xform_core::legacy::COLUMNS;
use xform_core::output::read_back::WrittenFile;
use xform_core::properties::PropertyChoice;
use xform_core::source::KeepColumns;
use xform_core::{ApplyOptions, Shard, Summary};

use crate::engine::further::FORMULAS;
use crate::job::{Place, assert_same, assert_well, bytes};
use crate::killed::DeadFrom;

fn place() -> Place {
    Place { change: |options| options.legacy = true, ..Place::new() }
}

fn products(summary: &Summary) -> RecordBatch {
    let path = summary.output_dir.join("products.parquet");
    let file = WrittenFile::open(&Disk::default(), &path).unwrap();
    let batches: Vec<RecordBatch> = file.batches(file.groups()).unwrap().collect::<Result<_, _>>().unwrap();
    concat_batches(&batches[0].schema(), &batches).unwrap()
}

fn names(batch: &RecordBatch) -> Vec<String> {
    batch.schema_ref().fields().iter().map(|field| field.name().clone()).collect()
}

/// The text at `row` of a column.
fn text<'a>(batch: &'a RecordBatch, name: &str, row: usize) -> Option<&'a str> {
    let column = batch.column_by_name(name).unwrap();
    let text = column.as_string_opt::<i32>().map(|texts| texts.is_valid(row).then(|| texts.value(row)));
    text.unwrap_or_else(|| column.as_string_view().is_valid(row).then(|| column.as_string_view().value(row)))
}

#[test]
fn each_column_of_the_predecessor_is_there_once_under_its_name() {
    let place = place();
    let batch = products(&place.whole());
    for column in COLUMNS {
        assert_eq!(names(&batch).iter().filter(|name| *name == column.name).count(), 1, "{}", column.name);
        let found = batch.column_by_name(column.name).unwrap().data_type().clone();
        // Text that rows share is held as views.
        let is_shared = ["source_subset", "halogen", "halogen_pair", "source_smiles"].contains(&column.name);
        if !is_shared && column.name != "xf_site_atoms" {
            assert_eq!(found, column.values.data_type(), "{}", column.name);
        }
    }
    assert!(!names(&batch).contains(&"Formula".to_owned()), "what they are made of is not written");
}

#[test]
fn the_values_are_those_of_the_product() {
    let place = place();
    let batch = products(&place.whole());
    let column = |name: &str| batch.column_by_name(name).unwrap();
    let mut seen = [0; 3];
    for row in 0..batch.num_rows() {
        let smiles = text(&batch, "smiles", row).unwrap();
        let number: i32 = smiles[1..].parse().unwrap();
        let is = |name, expected: Option<&str>| {
            assert_eq!(text(&batch, name, row), expected, "{name} of {smiles}")
        };
        is("canonical_smiles", Some(smiles));
        is("inchikey", (number % 5 != 0).then(|| format!("KEY{number}")).as_deref());
        is("source_inchikey", Some("PARENT"));
        is("xf_reason", None);
        is("xf_rule_id", text(&batch, "xf_name", row));
        is("product_mapped_smiles", (number % 7 != 0).then(|| format!("[CH3:1][OH:{number}]")).as_deref());
        let sites = column("xf_site_atoms").as_list::<i32>().value(row);
        let numbers = sites.as_primitive::<Int32Type>().values().iter().map(|atom| atom + 1);
        let numbers: Vec<String> =
            numbers.filter(|&atom| atom == 1 || atom == number).map(|atom| atom.to_string()).collect();
        let numbers = format!("[{}]", numbers.join(","));
        is("xf_site_mapnums", (number % 7 != 0).then_some(&*numbers));
        let which = number as usize % FORMULAS.len();
        seen[which] += 1;
        let (set, counts, introduced) = [
            ("", None, None),
            ("F", Some(r#"{"F":2}"#), Some("F")),
            ("Cl|Br", Some(r#"{"Cl":1,"Br":2}"#), Some("Br")),
        ][which];
        is("halogens_set", Some(set));
        is("halogen_counts_json", counts);
        is("primary_halogen", introduced);
        assert!(column("xf_success").as_boolean().value(row));
        let weight = column("MW").as_primitive::<Float64Type>().value(row);
        assert!((weight - f64::from(number) / 7.0).abs() < 1e-12);
        assert_eq!(column("HBA").as_primitive::<Int32Type>().value(row), number % 5);
    }
    assert!(seen.iter().all(|&rows| rows > 10), "{seen:?}");
}

#[test]
fn a_property_that_is_written_anyway_is_not_written_twice() {
    let place = place();
    let options = ApplyOptions {
        properties: PropertyChoice::new(&["InChIKey"]),
        filter: Some("MW > 10 and InChIKey is not null and half < 300".to_owned()),
        ..place.options("both", None)
    };
    let batch = products(&place.run(&options, Disk::default()).unwrap());
    let of_keys: Vec<String> =
        names(&batch).into_iter().filter(|name| name.eq_ignore_ascii_case("inchikey")).collect();
    assert_eq!(of_keys, ["InChIKey", "inchikey"]);
    assert!(batch.num_rows() > 0 && !names(&batch).contains(&"half".to_owned()));
    for row in 0..batch.num_rows() {
        let number: i32 = text(&batch, "smiles", row).unwrap()[1..].parse().unwrap();
        assert!(number > 70 && number / 2 < 300 && number % 5 != 0, "{number}");
        assert_eq!(text(&batch, "inchikey", row), text(&batch, "InChIKey", row));
    }
}

#[test]
fn columns_of_the_library_keep_their_names_and_others_are_null() {
    let mut place = place();
    place.input = place.path("library.csv");
    let rows = (0..50).map(|row| format!("C{row},id{row},F|{row},{row},{row}\n"));
    let text_of = ["smiles,id,halogen_pair,k,subset\n".to_owned()].into_iter().chain(rows);
    fs::write(&place.input, text_of.collect::<String>()).unwrap();
    for (outdir, keep_columns) in [
        ("none", KeepColumns::None),
        ("some", KeepColumns::Named(vec!["k".to_owned()])),
        ("all", KeepColumns::All),
    ] {
        let is_all = keep_columns == KeepColumns::All;
        let options = ApplyOptions { keep_columns, ..place.options(outdir, None) };
        let summary = place.run(&options, Disk::default()).unwrap();
        let batch = products(&summary);
        let ends: Vec<String> = names(&batch).into_iter().skip_while(|name| name != "RotB").skip(1).collect();
        let own = ["k", "halogen_pair", "source_subset", "halogen", "halogen_atom_count"];
        let kept: &[&str] = if is_all { &["source_subset_2"] } else { &[] };
        assert_eq!(ends, [kept, own.as_slice()].concat(), "{outdir}");
        assert!(
            summary.warnings.contains(
                &"columns that the library lacks are null: \"source_subset\", \"halogen\", \"halogen_atom_count\"".to_owned()
            ),
            "{:?}",
            summary.warnings
        );
        for row in 0..batch.num_rows() {
            let source = batch.column_by_name("source_row").unwrap().as_primitive::<Int64Type>().value(row);
            assert_eq!(text(&batch, "k", row), Some(&*source.to_string()));
            assert_eq!(text(&batch, "halogen_pair", row), Some(&*format!("F|{source}")));
            assert_eq!(text(&batch, "halogen", row), None);
        }
        assert_well(&options.outdir);
    }
}

#[test]
fn shards_and_resumed_runs_give_the_bytes_of_the_whole() {
    let place = place();
    let whole = place.whole();
    let merged = place.merge(&place.shards(3), "merged", Disk::default()).unwrap();
    assert_same(&whole, &merged, "three shards");
    let options = place.options("killed", None);
    place.run(&options, Disk::gated(Arc::new(DeadFrom::new(200)))).unwrap_err();
    let resumed = place.run(&ApplyOptions { resume: true, ..options }, Disk::default()).unwrap();
    assert!(resumed.rows_resumed > 0);
    assert!(bytes(&resumed.output_dir) == bytes(&whole.output_dir));
    assert_well(&resumed.output_dir);
    let without = ApplyOptions { legacy: false, ..place.options("without", Some(Shard { index: 2, of: 2 })) };
    let with = place.run(&place.options("with", Some(Shard { index: 1, of: 2 })), Disk::default()).unwrap();
    let without = place.run(&without, Disk::default()).unwrap();
    let error = place.merge(&[with.output_dir, without.output_dir], "mixed", Disk::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_SHARD_MISMATCH", "{error}");
}

#[test]
fn the_summary_has_the_predecessors_keys_with_its_meanings() {
    let place = place();
    let whole = place.whole();
    let legacy = whole.legacy.as_ref().unwrap();
    let stats = legacy.stats;
    let of_transforms = |count: fn(&xform_core::totals::Sums) -> u64| -> u64 {
        whole.totals.transforms.iter().map(|transform| count(&transform.sums)).sum()
    };
    assert_eq!(stats.success, of_transforms(|sums| sums.products));
    assert_eq!(stats.fail_no_matching_sites, of_transforms(|sums| sums.tally.rows_no_site));
    assert_eq!(stats.fail_rejected, 3 * whole.totals.rejected_rows, "a bad row, once for each transform");
    let all = stats.success + stats.fail_no_matching_sites + stats.fail_rejected;
    assert_eq!((legacy.total_processed, legacy.total_products), (all, all));
    assert!(all > whole.total_products && whole.total_processed == whole.totals.rows);
    assert_eq!((legacy.total_input, legacy.unique_products), (whole.totals.rows, whole.unique_products));
    let rate = all as f64 / whole.elapsed_seconds;
    assert!((legacy.throughput_mol_per_sec / rate - 1.0).abs() < 1e-9);
    assert_eq!((legacy.workers, legacy.resume, legacy.apply_mode.as_str()), (2, false, "per_site"));
    assert_eq!((legacy.max_sites_per_mol, legacy.exclude_sugar_like), (Some(-1), Some(false)));
    let folder = place.folder.path().file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(legacy.source_subset, Some(folder));
    let merged = place.merge(&place.shards(2), "merged", Disk::default()).unwrap();
    let of_merged = merged.legacy.unwrap();
    assert_eq!((of_merged.stats, of_merged.total_products), (stats, all));
    assert!(
        place
            .run(&ApplyOptions { legacy: false, ..place.options("plain", None) }, Disk::default())
            .unwrap()
            .legacy
            .is_none()
    );
}
