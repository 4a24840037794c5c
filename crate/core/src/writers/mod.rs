//! Files of rows in the formats that other programs read. Each [`Format`] is declared in one table; an [`Encoder`] turns
//! rows into what a file holds of them, on a thread of its own, and a [`Body`] puts that into a file.
//!
//! Nothing here knows of options or of where the rows come from.

mod arrow_file;
mod body;
mod compression;
mod delimited;
mod depictor;
mod encoder;
mod json_lines;
mod sdf;
mod sink;
mod smiles;
mod values;

use std::io;

use arrow::datatypes::SchemaRef;
use serde::{Deserialize, Serialize};

pub use self::body::Body;
use self::body::TextBody;
pub use self::compression::{COMPRESSIONS, Compression, Packer};
use self::delimited::Dialect;
pub use self::depictor::{Depictor, MakeDepictor};
pub use self::encoder::{Content, Encoded, Encoder, Layout, Rows};
pub use self::json_lines::json_objects;
pub use self::sink::Sink;
pub use self::values::in_utc;
pub(crate) use self::values::{Values, json_options, rows_in_utc};
use crate::error::Error;

/// A format of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Values separated by commas, as RFC 4180 has them.
    Csv,
    /// Values separated by tabs, quoted as in CSV.
    Tsv,
    /// A line for each molecule: its SMILES, a tab, its id.
    Smi,
    /// A mol block with 2D coordinates for each molecule, with the columns as properties.
    Sdf,
    /// A JSON object for each row.
    Jsonl,
    /// Arrow's file format.
    Arrow,
}

/// What is known of a format.
#[derive(Debug)]
pub struct FormatFacts {
    /// Its name in options and summaries.
    pub name: &'static str,
    /// What it is, in a few words.
    pub brief: &'static str,
    /// How the names of its files end, after a dot, in lower case; the first is used for files that this program names.
    pub extensions: &'static [&'static str],
    /// Whether `spreadsheet` has a meaning for it.
    pub for_spreadsheets: bool,
    /// Whether it holds molecules, and not just values.
    pub is_of_molecules: bool,
    /// Makes what turns rows into the content of a file. Called once on each thread.
    pub encoder: for<'a> fn(&Layout<'a>) -> Result<Box<dyn Encoder>, Error>,
    /// Begins a file.
    pub begin: Begin,
}

type Begin = fn(&SchemaRef, Box<dyn Packer>) -> io::Result<Box<dyn Body>>;

const CSV: Dialect = Dialect { delimiter: b',', ends_lines_with_crlf: true };
const TSV: Dialect = Dialect { delimiter: b'\t', ends_lines_with_crlf: false };

/// All formats, in the order of [`Format`].
const FORMATS: [FormatFacts; 6] = [
    FormatFacts {
        name: "csv",
        brief: "a header and values separated by commas (RFC 4180)",
        extensions: &["csv"],
        for_spreadsheets: true,
        is_of_molecules: false,
        encoder: |layout| CSV.encoder(layout),
        begin: |schema, packer| TextBody::begin(&CSV.header(schema)?, packer),
    },
    FormatFacts {
        name: "tsv",
        brief: "the same with tabs",
        extensions: &["tsv", "tab"],
        for_spreadsheets: true,
        is_of_molecules: false,
        encoder: |layout| TSV.encoder(layout),
        begin: |schema, packer| TextBody::begin(&TSV.header(schema)?, packer),
    },
    FormatFacts {
        name: "smi",
        brief: "SMILES, a tab and the id",
        extensions: &["smi", "smiles"],
        for_spreadsheets: false,
        is_of_molecules: true,
        encoder: |_| Ok(Box::new(smiles::SmilesLines)),
        begin: |_, packer| TextBody::begin(&[], packer),
    },
    FormatFacts {
        name: "sdf",
        brief: "mol blocks with 2D coordinates, the columns as properties",
        extensions: &["sdf", "sd"],
        for_spreadsheets: false,
        is_of_molecules: true,
        encoder: |layout| sdf::encoder(layout),
        begin: |_, packer| TextBody::begin(&[], packer),
    },
    FormatFacts {
        name: "jsonl",
        brief: "a JSON object a line",
        extensions: &["jsonl", "ndjson"],
        for_spreadsheets: false,
        is_of_molecules: false,
        encoder: |_| Ok(Box::new(json_lines::JsonLines)),
        begin: |_, packer| TextBody::begin(&[], packer),
    },
    FormatFacts {
        name: "arrow",
        brief: "an Arrow IPC file",
        extensions: &["arrow", "feather", "ipc"],
        for_spreadsheets: false,
        is_of_molecules: false,
        encoder: |_| Ok(Box::new(arrow_file::AsTheyAre)),
        begin: arrow_file::begin,
    },
];

impl Format {
    /// All of them.
    pub const ALL: [Self; FORMATS.len()] =
        [Self::Csv, Self::Tsv, Self::Smi, Self::Sdf, Self::Jsonl, Self::Arrow];

    /// Their names, each with its brief.
    pub const BRIEFS: [(&'static str, &'static str); FORMATS.len()] = {
        let mut briefs = [("", ""); FORMATS.len()];
        let mut index = 0;
        while index < briefs.len() {
            briefs[index] = (FORMATS[index].name, FORMATS[index].brief);
            index += 1;
        }
        briefs
    };

    /// What is known of it.
    pub fn facts(self) -> &'static FormatFacts {
        &FORMATS[self as usize]
    }

    /// The format whose files have names that end in a dot and `extension`, in any case.
    pub fn of_extension(extension: &str) -> Option<Self> {
        let is_its =
            |format: &Self| format.facts().extensions.iter().any(|own| own.eq_ignore_ascii_case(extension));
        Self::ALL.into_iter().find(is_its)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_finds_its_own_facts_and_no_two_share_an_extension() {
        for format in Format::ALL {
            let facts = format.facts();
            assert_eq!(serde_json::json!(format), facts.name);
            for extension in facts.extensions {
                assert_eq!(Format::of_extension(&extension.to_uppercase()), Some(format));
            }
        }
        assert_eq!(Format::of_extension("gz"), None);
    }
}
