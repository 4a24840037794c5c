//! How a molecule can end the process.

use serde::{Deserialize, Serialize};

use crate::codes::RejectCode;

/// How a row, or a known molecule, ended the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Death {
    /// It crashed the process, and again when it was tried alone.
    Crashed,
    /// It took more time than the limit.
    TimedOut,
    /// Memory ran out, twice, when it was tried alone.
    OutOfMemory,
}

impl Death {
    /// Whether it ends the process on any machine. Time and memory differ between machines.
    pub fn is_the_same_everywhere(self) -> bool {
        self == Self::Crashed
    }
}

impl From<Death> for RejectCode {
    fn from(death: Death) -> Self {
        match death {
            Death::Crashed => Self::Crashed,
            Death::TimedOut => Self::TimedOut,
            Death::OutOfMemory => Self::OutOfMemory,
        }
    }
}
