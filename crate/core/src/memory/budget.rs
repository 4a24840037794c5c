//! The budgets that follow from a memory target.

/// What a run may hold, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The memory limit.
    pub limit_bytes: u64,
    /// Memory that the run's processes should stay below.
    pub target_bytes: u64,
    /// Each budget.
    pub budget_bytes: u64,
}

/// The bytes that a run may hold at the moment, read or finished and not committed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budgets {
    /// Input bytes.
    pub input_bytes: u64,
    /// Output bytes.
    pub output_bytes: u64,
}

impl Budgets {
    /// The same bound for input and output.
    pub fn each(bytes: u64) -> Self {
        Self { input_bytes: bytes, output_bytes: bytes }
    }
}

/// Upper bound of each budget: input text in flight, finished output, products waiting for the encoder.
pub const MAX_BUDGET_BYTES: u64 = 32 << 20;
const MIN_BUDGET_BYTES: u64 = 1 << 20;
/// Rough need of a run in addition to its budgets and its filter; a filter must leave this much of the target.
pub const FLOOR_BYTES: u64 = 64 << 20;

/// The byte budget of each buffer for a target, after `fixed_bytes` that cannot shrink (a Bloom filter).
pub fn budget_bytes(target_bytes: u64, fixed_bytes: u64) -> u64 {
    let free = target_bytes.saturating_sub(fixed_bytes).saturating_sub(FLOOR_BYTES);
    (free / 8).clamp(MIN_BUDGET_BYTES, MAX_BUDGET_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_shrink_with_the_target_and_never_vanish() {
        assert_eq!(budget_bytes(16 << 30, 0), MAX_BUDGET_BYTES);
        assert_eq!(budget_bytes(256 << 20, 0), 24 << 20);
        assert_eq!(budget_bytes(256 << 20, 180 << 20), 3 << 19);
        assert_eq!(budget_bytes(1, 1 << 30), MIN_BUDGET_BYTES);
    }
}
