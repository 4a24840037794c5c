//! Product ids: the same for a product however it is made, and whatever else is written.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::DataType;
use xform_core::disk::Disk;
use xform_core::output::read_back::WrittenFile;
use xform_core::{ApplyOptions, DedupMode, Shard};

use crate::job::{Place, pace};

/// For each product id of the run in `outdir` its row, transform, site, template and SMILES.
fn ids(outdir: &Path) -> BTreeMap<String, [String; 5]> {
    const COLUMNS: [&str; 6] =
        ["product_id", "source_row", "xf_name", "xf_site_index", "product_index", "smiles"];
    let file = WrittenFile::open(&Disk::default(), &outdir.join("products.parquet")).unwrap();
    let mut found = BTreeMap::new();
    for batch in file.batches(file.groups()).unwrap() {
        let batch = batch.unwrap();
        let columns = COLUMNS.map(|name| cast(batch.column_by_name(name).unwrap(), &DataType::Utf8).unwrap());
        for row in 0..batch.num_rows() {
            let [id, others @ ..] =
                columns.each_ref().map(|column| column.as_string::<i32>().value(row).to_owned());
            assert!(found.insert(id.clone(), others).is_none(), "{id} is there twice");
        }
    }
    found
}

#[test]
fn a_product_has_one_id_in_all_runs() {
    let all = Place { change: |options| options.dedup = DedupMode::None, ..Place::new() };
    let expected = ids(&all.whole().output_dir);
    let of_row_2: Vec<(&str, [&str; 4])> = expected
        .iter()
        .filter(|(id, _)| id.starts_with("id2:"))
        .map(|(id, found)| (id.as_str(), [1, 2, 3, 4].map(|column| found[column].as_str())))
        .collect();
    let of = |name, site, template, smiles| [name, site, template, smiles];
    let golden = [
        ("id2:ONE:1", of("ONE", "0", "0", "P26")),
        ("id2:ONE:2", of("ONE", "0", "1", "P32")),
        ("id2:ONE:3", of("ONE", "1", "0", "P29")),
        ("id2:ONE:4", of("ONE", "1", "1", "P35")),
        ("id2:t:1", of("TWO", "0", "0", "P26")),
        ("id2:t:2", of("TWO", "0", "1", "P32")),
        ("id2:t:3", of("TWO", "1", "0", "P29")),
        ("id2:t:4", of("TWO", "1", "1", "P35")),
        ("id2:t:5", of("TWO", "2", "1", "P38")),
    ];
    assert_eq!(of_row_2, golden);

    type Change = fn(&mut ApplyOptions);
    let bloom: Change = |options| {
        (options.dedup, options.bloom_expected_items, options.bloom_fp_rate) = (DedupMode::Bloom, 300, 0.2);
    };
    let cases: [(&str, Change); 2] = [("exact", |_| {}), ("bloom", bloom)];
    for (name, change) in cases {
        let place = Place { change, pace: pace(1 << 11), ..Place::new() };
        let whole = ids(&place.whole().output_dir);
        assert!(!whole.is_empty() && whole.len() < expected.len());
        assert!(whole.iter().all(|(id, found)| expected.get(id) == Some(found)), "{name}");
        let merged = place.merge(&place.shards(7), "merged", Disk::default()).unwrap();
        assert_eq!(ids(&merged.output_dir), whole, "{name}");
    }
}

#[test]
fn without_an_id_the_row_of_the_library_stands_for_it() {
    let place = Place { change: |options| options.dedup = DedupMode::None, ..Place::empty() };
    fs::write(&place.input, "C0000001 a\nC0000002\nC0000001 a:b c%\n").unwrap();
    let starts = |outdir: &Path| {
        let mut starts: Vec<String> =
            ids(outdir).into_keys().filter_map(|id| id.strip_suffix(":ONE:1").map(str::to_owned)).collect();
        starts.sort();
        starts
    };
    let merged = place.merge(&place.shards(2), "merged", Disk::default()).unwrap();
    assert_eq!(starts(&merged.output_dir), ["a", "a%3Ab%20c%25", "row:1"]);
    let whole = place.whole();
    assert_eq!(ids(&whole.output_dir), ids(&merged.output_dir));
}

/// The same rules beside a file in which another rule has the code.
#[test]
fn shards_whose_ids_would_name_a_transform_differently_are_not_merged() {
    let place = Place::new();
    fs::write(place.path("more.yaml"), "transforms: [{name: FOUR, smirks: '[C:1]>>[C:1]Cl', code: t}]")
        .unwrap();
    let shards = [1, 2].map(|index| {
        let mut options = place.options(&format!("shard-{index}"), Some(Shard { index, of: 2 }));
        options.xf_names = ["ONE", "TWO", "THREE"].map(str::to_owned).to_vec();
        if index == 2 {
            options.xf_config = vec![place.path("transforms.yaml"), place.path("more.yaml")].into();
        }
        place.run(&options, Disk::default()).unwrap();
        options.outdir
    });
    assert!(ids(&shards[1]).keys().any(|id| id.contains(":TWO:")));
    let error = place.merge(&shards, "merged", Disk::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_SHARD_MISMATCH");
    let words = error.to_string();
    assert!(words.contains(r#"transforms[1].id_token was "t" and is "TWO""#), "{words}");
}
