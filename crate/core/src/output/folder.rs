//! The output folder: files get their final names in it only when they are complete.
//!
//! During a run its files are in a work folder inside the output folder, which only one process at a time may use.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::fs::statvfs;
use xxhash_rust::xxh3::xxh3_64;

use super::spared::{files_below, refuse_if_read};
use super::summed::Summed;
use super::{PAGES, PARENTS_FILE, PRODUCTS_FILE, REJECTS_FILE, SUMMARY_FILE};
use crate::content::{Content, changed};
use crate::disk::{Disk, DiskFile};
use crate::error::Error;
use crate::file_lock::lock;
use crate::options::ApplyOptions;
use crate::writers::Format;

/// All final names, in the order in which a new run removes them: a folder without a summary is unfinished.
const FINAL_NAMES: [&str; 4] = [SUMMARY_FILE, PARENTS_FILE, PRODUCTS_FILE, REJECTS_FILE];
/// Folder for the files of an unfinished run, inside the output folder.
pub const WORK_FOLDER: &str = ".xform-native";
/// The file from which a run can be resumed, in the work folder. Without it, nothing in the work folder is worth
/// keeping.
pub const MANIFEST_FILE: &str = "manifest.jsonl";
/// Rows that crashed the process, in the work folder; for a file of known molecules, the name begins with its label.
pub const QUARANTINE_FILE: &str = "quarantine.jsonl";
/// CPU time that rows have taken so far, in the work folder; for a file of known molecules, the name begins with its label.
pub const ROW_TIMES_FILE: &str = "row-times.json";
/// Rows whose recheck the process has not survived, in the work folder.
pub const GIVEN_UP_FILE: &str = "given-up-rechecks.jsonl";
/// The difference that a recheck has found, in the work folder.
pub const DIFFERENCE_FILE: &str = "difference.json";
/// Names the run that the quarantine belongs to, in the work folder, until there is a manifest.
pub const CLAIM_FILE: &str = "run.json";
/// Folder of the crash records, in the work folder.
pub const IN_HAND_FOLDER: &str = "in-hand";
/// Names the file of known molecules whose rows are in the crash records, in their folder. Without it, these are rows of the
/// library.
pub const KNOWN_IN_HAND_FILE: &str = "known";
/// Marks a merge in progress, in the work folder: if there is no summary, files with final names belong to that
/// merge.
pub const MERGE_FILE: &str = "merge";
const LOCK_FILE: &str = "lock";
/// Names the spill folder, if it is not the work folder.
const SPILL_FILE: &str = "scratch";
/// How long to wait for the lock: the child of a killed supervisor survives it by up to 1.5 s.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// How to treat an earlier run in the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Refuse.
    New,
    /// Remove it.
    Force,
    /// Continue it.
    Resume,
    /// Refuse, but remove the files of a killed merge.
    Merge,
}

/// A run or merge that requests its folder.
#[derive(Debug, Clone)]
pub struct Visit<'a> {
    /// The output folder.
    pub outdir: &'a Path,
    /// How to treat an earlier run in it.
    pub entry: Entry,
    /// The folder to spill to, if it is not the output folder.
    pub scratch: Option<&'a Path>,
    /// The files that the run or merge reads.
    pub reads: Vec<&'a Path>,
}

impl<'a> Visit<'a> {
    /// The request of a run with these options, whose library consists of the files `library`.
    pub fn of(options: &'a ApplyOptions, library: impl IntoIterator<Item = &'a Path>) -> Self {
        let entry = match (options.force, options.resume) {
            (true, _) => Entry::Force,
            (_, true) => Entry::Resume,
            _ => Entry::New,
        };
        let files = options.xf_config.iter().map(PathBuf::as_path).chain(options.alerts.files());
        let known = options.exclude.iter().map(PathBuf::as_path);
        let reads = library.into_iter().chain(files).chain(known).collect();
        Self { outdir: &options.outdir, entry, scratch: options.scratch.as_deref(), reads }
    }

