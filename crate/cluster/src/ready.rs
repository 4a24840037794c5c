//! Asks a scheduler whether it is ready and has executors (`/readyz`).
//!
//! If no executor can take a job, Ballista queues it forever and reports nothing.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(5);

/// The state of a scheduler.
#[derive(Debug)]
pub enum Readiness {
    /// It accepts jobs.
    Ready,
    /// It is running, but has no executor.
    NoExecutors,
    /// It is not running, with the reason.
    NoScheduler(String),
}

/// Asks the scheduler at `host:port`.
pub async fn look(scheduler: &str) -> Readiness {
    match timeout(PATIENCE, status(scheduler)).await {
        Ok(Ok(200)) => Readiness::Ready,
        Ok(Ok(503)) => Readiness::NoExecutors,
        Ok(Ok(other)) => Readiness::NoScheduler(format!("the server there returned status {other}")),
        Ok(Err(error)) => Readiness::NoScheduler(error.to_string()),
        Err(_) => Readiness::NoScheduler(format!("no answer within {} s", PATIENCE.as_secs())),
    }
}

async fn status(scheduler: &str) -> io::Result<u16> {
    let mut stream = TcpStream::connect(scheduler).await?;
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {scheduler}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer).await?;
    let line = String::from_utf8_lossy(&answer);
    let status = line.split_ascii_whitespace().nth(1).and_then(|status| status.parse().ok());
    status.ok_or_else(|| io::Error::other("the server there is not a scheduler"))
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// The result for a server that returns `answer`.
    async fn look_at(answer: &'static [u8]) -> Readiness {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 512]).await;
            let _ = stream.write_all(answer).await;
        });
        look(&address).await
    }

    #[tokio::test]
    async fn a_scheduler_is_told_by_its_status() {
        assert!(matches!(look_at(b"HTTP/1.1 200 OK\r\n\r\nready").await, Readiness::Ready));
        assert!(matches!(look_at(b"HTTP/1.1 503 Service Unavailable\r\n\r\n").await, Readiness::NoExecutors));
        for other in [&b"HTTP/1.1 404 Not Found\r\n\r\n"[..], b"SSH-2.0-x\r\n", b""] {
            assert!(matches!(look_at(other).await, Readiness::NoScheduler(_)), "{other:?}");
        }
    }

    #[tokio::test]
    async fn nobody_there_is_no_scheduler() {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        assert!(matches!(look(&free.to_string()).await, Readiness::NoScheduler(_)));
    }
}
