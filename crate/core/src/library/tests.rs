use std::fs;

use arrow::array::{Array, AsArray};
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::*;
use crate::source::KeepColumns;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn options(keep: KeepColumns) -> SourceOptions {
    SourceOptions { keep_columns: keep, ..SourceOptions::default() }
}

fn named(names: &[&str]) -> KeepColumns {
    KeepColumns::Named(names.iter().map(|&name| name.to_owned()).collect())
}

fn open(folder: &Path, given: &[&str], keep: KeepColumns) -> Result<Library, Error> {
    let given: Vec<PathBuf> = given.iter().map(|given| folder.join(given)).collect();
    Library::open(&given, &options(keep), &|texts| Ok(vec![true; texts.len()]))
}

/// The columns by name, and each row: its SMILES, then the columns as text, with `~` for a null.
fn rows(library: &Library, max_rows: usize) -> (Vec<String>, Vec<String>) {
    let names = library.columns().fields().iter().map(|field| field.name().clone()).collect();
    let (mut source, mut all) = (library.source().unwrap(), Vec::new());
    while let Some(chunk) = source.next_chunk(max_rows).unwrap() {
        let texts = chunk.columns.columns().iter().map(|column| {
            let format = ArrayFormatter::try_new(column, &FormatOptions::new().with_null("~")).unwrap();
            (0..column.len()).map(|row| format.value(row).to_string()).collect::<Vec<_>>()
        });
        let texts: Vec<Vec<String>> = texts.collect();
        for row in 0..chunk.smiles.len() {
            let smiles = String::from_utf8_lossy(chunk.smiles.get(row)).into_owned();
            let cells = texts.iter().map(|column| column[row].clone());
            all.push([smiles].into_iter().chain(cells).collect::<Vec<_>>().join("|"));
        }
    }
    (names, all)
}

fn shown(folder: &Path, rows: Vec<String>) -> Vec<String> {
    rows.into_iter().map(|row| row.replace(&format!("{}/", folder.display()), "")).collect()
}

#[test]
fn files_are_one_library_with_the_columns_of_all_by_name() {
    let here = folder(&[
        ("b.csv", "smiles,id,mass\nCC,b1,7\nCCC,b2,8\n"),
        ("a.csv", "id,name,smiles,mass\na1,x,C,5\n"),
        ("c.smi", "O c1\nN c2\n"),
    ]);
    let library = open(here.path(), &["b.csv", "a.csv", "c.smi"], KeepColumns::All).unwrap();
    for max_rows in [1, 100] {
        let (names, rows) =
            rows(&open(here.path(), &["b.csv", "a.csv", "c.smi"], KeepColumns::All).unwrap(), max_rows);
        assert_eq!(names, ["id", "source_file", "source_mass", "source_name"]);
        assert_eq!(
            shown(here.path(), rows),
            ["CC|b1|b.csv|7|~", "CCC|b2|b.csv|8|~", "C|a1|a.csv|5|x", "O|c1|c.smi|~|~", "N|c2|c.smi|~|~"]
        );
    }
    assert!(!library.columns().kept[0].is_nullable());
    assert!(library.notices().iter().any(|notice| notice.starts_with("tables have several layouts")));
}

#[test]
fn kept_columns_come_in_the_order_in_which_they_are_named() {
    let here = folder(&[("1.csv", "smiles,b\nC,1\n"), ("2.csv", "smiles,a,b\nN,2,3\n")]);
    let (names, found) = rows(&open(here.path(), &["."], named(&["a", "b"])).unwrap(), 9);
    assert_eq!(names, ["source_file", "source_a", "source_b"]);
    assert_eq!(found.iter().map(|row| row.rsplit('|').next().unwrap()).collect::<Vec<_>>(), ["1", "3"]);
    let refused = open(here.path(), &["."], named(&["a", "c"])).unwrap_err();
    assert_eq!(refused.code(), "XFORM_INPUT_COLUMN");
    assert!(refused.to_string().contains("no column \"c\", nor in any other of the 2 files"), "{refused}");
}

