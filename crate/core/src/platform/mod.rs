//! Facts that only Linux reports: the memory of the machine, of processes and of control groups, and the time of threads.

mod control_group;
mod machine;
mod usage;

pub use self::control_group::ControlGroup;
pub use self::machine::machine_bytes;
pub use self::usage::{
    own_thread_seconds, process_bytes, process_tree_bytes, resident_bytes, thread_seconds,
};
