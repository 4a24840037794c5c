//! Control groups with a memory limit, of version 1 and 2.

use std::fs;
use std::path::{Path, PathBuf};

/// A control group of the process, direct or further up, that has a memory limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlGroup {
    folder: PathBuf,
    version: &'static Version,
    /// The limit beyond which the kernel kills a process of the group.
    pub limit_bytes: u64,
}

/// The files of a version, and the fields of its `memory.stat`.
#[derive(Debug, PartialEq, Eq)]
struct Version {
    limit: &'static str,
    usage: &'static str,
    file_cache: [&'static str; 2],
    mapped_files: &'static str,
}

static V1: Version = Version {
    limit: "memory.limit_in_bytes",
    usage: "memory.usage_in_bytes",
    file_cache: ["total_inactive_file", "total_active_file"],
    mapped_files: "total_mapped_file",
};

static V2: Version = Version {
    limit: "memory.max",
    usage: "memory.current",
    file_cache: ["inactive_file", "active_file"],
    mapped_files: "file_mapped",
};

impl ControlGroup {
    /// The process's own groups and all groups above them that have a limit.
    pub fn of_this_process() -> Vec<Self> {
        Self::find(Path::new("/proc/self/cgroup"), Path::new("/sys/fs/cgroup"))
    }

    fn find(membership: &Path, root: &Path) -> Vec<Self> {
        // Without `/proc`: a process in a container sees its own group as the root.
        let membership = fs::read_to_string(membership).unwrap_or_else(|_| "0::/\n0:memory:/\n".to_owned());
        let own = membership.lines().filter_map(|line| own_folder(line, root));
        own.flat_map(|(version, folder)| {
            let above = folder.ancestors().take_while(|folder| folder.starts_with(root));
            above.filter_map(|folder| Self::with_limit(version, folder)).collect::<Vec<_>>()
        })
        .collect()
    }

    fn with_limit(version: &'static Version, folder: &Path) -> Option<Self> {
        let limit_bytes = read_number(&folder.join(version.limit))?;
        Some(Self { folder: folder.to_owned(), version, limit_bytes })
    }

    /// The group of version 2 in `folder`.
    #[cfg(test)]
    pub fn fixture(folder: &Path) -> Self {
        Self::with_limit(&V2, folder).unwrap()
    }

    /// Memory that the group holds and the kernel cannot take back by itself: everything except the file cache that
    /// no process maps. That cache grows to the limit with every file that is read or written, and the kernel drops
    /// it before it kills anything. Its active part is not counted either, because a library that is hashed and read
    /// is touched twice. Mapped files are counted: they are mostly code, which would be read again at once.
    ///
    /// `None` if the group does not report it.
    pub fn usage_bytes(&self) -> Option<u64> {
        let usage = read_number(&self.folder.join(self.version.usage))?;
        let stat = fs::read_to_string(self.folder.join("memory.stat")).unwrap_or_default();
        let field = |name| stat_field(&stat, name).unwrap_or(0);
        let cache: u64 = self.version.file_cache.into_iter().map(field).sum();
        Some(usage.saturating_sub(cache.saturating_sub(field(self.version.mapped_files))))
    }
}

/// The folder that a line of `/proc/self/cgroup` names, if it is about memory.
fn own_folder(line: &str, root: &Path) -> Option<(&'static Version, PathBuf)> {
    let mut fields = line.splitn(3, ':').skip(1);
    let (controllers, path) = (fields.next()?, fields.next()?.trim_start_matches('/'));
    match controllers {
        "" => Some((&V2, root.join(path))),
        _ if controllers.split(',').any(|name| name == "memory") => {
            Some((&V1, root.join("memory").join(path)))
        }
        _ => None,
    }
}

fn read_number(file: &Path) -> Option<u64> {
    fs::read_to_string(file).ok()?.trim().parse().ok()
}

fn stat_field(stat: &str, name: &str) -> Option<u64> {
    stat.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Files {
        folder: tempfile::TempDir,
    }

    impl Files {
        fn new(files: &[(&str, &str)]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            for (name, text) in files {
                let file = folder.path().join("cgroup").join(name);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, text).unwrap();
            }
            Self { folder }
        }

        fn groups(&self, membership: &str) -> Vec<ControlGroup> {
            let file = self.folder.path().join("self");
            fs::write(&file, membership).unwrap();
            ControlGroup::find(&file, &self.folder.path().join("cgroup"))
        }
    }

    #[test]
    fn groups_above_count_and_those_without_a_limit_do_not() {
        let files = Files::new(&[
            ("a/memory.max", "1000\n"),
            ("a/b/memory.max", "max\n"),
            ("memory/job/memory.limit_in_bytes", "700\n"),
        ]);
        let limits = |membership: &str| -> Vec<u64> {
            files.groups(membership).iter().map(|group| group.limit_bytes).collect()
        };
        assert_eq!(limits("0::/a/b\n"), [1000]);
        assert_eq!(limits("5:cpu,memory:/job\n4:pids:/a\n"), [700]);
        assert!(limits("0::/\n").is_empty());
    }

    #[test]
    fn without_proc_the_root_is_taken_for_the_own_group() {
        for limit in ["memory.max", "memory/memory.limit_in_bytes"] {
            let files = Files::new(&[(limit, "1000\n"), ("a/memory.max", "10\n")]);
            let root = files.folder.path().join("cgroup");
            let groups = ControlGroup::find(Path::new("/nowhere/self/cgroup"), &root);
            let limits: Vec<u64> = groups.iter().map(|group| group.limit_bytes).collect();
            assert_eq!(limits, [1000], "{limit}");
        }
    }

    #[test]
    fn file_cache_that_nobody_maps_is_no_usage() {
        let files = Files::new(&[
            ("a/memory.max", "1000\n"),
            ("a/memory.current", "900\n"),
            ("a/memory.stat", "anon 300\nfile_mapped 50\ninactive_file 400\nactive_file 100\n"),
            ("memory/job/memory.limit_in_bytes", "1000\n"),
            ("memory/job/memory.usage_in_bytes", "800\n"),
            // The plain names are those of the group without its children.
            (
                "memory/job/memory.stat",
                "inactive_file 1\ntotal_inactive_file 300\ntotal_active_file 20\ntotal_mapped_file 10\n",
            ),
            ("bare/memory.max", "1000\n"),
            ("bare/memory.current", "900\n"),
        ]);
        let usage = |membership: &str| files.groups(membership)[0].usage_bytes();
        assert_eq!(usage("0::/a\n"), Some(450));
        assert_eq!(usage("3:memory:/job\n"), Some(490));
        assert_eq!(usage("0::/bare\n"), Some(900));
    }
}
