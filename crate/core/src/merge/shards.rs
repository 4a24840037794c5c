//! The shards of a merge, and the check that together they are one complete library.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::disk::Disk;
use crate::error::Error;
use crate::journal::{self, QuarantineCounts};
use crate::known::KnownFile;
use crate::output::metadata::{FORMAT, SHARD_KEY, TOOL, input_of, shard_of, whole_shape};
use crate::output::read_back::WrittenFile;
use crate::output::{PARENTS_FILE, PRODUCTS_FILE, REJECTS_FILE, SUMMARY_FILE};
use crate::profile::{ParentFigures, Point, Timeline};
use crate::restarts::Restarts;
use crate::shard::Shard;
use crate::summary::{MergedShard, ReadSummary, Summary};
use crate::totals::Totals;

/// How many missing shards are named at most.
const MISSING_NAMED: usize = 1_000;

/// The output folder of a shard's run.
pub struct ShardFolder {
    path: PathBuf,
    shard: Shard,
    /// Its rows of the library.
    pub source_rows: Range<u64>,
    /// The summary of its run.
    pub summary: Summary,
    /// Its products.
    pub products: WrittenFile,
    /// Its rejects.
    pub rejects: WrittenFile,
    /// Its table of parents, if it has one.
    pub parents: Option<WrittenFile>,
}

/// All shards of a library, in their order.
pub struct Shards {
    shards: Vec<ShardFolder>,
    /// Everything that shapes the result of the run over the whole library.
    pub shape: Value,
    /// Names of the transforms, in file order.
    pub names: Vec<String>,
    /// SHA-256 of the library.
    pub input_sha256: String,
    /// Rows of the library.
    pub library_rows: u64,
}

impl Shards {
    /// Checks that the shards in `folders` are finished, come from one library, were made in the same way, and are
    /// complete. Their content is checked by [`Self::check_content`], which takes longer.
    pub fn open(disk: &Disk, folders: &[PathBuf]) -> Result<Self, Error> {
        let mut found = BTreeMap::<u32, ShardFolder>::new();
        let mut first = None;
        for path in folders {
            let (shard, metadata) = ShardFolder::open(disk, path)?;
            let (first_path, first_metadata) = first.get_or_insert_with(|| (path.clone(), metadata.clone()));
            same_whole(first_path, first_metadata, path, &metadata)?;
            if let Some(other) = found.get(&shard.shard.index) {
                let (path, other) = (path.clone(), other.path.clone());
                return Err(Error::ShardRepeated { shard: shard.shard, path, other });
            }
            found.insert(shard.shard.index, shard);
        }
        let (first_path, metadata) = first.ok_or_else(|| Error::internal("a merge of no shards"))?;
        let of = shard_of(&metadata).map_or(0, |shard| shard.of);
        let count = of - found.len() as u32;
        if count > 0 {
            // A shard may claim to be one of thousands of millions; only as many are listed as somebody would read.
            let missing = (1..=of).filter(|index| !found.contains_key(index)).take(MISSING_NAMED);
            let shards = missing.map(|index| Shard { index, of }).collect();
            return Err(Error::ShardMissing { shards, count });
        }
        let damaged =
            |reason: &str| Error::ShardDamaged { path: first_path.clone(), reason: reason.to_owned() };
        let names = metadata["transforms"].as_array().into_iter().flatten();
        let names: Option<Vec<String>> =
            names.map(|transform| Some(transform["name"].as_str()?.to_owned())).collect();
        let (input_sha256, library_rows) =
            input_of(&metadata).ok_or_else(|| damaged("its metadata names no library"))?;
        Ok(Self {
            shards: found.into_values().collect(),
            names: names.ok_or_else(|| damaged("its metadata names no transforms"))?,
            input_sha256: input_sha256.to_owned(),
            library_rows,
            shape: whole_shape(&metadata),
        })
    }

