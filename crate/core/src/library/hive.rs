//! Columns whose values stand in the names of folders, as Hive, Spark and others write them: `year=2024/part-0.parquet`.

use std::path::Path;

/// What such a folder is called for a null.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// A column with the same value for all rows of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// Its name.
    pub name: String,
    /// The value.
    pub value: Option<String>,
}

/// The columns that the folders of `path` name, from the outermost folder on.
pub fn partitions(path: &Path) -> Vec<Partition> {
    let folders = path.parent().into_iter().flat_map(Path::components);
    folders.filter_map(|folder| partition(&folder.as_os_str().to_string_lossy())).collect()
}

fn partition(folder: &str) -> Option<Partition> {
    let (name, value) = folder.split_once('=').filter(|(name, _)| !name.is_empty())?;
    let value = (value != NULL).then(|| decoded(value));
    Some(Partition { name: decoded(name), value })
}

/// The text without its percent signs, by which writers replace what a folder's name cannot have.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let byte = (first == b'%').then(|| after.get(..2)).flatten().and_then(hex);
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digits =
        str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_with_an_equals_sign_is_a_column() {
        let found = |path: &str| {
            let named = |partition: Partition| (partition.name, partition.value);
            partitions(Path::new(path)).into_iter().map(named).collect::<Vec<_>>()
        };
        let column = |name: &str, value: Option<&str>| (name.to_owned(), value.map(str::to_owned));
        assert_eq!(
            found("data/year=2024/lab=a%2Fb=c/x=1.parquet"),
            [column("year", Some("2024")), column("lab", Some("a/b=c"))]
        );
        assert_eq!(found("k=__HIVE_DEFAULT_PARTITION__/x"), [column("k", None)]);
        assert_eq!(found("k=/x"), [column("k", Some(""))]);
        assert_eq!(found("a%20b=%zz%4/x"), [column("a b", Some("%zz%4"))]);
        assert_eq!(found("=1/data/x"), []);
    }
}
