//! A thread that adds up the CPU time of the rows in progress, in all processes of a run, until a row exceeds its limit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

use super::row_files::RowFiles;
use crate::control::Control;
use crate::disk::Disk;
use crate::engine::{Engine, InHand, Step};
use crate::error::Error;
use crate::events::{Event, Failure, OnEvent};
use crate::journal::{with_checksum, without_checksum};
use crate::options::ApplyOptions;
use crate::output::folder::{IN_HAND_FOLDER, OutputFolder, crash_record};
use crate::platform::thread_seconds;
use crate::spawn::spawn;

const SHORTEST_INTERVAL_SECONDS: f64 = 0.25;
const LONGEST_INTERVAL_SECONDS: f64 = 1.0;
/// The share of its limit from which on the time of a row is worth a write.
const NOTED_SHARE: f64 = 0.05;

/// What a row's time is spent on: the row, and whether it is its recheck, which has its own time.
type Making = (u64, bool);

/// CPU time in seconds.
pub type Times = BTreeMap<Making, f64>;

/// What a worker is spending time on.
pub fn making(row: &InHand) -> Making {
    (row.source_row, row.step == Step::Recheck)
}

/// The rows to watch, and the receiver of the result.
pub struct RowWatch<'a> {
    engine: &'a dyn Engine,
    records: Vec<PathBuf>,
    limit_seconds: f64,
    on_event: &'a OnEvent,
    /// The file that passes the times to the next process, and its disk.
    file: Option<(Disk, PathBuf)>,
    /// Times in earlier processes, except of rows that this process has finished.
    earlier: Times,
    latest: Times,
}

impl<'a> RowWatch<'a> {
    /// A watch on the rows in these crash records, whose times start at 0.
    pub fn new(
        engine: &'a dyn Engine,
        records: Vec<PathBuf>,
        limit_seconds: f64,
        on_event: &'a OnEvent,
    ) -> Self {
        let (earlier, latest) = (Times::new(), Times::new());
        Self { engine, records, limit_seconds, on_event, file: None, earlier, latest }
    }

    /// A watch on the workers of a run into `folder`, which adds to the times of earlier processes. `None` without a
    /// supervisor, who would have to kill the process.
    pub fn of_run(
        control: &'a Control,
        folder: &OutputFolder,
        files: RowFiles,
        options: &ApplyOptions,
        engine: &'a dyn Engine,
    ) -> Result<Option<Self>, Error> {
        let Some(on_event) = control.on_event.as_deref().filter(|_| options.isolate) else { return Ok(None) };
        let in_hand = folder.work().join(IN_HAND_FOLDER);
        let records = (0..options.workers).map(|worker| crash_record(&in_hand, worker)).collect();
        Ok(Some(Self {
            earlier: read_times(folder.disk(), &files.times)?,
            file: Some((folder.disk().clone(), files.times)),
            ..Self::new(engine, records, control.row_limit_seconds, on_event)
        }))
    }

    /// Checks until `stopped`. Returns whether it has reported a row over the limit, or an error: without a limit, a row
    /// could block the run for ever.
    fn run(mut self, stopped: &Receiver<()>) -> bool {
        let interval = (self.limit_seconds / 4.0).clamp(SHORTEST_INTERVAL_SECONDS, LONGEST_INTERVAL_SECONDS);
        let interval = Duration::from_secs_f64(interval);
        while stopped.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
            let event = match self.is_overdue() {
                Ok(false) => continue,
                Ok(true) => Event::Overdue,
                Err(error) => Event::Failed { error: Failure::from(&error) },
            };
            (self.on_event)(&event);
            return true;
        }
        false
    }

    /// Updates the times. If a row has exceeded the limit, the file contains its time.
    fn is_overdue(&mut self) -> Result<bool, Error> {
        let mut now = Times::new();
        for record in &self.records {
            if let Some(row) = self.engine.in_hand(record)? {
                let making = making(&row);
                let earlier = self.earlier.get(&making).unwrap_or(&0.0);
                now.insert(making, earlier + (thread_seconds(row.thread) - row.began_seconds).max(0.0));
            }
        }
        self.earlier.retain(|making, _| !self.latest.contains_key(making) || now.contains_key(making));
        let longest = now.values().copied().fold(0.0, f64::max);
        if let Some((disk, path)) = self.file.as_ref().filter(|_| longest >= self.limit_seconds * NOTED_SHARE)
        {
            let mut all = self.earlier.clone();
            all.extend(&now);
            write_times(disk, path, &all)?;
        }
        self.latest = now;
        Ok(longest > self.limit_seconds)
    }
}

/// Does `work`, with a `watch` if there is one and it has a limit.
///
/// # Errors
/// Those of `work`; an internal error if the watch has reported something, since the parent is about to kill this process.
pub fn watched<T>(watch: Option<RowWatch<'_>>, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let Some(watch) = watch.filter(|watch| watch.limit_seconds > 0.0) else { return work() };
    let (stop, stopped) = bounded::<()>(0);
    thread::scope(|scope| {
        let watching = spawn(scope, "xform-clock", move || watch.run(&stopped))?;
        let done = work();
        drop(stop);
        if watching.join().unwrap_or(true) { Err(Error::internal("a row took too long")) } else { done }
    })
}

