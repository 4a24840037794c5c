//! What a sample refuses, and how it is stopped.

use std::fs;
use std::sync::atomic::Ordering;

use xform_core::SampleOptions;
use xform_core::options::SampleBy;
use xform_core::writers::Format;

use crate::job::{Job, columns};

#[test]
fn what_cannot_be_sampled_is_refused_by_the_name_of_the_option() {
    type Change = fn(&mut SampleOptions);
    let cases: [(Change, &str); 9] = [
        (
            |o| o.sample.strata = columns(&["kinds"]),
            "strata: there is no column \"kinds\"; did you mean \"kind\"?",
        ),
        (
            |o| o.sample.strata = columns(&["mass"]),
            "strata: column \"mass\" is of type Float64; groups are made of",
        ),
        (|o| o.sample.strata = columns(&["sites"]), "strata: column \"sites\" is of type List"),
        (|o| o.export.columns = columns(&["nothing"]), "columns: there is no column \"nothing\""),
        (|o| o.export.filter = Some("masse > 1".to_owned()), "where: at position 1 of \"masse > 1\": "),
        (|o| o.export.format = Some(Format::Csv), "format: requires `output`, which names a file"),
        (|o| o.export.spreadsheet = true, "spreadsheet: requires `output`, which names a file"),
        (|o| o.sample.output = Some("out.xyz".into()), "format: is required if the name of the file"),
        (|o| o.sample.n = 5_000, "n: 5000 is more than 1000, and without `output` the rows are shown"),
    ];
    for (change, start) in cases {
        let job = Job::new(SampleBy::Stratified, 10).with(|options| {
            options.sample.strata = columns(&["kind"]);
            change(options);
        });
        let message = job.run().unwrap_err().to_string();
        assert!(message.starts_with(start), "{message}");
    }
}

#[test]
fn a_file_that_exists_is_refused_before_any_row_is_read() {
    let job = Job::new(SampleBy::Random, 10);
    let output = job.path("some.csv");
    fs::write(&output, "mine").unwrap();
    let job = job.with(|options| options.sample.output = Some(output));
    job.control.cancel.store(true, Ordering::Relaxed);
    assert_eq!(job.run().unwrap_err().code(), "XFORM_FILE_EXISTS");
}

#[test]
fn a_sample_that_is_stopped_leaves_nothing() {
    for by in [SampleBy::Random, SampleBy::Stratified, SampleBy::Diverse] {
        let job = Job::new(by, 10);
        let output = job.path("some.csv");
        let job = job.with(|options| {
            options.sample.output = Some(output);
            if by == SampleBy::Stratified {
                options.sample.strata = columns(&["kind"]);
            }
        });
        job.control.cancel.store(true, Ordering::Relaxed);
        assert_eq!(job.run().unwrap_err().code(), "XFORM_CANCELLED");
        assert_eq!(job.names(), [""; 0]);
    }
}
