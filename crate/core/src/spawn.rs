//! Threads of a run. Each has a name of its own, under which the system shows what it takes.

use std::thread::{Builder, Scope, ScopedJoinHandle};

use crate::error::Error;

/// Starts a thread within `scope`. Of names the system shows 15 bytes.
pub fn spawn<'scope, 'env, T: Send + 'scope>(
    scope: &'scope Scope<'scope, 'env>,
    name: &str,
    stack_bytes: Option<usize>,
    body: impl FnOnce() -> T + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, T>, Error> {
    let builder = Builder::new().name(name.to_owned());
    let builder = stack_bytes.into_iter().fold(builder, Builder::stack_size);
    builder.spawn_scoped(scope, body).map_err(|error| Error::InvalidOption {
        option: "--workers".to_owned(),
        reason: format!("the system does not start another thread: {error}"),
    })
}
