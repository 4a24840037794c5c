//! Signals that end this process in order.

use std::io;

use tokio::signal::unix::{SignalKind, signal};

/// Returns when SIGTERM or SIGINT has arrived.
///
/// # Errors
/// Those of the system, whose default action for signals then applies.
pub async fn asked_to_stop() -> io::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
