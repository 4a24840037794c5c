//! Memory: the limit, the usage of the process, and the budgets that follow.
//!
//! Counted are the input text read and not committed, the output finished and not committed, the deduplication, and
//! the writer's buffers. Not counted are RDKit's working memory (one molecule and its products per worker), code,
//! stacks, and memory that the allocators keep. The summary shows that rest as `workers`. Because of it, the
//! [`Governor`] uses the system's figures rather than this count.

mod budget;
mod governor;
mod limit;
mod report;
mod watch;

pub use self::budget::{Bounds, Budgets, FLOOR_BYTES, MAX_BUDGET_BYTES, budget_bytes};
pub use self::governor::{Cause, Governor, ThrottleReport};
pub use self::limit::limit_bytes;
pub use self::report::MemoryReport;
pub use self::watch::{Breakdown, Counters, Watch};
pub use crate::platform::process_tree_bytes;
