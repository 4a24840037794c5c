//! What becomes of a rule that cannot be used.

use super::fault::{Checked, Fault};

/// The faults of rules that are left out; without permission, the first fault ends the reading instead.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    is_allowed: bool,
    faults: Vec<Fault>,
}

impl LeftOut {
    pub(super) fn allowed() -> Self {
        Self { is_allowed: true, ..Self::default() }
    }

    pub(super) fn is_allowed(&self) -> bool {
        self.is_allowed
    }

    /// Leaves out the rule with this fault, or returns the fault.
    pub(super) fn add(&mut self, fault: Fault) -> Checked<()> {
        if !self.is_allowed {
            return Err(fault);
        }
        self.faults.push(fault);
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    pub(super) fn into_faults(self) -> Vec<Fault> {
        self.faults
    }
}
