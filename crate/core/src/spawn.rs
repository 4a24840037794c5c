//! The threads of runs and calls. Each has a name, under which the system shows its usage, and the same stack: the
//! possible depth of a pattern or a molecule must depend neither on the thread nor on `RUST_MIN_STACK`.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{Builder, JoinHandle, Scope, ScopedJoinHandle};

use crate::error::Error;

/// Stack of every thread. RDKit parses and traverses by recursion, so long chains need depth. The stack is reserved,
/// not used.
pub const STACK_BYTES: usize = 64 << 20;

/// Starts a thread within `scope`. The system shows 15 bytes of a name.
///
/// # Errors
/// The system does not start another thread.
pub fn spawn<'scope, 'env, T: Send + 'scope>(
    scope: &'scope Scope<'scope, 'env>,
    name: &str,
    body: impl FnOnce() -> T + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, T>, Error> {
    builder(name).spawn_scoped(scope, body).map_err(Error::no_thread)
}

/// Starts a thread that owns its data. The system shows 15 bytes of a name.
///
/// # Errors
/// The system does not start another thread.
pub fn spawn_owned<T: Send + 'static>(
    name: &str,
    body: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, Error> {
    builder(name).spawn(body).map_err(Error::no_thread)
}

fn builder(name: &str) -> Builder {
    Builder::new().name(name.to_owned()).stack_size(STACK_BYTES)
}

/// Runs `body`; a panic becomes an internal error.
pub fn guarded<T>(name: &str, body: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(body))
        .unwrap_or_else(|panic| Err(Error::internal(format!("{name} panicked: {}", panic_text(&*panic)))))
}

/// The message of a panic.
pub fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;
    use std::process::Command;
    use std::{env, thread};

    use super::*;

    /// Makes this program a child that puts `DEEP_BYTES` on the stack of a thread.
    const CHILD: &str = "XFORM_TEST_CHILD";
    const DEEP_BYTES: usize = 8 << 20;

    #[test]
    fn the_stack_of_a_thread_does_not_depend_on_rust_min_stack() {
        if env::var_os(CHILD).is_some() {
            spawn_owned("deep", go_deep).unwrap().join().unwrap();
            thread::scope(|scope| spawn(scope, "deep", go_deep).unwrap().join().unwrap());
            return;
        }
        let mut child = Command::new(env::current_exe().unwrap());
        child.args(["the_stack_of_a_thread_does_not_depend_on_rust_min_stack", "--nocapture"]);
        let output = child.env(CHILD, "1").env("RUST_MIN_STACK", "1000000").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
    }

    fn go_deep() {
        let mut frame = [0_u8; DEEP_BYTES];
        black_box(&mut frame);
    }
}
