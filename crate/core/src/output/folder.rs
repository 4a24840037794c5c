//! The output folder: files appear in it under their final names only when they are complete.
//!
//! While a run goes on its files lie in a work folder inside it, which one process at a time may use.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, OFlags, flock, statvfs};
use xxhash_rust::xxh3::xxh3_64;

use super::disk::{Disk, DiskFile};
use super::spared::{files_below, refuse_if_read};
use super::summed::Summed;
use super::{PRODUCTS_FILE, REJECTS_FILE, SUMMARY_FILE};
use crate::content::{Content, changed};
use crate::error::Error;
use crate::options::ApplyOptions;

/// All final names, in the order in which a new run removes them: a folder without a summary is unfinished.
const FINAL_NAMES: [&str; 3] = [SUMMARY_FILE, PRODUCTS_FILE, REJECTS_FILE];
/// Where the files of an unfinished run lie, inside the output folder.
pub const WORK_FOLDER: &str = ".xform-native";
/// What a run can be resumed from, in the work folder. Without it the work folder holds nothing of worth.
pub const MANIFEST_FILE: &str = "manifest.jsonl";
/// Rows that crashed the process, in the work folder; the supervisor writes it.
pub const QUARANTINE_FILE: &str = "quarantine.jsonl";
/// What a supervisor writes to the work folder for its run: the quarantine, and the CPU time that rows have taken so far.
pub const SUPERVISOR_FILES: [&str; 2] = [QUARANTINE_FILE, "row-times.json"];
/// Whose the quarantine is, in the work folder, until there is a manifest.
pub const CLAIM_FILE: &str = "run.json";
/// Folder of the crash records, in the work folder.
pub const IN_HAND_FOLDER: &str = "in-hand";
/// Says that a merge is going on, in the work folder: what stands there under final names is that merge's, if no summary does.
pub const MERGE_FILE: &str = "merge";
const LOCK_FILE: &str = "lock";
/// Names the spill folder, if that is not the work folder.
const SPILL_FILE: &str = "scratch";
/// How long to wait for the lock: the child of a supervisor that was killed lives on for up to 1.5 s.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// What to do with an earlier run in the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Refuse.
    New,
    /// Remove it.
    Force,
    /// Go on where it ended.
    Resume,
    /// Refuse, but remove what a merge has left that was killed.
    Merge,
}

/// A run or merge that asks for its folder.
#[derive(Debug, Clone)]
pub struct Visit<'a> {
    /// The output folder.
    pub outdir: &'a Path,
    /// What to do with an earlier run in it.
    pub entry: Entry,
    /// The folder to spill to, if that is not the output folder.
    pub scratch: Option<&'a Path>,
    /// The files that are read.
    pub reads: Vec<&'a Path>,
}

impl<'a> Visit<'a> {
    /// What the options of a run ask for.
    pub fn of(options: &'a ApplyOptions) -> Self {
        let entry = match (options.force, options.resume) {
            (true, _) => Entry::Force,
            (_, true) => Entry::Resume,
            _ => Entry::New,
        };
        let reads = vec![options.input.as_path(), &options.xf_config];
        Self { outdir: &options.outdir, entry, scratch: options.scratch.as_deref(), reads }
    }

    /// Refuses to remove or replace a file that is read.
    fn spare_what_is_read(&self) -> Result<(), Error> {
        let work = self.outdir.join(WORK_FOLDER);
        let finals = FINAL_NAMES.iter().flat_map(|name| [name.into(), temporary_name(name)]);
        let noted = fs::read(work.join(SPILL_FILE)).ok().map(|note| OsString::from_vec(note).into());
        let own_name = spill_name(self.outdir).ok();
        let own = self.scratch.zip(own_name.as_ref()).map(|(scratch, name)| scratch.join(name));
        // A note that names a folder of another kind is not believed.
        let noted = noted.filter(|noted: &PathBuf| noted.file_name() == own_name.as_deref().map(OsStr::new));
        let folders = [Some(work), noted, own].into_iter().flatten();
        let doomed = finals.map(|name| self.outdir.join(name)).chain(folders.flat_map(files_below));
        refuse_if_read(&self.reads, doomed)
    }
}

