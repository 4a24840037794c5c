//! The memory of the machine.

use std::path::Path;

use super::usage::read_kib_field;

/// The memory of the machine, or of the container that the process sees as one.
pub fn machine_bytes() -> u64 {
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
