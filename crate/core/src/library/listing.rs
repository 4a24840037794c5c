//! The files of a library: those given, those of the folders given, and those that match the patterns given.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};
use walkdir::WalkDir;

use super::hive::{Partition, partitions};
use crate::error::Error;
use crate::path_text::is_pattern;
use crate::stable_file::unreadable;

/// Stands for standard input.
const STANDARD_INPUT: &str = "-";

/// Where a process finds its descriptors.
const DESCRIPTORS: [&str; 4] = ["/dev/fd/", "/dev/stdin", "/proc/self/", "/proc/thread-self/"];

/// Names of passed over files that a notice lists.
const LISTED_NAMES: usize = 5;

/// Files in their order.
#[derive(Debug, Default)]
pub struct Listing {
    /// The files.
    pub files: Vec<ListedFile>,
    /// Whether there may be several: a folder, a pattern or more than one path was given.
    pub is_several: bool,
    /// What was passed over.
    pub notices: Vec<String>,
}

/// A file of a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedFile {
    /// Its path: as given, or the given folder with the path in it.
    pub path: PathBuf,
    /// Whether it can be read only once, from its beginning.
    pub is_stream: bool,
    /// The columns that its folders name; empty if only one file was given.
    pub partitions: Vec<Partition>,
}

/// The files that `given` names, in that order; those of a folder or pattern in the order of their paths' bytes.
///
/// A path that leads to no file is a pattern if it contains `*`, `?` or `[`. Files and folders whose names begin with `.`
/// or `_` are passed over, except folders such as `_year=2024`.
///
/// # Errors
/// [`Error::InputNotFound`], [`Error::InputUnreadable`] for a folder without files, a file that is named twice, and a
/// stream beside other inputs.
pub fn list(given: &[PathBuf]) -> Result<Listing, Error> {
    let mut listing = Listing { is_several: given.len() > 1, ..Listing::default() };
    for path in given {
        listing.add(path)?;
    }
    if let (true, Some(stream)) = (listing.is_several, listing.files.iter().find(|file| file.is_stream)) {
        let reason = "it is a stream, which can only be the whole library; give no other input";
        return Err(refuse(&stream.path, reason));
    }
    refuse_repeated(&listing.files)?;
    Ok(listing)
}

/// Whether `path` names standard input or another descriptor of this process, which a child process does not have. What
/// such a descriptor is open for may be at any place, so it is a stream.
fn is_descriptor(path: &Path) -> bool {
    let bytes = path.as_os_str().as_bytes();
    bytes == STANDARD_INPUT.as_bytes() || DESCRIPTORS.iter().any(|start| bytes.starts_with(start.as_bytes()))
}

/// Whether what `path` names can be read only once, from its beginning.
pub fn is_stream(path: &Path) -> bool {
    let is_stream = |kind: fs::FileType| kind.is_fifo() || kind.is_char_device() || kind.is_socket();
    is_descriptor(path) || fs::metadata(path).is_ok_and(|found| is_stream(found.file_type()))
}

/// Whether `path` stands for standard input.
pub fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == STANDARD_INPUT
}

impl Listing {
    fn add(&mut self, path: &Path) -> Result<(), Error> {
        match fs::metadata(path) {
            _ if is_stream(path) => self.push(path.to_owned(), true),
            Ok(found) if found.is_dir() => {
                self.is_several = true;
                let folder = Folder::of(path, usize::MAX)?;
                if folder.files.is_empty() {
                    return Err(refuse(path, "it is a folder without files"));
                }
                self.extend(path, folder);
            }
            Ok(_) => self.push(path.to_owned(), false),
            Err(_) if is_pattern(path) => {
                self.is_several = true;
                self.match_pattern(path)?;
            }
            Err(error) => return Err(unreadable(path, error)),
        }
        Ok(())
    }

    fn match_pattern(&mut self, path: &Path) -> Result<(), Error> {
        let (base, pattern) = split_pattern(path);
        let depth = if pattern.contains("**") { usize::MAX } else { pattern.split('/').count() };
        let compiled = Pattern::new(&pattern).map_err(|error| {
            refuse(path, &format!("no file has that name, and it is not a valid pattern: {}", error.msg))
        })?;
        let folder = Folder::of(&base, depth)?;
        let mut matched = Folder { passed_over: Vec::new(), ..folder };
        matched.files.retain(|file| matches(&compiled, file));
        for inner in matched.folders.iter().filter(|inner| matches(&compiled, inner)) {
            let Folder { files, passed_over, .. } = Folder::of(&base.join(inner), usize::MAX)?;
            matched.files.extend(files.into_iter().map(|file| inner.join(file)));
            matched.passed_over.extend(passed_over.into_iter().map(|file| inner.join(file)));
        }
        matched.passed_over.extend(folder.passed_over.into_iter().filter(|file| matches(&compiled, file)));
        if matched.files.is_empty() {
            return Err(Error::InputNotFound { path: path.to_owned() });
        }
        self.extend(&base, matched);
        Ok(())
    }