/// A folder that this process may write to, and no other.
#[derive(Debug)]
pub struct OutputFolder {
    disk: Disk,
    path: PathBuf,
    work: PathBuf,
    lock: File,
}

impl OutputFolder {
    /// Whether a run may use the folder, without touching it.
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

    /// Makes and locks the folder and makes it ready: with [`Entry::Force`] nothing of an earlier run is left, with
    /// [`Entry::Resume`] all but its temporary files, with [`Entry::Merge`] nothing of a killed merge.
    pub fn enter(disk: &Disk, visit: &Visit<'_>) -> Result<Self, Error> {
        // Before there is a lock, since a lock may replace a file.
        visit.spare_what_is_read()?;
        let (path, entry) = (visit.outdir, visit.entry);
        disk.create_folder_above(path)?;
        let work = path.join(WORK_FOLDER);
        let lock = loop {
            disk.create_folder(&work)?;
            if let Some(lock) = lock(&work.join(LOCK_FILE), path)? {
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
            finals.filter(|file| file.symlink_metadata().is_ok()).try_for_each(|file| disk.remove(&file))?;
            disk.sync_folder(path)?;
            folder.clear(|_| false)?;
        }
        let temporary = FINAL_NAMES.iter().map(|name| path.join(temporary_name(name)));
        temporary.into_iter().try_for_each(|file| disk.remove(&file))?;
        Ok(folder)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The work folder.
    pub fn work(&self) -> &Path {
        &self.work
    }

    /// The disk it lies on.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// Whether a run has ended here.
    pub fn is_finished(&self) -> bool {
        self.path.join(SUMMARY_FILE).symlink_metadata().is_ok()
    }

    /// Whether nothing stands there that is worth anything.
    pub fn holds_nothing(&self) -> bool {
        traces(&self.path).is_empty()
    }

    /// Where a run into this folder spills that begins: the work folder, or an empty one of its own inside `scratch`, of
    /// which there is a note in the work folder. That of an earlier run is removed.
    pub fn begin_spill(&self, scratch: Option<&Path>) -> Result<PathBuf, Error> {
        self.end_spill()?;
        let Some(scratch) = scratch else { return Ok(self.work.clone()) };
        self.disk.create_folder_above(scratch)?;
        let scratch = fs::canonicalize(scratch).map_err(|error| Error::output("open", scratch, error))?;
        let folder = scratch.join(spill_name(&self.path)?);
        // Before the folder is there, so that there is none that nobody knows of.
        let mut note = self.disk.create(&self.work.join(SPILL_FILE))?;
        note.append(folder.as_os_str().as_bytes())?;
        note.sync()?;
        self.disk.sync_folder(&self.work)?;
        self.disk.create_folder(&folder)?;
        clear_folder(&self.disk, &folder, |_| false)?;
        Ok(folder)
    }

    /// The folder inside a scratch folder where an earlier run has spilled, by its note.
    pub fn noted_spill_folder(&self) -> Result<Option<PathBuf>, Error> {
        noted_spill_folder(&self.disk, &self.work)
    }

    /// Whether `folder` can be what [`Self::begin_spill`] gave an earlier run: what is in it may be removed.
    pub fn is_own_spill_folder(&self, folder: &Path) -> Result<bool, Error> {
        let is_folder = folder.symlink_metadata().is_ok_and(|found| found.is_dir());
        Ok(is_folder && folder.file_name() == Some(OsStr::new(&spill_name(&self.path)?)))
    }

    /// Removes the noted spill folder. A note is not believed when it names a folder that is not one of ours.
    fn end_spill(&self) -> Result<(), Error> {
        let Some(folder) = self.noted_spill_folder()? else { return Ok(()) };
        if self.is_own_spill_folder(&folder)? {
            clear_folder(&self.disk, &folder, |_| false)?;
            self.disk.remove_folder(&folder)?;
        }
        self.disk.remove(&self.work.join(SPILL_FILE))
    }

    /// Removes the work folder if nothing but the lock is in it. What else is there is of a run or merge that may go on, and
    /// not for one to remove that is refused. A failure matters less than the refusal.
    pub fn leave_untouched(self) {
        let mut entries = fs::read_dir(&self.work).into_iter().flatten().flatten();
        if entries.all(|entry| entry.file_name() == LOCK_FILE) {
            let _ = self.leave();
        }
    }

    /// Whether there is room for a file of `bytes` that will be `name`; where the system does not say, it is tried.
    pub fn check_room(&self, name: &str, bytes: u64) -> Result<(), Error> {
        match statvfs(&self.path) {
            Ok(room) if room.f_bavail.saturating_mul(room.f_frsize) < bytes => {
                Err(Error::output("write", &self.path.join(name), io::ErrorKind::StorageFull.into()))
            }
            _ => Ok(()),
        }
    }

    /// A new file that will be `name` when it is published, and is removed if it never is.
    pub fn create(&self, name: &'static str) -> Result<PendingFile, Error> {
        let temporary = self.path.join(temporary_name(name));
        self.disk.remove(&temporary)?;
        let file = Summed::new(self.disk.create(&temporary)?);
        Ok(PendingFile { file, target: self.path.join(name), remove: Some(temporary) })
    }

    /// Removes the files in the work folder but for the lock, the note of the spill folder and what `keep` names: the
    /// manifest first, and for good, since it must not outlive what it tells of.
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

    /// Removes spill and work folder: nothing of the run is left but what was published. What can go goes, whatever cannot; the
    /// error is the first one.
    pub fn leave(self) -> Result<(), Error> {
        let (lock, in_hand) = (self.work.join(LOCK_FILE), self.work.join(IN_HAND_FOLDER));
        let emptied = first_error([
            self.end_spill(),
            clear_folder(&self.disk, &in_hand, |_| false),
            self.disk.remove_folder(&in_hand),
            clear_folder(&self.disk, &self.work, |name| [LOCK_FILE, SPILL_FILE].contains(&name)),
            // Whoever opened the lock file before this finds that it is no longer there, and begins again.
            self.disk.remove(&lock),
        ]);
        // Some file systems keep a removed file in its folder, under a hidden name, as long as it is open.
        drop(self.lock);
        let removed = match self.disk.remove_folder(&self.work) {
            // Another run has moved in.
            Err(_) if lock.exists() => Ok(()),
            removed => removed,
        };
        first_error([emptied, removed])
    }
}

/// The first error of steps that were all tried.
fn first_error(steps: impl IntoIterator<Item = Result<(), Error>>) -> Result<(), Error> {
    steps.into_iter().fold(Ok(()), Result::and)
}

/// The folder inside a scratch folder where the run of the work folder `work` has spilled, by its note.
pub fn noted_spill_folder(disk: &Disk, work: &Path) -> Result<Option<PathBuf>, Error> {
    let note = work.join(SPILL_FILE);
    if note.symlink_metadata().is_err() {
        return Ok(None);
    }
    Ok(Some(OsString::from_vec(disk.read(&note)?).into()))
}

/// Removes the files in a folder that `keep` does not name, each that can be removed; folders in it stay.
pub fn clear_folder(disk: &Disk, folder: &Path, keep: impl Fn(&str) -> bool) -> Result<(), Error> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let doomed = entries.filter(|entry| {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        !is_folder && !keep(&entry.file_name().to_string_lossy())
    });
    let doomed: Vec<PathBuf> = doomed.map(|entry| entry.path()).collect();
    first_error(doomed.iter().map(|path| disk.remove(path)))
}

/// The lock, `None` if its file was removed meanwhile. A dead process holds none.
fn lock(path: &Path, outdir: &Path) -> Result<Option<File>, Error> {
    let failed = |error: io::Error| Error::output("lock", path, error);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).custom_flags(OFlags::NOFOLLOW.bits() as i32);
    let file = options.open(path).map_err(failed)?;
    let started = Instant::now();
    loop {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => break,
            Err(rustix::io::Errno::WOULDBLOCK) if started.elapsed() < LOCK_PATIENCE => sleep(LOCK_PAUSE),
            Err(rustix::io::Errno::WOULDBLOCK) => {
                return Err(Error::OutputLocked { path: outdir.to_owned() });
            }
            Err(error) => return Err(failed(error.into())),
        }
    }
    let held = file.metadata().map_err(failed)?.ino();
    let is_there = fs::symlink_metadata(path).is_ok_and(|found| found.ino() == held);
    Ok(is_there.then_some(file))
}