    /// Refuses to remove or replace a file that is read.
    fn spare_what_is_read(&self) -> Result<(), Error> {
        let work = self.outdir.join(WORK_FOLDER);
        let finals = FINAL_NAMES.iter().flat_map(|name| [name.into(), temporary_name(name)]);
        let finals = finals.chain(derived_names().map(OsString::from));
        let noted = fs::read(work.join(SPILL_FILE)).ok().map(|note| OsString::from_vec(note).into());
        let own_name = spill_name(self.outdir).ok();
        let own = self.scratch.zip(own_name.as_ref()).map(|(scratch, name)| scratch.join(name));
        // A note that names any other kind of folder is not trusted.
        let noted = noted.filter(|noted: &PathBuf| noted.file_name() == own_name.as_deref().map(OsStr::new));
        let folders = [Some(work), noted, own].into_iter().flatten();
        let doomed = finals.map(|name| self.outdir.join(name)).chain(folders.flat_map(files_below));
        refuse_if_read(&self.reads, doomed)
    }
}

/// A folder that only this process may write to.
#[derive(Debug)]
pub struct OutputFolder {
    disk: Disk,
    path: PathBuf,
    work: PathBuf,
    lock: File,
}

impl OutputFolder {
    /// Checks whether a run may use the folder, without changing it.
    pub fn check(visit: &Visit<'_>) -> Result<(), Error> {
        visit.spare_what_is_read()?;
        let (path, entry) = (visit.outdir, visit.entry);
        match fs::metadata(path) {
            Ok(found) if !found.is_dir() => {
                return Err(Error::output("use as a folder", path, io::ErrorKind::NotADirectory.into()));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::output("open", path, error)),
        }
        let is_new = entry == Entry::New || (entry == Entry::Merge && !holds_killed_merge(path));
        match (is_new, traces(path).into_iter().next()) {
            (true, Some(found)) => Err(Error::OutputExists { path: path.to_owned(), found }),
            _ => Ok(()),
        }
    }

