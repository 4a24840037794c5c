//! The memory limit: the machine's memory or the control group's limit, whichever is lower.

use std::path::Path;

use super::control_group::ControlGroup;
use super::usage::read_kib_field;

/// The lower of the machine's memory and the limit of the process's control group, version 1 or 2.
pub fn limit_bytes() -> u64 {
    ControlGroup::of_this_process().iter().map(|group| group.limit_bytes).fold(machine_bytes(), u64::min)
}

/// The process's control groups whose limit is lower than the machine's memory.
pub fn binding_groups() -> Vec<ControlGroup> {
    let machine_bytes = machine_bytes();
    let mut groups = ControlGroup::of_this_process();
    groups.retain(|group| group.limit_bytes < machine_bytes);
    groups
}

fn machine_bytes() -> u64 {
    machine_bytes_by(Path::new("/proc/meminfo"))
}

/// A container's own `meminfo` may report less than the machine's memory; without `/proc`, the kernel is asked.
fn machine_bytes_by(meminfo: &Path) -> u64 {
    read_kib_field(meminfo, "MemTotal:").unwrap_or_else(|| {
        let machine = rustix::system::sysinfo();
        machine.totalram as u64 * u64::from(machine.mem_unit.max(1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_has_the_same_memory_with_and_without_proc() {
        let (with, without) = (machine_bytes(), machine_bytes_by(Path::new("/nowhere/meminfo")));
        assert!(with.abs_diff(without) <= with / 8, "{with} and {without} bytes");
    }
}
