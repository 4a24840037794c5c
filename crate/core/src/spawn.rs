//! Threads of a run. Each has a name of its own, under which the system shows what it takes.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{Builder, JoinHandle, Scope, ScopedJoinHandle};

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
    builder.spawn_scoped(scope, body).map_err(not_started)
}

/// Starts a thread that owns what it works on. Of names the system shows 15 bytes.
pub fn spawn_owned<T: Send + 'static>(
    name: &str,
    body: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, Error> {
    Builder::new().name(name.to_owned()).spawn(body).map_err(not_started)
}

/// Runs `body`; a panic becomes an internal error.
pub fn guarded<T>(name: &str, body: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(body))
        .unwrap_or_else(|panic| Err(Error::internal(format!("{name} panicked: {}", panic_text(&*panic)))))
}

fn not_started(error: io::Error) -> Error {
    Error::InvalidOption {
        option: "--workers".to_owned(),
        reason: format!("the system does not start another thread: {error}"),
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