#[test]
fn folders_are_columns_unless_the_file_has_them() {
    let here = folder(&[
        ("year=2023/lab=a/x.csv", "smiles,id\nC,1\n"),
        ("year=2024/x.csv", "smiles,id\nN,2\n"),
        ("year=2025/x.csv", "smiles,id,year\nO,3,own\n"),
    ]);
    let (names, found) = rows(&open(here.path(), &["."], named(&["year", "lab"])).unwrap(), 9);
    assert_eq!(names, ["id", "source_file", "source_year", "source_lab"]);
    let values: Vec<Vec<&str>> = found.iter().map(|row| row.split('|').skip(3).collect()).collect();
    assert_eq!(values, [["2023", "a"], ["2024", "~"], ["own", "~"]]);
    let of_all = open(here.path(), &["year=202*"], KeepColumns::All).unwrap();
    assert!(of_all.columns().kept.iter().any(|field| field.name() == "source_lab"));
    let alone = open(here.path(), &["year=2024/x.csv"], named(&["year"])).unwrap_err();
    assert_eq!(alone.code(), "XFORM_INPUT_COLUMN", "a file that is named alone has its own columns only");
}

#[test]
fn a_file_that_is_named_alone_is_as_it_always_was() {
    let here = folder(&[("a.csv", "smiles,id,note\nC,1,x\n")]);
    let alone = open(here.path(), &["a.csv"], KeepColumns::All).unwrap();
    assert_eq!(rows(&alone, 9), (vec!["id".to_owned(), "source_note".to_owned()], vec!["C|1|x".to_owned()]));
    assert!(!alone.is_several() && !alone.columns().names_file);
    let of_pattern = open(here.path(), &["*.csv"], KeepColumns::All).unwrap();
    assert!(of_pattern.is_several() && of_pattern.columns().names_file);
    for library in [&alone, &of_pattern] {
        assert_eq!(library.sha256(), None);
        library.files()[0].hash(&|| false).unwrap();
    }
    let sha256 = alone.sha256().unwrap();
    assert_eq!(sha256, Content::of_bytes(b"smiles,id,note\nC,1,x\n").sha256);
    let list = format!("{sha256}  {}\n", here.path().join("a.csv").display());
    assert_eq!(of_pattern.sha256().unwrap(), Content::of_bytes(list.as_bytes()).sha256);
}

#[test]
fn rows_are_skipped_and_counted_over_all_files() {
    let texts: Vec<String> = [3, 0, 4, 1]
        .into_iter()
        .enumerate()
        .map(|(file, rows)| {
            (0..rows).fold("smiles,id\n".to_owned(), |text, row| format!("{text}C,{file}-{row}\n"))
        })
        .collect();
    let names = ["0.csv", "1.csv", "2.csv", "3.csv"];
    let files: Vec<(&str, &str)> = names.into_iter().zip(texts.iter().map(String::as_str)).collect();
    let here = folder(&files);
    let ids = |library: &Library, skipped: u64| {
        let mut source = library.source().unwrap();
        source.skip(skipped, &|| Ok(())).unwrap();
        let mut ids = Vec::new();
        while let Some(chunk) = source.next_chunk(2).unwrap() {
            ids.extend(chunk.columns.column(0).as_string::<i32>().iter().flatten().map(str::to_owned));
        }
        ids
    };
    let fresh = || open(here.path(), &["."], KeepColumns::None).unwrap();
    let all = ids(&fresh(), 0);
    assert_eq!(all.len(), 8);
    for skipped in 0..=8 {
        assert_eq!(
            ids(&fresh(), skipped),
            all[skipped as usize..],
            "{skipped} rows of files of unknown length"
        );
        let counted = fresh();
        assert_eq!(counted.count_rows(&|| Ok(())).unwrap(), 8);
        assert_eq!(
            ids(&counted, skipped),
            all[skipped as usize..],
            "{skipped} rows of files of known length"
        );
    }
    let library = fresh();
    assert_eq!((library.files_within(8), library.files_with(8)), (0, 1), "nothing is known yet");
    ids(&library, 0);
    let of_rows = |rows| (library.files_within(rows), library.files_with(rows));
    assert_eq!([2, 3, 4, 7, 8].map(of_rows), [(0, 1), (2, 2), (2, 3), (3, 3), (4, 4)]);
    assert!(fresh().source().unwrap().skip(9, &|| Ok(())).is_err());
}

