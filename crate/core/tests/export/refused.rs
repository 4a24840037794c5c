//! What an export refuses before it writes anything.

use std::fs;
use std::os::unix::fs::symlink;

use xform_core::source::KeepColumns;
use xform_core::{ExportOptions, export};

use crate::job::{Copying, Job, molecules, write_parquet};

fn refusal(job: &Job) -> (&'static str, String) {
    let error = job.run().unwrap_err();
    assert_eq!(job.names(), [""; 0], "{error}");
    (error.code(), error.to_string())
}

#[test]
fn columns_that_there_are_not_with_what_was_meant() {
    type Change = fn(&mut ExportOptions);
    let cases: [(Change, &str); 6] = [
        (
            |options| options.export.columns = KeepColumns::Named(vec!["smile".to_owned()]),
            "columns: there is no column \"smile\"; did you mean \"smiles\"?",
        ),
        (
            |options| options.export.partition_by = Some("zzz".to_owned()),
            "partition_by: there is no column \"zzz\"; the columns are smiles, product_id, kind, number, mass, sites",
        ),
        (
            |options| options.export.partition_by = Some("sites".to_owned()),
            "partition_by: column \"sites\" has lists or other nested values",
        ),
        (
            |options| options.export.filter = Some("masse > 1".to_owned()),
            "where: at position 1 of \"masse > 1\": ",
        ),
        (|options| options.run.smiles_column = Some("nothing".to_owned()), "TABLE: no column \"nothing\""),
        (|options| options.export.id_column = Some("nothing".to_owned()), "TABLE: no column \"nothing\""),
    ];
    for (change, start) in cases {
        let job = Job::new("out.csv").with(change);
        let (_, message) = refusal(&job);
        let start = start.replace("TABLE", &job.table().display().to_string());
        assert!(message.starts_with(&start), "{message}");
    }
}

#[test]
fn a_file_that_exists_unless_it_is_to_be_replaced() {
    let job = Job::new("out.csv");
    fs::write(job.path("out.csv"), "mine").unwrap();
    let error = job.run().unwrap_err();
    assert_eq!(error.code(), "XFORM_FILE_EXISTS");
    assert!(error.to_string().contains("out.csv already exists; use --force"), "{error}");
    assert_eq!(job.text("out.csv"), "mine");
    let forced = job.with(|options| options.run.force = true);
    forced.run().unwrap();
    assert!(forced.text("out.csv").starts_with("smiles,"));
}

#[test]
fn the_table_itself_by_any_name() {
    let job = Job::new("link.csv").with(|options| options.run.force = true);
    symlink(job.table(), job.path("link.csv")).unwrap();
    assert_eq!(job.run().unwrap_err().code(), "XFORM_INPUT_IN_OUTPUT");
    assert!(fs::read(job.table()).unwrap().starts_with(b"PAR1"));
}

#[test]
fn a_folder_without_a_finished_run() {
    let job = Job::new("out.csv");
    let folder = job.path("run");
    fs::create_dir(&folder).unwrap();
    write_parquet(&folder.join("products.parquet"), &molecules(&[Some("CO")]));
    let error = job.run_on(&folder).unwrap_err();
    assert_eq!(error.code(), "XFORM_INPUT_UNREADABLE");
    assert!(error.to_string().contains("no run has finished in this folder"), "{error}");
    fs::write(folder.join("SUMMARY.json"), "{}").unwrap();
    assert_eq!(job.run_on(&folder).unwrap().rows_written, 1);
}

#[test]
fn what_is_not_a_table_of_molecules() {
    let job = Job::new("out.csv");
    for (content, reason) in [("PAR1 and no footer", "cannot read"), ("smiles\nCO\n", "it is not Parquet")] {
        fs::write(job.table(), content).unwrap();
        let (code, message) = refusal(&job);
        assert_eq!(code, "XFORM_INPUT_UNREADABLE");
        assert!(message.contains(reason), "{message}");
    }
    fs::remove_file(job.table()).unwrap();
    assert_eq!(refusal(&job).0, "XFORM_INPUT_NOT_FOUND");
}

#[test]
fn values_out_of_range() {
    let job = Job::new("out.csv");
    for json in [r#"{"output": "a.csv", "limit": 0}"#, r#"{"output": "a.csv", "maxRowsPerFile": 0}"#] {
        let message = ExportOptions::from_json(json).unwrap_err().to_string();
        assert!(message.ends_with("must be at least 1"), "{message}");
    }
    let message = ExportOptions::from_json("{}").unwrap_err().to_string();
    assert_eq!(message, "output: is required");
    let message = ExportOptions::from_json(r#"{"output": "a", "dedup": "none"}"#).unwrap_err().to_string();
    assert_eq!(message, "dedup: is not an option of exportTable");
    let none = job.with(|options| options.run.workers = 0);
    assert_eq!(none.run().unwrap_err().to_string(), "workers: must be at least 1");
}

#[test]
fn a_toolkit_that_cannot_be_used_ends_the_export() {
    let job = Job::new("out.sdf");
    let broken = || Err(xform_core::Error::internal("no toolkit"));
    let error = export(&job.table(), &job.options, &broken, &job.control, &|_| ()).unwrap_err();
    assert!(error.to_string().contains("no toolkit"), "{error}");
    assert_eq!(job.names(), [""; 0]);
    let fine = || Ok(Box::new(Copying) as Box<dyn xform_core::writers::Depictor>);
    export(&job.table(), &job.options, &fine, &job.control, &|_| ()).unwrap();
}
