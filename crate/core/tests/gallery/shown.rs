//! What a page has of each row.

use std::sync::Arc;

use arrow::array::{BooleanArray, Int64Array, StringArray};
use serde_json::{Value, json};
use xform_core::source::KeepColumns;

use crate::job::{Job, batch, molecules, products, transforms};

#[test]
fn products_are_drawn_beside_the_parents_that_reacted() {
    let job = Job::with_transforms(&products(), &transforms());
    let summary = job.run().unwrap();
    let data = job.data("table.gallery.html");
    assert_eq!(
        data["molecules"][1],
        json!({
            "row": 1, "id": "p:B:1", "smiles": "CNC", "rule": "B",
            "parent": { "id": "p", "smiles": "CCO" },
            "values": [45.1, null],
            "matches": [],
            "drawing": "<svg width='1'>CNC [11, 10] 1 by Some(1)</svg>\n",
            "parent_drawing": "<svg>CCO [1, 0]</svg>\n",
        })
    );
    assert_eq!(data["molecules"][2]["fault"], "not aligned with its parent: unknown");
    assert_eq!(data["molecules"][2]["values"], json!(["NaN", null]));
    assert_eq!(data["molecules"][3]["fault"], "not drawn: bad");
    assert_eq!(data["molecules"][3].get("drawing"), None);
    assert_eq!(
        data["columns"],
        json!([{ "name": "MW", "type": "number" }, { "name": "alerts", "type": "text" }]),
        "not what is shown otherwise"
    );
    assert_eq!((summary.rows_shown, summary.not_drawn, summary.not_aligned), (4, 1, 1));
    assert!(summary.warnings[0].contains("the first is row 3"), "{:?}", summary.warnings);
}

#[test]
fn the_parent_of_a_run_that_standardized_nothing_is_the_source() {
    let table = products();
    let kept: Vec<usize> = (0..table.num_columns())
        .filter(|&index| table.schema().field(index).name() != "parent_smiles")
        .collect();
    let job = Job::with_transforms(&table.project(&kept).unwrap(), &transforms());
    job.run().unwrap();
    assert_eq!(job.data("table.gallery.html")["molecules"][0]["parent"]["smiles"], "C(O)C");
}

#[test]
fn without_any_transform_products_and_parents_are_drawn_alone() {
    let job = Job::of(&products());
    let summary = job.run().unwrap();
    let data = job.data("table.gallery.html");
    assert_eq!(data["molecules"][0]["drawing"], "<svg width='1'>COC [10, 10]</svg>\n");
    assert_eq!(data["molecules"][0]["parent_drawing"], "<svg width='1'>CCO [0, 0]</svg>\n");
    assert_eq!(data["molecules"][0].get("fault"), None);
    assert_eq!((summary.not_drawn, summary.not_aligned), (1, 3));
    assert!(summary.warnings[1].contains("does not have the transforms"), "{:?}", summary.warnings);
}

#[test]
fn rows_are_the_first_ones_that_meet_the_condition() {
    let job = Job::of(&molecules(2_000)).with(|options| {
        options.gallery.filter = Some("mass >= 900 and id not like '%7'".into());
        options.gallery.limit = 40;
    });
    let summary = job.run().unwrap();
    assert_eq!((summary.rows_total, summary.rows, summary.rows_shown), (2_000, 180, 40));
    let data = job.data("table.gallery.html");
    assert_eq!((&data["rows"], &data["shown"]), (&json!(180), &json!(40)));
    let rows: Vec<u64> =
        data["molecules"].as_array().unwrap().iter().map(|m| m["row"].as_u64().unwrap()).collect();
    assert!(rows.iter().copied().eq((1_800..2_000).filter(|row| row % 10 != 7).take(40)));
}

#[test]
fn columns_are_chosen_by_name_and_keep_their_order() {
    let columns = |chosen: Option<KeepColumns>| {
        let job = Job::with_transforms(&products(), &transforms());
        let job = job.with(|options| options.gallery.columns = chosen);
        job.run().unwrap().columns
    };
    let named =
        |names: &[&str]| Some(KeepColumns::Named(names.iter().map(|&name| name.to_owned()).collect()));
    assert_eq!(columns(named(&["alerts", "source_smiles", "alerts"])), ["alerts", "source_smiles"]);
    assert_eq!(columns(Some(KeepColumns::None)), [""; 0]);
    assert_eq!(columns(Some(KeepColumns::All)).len(), 11);
}