/// The times in the file at `path`. A file that a power cut has damaged is ignored: at worst, a row has its full time once
/// more.
pub fn read_times(disk: &Disk, path: &Path) -> Result<Times, Error> {
    if path.symlink_metadata().is_err() {
        return Ok(Times::new());
    }
    let bytes = disk.read(path)?;
    let json = std::str::from_utf8(&bytes).ok().and_then(without_checksum);
    let times: Vec<(Making, f64)> = json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    Ok(times.into_iter().collect())
}

fn write_times(disk: &Disk, path: &Path, times: &Times) -> Result<(), Error> {
    let times: Vec<(&Making, &f64)> = times.iter().collect();
    let json =
        serde_json::to_string(&times).map_err(|error| Error::internal(format!("row times: {error}")))?;
    let temporary = path.with_extension("new");
    disk.remove(&temporary)?;
    disk.create(&temporary)?.append(with_checksum(&json).as_bytes())?;
    disk.rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Mutex;

    use super::*;
    use crate::engine::{EngineVersion, Worker};

    /// An engine whose only worker is the calling thread, on this row for this long.
    #[derive(Default)]
    struct Busy(Mutex<Option<(u64, Step, f64)>>);

    impl Engine for Busy {
        fn version(&self) -> EngineVersion {
            EngineVersion { name: "busy".into(), version: "1".into() }
        }

        fn product_templates(&self) -> &[u64] {
            &[]
        }

        fn worker(&self, _: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
            Err(Error::internal("none"))
        }

        fn in_hand(&self, _: &Path) -> Result<Option<InHand>, Error> {
            let Some((source_row, step, seconds)) = *self.0.lock().unwrap() else { return Ok(None) };
            let own = fs::read_link("/proc/thread-self").unwrap();
            let thread = own.file_name().unwrap().to_str().unwrap().parse().unwrap();
            Ok(Some(InHand { source_row, step, thread, began_seconds: -seconds }))
        }
    }

    #[test]
    fn the_time_of_a_row_survives_its_process_and_is_forgotten_with_the_row() {
        let folder = tempfile::tempdir().unwrap();
        let (disk, path) = (Disk::default(), folder.path().join("row-times.json"));
        let (engine, limit, on_event) = (Busy::default(), 100.0, |_: &Event<'_>| {});
        let watch = || RowWatch {
            earlier: read_times(&disk, &path).unwrap(),
            file: Some((disk.clone(), path.clone())),
            ..RowWatch::new(&engine, vec!["0".into()], limit, &on_event)
        };
        let look = |watch: &mut RowWatch<'_>, row: Option<(u64, f64)>| {
            *engine.0.lock().unwrap() = row.map(|(row, seconds)| (row, Step::Read, seconds));
            watch.is_overdue().unwrap()
        };
        assert!(!look(&mut watch(), Some((4, 2.0))) && !path.exists(), "the share is too small for a write");
        assert!(!look(&mut watch(), Some((4, 60.0))));
        let noted = read_times(&disk, &path).unwrap();
        assert!(noted.len() == 1 && (60.0..100.0).contains(&noted[&(4, false)]), "{noted:?}");

        let mut later = watch();
        assert!(!look(&mut later, Some((5, 60.0))) && look(&mut later, Some((4, 50.0))));
        assert!(read_times(&disk, &path).unwrap()[&(4, false)] > limit, "for the judge");
        let mut finished = watch();
        assert!(look(&mut finished, Some((4, 0.0))) && !look(&mut finished, None));
        assert!(!look(&mut finished, Some((4, 50.0))), "the row was finished in between");
    }

    #[test]
    fn a_recheck_has_its_own_time() {
        let (engine, on_event) = (Busy::default(), |_: &Event<'_>| {});
        let mut watch = RowWatch::new(&engine, vec!["0".into()], 100.0, &on_event);
        watch.earlier = [((4, false), 90.0)].into();
        for (step, is_overdue) in [(Step::Recheck, false), (Step::Transform(1), true)] {
            *engine.0.lock().unwrap() = Some((4, step, 60.0));
            assert_eq!(watch.is_overdue().unwrap(), is_overdue, "{step:?}");
        }
    }

    #[test]
    fn times_that_have_changed_are_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("row-times.json");
        let line = with_checksum("[[[4,true],59.9]]");
        fs::write(&path, &line).unwrap();
        assert_eq!(read_times(&Disk::default(), &path).unwrap(), Times::from([((4, true), 59.9)]));
        fs::write(&path, line.replacen('4', "5", 1)).unwrap();
        assert_eq!(read_times(&Disk::default(), &path).unwrap(), Times::new());
    }
}