    /// Creates and locks the folder and prepares it: [`Entry::Force`] removes everything of an earlier run,
    /// [`Entry::Resume`] only its temporary files, [`Entry::Merge`] everything of a killed merge.
    pub fn enter(disk: &Disk, visit: &Visit<'_>) -> Result<Self, Error> {
        // Done before locking, because creating the lock may replace a file.
        visit.spare_what_is_read()?;
        let (path, entry) = (visit.outdir, visit.entry);
        disk.create_folder_above(path)?;
        let work = path.join(WORK_FOLDER);
        let lock = loop {
            disk.create_folder(&work)?;
            if let Some(lock) = work_lock(&work.join(LOCK_FILE), path)? {
                break lock;
            }
        };
        let folder = Self { disk: disk.clone(), path: path.to_owned(), work, lock };
        if let Err(refused) = Self::check(visit) {
            folder.leave_untouched();
            return Err(refused);
        }
        if entry == Entry::Force || (entry == Entry::Merge && holds_killed_merge(path)) {
            let finals = FINAL_NAMES.iter().map(|name| path.join(name));
            let finals = finals.chain(derived_names().map(|name| path.join(name)));
            finals.filter(|file| file.symlink_metadata().is_ok()).try_for_each(|file| disk.remove(&file))?;
            disk.sync_folder(path)?;
            folder.clear(|_| false)?;
        }
        let temporary = FINAL_NAMES.iter().map(|name| path.join(temporary_name(name)));
        temporary.into_iter().try_for_each(|file| disk.remove(&file))?;
        Ok(folder)
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The work folder.
    pub fn work(&self) -> &Path {
        &self.work
    }

    /// The disk of the folder.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// Whether a run has finished here.
    pub fn is_finished(&self) -> bool {
        self.path.join(SUMMARY_FILE).symlink_metadata().is_ok()
    }

    /// Whether there is nothing worth keeping in it.
    pub fn holds_nothing(&self) -> bool {
        traces(&self.path).is_empty()
    }

    /// The spill folder for a new run into this folder: the work folder, or an empty folder inside `scratch`, which a
    /// note in the work folder names. The spill folder of an earlier run is removed.
    pub fn begin_spill(&self, scratch: Option<&Path>) -> Result<PathBuf, Error> {
        self.end_spill()?;
        let Some(scratch) = scratch else { return Ok(self.work.clone()) };
        self.disk.create_folder_above(scratch)?;
        let scratch = fs::canonicalize(scratch).map_err(|error| Error::output("open", scratch, error))?;
        let folder = scratch.join(spill_name(&self.path)?);
        // The note comes first, so that no folder exists without one.
        let mut note = self.disk.create(&self.work.join(SPILL_FILE))?;
        note.append(folder.as_os_str().as_bytes())?;
        note.sync()?;
        self.disk.sync_folder(&self.work)?;
        self.disk.create_folder(&folder)?;
        clear_folder(&self.disk, &folder, |_| false)?;
        Ok(folder)
    }

    /// The spill folder of an earlier run inside a scratch folder, according to its note.
    pub fn noted_spill_folder(&self) -> Result<Option<PathBuf>, Error> {
        noted_spill_folder(&self.disk, &self.work)
    }

    /// Whether `folder` can be a result of [`Self::begin_spill`] for an earlier run, so that its content may be
    /// removed.
    pub fn is_own_spill_folder(&self, folder: &Path) -> Result<bool, Error> {
        let is_folder = folder.symlink_metadata().is_ok_and(|found| found.is_dir());
        Ok(is_folder && folder.file_name() == Some(OsStr::new(&spill_name(&self.path)?)))
    }

    /// Removes the noted spill folder. A note that names any other kind of folder is not trusted.
    fn end_spill(&self) -> Result<(), Error> {
        let Some(folder) = self.noted_spill_folder()? else { return Ok(()) };
        if self.is_own_spill_folder(&folder)? {
            clear_folder(&self.disk, &folder, |_| false)?;
            self.disk.remove_folder(&folder)?;
        }
        self.disk.remove(&self.work.join(SPILL_FILE))
    }

    /// Removes the work folder if only the lock is in it. Anything else belongs to a run or merge that may be
    /// resumed, and a refused run must not remove it. A failure here matters less than the refusal.
    pub fn leave_untouched(self) {
        let mut entries = fs::read_dir(&self.work).into_iter().flatten().flatten();
        if entries.all(|entry| entry.file_name() == LOCK_FILE) {
            let _ = self.leave();
        }
    }

    /// Whether there is room for a file of `bytes` that will be called `name`; if the system does not report that,
    /// there may be.
    pub fn check_room(&self, name: &str, bytes: u64) -> Result<(), Error> {
        match statvfs(&self.path) {
            Ok(room) if room.f_bavail.saturating_mul(room.f_frsize) < bytes => {
                Err(Error::output("write", &self.path.join(name), io::ErrorKind::StorageFull.into()))
            }
            _ => Ok(()),
        }
    }

    /// A new file that will be called `name` when it is published; it is removed if it never is.
    pub fn create(&self, name: &'static str) -> Result<PendingFile, Error> {
        let temporary = self.path.join(temporary_name(name));
        self.disk.remove(&temporary)?;
        let file = Summed::new(self.disk.create(&temporary)?);
        Ok(PendingFile { file, target: self.path.join(name), remove: Some(temporary) })
    }

    /// Removes the files in the work folder, except the lock, the note of the spill folder and those that `keep`
    /// accepts. The manifest is removed first and durably, because it must not outlive the files that it refers to.
    pub fn clear(&self, keep: impl Fn(&str) -> bool) -> Result<(), Error> {
        let manifest = self.work.join(MANIFEST_FILE);
        if !keep(MANIFEST_FILE) && manifest.symlink_metadata().is_ok() {
            self.disk.remove(&manifest)?;
            self.disk.sync_folder(&self.work)?;
        }
        clear_folder(&self.disk, &self.work, |name| [LOCK_FILE, SPILL_FILE].contains(&name) || keep(name))
    }

    /// Makes the names in the folder durable.
    pub fn sync(&self) -> Result<(), Error> {
        self.disk.sync_folder(&self.path)
    }

    /// Removes spill and work folder, so that only the published files of the run are left. Removes as much as it can
    /// even if something fails; the error is the first one.
    pub fn leave(self) -> Result<(), Error> {
        let (lock, in_hand) = (self.work.join(LOCK_FILE), self.work.join(IN_HAND_FOLDER));
        let emptied = first_error([
            self.end_spill(),
            clear_folder(&self.disk, &in_hand, |_| false),
            self.disk.remove_folder(&in_hand),
            clear_folder(&self.disk, &self.work, |name| [LOCK_FILE, SPILL_FILE].contains(&name)),
            // Any process that opened the lock file before this notices that the file is gone, and tries again.
            self.disk.remove(&lock),
        ]);
        // Some file systems keep a removed file in its folder, under a hidden name, as long as it is open.
        drop(self.lock);
        let removed = match self.disk.remove_folder(&self.work) {
            // Another run has taken over the folder.
            Err(_) if lock.exists() => Ok(()),
            removed => removed,
        };
        first_error([emptied, removed])
    }
}

/// Whether a file of that name, in the work folder, has what a run in its own process has found out about rows.
pub fn is_isolation_file(name: &str) -> bool {
    [QUARANTINE_FILE, GIVEN_UP_FILE, ROW_TIMES_FILE].iter().any(|file| name.ends_with(file))
}

/// The quarantines of files of known molecules, in the work folder.
pub fn known_quarantines(work: &Path) -> Vec<PathBuf> {
    let names = fs::read_dir(work).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_known = |name: &str| name.strip_suffix(QUARANTINE_FILE).is_some_and(|label| !label.is_empty());
    names.filter(|path| path.file_name().and_then(OsStr::to_str).is_some_and(is_known)).collect()
}

/// The crash record of a worker, in the folder of the crash records.
pub fn crash_record(in_hand: &Path, worker: usize) -> PathBuf {
    in_hand.join(worker.to_string())
}

/// The first error of several steps, all of which were tried.
fn first_error(steps: impl IntoIterator<Item = Result<(), Error>>) -> Result<(), Error> {
    steps.into_iter().fold(Ok(()), Result::and)
}

/// The spill folder of the run with the work folder `work` inside a scratch folder, according to its note.
pub fn noted_spill_folder(disk: &Disk, work: &Path) -> Result<Option<PathBuf>, Error> {
    let note = work.join(SPILL_FILE);
    if note.symlink_metadata().is_err() {
        return Ok(None);
    }
    Ok(Some(OsString::from_vec(disk.read(&note)?).into()))
}

/// Removes every file in a folder that `keep` does not accept and that can be removed; subfolders stay.
pub fn clear_folder(disk: &Disk, folder: &Path, keep: impl Fn(&str) -> bool) -> Result<(), Error> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let doomed = entries.filter(|entry| {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        !is_folder && !keep(&entry.file_name().to_string_lossy())
    });
    let doomed: Vec<PathBuf> = doomed.map(|entry| entry.path()).collect();
    first_error(doomed.iter().map(|path| disk.remove(path)))
}