/// Name of the folder of a run into `outdir` inside a scratch folder, which others may share.
fn spill_name(outdir: &Path) -> Result<String, Error> {
    let own = fs::canonicalize(outdir).map_err(|error| Error::output("open", outdir, error))?;
    Ok(format!("xform-native-{:016x}", xxh3_64(own.as_os_str().as_encoded_bytes())))
}

fn temporary_name(name: &str) -> OsString {
    format!(".{name}.tmp").into()
}

/// Whether a merge was killed there, if none is going on. It may have given names to files before.
fn holds_killed_merge(path: &Path) -> bool {
    path.join(WORK_FOLDER).join(MERGE_FILE).exists() && !path.join(SUMMARY_FILE).exists()
}

/// What an earlier run has left that is worth something: final names, or a manifest to resume from. A folder that is
/// not there or cannot be read has none: making the files will say why.
fn traces(path: &Path) -> Vec<String> {
    let manifest = format!("{WORK_FOLDER}/{MANIFEST_FILE}");
    let names = FINAL_NAMES.iter().map(|&name| name.to_owned()).chain([manifest]);
    names.filter(|name| path.join(name).symlink_metadata().is_ok()).collect()
}

/// A file under its temporary name; dropped without [`PendingFile::seal`] and [`SealedFile::publish`], it is removed.
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
            // The next run removes it too.
            let _ = fs::remove_file(path);
        }
    }
}

