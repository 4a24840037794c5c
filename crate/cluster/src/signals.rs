//! What ends this process in an orderly way.

use std::io;

use tokio::signal::unix::{SignalKind, signal};

/// Returns when SIGTERM or SIGINT has come.
///
/// # Errors
/// Those of the system, which then has its own way with signals.
pub async fn asked_to_stop() -> io::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
