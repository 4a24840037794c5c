//! Rows that crashed or hung the process, or ran out of memory, as found by the judge. Further files of the same kind
//! have the rows whose recheck did that, and known molecules.

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{with_checksum, without_checksum};
use crate::death::Death;
use crate::disk::Disk;
use crate::engine::Skip;
use crate::error::Error;

/// A row, or a row for one transform, to skip.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Quarantined {
    /// The row of the library or of a file of known molecules, from 0.
    pub source_row: u64,
    /// Position of the transform among those of the run; `None` for all.
    pub transform: Option<u16>,
    /// The reason.
    pub code: Death,
}

/// Rows that were left out because the process did not survive them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineCounts {
    /// Rows that crashed it.
    pub crashed: u64,
    /// Rows that took more time than the limit.
    pub timed_out: u64,
    /// Rows that ran out of memory alone.
    #[serde(default)]
    pub out_of_memory: u64,
}

/// All such rows of a run, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quarantine {
    rows: Vec<Quarantined>,
}

impl Quarantine {
    /// Reads the file at `path`: one JSON object per line, followed by a checksum. A missing file is an empty
    /// quarantine; a truncated last line is ignored.
    ///
    /// # Errors
    /// [`Error::OutputDamaged`] if a checksum is wrong: a row could be wrongly rejected, or crash the process again.
    pub fn read(disk: &Disk, path: &Path) -> Result<Self, Error> {
        Ok(Self { rows: without_covered(read_lines(disk, path)?.0) })
    }

    /// Adds `rows` to the file at `path` and syncs it. Returns how many of them are new.
    ///
    /// # Errors
    /// Those of [`read`](Self::read), and of writing.
    pub fn add(disk: &Disk, path: &Path, rows: &[Quarantined]) -> Result<usize, Error> {
        let (found, whole_bytes) = read_lines(disk, path)?;
        let news: Vec<_> = rows.iter().filter(|row| !found.contains(row)).collect();
        if news.is_empty() {
            return Ok(0);
        }
        let mut file = match whole_bytes {
            // A truncated line would damage the next one.
            Some(bytes) => disk.reopen(path, bytes)?,
            None => disk.create(path)?,
        };
        for row in &news {
            let json = serde_json::to_string(row).map_err(|error| Error::internal(error.to_string()))?;
            file.append(format!("{}\n", with_checksum(&json)).as_bytes())?;
        }
        file.sync()?;
        disk.sync_folder(path.parent().unwrap_or(path))?;
        Ok(news.len())
    }

    /// What a worker must skip among the `count` rows from `first_row`.
    pub fn skips(&self, first_row: u64, count: usize) -> Vec<Skip> {
        let start = self.rows.partition_point(|row| row.source_row < first_row);
        let end = self.rows.partition_point(|row| row.source_row < first_row + count as u64);
        self.rows[start..end]
            .iter()
            .map(|row| Skip {
                row: (row.source_row - first_row) as u32,
                transform: row.transform,
                code: row.code.into(),
            })
            .collect()
    }

    /// The rows, in order.
    pub fn rows(&self) -> &[Quarantined] {
        &self.rows
    }

    /// The numbers of the rows.
    pub fn source_rows(&self) -> BTreeSet<u64> {
        self.rows.iter().map(|row| row.source_row).collect()
    }

    /// Number of rows of each kind.
    pub fn counts(&self) -> QuarantineCounts {
        let of = |code| {
            let rows = self.rows.iter().filter(|row| row.code == code).map(|row| row.source_row);
            rows.collect::<BTreeSet<_>>().len() as u64
        };
        QuarantineCounts {
            crashed: of(Death::Crashed),
            timed_out: of(Death::TimedOut),
            out_of_memory: of(Death::OutOfMemory),
        }
    }
}

/// The rows in a quarantine's file, and the bytes of its complete lines; no bytes if there is no file.
fn read_lines(disk: &Disk, path: &Path) -> Result<(BTreeSet<Quarantined>, Option<u64>), Error> {
    if path.symlink_metadata().is_err() {
        return Ok((BTreeSet::new(), None));
    }
    let bytes = disk.read(path)?;
    let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    let row = |line| serde_json::from_str(without_checksum(line)?).ok();
    let rows = String::from_utf8_lossy(&bytes[..whole]).lines().map(row).collect::<Option<_>>();
    let rows = rows.ok_or_else(|| Error::OutputDamaged {
        path: path.to_owned(),
        reason: "the checksum of a line is wrong".to_owned(),
    })?;
    Ok((rows, Some(whole as u64)))
}

