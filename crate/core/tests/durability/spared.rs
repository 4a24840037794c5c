//! A run never removes or replaces a file that it reads, whatever the file's name.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use xform_core::{ApplyOptions, CheckDetail, Control, check};

use crate::gate::{At, Stop};
use crate::job::{self, make_engine, options, run};

/// A folder with a library, and a finished run in `out`.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = job::folder();
        job::prepare(folder.path());
        run(&options(folder.path(), "out"), None).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A run over `input` into `out`.
    fn options(&self, input: &str) -> ApplyOptions {
        ApplyOptions { input: self.path(input).into(), ..options(self.folder.path(), "out") }
    }

    fn link(&self, to: &str, name: &str) {
        let _ = fs::remove_file(self.path(name));
        symlink(self.path(to), self.path(name)).unwrap();
    }

    fn hard_link(&self, to: &str, name: &str) {
        let _ = fs::remove_file(self.path(name));
        fs::hard_link(self.path(to), self.path(name)).unwrap();
    }
}

/// The names and contents of all files below a folder.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let content = match (path.is_symlink(), path.is_dir()) {
            (true, _) => fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes(),
            (false, true) => {
                all.extend(contents(&path));
                continue;
            }
            (false, false) => fs::read(&path).unwrap(),
        };
        all.insert(path, content);
    }
    all
}

/// The check and the run must refuse `options`, name `found`, and change nothing.
fn assert_refused(place: &Place, options: &ApplyOptions, found: &str) {
    for (force, resume) in [(true, false), (false, true), (false, false)] {
        let options = ApplyOptions { force, resume, ..options.clone() };
        let before = contents(place.folder.path());
        for error in [
            run(&options, None).err(),
            check(&options, &make_engine, CheckDetail::default(), &Control::default()).err(),
        ] {
            let error =
                error.unwrap_or_else(|| panic!("{found} (force {force}, resume {resume}) was admitted"));
            assert_eq!(error.code(), "XFORM_INPUT_IN_OUTPUT", "{found}: {error}");
            let named = place.path(found).display().to_string();
            assert!(error.to_string().contains(&named), "{named}: {error}");
            assert!(contents(place.folder.path()) == before, "{found}: something was touched");
        }
    }
}

#[test]
fn an_input_under_a_final_name_by_any_name() {
    let place = Place::new();
    assert_refused(&place, &place.options("out/products.parquet"), "out/products.parquet");
    place.link("out/products.parquet", "link.parquet");
    assert_refused(&place, &place.options("link.parquet"), "out/products.parquet");
    place.hard_link("out/products.parquet", "hard.parquet");
    assert_refused(&place, &place.options("hard.parquet"), "out/products.parquet");
    place.link("out", "same");
    assert_refused(&place, &place.options("same/products.parquet"), "out/products.parquet");
    let through_link = ApplyOptions { outdir: place.path("same"), ..place.options("out/products.parquet") };
    assert_refused(&place, &through_link, "same/products.parquet");
    let up_and_down =
        ApplyOptions { outdir: place.path("out/../same/."), ..place.options("out/products.parquet") };
    assert_refused(&place, &up_and_down, "out/products.parquet");
}

#[test]
fn an_input_to_which_a_final_or_temporary_name_is_a_link() {
    for name in
        ["out/rejects.parquet", "out/SUMMARY.json", "out/.products.parquet.tmp", "out/.SUMMARY.json.tmp"]
    {
        let place = Place::new();
        place.link("library.smi", name);
        assert_refused(&place, &place.options("library.smi"), name);
        place.hard_link("library.smi", name);
        assert_refused(&place, &place.options("library.smi"), name);
    }
}

#[test]
fn an_input_in_the_work_folder() {
    let place = Place::new();
    fs::create_dir_all(place.path("out/.xform-native/in-hand")).unwrap();
    for name in ["library.smi", "lock", "in-hand/library.smi"] {
        let name = format!("out/.xform-native/{name}");
        fs::copy(place.path("library.smi"), place.path(&name)).unwrap();
        place.link(&name, "link.smi");
        assert_refused(&place, &place.options("link.smi"), &name);
        fs::remove_file(place.path(&name)).unwrap();
    }
}

#[test]
fn an_input_in_the_scratch_folder_of_this_run_or_of_the_one_before() {
    let place = Place::new();
    let scratch = Some(place.path("scratch"));
    let spilling = ApplyOptions { scratch, force: true, ..place.options("library.smi") };
    run(&spilling, Some(Arc::new(At::new(150, Stop)))).unwrap_err();
    let own = fs::read_dir(place.path("scratch")).unwrap().next().unwrap().unwrap().path();
    fs::copy(place.path("library.smi"), own.join("library.smi")).unwrap();
    let input = own.join("library.smi");
    let name = input.strip_prefix(place.folder.path()).unwrap().to_str().unwrap().to_owned();
    let noted = ApplyOptions { scratch: None, ..place.options(&name) };
    assert_refused(&place, &noted, &name);
    fs::remove_file(place.path("out/.xform-native/scratch")).unwrap();
    assert_refused(&place, &ApplyOptions { scratch: spilling.scratch, ..noted }, &name);
}

#[test]
fn the_transform_file() {
    let place = Place::new();
    for name in ["out/SUMMARY.json", "out/.rejects.parquet.tmp"] {
        fs::copy(place.path("transforms.yaml"), place.path(name)).unwrap();
        let options = ApplyOptions { xf_config: place.path(name).into(), ..place.options("library.smi") };
        assert_refused(&place, &options, name);
        let second = vec![place.path("transforms.yaml"), place.path(name)].into();
        assert_refused(&place, &ApplyOptions { xf_config: second, ..options }, name);
        fs::remove_file(place.path(name)).unwrap();
    }
}

#[test]
fn files_of_other_names_may_lie_in_the_output_folder() {
    let place = Place::new();
    for name in ["library.smi", "transforms.yaml"] {
        fs::rename(place.path(name), place.path(&format!("out/{name}"))).unwrap();
    }
    let options = ApplyOptions {
        xf_config: place.path("out/transforms.yaml").into(),
        force: true,
        ..place.options("out/library.smi")
    };
    run(&options, None).unwrap();
    let left = ["SUMMARY.json", "library.smi", "products.parquet", "rejects.parquet", "transforms.yaml"];
    assert_eq!(job::names(&options.outdir), left);
}
