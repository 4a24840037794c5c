//! The formats of a library. Each is declared here: its names, how its content is recognised and how it can be read.
//! Messages, documentation, `--input-format` and detection (`detect`) follow; `identified` opens them.

use serde::{Deserialize, Serialize};

use super::layout::Delimiter;
use super::recognise;

/// The format of a library.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputFormat {
    /// Apache Parquet.
    #[default]
    Parquet,
    /// Lines of SMILES and id.
    Smi,
    /// A table with commas.
    Csv,
    /// A table with tabs.
    Tsv,
    /// Records of MDL mol blocks and properties.
    Sdf,
    /// One JSON object per line.
    Jsonl,
    /// Arrow IPC, as a file or a stream.
    Arrow,
}

/// What is known of a format.
pub struct FormatFacts {
    /// Its name, which `--input-format` accepts.
    pub name: &'static str,
    /// Its name in messages and in the documentation.
    pub title: &'static str,
    /// What follows the last dot of a file's name, in lower case, before the extension of a compression.
    pub extensions: &'static [&'static str],
    /// What in the content of a file proves the format, in words that follow "there is no"; `None` if only its name shows
    /// it.
    pub proof: Option<&'static str>,
    /// Whether the first bytes of a file, unpacked, are that proof.
    pub(super) is_proven: fn(&[u8]) -> bool,
    /// What separates the columns of a table, as far as its name says; `None` for a format that is not a table.
    pub(super) delimiter: Option<Delimiter>,
    /// Whether it is read from its first byte to its last, so that it may be compressed or come from a pipe.
    pub streams: bool,
}

impl InputFormat {
    /// Every format, in the documented order.
    pub const ALL: [Self; 7] =
        [Self::Parquet, Self::Smi, Self::Csv, Self::Tsv, Self::Sdf, Self::Jsonl, Self::Arrow];

    /// Their names, each with its title.
    pub const NAMED: [(&'static str, &'static str); Self::ALL.len()] = {
        let mut named = [("", ""); Self::ALL.len()];
        let mut index = 0;
        while index < named.len() {
            let facts = Self::ALL[index].facts();
            named[index] = (facts.name, facts.title);
            index += 1;
        }
        named
    };

    /// What is known of the format.
    pub const fn facts(self) -> &'static FormatFacts {
        match self {
            Self::Parquet => &FormatFacts {
                name: "parquet",
                title: "Parquet",
                extensions: &["parquet", "pq"],
                proof: Some("`PAR1` at its start"),
                is_proven: recognise::is_parquet,
                delimiter: None,
                streams: false,
            },
            Self::Smi => &FormatFacts {
                name: "smi",
                title: "SMILES text",
                extensions: &["smi", "smiles", "cxsmiles", "ism", "can", "txt"],
                proof: None,
                is_proven: recognise::nothing,
                delimiter: Some(Delimiter::Blank),
                streams: true,
            },
            Self::Csv => &FormatFacts {
                name: "csv",
                title: "CSV",
                extensions: &["csv"],
                proof: None,
                is_proven: recognise::nothing,
                delimiter: Some(Delimiter::Comma),
                streams: true,
            },
            Self::Tsv => &FormatFacts {
                name: "tsv",
                title: "TSV",
                extensions: &["tsv", "tab"],
                proof: None,
                is_proven: recognise::nothing,
                delimiter: Some(Delimiter::Tab),
                streams: true,
            },
            Self::Sdf => &FormatFacts {
                name: "sdf",
                title: "SDF",
                extensions: &["sdf", "sd", "mol"],
                proof: Some("`V2000` or `V3000` in its fourth line"),
                is_proven: recognise::is_mol_block,
                delimiter: None,
                streams: true,
            },
            Self::Jsonl => &FormatFacts {
                name: "jsonl",
                title: "JSON lines",
                extensions: &["jsonl", "ndjson"],
                proof: Some("JSON object in its first line"),
                is_proven: recognise::is_json_line,
                delimiter: None,
                streams: true,
            },
            Self::Arrow => &FormatFacts {
                name: "arrow",
                title: "Arrow IPC",
                extensions: &["arrow", "feather", "ipc", "arrows"],
                proof: Some("`ARROW1` (a file) or mark of a message (a stream) at its start"),
                is_proven: recognise::is_arrow,
                delimiter: None,
                streams: true,
            },
        }
    }

    /// Whether it is a table, whose layout is found in its first lines.
    pub const fn is_table(self) -> bool {
        self.facts().delimiter.is_some()
    }

    /// The format whose files have names with this extension.
    pub(super) fn of_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.facts().extensions.contains(&extension))
    }

    /// The formats that are read, with the names of their files, in words.
    pub(super) fn accepted() -> String {
        let each = Self::ALL.map(|format| {
            let FormatFacts { title, extensions, .. } = format.facts();
            let extensions: Vec<String> = extensions.iter().map(|name| format!(".{name}")).collect();
            format!("{title} ({})", extensions.join(", "))
        });
        let (last, others) = each.split_last().unwrap_or((&each[0], &[]));
        format!("{} and {last}", others.join(", "))
    }
}
