//! Signals that end this process in order.

use std::io;

use futures::future::select_all;
use tokio::signal::unix::{SignalKind, signal};

/// Returns when a signal requests this process to stop: those of terminals and shells, and the two that batch systems send
/// before a time limit. A batch system signals all processes of a job, so the command that started this one is not the only
/// one to receive it.
///
/// # Errors
/// Those of the system, whose default action for signals then applies.
pub async fn asked_to_stop() -> io::Result<()> {
    let kinds = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
        SignalKind::user_defined1(),
        SignalKind::user_defined2(),
    ];
    let mut signals = kinds.into_iter().map(signal).collect::<io::Result<Vec<_>>>()?;
    select_all(signals.iter_mut().map(|signal| Box::pin(signal.recv()))).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::process::{self, Command};

    use super::*;

    #[tokio::test]
    async fn any_request_to_stop_is_heard() {
        for name in ["INT", "TERM", "HUP", "USR1", "USR2"] {
            let mut stop = pin!(asked_to_stop());
            assert!(futures::poll!(stop.as_mut()).is_pending());
            let sent = Command::new("kill").args([format!("-{name}"), process::id().to_string()]).status();
            assert!(sent.unwrap().success());
            stop.await.unwrap();
        }
    }
}