#[test]
fn sixteen_short_columns_are_shown_if_none_are_chosen() {
    let mut columns: Vec<(String, arrow::array::ArrayRef)> =
        vec![("smiles".into(), Arc::new(StringArray::from(vec!["C"])))];
    for index in 0..20 {
        columns.push((format!("n{index}"), Arc::new(Int64Array::from(vec![index]))));
        columns.push((format!("canonical_SMILES{index}_smiles"), Arc::new(StringArray::from(vec!["C"]))));
    }
    let table = batch(columns.iter().map(|(name, array)| (name.as_str(), array.clone())).collect());
    let shown = Job::of(&table).run().unwrap().columns;
    assert!(
        shown.iter().eq((0..16).map(|index| format!("n{index}")).collect::<Vec<_>>().iter()),
        "{shown:?}"
    );
}

#[test]
fn a_table_may_have_molecules_alone() {
    let table = molecules(3).project(&[0]).unwrap();
    let job = Job::of(&table);
    assert_eq!(job.run().unwrap().rows_shown, 3);
    let data = job.data("table.gallery.html");
    assert_eq!((&data["columns"], &data["molecules"][2]["id"]), (&json!([]), &Value::Null));
    assert_eq!(data["molecules"][2]["values"], json!([]));
}

#[test]
fn markup_in_a_table_is_data() {
    let evil = "</script><script>alert('1')</script><!--data--> \u{2028}\"\\";
    let table = batch(vec![
        ("smiles", Arc::new(StringArray::from(vec!["C"]))),
        ("id", Arc::new(StringArray::from(vec![evil]))),
        ("note", Arc::new(StringArray::from(vec![evil]))),
        ("flag", Arc::new(BooleanArray::from(vec![true]))),
    ]);
    let job = Job::of(&table);
    job.run().unwrap();
    assert_eq!(job.text("table.gallery.html").matches("script").count(), 2, "only the page's own");
    let data = job.data("table.gallery.html");
    assert_eq!(data["molecules"][0]["id"], evil);
    assert_eq!(data["molecules"][0]["values"], json!([evil, true]));
}

#[test]
fn queries_are_reported_for_each_molecule_and_leave_no_row_out() {
    let job = Job::of(&molecules(30)).with(|options| options.gallery.query = vec!["C1".into(), "C2".into()]);
    let summary = job.run().unwrap();
    let counts: Vec<u64> = summary.queries.iter().map(|query| query.molecules).collect();
    assert_eq!(counts, [11, 11]);
    let data = job.data("table.gallery.html");
    assert_eq!(data["queries"], json!(["C1", "C2"]));
    assert_eq!(data["molecules"].as_array().unwrap().len(), 30);
    assert_eq!(data["molecules"][12]["matches"], json!([true, false]));
}

#[test]
fn a_library_is_shown_with_its_columns() {
    let job = Job::of_text("plants.csv", "SMILES,name_id,mass\nCCO,one,46.1\n,two,\nbad,three,7\n");
    let summary = job.run().unwrap();
    assert_eq!((summary.rows_shown, summary.not_drawn), (3, 2));
    let data = job.data("plants.gallery.html");
    assert_eq!(data["title"], "plants.csv");
    assert_eq!(data["columns"], json!([{ "name": "mass", "type": "text" }]));
    let of = |row: usize, key: &str| data["molecules"][row][key].clone();
    assert_eq!((of(0, "id"), of(0, "values"), of(0, "parent")), (json!("one"), json!(["46.1"]), Value::Null));
    assert_eq!((of(1, "id"), of(1, "smiles")), (json!("two"), json!("")));
    assert!(of(1, "fault").as_str().unwrap().starts_with("not drawn: "), "{}", of(1, "fault"));

    let job = Job::of_text("plants.smi", "CCO one\nCCN two\n").with(|options| {
        options.gallery.filter = Some("id = 'two'".into());
    });
    assert_eq!(job.run().unwrap().rows, 1);
    assert_eq!(job.data("plants.gallery.html")["molecules"][0]["row"], 1);
}

#[test]
fn columns_of_a_csv_keep_their_names() {
    let job =
        Job::of_text("products.csv", "smiles,product_id,xf_name,source_smiles,MW\nCOC,p:A:1,A,CCO,46.1\n");
    let job = job.with(|options| options.run.column_type = vec!["MW=float".to_owned()].try_into().unwrap());
    job.run().unwrap();
    let data = job.data("products.gallery.html");
    assert_eq!(data["columns"], json!([{ "name": "MW", "type": "number" }]));
    assert_eq!(data["molecules"][0]["rule"], "A");
    assert_eq!(data["molecules"][0]["parent"]["smiles"], "CCO");
}
