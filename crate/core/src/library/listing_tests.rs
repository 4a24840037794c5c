use super::*;

/// A folder with these files.
fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "C\n").unwrap();
    }
    folder
}

fn listed(folder: &Path, given: &[&str]) -> Result<Listing, Error> {
    list(&given.iter().map(|given| folder.join(given)).collect::<Vec<_>>())
}

/// The files, as paths in the folder.
fn names(folder: &Path, given: &[&str]) -> Vec<String> {
    let name = |file: ListedFile| file.path.strip_prefix(folder).unwrap().display().to_string();
    listed(folder, given).unwrap().files.into_iter().map(name).collect()
}

fn reason(folder: &Path, given: &[&str]) -> String {
    listed(folder, given).unwrap_err().to_string().replace(&folder.display().to_string(), "DIR")
}

#[test]
fn inputs_keep_their_order_and_files_of_a_folder_that_of_their_bytes() {
    let here = folder(&["z.smi", "data/b.smi", "data/B.smi", "data/a-b/c.smi", "data/a/d.smi", "data/é.smi"]);
    let path = here.path();
    let of_data = ["data/B.smi", "data/a-b/c.smi", "data/a/d.smi", "data/b.smi", "data/é.smi"];
    assert_eq!(names(path, &["data"]), of_data);
    assert_eq!(names(path, &["data/"]), of_data);
    assert_eq!(names(path, &["z.smi", "data/b.smi"]), ["z.smi", "data/b.smi"]);
    assert_eq!(names(path, &["z.smi", "data"])[..2], ["z.smi", "data/B.smi"]);
}

#[test]
fn a_pattern_matches_as_in_a_shell() {
    let here = folder(&["b.smi", "a.smi", "a.csv", "[x].smi", "x/1/c.smi", "x/2/d.smi", "x/2/deep/e.smi"]);
    let path = here.path();
    assert_eq!(names(path, &["*.smi"]), ["[x].smi", "a.smi", "b.smi"]);
    assert_eq!(names(path, &["?.[cs]*"]), ["a.csv", "a.smi", "b.smi"]);
    assert_eq!(names(path, &["x/*/*.smi"]), ["x/1/c.smi", "x/2/d.smi"]);
    assert_eq!(names(path, &["x/**/*.smi"]), ["x/1/c.smi", "x/2/d.smi", "x/2/deep/e.smi"]);
    assert_eq!(names(path, &["x/*"]), ["x/1/c.smi", "x/2/d.smi", "x/2/deep/e.smi"], "with matching folders");
    assert_eq!(names(path, &["[x].smi"]), ["[x].smi"], "a file of that name is that file");
    assert_eq!(names(path, &["x/*/d.smi", "b.smi"]), ["x/2/d.smi", "b.smi"]);
}

#[test]
fn one_file_alone_is_not_several() {
    let here = folder(&["k=v/a.smi"]);
    let is_several = |given: &str| listed(here.path(), &[given]).unwrap().is_several;
    assert!(!is_several("k=v/a.smi"));
    assert!(is_several("k=v") && is_several("k=*/a.smi"));
    let partitions = |given: &str| listed(here.path(), &[given]).unwrap().files.remove(0).partitions.len();
    assert_eq!((partitions("k=v/a.smi"), partitions("k=v/*"), partitions("k=v")), (0, 1, 1));
}

#[test]
fn hidden_files_are_passed_over_and_said() {
    let here = folder(&[
        "d/a.smi",
        "d/_SUCCESS",
        "d/.a.smi.crc",
        "d/_x/b.smi",
        "d/.git/c.smi",
        "d/_year=1/y.smi",
        "d/_k=v.smi",
    ]);
    let path = here.path();
    assert_eq!(names(path, &["d"]), ["d/_year=1/y.smi", "d/a.smi"]);
    let notices = listed(path, &["d"]).unwrap().notices.concat();
    for name in ["d/_SUCCESS", "d/.a.smi.crc", "d/_x", "d/.git", "d/_k=v.smi"] {
        assert!(notices.contains(name), "{name}: {notices}");
    }
    assert!(!notices.contains(" more"), "{notices}");
    assert_eq!(names(path, &["d/*.smi"]), ["d/a.smi"]);
    assert!(listed(path, &["d/*.smi"]).unwrap().notices.concat().contains("d/_k=v.smi"));
    assert_eq!(names(path, &["d/_k=v.smi"]), ["d/_k=v.smi"], "a file that is named is read");
}

#[test]
fn what_names_no_file_is_refused_by_its_name() {
    let here = folder(&["a.smi", "only-hidden/_SUCCESS"]);
    fs::create_dir(here.path().join("empty")).unwrap();
    std::os::unix::fs::symlink(here.path(), here.path().join("only-hidden/loop")).unwrap();
    let path = here.path();
    assert_eq!(reason(path, &["b.smi"]), "no input file at DIR/b.smi");
    assert_eq!(reason(path, &["a.smi", "*.sdf"]), "no input file matches DIR/*.sdf");
    assert_eq!(reason(path, &["[a.smi"]).split(": ").next().unwrap(), "cannot read DIR/[a.smi");
    assert_eq!(reason(path, &["empty"]), "cannot read DIR/empty: it is a folder without files");
    assert!(reason(path, &["only-hidden"]).contains("a link to"), "{}", reason(path, &["only-hidden"]));
    let twice = reason(path, &["a.smi", "./a.smi"]);
    assert!(twice.contains("twice, first as DIR/a.smi"), "{twice}");
    let twice = reason(path, &["*.smi", "a.smi"]);
    assert!(twice.contains("twice"), "{twice}");
}

#[test]
fn a_stream_is_a_library_of_its_own() {
    let alone = list(&["-".into()]).unwrap();
    assert!(alone.files[0].is_stream && !alone.is_several);
    let both = list(&["-".into(), "/dev/null".into()]).unwrap_err().to_string();
    assert!(both.contains("give no other input"), "{both}");
    assert!(
        ["-", "/dev/stdin", "/dev/fd/63", "/proc/self/fd/0"].map(Path::new).into_iter().all(is_descriptor)
    );
    assert!(!is_descriptor(Path::new("./-")));
}
