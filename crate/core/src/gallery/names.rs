//! The names of a gallery's files: `gallery.html`, and beside it `gallery-001.html` and so on.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::options::GalleryInput;
use crate::source::PACKINGS;

/// Digits of a page's number, at least.
const DIGITS: usize = 3;

/// The names of the files of a gallery.
#[derive(Debug)]
pub struct Names {
    path: PathBuf,
    /// The name up to its ending.
    stem: OsString,
    /// With its dot.
    ending: OsString,
}

impl Names {
    /// The names that the options ask for, with `ending` if they name no file.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a folder, or for a grid that is to be neither SVG nor PNG.
    pub fn of(given: &Path, options: &GalleryInput) -> Result<Self, Error> {
        let ending = if options.grid.is_some() { "svg" } else { "html" };
        let path = match &options.output {
            Some(path) => path.clone(),
            None if given.is_dir() => given.join(format!("gallery.{ending}")),
            None => {
                let mut name = stem_of(given);
                name.push(format!(".gallery.{ending}"));
                given.with_file_name(name)
            }
        };
        let is_folder = path.is_dir() || path.as_os_str().as_bytes().ends_with(b"/");
        let Some(name) = path.file_name().filter(|_| !is_folder) else {
            return Err(GalleryInput::output.refuse("is a folder; name a file"));
        };
        if options.grid.is_some() && !["svg", "png"].iter().any(|ending| has_extension(&path, ending)) {
            return Err(GalleryInput::output.refuse("must end in .svg or .png with `grid`"));
        }
        let name = Path::new(name);
        let ending = name.extension().map_or_else(OsString::new, |extension| {
            let mut ending = OsString::from(".");
            ending.push(extension);
            ending
        });
        let stem = name.file_stem().unwrap_or_default().to_owned();
        Ok(Self { path, stem, ending })
    }

    /// The path of the only page, of the index, or of the grid.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is a PNG.
    pub fn is_png(&self) -> bool {
        has_extension(&self.path, "png")
    }

    /// Its name.
    pub fn name(&self) -> &OsStr {
        self.path.file_name().unwrap_or_default()
    }

    /// The folder of the files.
    pub fn folder(&self) -> &Path {
        self.path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
    }

    /// The path of the file with that name.
    pub fn file(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.path.with_file_name(name)
    }

    /// The name of a numbered page.
    pub fn page(&self, number: u64) -> OsString {
        let mut name = self.stem.clone();
        name.push(format!("-{number:0DIGITS$}"));
        name.push(&self.ending);
        name
    }

    /// Whether a gallery of this name may have a file called `name`.
    pub fn is_own(&self, name: &OsStr) -> bool {
        let number = || {
            let rest = name.as_bytes().strip_prefix(self.stem.as_bytes())?.strip_prefix(b"-")?;
            let digits = rest.strip_suffix(self.ending.as_bytes())?;
            str::from_utf8(digits).ok()?.parse().ok()
        };
        name == self.name() || number().is_some_and(|number| self.page(number) == name)
    }
}

fn has_extension(path: &Path, expected: &str) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(expected))
}

/// The name of a file up to its endings: `plants` of `plants.smi.gz`.
fn stem_of(path: &Path) -> OsString {
    let name = Path::new(path.file_name().unwrap_or_default());
    let packed =
        |extension: &OsStr| PACKINGS.iter().any(|packing| extension.eq_ignore_ascii_case(packing.extension));
    let unpacked = match name.extension() {
        Some(extension) if packed(extension) => Path::new(name.file_stem().unwrap_or_default()),
        _ => name,
    };
    unpacked.file_stem().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gallery_is_beside_its_file() {
        let names = |given: &str, output: Option<&str>| {
            let options = GalleryInput { output: output.map(Into::into), ..GalleryInput::default() };
            Names::of(Path::new(given), &options)
        };
        for (given, name) in [
            ("a/plants.smi.gz", "a/plants.gallery.html"),
            ("plants.parquet", "plants.gallery.html"),
            ("a.b/plants", "a.b/plants.gallery.html"),
        ] {
            assert_eq!(names(given, None).unwrap().path(), Path::new(name));
        }
        let named = names("plants.smi", Some("out/mine.htm")).unwrap();
        assert_eq!(
            (named.path(), named.page(7).as_os_str()),
            (Path::new("out/mine.htm"), "mine-007.htm".as_ref())
        );
        for (name, is_own) in [
            ("mine.htm", true),
            ("mine-001.htm", true),
            ("mine-1234.htm", true),
            ("mine-01.htm", false),
            ("mine-0001.htm", false),
            ("mine-1x1.htm", false),
            ("mine-.htm", false),
            ("mine-001.html", false),
            ("yours-001.htm", false),
        ] {
            assert_eq!(named.is_own(name.as_ref()), is_own, "{name}");
        }
        assert!(names("plants.smi", Some("/")).is_err());
    }

    #[test]
    fn a_grid_is_an_svg_or_a_png() {
        let names = |output: &str| {
            let grid = Some("5x4".parse().unwrap());
            Names::of(
                Path::new("a.smi"),
                &GalleryInput { output: Some(output.into()), grid, ..GalleryInput::default() },
            )
        };
        assert_eq!(["grid.SVG", "grid.Png"].map(|name| names(name).unwrap().is_png()), [false, true]);
        assert!(names("grid.pdf").unwrap_err().to_string().contains("must end in .svg or .png"));
    }
}
