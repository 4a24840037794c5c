//! Rows that the process did not survive. The supervisor finds them out and writes them down.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::engine::{RejectCode, Skip};
use crate::error::Error;

/// A row, or a row for one transform, that must not be touched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Quarantined {
    /// The row of the library, from 0.
    pub source_row: u64,
    /// Position of the transform among those of the run; `None` for all.
    pub transform: Option<u16>,
    /// Why.
    pub code: Death,
}

/// How a row ended the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Death {
    /// It crashed it, also when it was tried alone.
    Crashed,
    /// It took more time than it may.
    TimedOut,
}

/// All such rows of a run, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quarantine {
    rows: Vec<Quarantined>,
}

impl Quarantine {
    /// Reads the file at `path`: one JSON object a line. None is an empty quarantine; a torn last line is left out.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            read => read.map_err(|error| Error::output("read", path, error))?,
        };
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let rows = whole.lines().filter(|line| !line.is_empty()).map(serde_json::from_str);
        let rows = rows.collect::<Result<BTreeSet<_>, _>>();
        let rows = rows.map_err(|error| Error::output("read", path, io::Error::other(error)))?;
        Ok(Self { rows: rows.into_iter().collect() })
    }

    /// What a worker must skip of the `count` rows from `first_row`.
    pub fn skips(&self, first_row: u64, count: usize) -> Vec<Skip> {
        let start = self.rows.partition_point(|row| row.source_row < first_row);
        let end = self.rows.partition_point(|row| row.source_row < first_row + count as u64);
        self.rows[start..end]
            .iter()
            .map(|row| Skip {
                row: (row.source_row - first_row) as u32,
                transform: row.transform,
                code: match row.code {
                    Death::Crashed => RejectCode::Crashed,
                    Death::TimedOut => RejectCode::TimedOut,
                },
            })
            .collect()
    }

    /// How many rows there are of each kind: crashed, timed out.
    pub fn counts(&self) -> (u64, u64) {
        let of = |code| {
            let rows = self.rows.iter().filter(|row| row.code == code).map(|row| row.source_row);
            rows.collect::<BTreeSet<_>>().len() as u64
        };
        (of(Death::Crashed), of(Death::TimedOut))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_fall_to_the_micro_batch_that_holds_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("quarantine.jsonl");
        assert_eq!(Quarantine::read(&path).unwrap(), Quarantine::default());
        let text = "{\"source_row\":120,\"transform\":3,\"code\":\"timed_out\"}\n\
                    {\"source_row\":17,\"transform\":null,\"code\":\"crashed\"}\n\
                    {\"source_row\":120,\"transform\":1,\"code\":\"crashed\"}\n{\"source_r";
        std::fs::write(&path, text).unwrap();
        let quarantine = Quarantine::read(&path).unwrap();
        assert_eq!(quarantine.counts(), (2, 1));
        assert!(quarantine.skips(0, 17).is_empty());
        let skip = |row, transform, code| Skip { row, transform, code };
        assert_eq!(quarantine.skips(17, 1), [skip(0, None, RejectCode::Crashed)]);
        assert_eq!(
            quarantine.skips(100, 100),
            [skip(20, Some(1), RejectCode::Crashed), skip(20, Some(3), RejectCode::TimedOut)]
        );
    }
}