#[test]
fn a_file_is_not_open_while_it_is_not_read() {
    let files: Vec<(String, String)> =
        (0..300).map(|file| (format!("{file:03}.smi"), format!("C {file}\n"))).collect();
    let here = folder(&files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>());
    let open_files = || {
        let descriptors = fs::read_dir("/proc/self/fd").unwrap().flatten();
        let targets = descriptors.filter_map(|descriptor| fs::read_link(descriptor.path()).ok());
        targets.filter(|target| target.starts_with(here.path())).count()
    };
    let library = open(here.path(), &["*.smi"], KeepColumns::None).unwrap();
    assert!(open_files() <= 1, "{} files are open", open_files());
    let mut source = library.source().unwrap();
    let mut rows = 0;
    while let Some(chunk) = source.next_chunk(100).unwrap() {
        assert!(open_files() <= 1, "{} files are open", open_files());
        rows += chunk.smiles.len();
    }
    assert_eq!(rows, 300);
}

#[test]
fn a_file_that_changes_before_its_turn_is_named() {
    let here = folder(&[("a.smi", "C 1\n"), ("b.smi", "CC 2\n")]);
    for (change, expected) in
        [(Some("CCCC 3\n"), "b.smi changed"), (Some("NN 2\n"), "b.smi changed"), (None, "it is gone")]
    {
        fs::write(here.path().join("b.smi"), "CC 2\n").unwrap();
        let library = open(here.path(), &["a.smi", "b.smi"], KeepColumns::None).unwrap();
        match change {
            Some(text) => fs::write(here.path().join("b.smi"), text).unwrap(),
            None => fs::remove_file(here.path().join("b.smi")).unwrap(),
        }
        let mut source = library.source().unwrap();
        assert_eq!(source.next_chunk(9).unwrap().unwrap().smiles.len(), 1);
        let error = source.next_chunk(9).unwrap_err();
        assert_eq!(error.code(), "XFORM_INPUT_CHANGED", "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

mod types {
    use std::fs::File;
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int32Array, Int64Array, LargeStringArray, StringArray, StringViewArray};
    use arrow::record_batch::RecordBatch;
    use parquet::arrow::ArrowWriter;

    use super::*;

    fn write(path: &Path, value: ArrayRef) {
        let smiles: ArrayRef = Arc::new(StringArray::from(vec!["C"]));
        let batch = RecordBatch::try_from_iter([("smiles", smiles), ("value", value)]).unwrap();
        let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }

    #[test]
    fn other_types_are_refused_with_both_files() {
        let here = folder(&[("c.csv", "smiles,value\nC,7\n")]);
        let path = |name: &str| here.path().join(name);
        write(&path("a.parquet"), Arc::new(Int32Array::from(vec![1])));
        write(&path("b.parquet"), Arc::new(Int64Array::from(vec![1])));
        for other in ["b.parquet", "c.csv"] {
            let error = open(here.path(), &["a.parquet", other], KeepColumns::All).unwrap_err();
            assert_eq!(error.code(), "XFORM_INPUT_COLUMN");
            let text = error.to_string();
            for part in ["\"value\"", "Int32", "a.parquet", other] {
                assert!(text.contains(part), "{part}: {text}");
            }
            open(here.path(), &["a.parquet", other], KeepColumns::None).unwrap();
        }
    }

    #[test]
    fn kinds_of_text_are_one_type() {
        let here = folder(&[("d.csv", "smiles,value\nC,w\n")]);
        write(&here.path().join("a.parquet"), Arc::new(StringArray::from(vec!["x"])));
        write(&here.path().join("b.parquet"), Arc::new(LargeStringArray::from(vec!["y"])));
        write(&here.path().join("c.parquet"), Arc::new(StringViewArray::from(vec!["z"])));
        let orders = [
            ["a.parquet", "b.parquet", "c.parquet", "d.csv"],
            ["d.csv", "c.parquet", "b.parquet", "a.parquet"],
        ];
        for order in orders {
            let (_, found) = rows(&open(here.path(), &order, KeepColumns::All).unwrap(), 9);
            let values: Vec<&str> = found.iter().map(|row| row.rsplit('|').next().unwrap()).collect();
            let expected = order.map(|name| ["x", "y", "z", "w"][usize::from(name.as_bytes()[0] - b'a')]);
            assert_eq!(values, expected);
        }
    }
}
