//! `where`: what is kept, what is counted, and that neither depends on how the rows are divided.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{Int32Type, Int64Type};
use proptest::prelude::*;
use xform_core::disk::Disk;
use xform_core::output::read_back::WrittenFile;
use xform_core::{ApplyOptions, DedupMode, Summary};

use crate::job::{Place, ROWS, assert_same, assert_well, bytes};

/// A product as a filter sees it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Product {
    row: i64,
    id: Option<String>,
    transform: String,
    code: Option<String>,
    site: i32,
    smiles: String,
    members: usize,
    tags: Vec<String>,
}

impl Product {
    fn number(&self) -> i32 {
        self.smiles[1..].parse().unwrap()
    }
}

/// Conditions in both languages; `None` is unknown.
type Meets = fn(&Product) -> Option<bool>;
const CONDITIONS: [(&str, Meets); 11] = [
    ("product_site_atoms", |p| Some(p.members > 0)),
    ("NOT product_site_atoms", |p| Some(p.members == 0)),
    ("source_row between 100 and 1200", |p| Some((100..=1200).contains(&p.row))),
    ("xf_code = 't'", |p| p.code.as_ref().map(|code| code == "t")),
    ("xf_code is null", |p| Some(p.code.is_none())),
    ("SMILES like 'P_'", |p| Some(p.smiles.len() == 2)),
    ("source_id like '%7' or xf_site_index * 2 >= 2", |p| {
        Some(p.id.as_ref().is_some_and(|id| id.ends_with('7')) || p.site > 0)
    }),
    ("xf_name in ('ONE', 'THREE')", |p| Some(p.transform != "TWO")),
    ("not tags", |p| Some(p.tags.is_empty())),
    ("number < 300 or HALF > 300", |p| Some(p.number() < 300 || p.number() / 2 > 300)),
    ("half <> xf_site_index", |p| Some(p.number() / 2 != p.site)),
];

fn place(text: &str, dedup: DedupMode) -> (Place, impl Fn(&str) -> ApplyOptions) {
    let place = Place::new();
    let (config, input) = (place.path("transforms.yaml"), place.input.clone());
    let (folder, text) = (place.folder.path().to_owned(), text.to_owned());
    let options = move |outdir: &str| ApplyOptions {
        filter: (!text.is_empty() && outdir != "all").then(|| text.clone()),
        dedup,
        ..ApplyOptions::new(&input, folder.join(outdir), &config, vec!["all".to_owned()])
    };
    (place, options)
}

fn products(summary: &Summary) -> Vec<Product> {
    let file = WrittenFile::open(&Disk::default(), &summary.output_dir.join("products.parquet")).unwrap();
    let mut products = Vec::new();
    for batch in file.batches(file.groups()).unwrap() {
        let batch = batch.unwrap();
        let column = |name: &str| batch.column_by_name(name).unwrap();
        let (ids, codes) = (column("source_id").as_string_view(), column("xf_code").as_string::<i32>());
        for row in 0..batch.num_rows() {
            products.push(Product {
                row: column("source_row").as_primitive::<Int64Type>().value(row),
                id: ids.is_valid(row).then(|| ids.value(row).to_owned()),
                transform: column("xf_name").as_string::<i32>().value(row).to_owned(),
                code: codes.is_valid(row).then(|| codes.value(row).to_owned()),
                site: column("xf_site_index").as_primitive::<Int32Type>().value(row),
                smiles: column("smiles").as_string::<i32>().value(row).to_owned(),
                members: column("product_site_atoms").as_list::<i32>().value(row).len(),
                tags: texts(&column("tags").as_list::<i32>().value(row)),
            });
        }
    }
    products
}

fn texts(array: &ArrayRef) -> Vec<String> {
    array.as_string::<i32>().iter().map(|text| text.unwrap().to_owned()).collect()
}