/// The rows in order; for a row that is skipped as a whole, only that entry.
fn without_covered(rows: BTreeSet<Quarantined>) -> Vec<Quarantined> {
    let mut kept = Vec::<Quarantined>::with_capacity(rows.len());
    for row in rows {
        let is_covered =
            kept.last().is_some_and(|last| last.source_row == row.source_row && last.transform.is_none());
        if !is_covered {
            kept.push(row);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::RejectCode;

    /// The lines of a quarantine, each followed by its checksum.
    fn lines(rows: &[&str]) -> String {
        rows.iter().map(|json| format!("{}\n", with_checksum(json))).collect()
    }

    #[test]
    fn rows_fall_to_the_micro_batch_that_holds_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("quarantine.jsonl");
        assert_eq!(Quarantine::read(&Disk::default(), &path).unwrap(), Quarantine::default());
        let text = lines(&[
            "{\"source_row\":120,\"transform\":3,\"code\":\"timed_out\"}",
            "{\"source_row\":17,\"transform\":null,\"code\":\"crashed\"}",
            "{\"source_row\":120,\"transform\":1,\"code\":\"crashed\"}",
        ]) + "{\"source_r";
        std::fs::write(&path, text).unwrap();
        let quarantine = Quarantine::read(&Disk::default(), &path).unwrap();
        assert_eq!(quarantine.counts(), QuarantineCounts { crashed: 2, timed_out: 1, out_of_memory: 0 });
        assert!(quarantine.skips(0, 17).is_empty());
        let skip = |row, transform, code| Skip { row, transform, code };
        assert_eq!(quarantine.skips(17, 1), [skip(0, None, RejectCode::Crashed)]);
        assert_eq!(
            quarantine.skips(100, 100),
            [skip(20, Some(1), RejectCode::Crashed), skip(20, Some(3), RejectCode::TimedOut)]
        );
    }

    #[test]
    fn what_is_added_stands_after_what_was_whole_and_stands_there_once() {
        let folder = tempfile::tempdir().unwrap();
        let (disk, path) = (Disk::default(), folder.path().join("quarantine.jsonl"));
        let row = |source_row, transform, code| Quarantined { source_row, transform, code };
        let first = [row(2, Some(1), Death::Crashed)];
        assert_eq!(Quarantine::add(&disk, &path, &first).unwrap(), 1);
        let line = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{line}{{\"source_r")).unwrap();
        let more =
            [row(2, Some(1), Death::Crashed), row(7, None, Death::TimedOut), row(2, Some(3), Death::Crashed)];
        assert_eq!(Quarantine::add(&disk, &path, &more).unwrap(), 2, "the first is there");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with(&line) && text.lines().count() == 3, "{text}");
        let counts = Quarantine::read(&disk, &path).unwrap().counts();
        assert_eq!(counts, QuarantineCounts { crashed: 1, timed_out: 1, out_of_memory: 0 });

        std::fs::write(&path, text.replace(":7", ":8")).unwrap();
        let refused = Quarantine::add(&disk, &path, &more).unwrap_err();
        assert_eq!(refused.code(), "XFORM_OUTPUT_DAMAGED");
    }

    #[test]
    fn a_row_that_is_left_out_as_a_whole_counts_as_that_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("quarantine.jsonl");
        let text = lines(&[
            "{\"source_row\":5,\"transform\":2,\"code\":\"crashed\"}",
            "{\"source_row\":5,\"transform\":null,\"code\":\"out_of_memory\"}",
            "{\"source_row\":6,\"transform\":2,\"code\":\"crashed\"}",
        ]);
        std::fs::write(&path, text).unwrap();
        let quarantine = Quarantine::read(&Disk::default(), &path).unwrap();
        assert_eq!(quarantine.counts(), QuarantineCounts { crashed: 1, timed_out: 0, out_of_memory: 1 });
        let skip = |row, transform, code| Skip { row, transform, code };
        assert_eq!(
            quarantine.skips(5, 2),
            [skip(0, None, RejectCode::OutOfMemory), skip(1, Some(2), RejectCode::Crashed)]
        );
    }
}
