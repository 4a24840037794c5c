//! Memory: what there is, what the process takes, and the budgets that follow.
//!
//! What is counted: input text read and not committed, output finished and not committed, the deduplication, the
//! writer's buffers. What is not: RDKit's working memory (one molecule and its products per worker), code, stacks
//! and what the allocators keep; that rest is shown as `workers`, and it is why the [`Governor`] looks at what the
//! system says rather than at that count.

mod budget;
mod control_group;
mod governor;
mod limit;
mod report;
mod usage;
mod watch;

pub use self::budget::{Bounds, FLOOR_BYTES, MAX_BUDGET_BYTES, budget_bytes};
pub use self::governor::{Cause, Governor, ThrottleReport};
pub use self::limit::limit_bytes;
pub use self::report::{Breakdown, MemoryReport};
pub use self::usage::process_tree_bytes;
pub use self::watch::{Counters, Watch};
