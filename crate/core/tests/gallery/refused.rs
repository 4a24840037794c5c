//! What a gallery refuses before it writes anything.

use std::fs;

use crate::job::{Job, molecules};

fn refusal(job: &Job) -> (&'static str, String) {
    let error = job.run().unwrap_err();
    assert_eq!(job.names(), [""; 0], "{error}");
    (error.code(), error.to_string())
}

#[test]
fn a_file_that_exists_is_replaced_only_by_force() {
    let job = Job::of(&molecules(1_200)).with(|options| options.gallery.limit = 1_200);
    job.run().unwrap();
    fs::write(job.path("table.gallery-notes.html"), "mine").unwrap();
    let job = job.with(|options| options.gallery.limit = 10);
    assert_eq!(job.run().unwrap_err().code(), "XFORM_FILE_EXISTS");
    let job = job.with(|options| options.run.force = true);
    job.run().unwrap();
    assert_eq!(
        job.names(),
        ["table.gallery-notes.html", "table.gallery.html"],
        "the pages of the first are gone"
    );
}

#[test]
fn the_table_itself_is_never_replaced() {
    let job = Job::of(&molecules(3));
    let input = job.input.clone();
    let job = job.with(|options| {
        options.gallery.output = Some(input);
        options.run.force = true;
    });
    assert_eq!(refusal(&job).0, "XFORM_INPUT_IN_OUTPUT");
}

#[test]
fn options_that_cannot_be_used_are_named() {
    let refused =
        |change: &dyn Fn(&mut xform_core::GalleryOptions)| refusal(&Job::of(&molecules(3)).with(change));
    for (change, words) in [
        (
            (&|options: &mut xform_core::GalleryOptions| options.gallery.query = vec!["(".into()])
                as &dyn Fn(&mut xform_core::GalleryOptions),
            "query: \"(\" is not a SMARTS",
        ),
        (
            &|options| {
                options.gallery.columns = Some(xform_core::source::KeepColumns::Named(vec!["masss".into()]));
            },
            "columns: there is no column \"masss\"; did you mean \"mass\"?",
        ),
        (&|options| options.gallery.filter = Some("mas > 1".into()), "where: at position 1"),
        (&|options| options.gallery.output = Some("/".into()), "output: is a folder"),
        (
            &|options| {
                options.gallery.grid = Some("2x2".parse().unwrap());
                options.gallery.output = Some("grid.pdf".into());
            },
            "output: must end in .svg or .png",
        ),
        (&|options| options.gallery.limit = 0, "limit: must be at least 1"),
    ] {
        let (_, message) = refused(change);
        assert!(message.starts_with(words), "{message}");
    }
}

#[test]
fn a_folder_without_a_finished_run_is_not_a_table() {
    let mut job = Job::of(&molecules(3));
    job.input = job.path("");
    let error = job.run().unwrap_err();
    assert_eq!(error.code(), "XFORM_INPUT_UNREADABLE");
}
