//! The memory limit: the machine's memory or the control group's limit, whichever is lower.

use crate::platform::{ControlGroup, machine_bytes};

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