    fn extend(&mut self, base: &Path, folder: Folder) {
        let bytes = |path: &PathBuf| path.as_os_str().as_bytes().to_vec();
        let sorted: BTreeSet<Vec<u8>> = folder.files.iter().map(bytes).collect();
        for file in sorted {
            self.push(base.join(std::ffi::OsStr::from_bytes(&file)), false);
        }
        self.notices.extend(passed_over(base, folder.passed_over));
    }

    fn push(&mut self, path: PathBuf, is_stream: bool) {
        let partitions = if self.is_several { partitions(&path) } else { Vec::new() };
        self.files.push(ListedFile { path, is_stream, partitions });
    }
}

/// What is in a folder; paths begin in it.
struct Folder {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    /// Files and folders whose names say that they are no data.
    passed_over: Vec<PathBuf>,
}

impl Folder {
    fn of(base: &Path, depth: usize) -> Result<Self, Error> {
        let root = if base.as_os_str().is_empty() { Path::new(".") } else { base };
        let mut found = Self { files: Vec::new(), folders: Vec::new(), passed_over: Vec::new() };
        let mut entries = WalkDir::new(root).min_depth(1).max_depth(depth).follow_links(true).into_iter();
        while let Some(entry) = entries.next() {
            let entry = entry.map_err(|error| walk_error(base, error))?;
            let path = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_owned();
            let is_folder = entry.file_type().is_dir();
            if is_hidden(entry.file_name().as_bytes(), is_folder) {
                found.passed_over.push(path);
                if is_folder {
                    entries.skip_current_dir();
                }
            } else if is_folder {
                found.folders.push(path);
            } else {
                found.files.push(path);
            }
        }
        Ok(found)
    }
}

/// Whether a name says that what it names is no data: `_SUCCESS`, `_metadata`, `.part-0.crc`.
fn is_hidden(name: &[u8], is_folder: bool) -> bool {
    name.starts_with(b".") || (name.starts_with(b"_") && !(is_folder && name.contains(&b'=')))
}

/// The folder of a pattern, up to the first component with a wildcard, and the rest.
fn split_pattern(path: &Path) -> (PathBuf, String) {
    let components: Vec<_> = path.components().collect();
    let first = components.iter().position(|component| is_pattern(component.as_ref())).unwrap_or_default();
    let rest: PathBuf = components[first..].iter().collect();
    (components[..first].iter().collect(), rest.to_string_lossy().into_owned())
}

fn matches(pattern: &Pattern, path: &Path) -> bool {
    let options = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    pattern.matches_with(&path.to_string_lossy(), options)
}

/// A notice of what was passed over in `base`.
fn passed_over(base: &Path, mut names: Vec<PathBuf>) -> Option<String> {
    names.sort();
    let shown: Vec<String> =
        names.iter().take(LISTED_NAMES).map(|name| base.join(name).display().to_string()).collect();
    let more = match names.len().saturating_sub(LISTED_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let listed = shown.join(", ");
    (!names.is_empty()).then(|| {
        format!("not read, because the names begin with `.` or `_`: {listed}{more}; name a file to read it")
    })
}

/// Refuses to read a file twice: its rows would count twice.
fn refuse_repeated(files: &[ListedFile]) -> Result<(), Error> {
    let mut seen: HashMap<PathBuf, &Path> = HashMap::new();
    for ListedFile { path, is_stream, .. } in files {
        let Some(target) = fs::canonicalize(path).ok().filter(|_| !is_stream) else { continue };
        if let Some(earlier) = seen.insert(target, path) {
            let reason = format!("the inputs name it twice, first as {}; name it once", earlier.display());
            return Err(refuse(path, &reason));
        }
    }
    Ok(())
}

fn walk_error(base: &Path, error: walkdir::Error) -> Error {
    let path = error.path().unwrap_or(base).to_owned();
    match error.loop_ancestor().map(Path::to_owned) {
        Some(ancestor) => {
            refuse(&path, &format!("it is a link to {}, which contains it", ancestor.display()))
        }
        None => unreadable(&path, error.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into())),
    }
}

fn refuse(path: &Path, reason: &str) -> Error {
    Error::InputUnreadable { path: path.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
#[path = "listing_tests.rs"]
mod tests;