/// Compares a run with a filter with one without it, whose products are filtered here.
fn check(chosen: &[usize]) {
    let text: Vec<&str> = chosen.iter().map(|&index| CONDITIONS[index].0).collect();
    // An OR is one clause only in parentheses.
    let clauses: Vec<String> = match text.as_slice() {
        [only] => vec![(*only).to_owned()],
        several => several.iter().map(|text| format!("({text})")).collect(),
    };
    let condition = clauses.join(" and ");
    let (place, options) = place(&condition, DedupMode::None);
    let all = place.run(&options("all"), Disk::default()).unwrap();
    let filtered = place.run(&options("filtered"), Disk::default()).unwrap();
    assert_well(&filtered.output_dir);

    let mut by_clause = vec![0; chosen.len()];
    let made = products(&all);
    let (mut kept, mut rows_kept, mut pairs_kept) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for product in &made {
        match chosen.iter().position(|&index| CONDITIONS[index].1(product) != Some(true)) {
            Some(clause) => by_clause[clause] += 1,
            None => {
                kept.push(product.clone());
                rows_kept.insert(product.row);
                pairs_kept.insert((product.row, product.transform.clone()));
            }
        }
    }
    assert_eq!(products(&filtered), kept, "{clauses:?}");
    let counted: Vec<(String, u64)> = filtered
        .totals
        .filtered_by_clause
        .iter()
        .map(|count| (count.clause.clone(), count.filtered))
        .collect();
    assert_eq!(counted, clauses.into_iter().zip(by_clause).collect::<Vec<_>>());

    let rows: BTreeSet<i64> = made.iter().map(|product| product.row).collect();
    assert_eq!(filtered.totals.rows_all_filtered, (rows.len() - rows_kept.len()) as u64);
    assert_eq!(filtered.totals.by_outcome, all.totals.by_outcome, "a row with made products stays one");
    let mut pairs = BTreeMap::<String, BTreeSet<i64>>::new();
    for product in &made {
        pairs.entry(product.transform.clone()).or_default().insert(product.row);
    }
    for (ours, theirs) in filtered.totals.transforms.iter().zip(&all.totals.transforms) {
        let lost = pairs[&ours.name].iter().filter(|&&row| !pairs_kept.contains(&(row, ours.name.clone())));
        assert_eq!(ours.sums.tally, theirs.sums.tally, "the engine counts as without a filter");
        assert_eq!(ours.sums.filter.rows_all_filtered, lost.count() as u64, "{}", ours.name);
        assert_eq!(ours.sums.filter.filtered + ours.sums.products, ours.sums.tally.made);
        assert_eq!(
            ours.sums.products,
            kept.iter().filter(|product| product.transform == ours.name).count() as u64
        );
    }
    assert_eq!(filtered.total_products, filtered.sums.products);
    assert_eq!(filtered.sums.filter.rows_all_filtered, filtered.totals.rows_all_filtered);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_filtered_and_what_is_left_were_made(
        chosen in prop::sample::subsequence((0..CONDITIONS.len()).collect::<Vec<_>>(), 1..4).prop_shuffle()
    ) {
        check(&chosen);
    }
}

#[test]
fn each_condition_takes_what_it_should() {
    (0..CONDITIONS.len()).for_each(|condition| check(&[condition]));
}

const FILTER: &str = "number <> 5 and product_site_atoms and (xf_prob is null or source_row between 100 and 1200 or source_id like '%7') and smiles <> 'P7'";

#[test]
fn neither_workers_nor_batches_matter() {
    let (place, options) = place(FILTER, DedupMode::Exact);
    let mut expected = None;
    for (workers, batch_size, max_in_flight) in [(1, 50_000, 2), (8, 7, 64), (3, 400, 1)] {
        let options = ApplyOptions { workers, batch_size, max_in_flight, ..options(&format!("{workers}")) };
        let summary = place.run(&options, Disk::default()).unwrap();
        assert!(summary.sums.filter.filtered > 1_000, "{:?}", summary.sums);
        let found = (bytes(&summary.output_dir), serde_json::to_value(&summary.totals).unwrap());
        assert!(*expected.get_or_insert_with(|| found.clone()) == found, "{workers} workers");
    }
}

#[test]
fn shards_merge_to_the_whole() {
    for dedup in [DedupMode::Exact, DedupMode::None, DedupMode::Bloom] {
        let change: fn(&mut ApplyOptions) = match dedup {
            DedupMode::Exact => |options| options.filter = Some(FILTER.to_owned()),
            DedupMode::None => {
                |options| (options.filter, options.dedup) = (Some(FILTER.to_owned()), DedupMode::None)
            }
            DedupMode::Bloom => {
                |options| (options.filter, options.dedup) = (Some(FILTER.to_owned()), DedupMode::Bloom)
            }
        };
        let place = Place { change, ..Place::new() };
        let whole = place.whole();
        assert!(
            whole.totals.rows == ROWS
                && whole.totals.filtered_by_clause.iter().all(|clause| clause.filtered > 0)
        );
        for of in [2, 7] {
            let merged = place.merge(&place.shards(of), &format!("merged-{of}"), Disk::default()).unwrap();
            assert_same(&whole, &merged, &format!("{of} shards, {dedup:?}"));
        }
    }
}

#[test]
fn shards_with_other_filters_do_not_fit_together() {
    let place = Place::new();
    let shards = place.shards(2);
    let options = ApplyOptions {
        filter: Some("source_row > 0".to_owned()),
        force: true,
        ..place.options("shard-2-2", Some(xform_core::Shard { index: 2, of: 2 }))
    };
    place.run(&options, Disk::default()).unwrap();
    let error = place.merge(&shards, "merged", Disk::default()).unwrap_err();
    assert!(error.to_string().contains("where was null and is \"source_row > 0\""), "{error}");
}

#[test]
fn a_filter_that_cannot_be_used_is_refused_before_the_run() {
    for (text, message) in [
        (
            "source_rows > 1",
            "where: at position 1 of \"source_rows > 1\": there is no column \"source_rows\"; did you mean \"source_row\"?",
        ),
        ("smiles > 1", "where: at position 1 of \"smiles > 1\": text does not compare with a number"),
    ] {
        let (place, options) = place(text, DedupMode::Exact);
        let error = place.run(&options("out"), Disk::default()).unwrap_err();
        assert_eq!((error.code(), error.to_string().as_str()), ("XFORM_INVALID_WHERE", message));
        assert_eq!(error.details()["position"], 1);
        assert!(!place.path("out").exists());
    }
}
