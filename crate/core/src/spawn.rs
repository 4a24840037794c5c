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

/// A merge has threads too, and no option that says how many.
fn not_started(error: io::Error) -> Error {
    Error::InvalidOption {
        option: "threads".to_owned(),
        reason: format!(
            "the system does not start another one: {error}; end other programs, raise the limit of the user \
             (ulimit -u) or of the control group (pids.max), or lower --workers where the command has it"
        ),
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_is_not_started_is_an_error_with_advice_for_any_command() {
        let refused = io::Error::from(io::ErrorKind::WouldBlock);
        let error = not_started(refused);
        assert_eq!(error.code(), "XFORM_INVALID_OPTION");
        assert!(error.to_string().starts_with("threads: the system"), "{error}");
        assert!(
            error.to_string().contains("ulimit -u") && error.to_string().contains("where the command has it")
        );
    }
}