    /// The first shard; all have the same shape.
    pub fn first(&self) -> &ShardFolder {
        &self.shards[0]
    }

    /// All shards, in their order.
    pub fn all(&self) -> &[ShardFolder] {
        &self.shards
    }

    /// The files that the merge reads.
    pub fn files(&self) -> Vec<PathBuf> {
        let of_shard = |shard: &ShardFolder| {
            let tables = shard.summary.files.named().map(|(name, _)| shard.path.join(name));
            tables.chain([shard.path.join(SUMMARY_FILE)]).collect::<Vec<_>>()
        };
        self.shards.iter().flat_map(of_shard).collect()
    }

    /// Compares the files of each shard with their checksums; `stop_check` is called with the number of library rows
    /// checked.
    pub fn check_content(&self, stop_check: &mut dyn FnMut(u64) -> Result<(), Error>) -> Result<(), Error> {
        for shard in &self.shards {
            shard.check_content(&mut || stop_check(shard.source_rows.start))?;
        }
        Ok(())
    }

    /// A figure of all shards, added up.
    pub fn sum(&self, figure: fn(&Summary) -> u64) -> u64 {
        self.shards.iter().map(|shard| figure(&shard.summary)).sum()
    }

    /// The totals of all shards, before their products are compared with those of the others.
    pub fn totals(&self) -> Totals {
        let of_first = &self.first().summary;
        let clauses = of_first.totals.filtered_by_clause.iter().map(|count| count.clause.as_str());
        let mut totals =
            Totals::new(&self.names, of_first.options.dedup.facts().is_lossy).with_clauses(clauses);
        self.shards.iter().for_each(|shard| totals.add_shard(&shard.summary.totals));
        totals
    }

    /// The figures of all parents.
    pub fn figures(&self) -> ParentFigures {
        let mut all = ParentFigures::default();
        self.shards.iter().for_each(|shard| all.absorb(&shard.summary.parents));
        all
    }

    /// The timelines of all shards, one after the other.
    pub fn timeline(&self) -> Timeline {
        let (mut all, mut start) = (Timeline::default(), Point::default());
        for ShardFolder { summary, .. } in &self.shards {
            all.append(start, &summary.timeline);
            start.seconds += summary.elapsed_seconds;
            start.rows += summary.totals.rows;
            start.products += summary.total_products;
        }
        all
    }

    /// The time that the shards' runs took.
    pub fn seconds(&self) -> f64 {
        self.shards.iter().map(|shard| shard.summary.elapsed_seconds).sum()
    }

    /// Rows that the shards' runs did not survive.
    pub fn quarantined(&self) -> QuarantineCounts {
        QuarantineCounts {
            crashed: self.sum(|summary| summary.quarantined.crashed),
            timed_out: self.sum(|summary| summary.quarantined.timed_out),
            out_of_memory: self.sum(|summary| summary.quarantined.out_of_memory),
        }
    }

    /// The files of known molecules, which are equal in all shards. Their molecules may have taken too much time or memory on
    /// some machines only; of each file, the counts are those of the shard that could read the fewest.
    pub fn known_files(&self) -> Vec<KnownFile> {
        let fewest = |(at, file): (usize, &KnownFile)| {
            let of_shards = self.shards.iter().filter_map(|shard| shard.summary.known_files.get(at));
            let fewest = of_shards.min_by_key(|file| file.counts.molecules - file.counts.unreadable);
            KnownFile { counts: fewest.unwrap_or(file).counts.clone(), ..file.clone() }
        };
        self.first().summary.known_files.iter().enumerate().map(fewest).collect()
    }

    /// Processes of the shards' runs that died.
    pub fn restarts(&self) -> Restarts {
        let mut all = Restarts::default();
        self.shards.iter().for_each(|shard| all += &shard.summary.restarts);
        all
    }