/// The lock of the work folder of `outdir`; `None` if its file was removed in the meantime.
fn work_lock(path: &Path, outdir: &Path) -> Result<Option<File>, Error> {
    let started = Instant::now();
    lock(path, &mut || {
        if started.elapsed() >= LOCK_PATIENCE {
            return Err(Error::OutputLocked { path: outdir.to_owned() });
        }
        sleep(LOCK_PAUSE);
        Ok(())
    })
}

/// Name of the spill folder of a run into `outdir`, inside a scratch folder that runs may share.
fn spill_name(outdir: &Path) -> Result<String, Error> {
    let own = fs::canonicalize(outdir).map_err(|error| Error::output("open", outdir, error))?;
    Ok(format!("xform-native-{:016x}", xxh3_64(own.as_os_str().as_encoded_bytes())))
}

/// The names under which the results of a run are exported and shown in its output folder. Those of an earlier run are removed
/// with it, so that they are not taken for the new one's, but they are no reason to refuse a folder.
fn derived_names() -> impl Iterator<Item = String> {
    let stem = PRODUCTS_FILE.split('.').next().unwrap_or_default();
    let exports = Format::ALL.into_iter().map(move |format| format!("{stem}.{}", format.facts().name));
    exports.chain(PAGES.map(str::to_owned))
}

fn temporary_name(name: &str) -> OsString {
    format!(".{name}.tmp").into()
}

/// Whether a merge was killed here, provided that none is in progress. It may already have renamed some files.
fn holds_killed_merge(path: &Path) -> bool {
    path.join(WORK_FOLDER).join(MERGE_FILE).exists() && !path.join(SUMMARY_FILE).exists()
}

/// Files of an earlier run that are worth keeping: final names, or a manifest to resume from. A folder that is
/// missing or unreadable has none; creating the files will report the reason.
fn traces(path: &Path) -> Vec<String> {
    let manifest = format!("{WORK_FOLDER}/{MANIFEST_FILE}");
    let names = FINAL_NAMES.iter().map(|&name| name.to_owned()).chain([manifest]);
    names.filter(|name| path.join(name).symlink_metadata().is_ok()).collect()
}

/// A file with its temporary name; it is removed when dropped without [`PendingFile::seal`] and
/// [`SealedFile::publish`].
#[derive(Debug)]
pub struct PendingFile {
    file: Summed<DiskFile>,
    target: PathBuf,
    remove: Option<PathBuf>,
}

