//! The report of a gallery.

use std::path::PathBuf;

use serde::Serialize;

use super::files::GalleryFile;

/// What a gallery shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GallerySummary {
    /// The table.
    #[serde(serialize_with = "crate::path_text::serialize")]
    pub input: PathBuf,
    /// Rows of the table.
    pub rows_total: u64,
    /// Rows that meet `where`.
    pub rows: u64,
    /// Rows that are shown, the first ones of these.
    pub rows_shown: u64,
    /// The columns whose values are shown.
    pub columns: Vec<String>,
    /// The queries, each with the number of shown molecules that match.
    pub queries: Vec<QueryCount>,
    /// Shown rows whose molecule could not be drawn.
    pub not_drawn: u64,
    /// Products that do not lie as their parents do, because their transform is not known or does not make them again.
    pub not_aligned: u64,
    /// Drawings that were left out, because their page would be larger than 5 MB.
    pub without_room: u64,
    /// Texts of more than 500 characters, which were cut.
    pub texts_cut: u64,
    /// The files, by name.
    pub files: Vec<GalleryFile>,
    /// Seconds.
    pub elapsed_seconds: f64,
    /// What the user should know.
    pub warnings: Vec<String>,
}

/// A query and its matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueryCount {
    /// The SMARTS.
    pub smarts: String,
    /// Shown molecules with a match.
    pub molecules: u64,
}

/// The state of a gallery.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GalleryProgress {
    /// Rows to show.
    pub rows_total: u64,
    /// Rows drawn.
    pub rows: u64,
    /// Seconds since the start.
    pub elapsed_seconds: f64,
}