impl PendingFile {
    /// The name that the file will have.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Makes the content durable and reads it back, which must give what was written; `go_on` is asked meanwhile.
    pub fn seal(
        self,
        folder: &OutputFolder,
        go_on: &dyn Fn() -> Result<(), Error>,
    ) -> Result<SealedFile, Error> {
        let written = self.file.get_ref();
        written.sync()?;
        let mut read = Summed::new(folder.disk.open(written.path())?);
        let content = Content::of_while(&mut read, &mut || go_on())?;
        let is_same = |content| if read.sum() == self.file.sum() { Ok(content) } else { Err(changed()) };
        let content = content.and_then(is_same);
        let content = content.map_err(|error| Error::output("read back", &self.target, error))?;
        Ok(SealedFile { pending: self, content })
    }
}

/// A file whose content is durable and known, not yet under its final name.
#[derive(Debug)]
pub struct SealedFile {
    pending: PendingFile,
    content: Content,
}

impl SealedFile {
    /// Where the content lies now.
    pub fn temporary(&self) -> &Path {
        self.pending.file.get_ref().path()
    }

    /// Gives the file its final name, for good.
    pub fn publish(self, folder: &OutputFolder) -> Result<Content, Error> {
        let content = self.rename(folder)?;
        folder.sync()?;
        Ok(content)
    }

    /// Gives the file its final name, which a power cut may take back until the folder is synced.
    pub fn rename(mut self, folder: &OutputFolder) -> Result<Content, Error> {
        folder.disk.rename(self.temporary(), &self.pending.target)?;
        self.pending.remove = None;
        Ok(self.content)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::super::disk::{Call, Gate};
    use super::*;

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
            assert!(text.contains("products.parquet") && text.contains("not what was written"), "{text}");
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

    /// Notes what is removed and synced, by name.
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
