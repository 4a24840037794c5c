//! How molecules are divided into files.

use serde_json::{Value, json};

use crate::job::{Job, molecules};

fn rows(data: &Value) -> Vec<u64> {
    data["molecules"].as_array().unwrap().iter().map(|molecule| molecule["row"].as_u64().unwrap()).collect()
}

#[test]
fn up_to_500_molecules_are_one_file() {
    let job = Job::of(&molecules(700));
    let summary = job.run().unwrap();
    assert_eq!(job.names(), ["table.gallery.html"]);
    assert_eq!((summary.files[0].molecules, summary.rows_shown, summary.rows), (500, 500, 700));
    assert_eq!(summary.files[0].bytes, job.text("table.gallery.html").len() as u64);
    let data = job.data("table.gallery.html");
    assert_eq!(data["page"], json!({ "number": 1, "of": 1 }));
    assert_eq!((&data["files"], &data["index"]), (&json!([]), &Value::Null));
    assert!(rows(&data).into_iter().eq(0..500));
}

#[test]
fn more_molecules_are_pages_beside_an_index() {
    let job = Job::of(&molecules(1_200)).with(|options| options.gallery.limit = 10_000);
    let summary = job.run().unwrap();
    let names = ["table.gallery-001.html", "table.gallery-002.html", "table.gallery-003.html"];
    assert_eq!(job.names()[..3], names);
    assert_eq!(summary.files.len(), 4);
    let index = job.data("table.gallery.html");
    assert_eq!(index["page"], json!({ "number": 0, "of": 3 }));
    assert_eq!((&index["files"], &index["index"]), (&json!(names), &Value::Null));
    assert!(rows(&index).into_iter().eq(0..1_200));
    for (number, name) in (1..).zip(names) {
        let page = job.data(name);
        assert_eq!(page["page"], json!({ "number": number, "of": 3 }));
        assert_eq!((&page["files"], &page["index"]), (&json!(names), &json!("table.gallery.html")));
        assert_eq!((&page["shown"], &page["columns"]), (&json!(1_200), &index["columns"]));
        for molecule in page["molecules"].as_array().unwrap() {
            let listed = &index["molecules"][molecule["row"].as_u64().unwrap() as usize];
            assert_eq!((&listed["page"], listed.get("drawing")), (&json!(number), None));
            assert_eq!((&listed["id"], &listed["values"]), (&molecule["id"], &molecule["values"]));
            assert!(molecule["drawing"].as_str().unwrap().starts_with("<svg"));
        }
    }
}

#[test]
fn any_number_of_workers_gives_the_same_bytes() {
    let files = |workers: usize| {
        let job = Job::of(&molecules(1_100)).with(|options| options.gallery.limit = 1_100);
        let job = job.with(|options| options.run.workers = workers);
        job.run().unwrap();
        job.names().iter().map(|name| job.text(name)).collect::<Vec<_>>()
    };
    let one = files(1);
    assert_eq!(one.len(), 4);
    assert!(files(2) == one && files(5) == one);
}

#[test]
fn a_page_stays_below_5_mb_and_says_what_it_lacks() {
    let mut job = Job::of(&molecules(500));
    job.drawing_bytes = 40_000;
    let summary = job.run().unwrap();
    assert!(summary.files[0].bytes < 5_000_000, "{}", summary.files[0].bytes);
    assert!((100..400).contains(&summary.without_room), "{}", summary.without_room);
    let data = job.data("table.gallery.html");
    let without: Vec<&Value> =
        data["molecules"].as_array().unwrap().iter().filter(|m| m.get("drawing").is_none()).collect();
    assert_eq!(without.len() as u64, summary.without_room);
    assert!(without.iter().all(|molecule| molecule["fault"].as_str().unwrap().contains("full size")));
    assert!(summary.warnings[0].contains("5 MB"), "{:?}", summary.warnings);
}

#[test]
fn no_rows_are_an_empty_page_with_a_warning() {
    let job = Job::of(&molecules(3)).with(|options| options.gallery.filter = Some("mass < 0".into()));
    let summary = job.run().unwrap();
    assert_eq!((summary.rows_total, summary.rows), (3, 0));
    assert_eq!(job.data("table.gallery.html")["molecules"], json!([]));
    assert_eq!(summary.warnings, ["there is no row to show"]);
}

#[test]
fn a_grid_is_one_svg_of_the_first_molecules() {
    let job = Job::of(&molecules(30)).with(|options| {
        options.gallery.grid = Some("5x2".parse().unwrap());
        options.gallery.output = None;
    });
    let summary = job.run().unwrap();
    assert_eq!((job.names(), summary.rows_shown), (vec!["table.gallery.svg".to_owned()], 10));
    let svg = job.text("table.gallery.svg");
    assert!(svg.starts_with("<svg xmlns='http://www.w3.org/2000/svg' width='1400' height='472'"), "{svg}");
    assert!(svg.contains("<svg x='1120' y='236' width='1'>C9 []</svg>") && !svg.contains("C10"), "{svg}");
    assert!(svg.contains(">id-9</text>"), "{svg}");
}