    /// The shards from which the result comes.
    pub fn provenance(&self) -> Vec<MergedShard> {
        let of = |shard: &ShardFolder| MergedShard {
            folder: shard.path.clone(),
            rows: shard.summary.totals.rows,
            unique_products: shard.summary.unique_products,
            elapsed_seconds: shard.summary.elapsed_seconds,
            products_sha256: shard.summary.files.products.sha256.clone(),
            rejects_sha256: shard.summary.files.rejects.sha256.clone(),
            parents_sha256: shard.summary.files.parents.as_ref().map(|parents| parents.sha256.clone()),
        };
        self.shards.iter().map(of).collect()
    }

    /// The shards' warnings, each once, without those that depend on figures, which are different now.
    pub fn warnings(&self) -> Vec<String> {
        let mut all = Vec::<String>::new();
        for ShardFolder { summary, .. } in &self.shards {
            let of_figures = summary.warnings_of_figures();
            let others = summary.warnings.iter().filter(|warning| !of_figures.contains(warning));
            for warning in others {
                if !all.contains(warning) {
                    all.push(warning.clone());
                }
            }
        }
        all.extend(self.both_wings());
        all
    }

    /// A warning if the fast path made rows of some shards and RDKit alone those of others.
    fn both_wings(&self) -> Option<String> {
        let is_plain = |shard: &&ShardFolder| shard.summary.totals.rechecks.rows_plain > 0;
        let (plain, fast): (Vec<_>, Vec<_>) = self.shards.iter().partition(is_plain);
        let named = |shards: &[&ShardFolder]| {
            shards.iter().map(|shard| shard.path.display().to_string()).collect::<Vec<_>>().join(", ")
        };
        (!plain.is_empty() && !fast.is_empty()).then(|| {
            format!(
                "RDKit alone made {} (--no-fast), the fast path made {}; both give the same products unless the fast path \
                 has a bug",
                named(&plain),
                named(&fast)
            )
        })
    }
}

impl ShardFolder {
    /// The shard in the folder at `path`, and the metadata of its products.
    fn open(disk: &Disk, path: &Path) -> Result<(Self, Value), Error> {
        let damaged = |reason: String| Error::ShardDamaged { path: path.to_owned(), reason };
        let text = read_summary(disk, path)?;
        let said: Value =
            serde_json::from_slice(&text).map_err(|error| damaged(format!("{SUMMARY_FILE}: {error}")))?;
        same_version(path, &said)?;
        let ReadSummary { summary, fault } =
            Summary::parse(&text).map_err(|error| damaged(format!("{SUMMARY_FILE}: {error}")))?;
        if let Some(fault) = fault {
            return Err(damaged(fault));
        }
        let open = |name: &str| {
            WrittenFile::open(disk, &path.join(name)).map_err(|error| damaged(error.to_string()))
        };
        let (products, rejects) = (open(PRODUCTS_FILE)?, open(REJECTS_FILE)?);
        let parents = summary.options.parents.then(|| open(PARENTS_FILE)).transpose()?;
        let metadata = products.metadata().map_err(|error| damaged(format!("{PRODUCTS_FILE}: {error}")))?;
        let shard = shard_of(&metadata).ok_or_else(|| match metadata.get(SHARD_KEY) {
            Some(said) => {
                damaged(format!("{PRODUCTS_FILE} claims to be of shard {said}, which does not exist"))
            }
            None => Error::ShardMismatch {
                path: path.to_owned(),
                reason: "it is not a shard, but the result of a run over the whole library".to_owned(),
            },
        })?;
        let (_, library_rows) = input_of(&metadata).unwrap_or_default();
        let source_rows = shard.rows(library_rows);
        let is_same =
            summary.shard.is_some_and(|said| said.shard == shard && said.first_row == source_rows.start)
                && summary.totals.rows == source_rows.end - source_rows.start
                && summary.totals.transforms.len() == metadata["transforms"].as_array().map_or(0, Vec::len)
                && summary.files.parents.is_some() == summary.options.parents
                && [Some(&rejects), parents.as_ref()]
                    .into_iter()
                    .flatten()
                    .all(|file| file.metadata().ok().as_ref() == Some(&metadata));
        if !is_same {
            return Err(damaged("its files and its summary come from different runs".to_owned()));
        }
        let found = Self { path: path.to_owned(), shard, source_rows, summary, products, rejects, parents };
        Ok((found, metadata))
    }