impl Write for PendingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for PendingFile {
    fn drop(&mut self) {
        if let Some(path) = self.remove.take() {
            // The next run would remove it too.
            let _ = fs::remove_file(path);
        }
    }
}

impl PendingFile {
    /// The name that the file will have.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Makes the content durable and reads it back, to compare it with what was written; `stop_check` is called meanwhile.
    pub fn seal(
        self,
        folder: &OutputFolder,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<SealedFile, Error> {
        let written = self.file.get_ref();
        written.sync()?;
        let mut read = Summed::new(folder.disk.open(written.path())?);
        let content = Content::of_while(&mut read, &mut || stop_check())?;
        let is_same = |content| if read.sum() == self.file.sum() { Ok(content) } else { Err(changed()) };
        let content = content.and_then(is_same);
        let content = content.map_err(|error| Error::output("read back", &self.target, error))?;
        Ok(SealedFile { pending: self, content })
    }
}

/// A file whose content is durable and verified, but which does not have its final name yet.
#[derive(Debug)]
pub struct SealedFile {
    pending: PendingFile,
    content: Content,
}

impl SealedFile {
    /// The current path of the content.
    pub fn temporary(&self) -> &Path {
        self.pending.file.get_ref().path()
    }

    /// Gives the file its final name, durably.
    pub fn publish(self, folder: &OutputFolder) -> Result<Content, Error> {
        let content = self.rename(folder)?;
        folder.sync()?;
        Ok(content)
    }

    /// Gives the file its final name, which a power cut may undo until the folder is synced.
    pub fn rename(mut self, folder: &OutputFolder) -> Result<Content, Error> {
        folder.disk.rename(self.temporary(), &self.pending.target)?;
        self.pending.remove = None;
        Ok(self.content)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::disk::{Call, Gate};

    fn enter(path: &Path, entry: Entry) -> Result<OutputFolder, Error> {
        OutputFolder::enter(&Disk::default(), &visit(path, entry))
    }

    fn visit(outdir: &Path, entry: Entry) -> Visit<'_> {
        Visit { outdir, entry, scratch: None, reads: vec![] }
    }

