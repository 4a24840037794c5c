//! Where a run begins: at its first row, or after the rows that an interrupted run has committed.

use std::path::PathBuf;

use super::Run;
use crate::error::Error;
use crate::input_hash::InputHash;
use crate::job::Job;
use crate::journal::{self, Commit, Fingerprint, Found, Header, InputMark, RowDigest};
use crate::known;
use crate::library::Library;
use crate::output::folder::{CLAIM_FILE, DIFFERENCE_FILE, MANIFEST_FILE, OutputFolder, is_isolation_file};
use crate::shard::ShardRows;
use crate::source::{Source, Window};
use crate::tables::Tables;

const OTHER_FILE: &str = "the input is not the file that the run started with";
const OTHER_ROWS: &str = "the committed rows are not those of the library any more";

/// The digest of some rows.
pub struct RowsDigested {
    /// The first of them in the library.
    pub first_row: u64,
    /// The digest.
    pub digest: RowDigest,
}

/// The place from which a run continues. The source is positioned at the first row that is still to do.
pub struct Beginning {
    /// The part of the library that the run covers, if not all of it.
    pub shard: Option<ShardRows>,
    /// The state that an interrupted run has committed, if this one continues it.
    pub found: Option<Found>,
    /// The folder for spilled data.
    pub spill_folder: PathBuf,
    /// Digest of this run's rows before that one, from a row whose earlier rows are recognised by the SHA-256s of their
    /// files; none if all files are recognised by these.
    pub row_digest: Option<RowsDigested>,
    /// The run's header in the manifest.
    pub header: Header,
}

impl Beginning {
    /// Finds this place, and brings the folder into the state from which the run continues.
    pub fn find(
        run: &Run<'_>,
        job: &mut Job,
        folder: &OutputFolder,
        input_hash: &InputHash<'_>,
    ) -> Result<Self, Error> {
        let stop_check = || run.session.stop_if_asked(0);
        let header = Header::new(job.shape(run.options), Fingerprint::of(&job.library, &stop_check)?);
        let shard = job.shard_rows(run.options, &stop_check)?;
        let rows_before = shard.map_or(0, |shard| shard.first_row);
        let found = run.committed_before(folder, &job.library, &header, rows_before, input_hash)?;
        let spill_folder = match &found {
            Some(found) => run.spilled_before(folder, &found.latest)?,
            None => folder.begin_spill(run.options.scratch.as_deref())?,
        };
        let row_digest = run.pass_over(job, rows_before, found.as_ref().map(|found| &found.latest))?;
        if found.is_none() {
            run.start_over(folder, &header)?;
        }
        Ok(Self { shard, found, spill_folder, row_digest, header })
    }

    /// Rows of the library before the first one of this run.
    pub fn rows_before(&self) -> u64 {
        self.shard.map_or(0, |shard| shard.first_row)
    }

    /// Rows of this run that are already committed.
    pub fn rows_resumed(&self) -> u64 {
        self.found.as_ref().map_or(0, |found| found.latest.totals.rows)
    }

    /// The maximum number of rows that are still to do.
    pub fn rows_left(&self) -> u64 {
        match self.shard {
            _ if self.found.as_ref().is_some_and(|found| found.latest.is_whole_input) => 0,
            Some(shard) => shard.rows().saturating_sub(self.rows_resumed()),
            None => u64::MAX,
        }
    }
}

