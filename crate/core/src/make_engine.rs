//! How a caller provides chemistry.

use crate::engine::{Engine, Limits};
use crate::error::Error;
use crate::transform::Transform;

/// Compiles transforms into an engine.
pub type MakeEngine<'a> = dyn Fn(&[Transform], Limits) -> Result<Box<dyn Engine>, Error> + Sync + 'a;