    fn names(path: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_when_it_is_published_and_only_then() {
        let outer = tempfile::tempdir().unwrap();
        let path = outer.path().join("a/b");
        let folder = enter(&path, Entry::New).unwrap();
        let mut pending = folder.create(PRODUCTS_FILE).unwrap();
        pending.write_all(b"abc").unwrap();
        assert!(!path.join(PRODUCTS_FILE).exists());
        let read = pending.seal(&folder, &|| Ok(())).unwrap().publish(&folder).unwrap();
        assert_eq!(read.bytes, 3);
        assert_eq!(read.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(fs::read(path.join(PRODUCTS_FILE)).unwrap(), b"abc");
        drop(folder.create(REJECTS_FILE).unwrap());
        folder.leave().unwrap();
        assert_eq!(names(&path), [PRODUCTS_FILE], "neither a temporary file nor a work folder is left");
    }

    #[test]
    fn what_is_read_back_must_be_what_was_written() {
        let outer = tempfile::tempdir().unwrap();
        let folder = enter(outer.path(), Entry::New).unwrap();
        for change in [&b"abd"[..], b"ab", b""] {
            let mut pending = folder.create(PRODUCTS_FILE).unwrap();
            pending.write_all(b"abc").unwrap();
            fs::write(outer.path().join(temporary_name(PRODUCTS_FILE)), change).unwrap();
            let error = pending.seal(&folder, &|| Ok(())).unwrap_err();
            assert_eq!(error.code(), "XFORM_OUTPUT_FAILED");
            let text = error.to_string();
            assert!(
                text.contains("products.parquet") && text.contains("differs from what was written"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_request_to_stop_ends_the_reading_back() {
        let outer = tempfile::tempdir().unwrap();
        let folder = enter(outer.path(), Entry::New).unwrap();
        let pending = folder.create(PRODUCTS_FILE).unwrap();
        let error = pending.seal(&folder, &|| Err(Error::internal("stop"))).unwrap_err();
        assert!(error.to_string().contains("stop"), "{error}");
        assert_eq!(names(outer.path()), [WORK_FOLDER], "no temporary file is left");
    }

    #[test]
    fn an_earlier_run_is_replaced_on_request_only() {
        let outer = tempfile::tempdir().unwrap();
        for name in [SUMMARY_FILE, ".products.parquet.tmp", "mine.txt"] {
            fs::write(outer.path().join(name), "x").unwrap();
        }
        let error = enter(outer.path(), Entry::New).unwrap_err();
        assert_eq!(error.code(), "XFORM_OUTPUT_EXISTS");
        assert!(error.to_string().contains("--force"), "{error}");
        assert_eq!(names(outer.path()).len(), 3, "a refusal changes nothing");
        enter(outer.path(), Entry::Force).unwrap().leave().unwrap();
        assert_eq!(names(outer.path()), ["mine.txt"], "files that are not ours stay");
    }

    /// Records what is removed and synced, by name.
    #[derive(Default)]
    struct Noted(Mutex<Vec<String>>);

    impl Gate for Noted {
        fn before(&self, _call: Call<'_>) -> io::Result<Option<usize>> {
            Ok(None)
        }

        fn after(&self, call: Call<'_>) {
            let (what, path) = match call {
                Call::Remove(path) => ("remove", path),
                Call::SyncFolder(path) => ("sync", path),
                _ => return,
            };
            let name = path.file_name().unwrap().to_string_lossy();
            self.0.lock().unwrap().push(format!("{what} {name}"));
        }
    }

    #[test]
    fn the_manifest_goes_for_good_before_what_it_tells_of() {
        let outer = tempfile::tempdir().unwrap();
        let work = outer.path().join(WORK_FOLDER);
        fs::create_dir(&work).unwrap();
        for name in ["a", "b", MANIFEST_FILE, "y", "z"] {
            fs::write(work.join(name), "x").unwrap();
        }
        let noted = Arc::new(Noted::default());
        OutputFolder::enter(&Disk::gated(noted.clone()), &visit(outer.path(), Entry::Force)).unwrap();
        assert_eq!(names(&work), [LOCK_FILE]);
        let noted = noted.0.lock().unwrap();
        let at = |call: &str| noted.iter().position(|noted| noted == call).unwrap();
        let (manifest, synced) = (at("remove manifest.jsonl"), at("sync .xform-native"));
        let others = ["a", "b", "y", "z"].map(|name| at(&format!("remove {name}")));
        assert!(manifest < synced && others.iter().all(|&other| synced < other), "{noted:?}");
    }

    #[test]
    fn a_file_in_place_of_the_folder_is_refused() {
        let outer = tempfile::NamedTempFile::new().unwrap();
        for path in [outer.path().to_owned(), outer.path().join("below")] {
            let error = enter(&path, Entry::Force).unwrap_err();
            assert_eq!(error.code(), "XFORM_OUTPUT_FAILED", "{error}");
            assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        }
    }

    #[test]
    fn a_link_in_place_of_a_file_is_replaced_and_not_followed() {
        let outer = tempfile::tempdir().unwrap();
        let (path, elsewhere) = (outer.path().join("out"), outer.path().join("elsewhere"));
        let folder = enter(&path, Entry::New).unwrap();
        fs::write(&elsewhere, "mine").unwrap();
        std::os::unix::fs::symlink(&elsewhere, path.join(PRODUCTS_FILE)).unwrap();
        folder.create(PRODUCTS_FILE).unwrap().seal(&folder, &|| Ok(())).unwrap().publish(&folder).unwrap();
        assert_eq!(fs::read(&elsewhere).unwrap(), b"mine");
        assert!(path.join(PRODUCTS_FILE).symlink_metadata().unwrap().is_file());
    }

    #[test]
    fn one_process_at_a_time() {
        let outer = tempfile::tempdir().unwrap();
        let first = enter(outer.path(), Entry::New).unwrap();
        let error = enter(outer.path(), Entry::Resume).unwrap_err();
        assert_eq!(error.code(), "XFORM_OUTPUT_LOCKED");
        drop(first);
        enter(outer.path(), Entry::New).unwrap().leave().unwrap();
        assert!(names(outer.path()).is_empty());
    }

    #[test]
    fn a_link_in_place_of_the_work_folder_is_refused() {
        let outer = tempfile::tempdir().unwrap();
        let (path, elsewhere) = (outer.path().join("out"), outer.path().join("elsewhere"));
        fs::create_dir_all(&path).unwrap();
        fs::create_dir_all(&elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, path.join(WORK_FOLDER)).unwrap();
        let error = enter(&path, Entry::Force).unwrap_err();
        assert!(error.to_string().contains("link"), "{error}");
        assert!(names(&elsewhere).is_empty());
    }
}