impl Run<'_> {
    /// The state that an interrupted run into this folder has committed, if this run is to continue it and may do so.
    fn committed_before(
        &self,
        folder: &OutputFolder,
        library: &Library,
        Header { shape, input, .. }: &Header,
        rows_before: u64,
        input_hash: &InputHash<'_>,
    ) -> Result<Option<Found>, Error> {
        let path = folder.work().join(MANIFEST_FILE);
        if !self.options.resume || self.must_start_over(folder)? || !path.exists() {
            return Ok(None);
        }
        let found = Found::read(folder.disk(), &path)?.map_err(|reason| self.refuse(reason))?;
        let Some(found) = found else { return Ok(None) };
        if let Some(difference) = journal::difference_on_resume(&found.header.shape, shape) {
            return Err(self.refuse(difference));
        }
        let rows = found.latest.totals.rows;
        let newly_skipped = journal::newly_skipped(&found.header.shape, shape);
        if let Some(row) = newly_skipped.range(rows_before..rows_before + rows).next() {
            return Err(self.refuse(format!("row {row} of --skip-rows is committed already; leave it out")));
        }
        if let Some(difference) = Fingerprint::difference(&found.header.input, input) {
            return Err(self.refuse(difference));
        }
        self.compare_files(library, &found.latest, input_hash)?;
        Ok(Some(found))
    }

    /// Compares the files with the SHA-256s in the manifest. Those that are the same have the recorded number of rows.
    fn compare_files(
        &self,
        library: &Library,
        latest: &Commit,
        input_hash: &InputHash<'_>,
    ) -> Result<(), Error> {
        let stop_check = || self.session.stop_if_asked(latest.totals.rows);
        input_hash.wait_for(latest.file_sha256s.len(), &stop_check)?;
        for (file, recorded) in library.files().iter().zip(&latest.file_sha256s) {
            if file.sha256() != Some(recorded) {
                return Err(self.refuse(match library.is_several() {
                    true => format!("{} is not the file that the run started with", file.path().display()),
                    false => OTHER_FILE.to_owned(),
                }));
            }
        }
        let known = latest.file_sha256s.len().min(latest.file_rows.len());
        library.files().iter().zip(&latest.file_rows[..known]).for_each(|(file, &rows)| file.set_rows(rows));
        Ok(())
    }

    /// Whether a recheck has found a difference, so that no committed row can be trusted. Only RDKit alone may start
    /// over in the same folder.
    fn must_start_over(&self, folder: &OutputFolder) -> Result<bool, Error> {
        let noted = journal::noted_difference(folder.disk(), &folder.work().join(DIFFERENCE_FILE))?;
        match noted {
            Some(difference) if self.options.fast => Err(self
                .refuse(format!("{difference}; add --no-fast, which makes all rows again with RDKit alone"))),
            noted => Ok(noted.is_some()),
        }
    }

    /// Moves the source to the first row that is still to do, after `rows_before` rows that do not belong to this run. Rows
    /// of files that are recognised by their SHA-256 are skipped, the others are read and compared with their digest.
    fn pass_over(
        &self,
        job: &mut Job,
        rows_before: u64,
        latest: Option<&Commit>,
    ) -> Result<Option<RowsDigested>, Error> {
        let stop_check = || self.session.stop_if_asked(0);
        let next_row = rows_before + latest.map_or(0, |latest| latest.totals.rows);
        if latest.is_some_and(|latest| latest.is_whole_input) {
            return Ok(None);
        }
        let (first_row, expected) = match latest.map(|latest| &latest.input) {
            Some(InputMark::Rows { first_row, digest }) => (*first_row, Some(digest)),
            Some(InputMark::Files) | None => (next_row, None),
        };
        job.source.skip(first_row, &stop_check)?;
        let mut digest = RowDigest::new(job.source.columns())?;
        let Some(expected) = expected else {
            let is_known = job.library.sha256().is_some();
            return Ok((!is_known).then_some(RowsDigested { first_row, digest }));
        };
        let rows = next_row.saturating_sub(first_row);
        let mut done = Window::new(&mut *job.source, rows);
        let mut read = 0;
        while let Some(chunk) = done.next_chunk(usize::MAX)? {
            digest.add(&chunk)?;
            read += chunk.smiles.len() as u64;
            stop_check()?;
        }
        if read != rows || digest.value() != *expected {
            return Err(self.refuse(if job.library.is_several() { OTHER_ROWS } else { OTHER_FILE }));
        }
        Ok(Some(RowsDigested { first_row, digest }))
    }

    /// The spill folder of the interrupted run. Checks that all files that `latest` refers to exist.
    fn spilled_before(&self, folder: &OutputFolder, latest: &Commit) -> Result<PathBuf, Error> {
        let noted = folder.noted_spill_folder()?;
        if let Some(noted) = &noted
            && !folder.is_own_spill_folder(noted)?
        {
            let noted = noted.display();
            return Err(self.refuse(format!(
                "its scratch folder {noted} is gone or belongs to a different output folder"
            )));
        }
        let spill_folder = noted.unwrap_or_else(|| folder.work().to_owned());
        match Tables::fault(folder.work(), &spill_folder, latest) {
            Some(fault) => Err(self.refuse(fault)),
            None => Ok(spill_folder),
        }
    }

    /// Removes the files of a run that cannot be continued. The quarantine stays if it belongs to this run: its
    /// supervisor also starts over if nothing was committed.
    fn start_over(&self, folder: &OutputFolder, header: &Header) -> Result<(), Error> {
        let (disk, work) = (folder.disk(), folder.work());
        let claim = work.join(CLAIM_FILE);
        let is_own = self.options.resume && journal::is_claimed(disk, &claim, header);
        let is_kept = |name: &str| name == CLAIM_FILE || is_isolation_file(name);
        folder
            .clear(|name| (is_own && is_kept(name)) || (self.options.resume && known::is_key_file(name)))?;
        // Only an isolated run has a quarantine.
        if self.options.isolate && !is_own {
            journal::claim(disk, work, &claim, header)?;
        }
        Ok(())
    }
}