    /// The error for a shard that is not as it should be.
    pub fn damaged(&self, reason: &str) -> Error {
        Error::ShardDamaged { path: self.path.clone(), reason: reason.to_owned() }
    }

    /// An error unless the number of rows read equals the number written.
    pub fn check_count(&self, what: &str, read: u64, written: u64) -> Result<(), Error> {
        if read == written {
            return Ok(());
        }
        Err(self.damaged(&format!("it has {read} rows of {what}, but {written} were written")))
    }

    /// Compares its files with their checksums.
    fn check_content(&self, stop_check: &mut dyn FnMut() -> Result<(), Error>) -> Result<(), Error> {
        let files = [Some(&self.products), Some(&self.rejects), self.parents.as_ref()].into_iter().flatten();
        for (file, (name, expected)) in files.zip(self.summary.files.named()) {
            if let Some(difference) = expected.difference(&file.content(stop_check)?) {
                return Err(self.damaged(&format!("{name} {difference}")));
            }
        }
        Ok(())
    }
}

fn read_summary(disk: &Disk, path: &Path) -> Result<Vec<u8>, Error> {
    let file = path.join(SUMMARY_FILE);
    disk.read(&file).map_err(|error| match error {
        Error::OutputFailed { source, .. } if source.kind() == io::ErrorKind::NotFound => {
            let reason = if path.is_dir() {
                format!("it has no {SUMMARY_FILE}")
            } else {
                "it is not a folder".to_owned()
            };
            Error::ShardUnfinished { path: path.to_owned(), reason }
        }
        error => error,
    })
}

/// Refuses files from a different version of this program.
fn same_version(path: &Path, summary: &Value) -> Result<(), Error> {
    let ours = serde_json::to_value(TOOL).unwrap_or_default();
    if summary["tool"] == ours && summary["format"] == FORMAT {
        return Ok(());
    }
    let version = |tool: &Value| tool["version"].as_str().unwrap_or("unknown").to_owned();
    let reason = format!(
        "it was made by version {} (format {}), and this is version {} (format {FORMAT}): merge shards with the version \
         that made them",
        version(&summary["tool"]),
        summary["format"],
        version(&ours)
    );
    Err(Error::ShardMismatch { path: path.to_owned(), reason })
}

/// Refuses a shard that belongs to a different whole from the first one.
fn same_whole(first: &Path, of_first: &Value, path: &Path, metadata: &Value) -> Result<(), Error> {
    let refuse = |reason: String| Error::ShardMismatch { path: path.to_owned(), reason };
    let first = first.display();
    let sha256 = |metadata| input_of(metadata).map(|(sha256, _)| sha256);
    if sha256(of_first) != sha256(metadata) {
        return Err(refuse(format!(
            "its library is not that of {first} (SHA-256 {} and {})",
            metadata["input"]["sha256"], of_first["input"]["sha256"]
        )));
    }
    let of = |metadata: &Value| shard_of(metadata).map(|shard| shard.of);
    if let (Some(then), Some(now)) = (of(of_first), of(metadata))
        && then != now
    {
        return Err(refuse(format!("it is one of {now} shards, but {first} is one of {then}")));
    }
    match journal::difference(&whole_shape(of_first), &whole_shape(metadata)) {
        Some(difference) => Err(refuse(format!("it was made differently from {first}: {difference}"))),
        None if input_of(of_first) != input_of(metadata) => {
            Err(refuse(format!("its library does not have as many rows as that of {first}")))
        }
        None => Ok(()),
    }
}
