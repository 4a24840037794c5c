//! Connections between executors, kept for the next fetch: a new one for each fetch would use up the machine's ports
//! in a large shuffle.
//!
//! Ballista has the same, but only for its own engine.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use ballista_core::client::BallistaClient;
use ballista_core::client_pool::{BallistaClientPool, PooledClient};
use ballista_core::error::Result;
use ballista_core::extension::BallistaConfigGrpcEndpoint;
use ballista_core::utils::GrpcClientConfig;

/// Idle connections by host and port. There are as many as were in use at the same time; executors that are gone cost
/// one socket each until this process ends.
#[derive(Default)]
pub struct Connections {
    idle: Idle,
}

type Idle = Arc<Mutex<HashMap<(String, u16), Vec<BallistaClient>>>>;

impl std::fmt::Debug for Connections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connections").finish_non_exhaustive()
    }
}

#[async_trait]
impl BallistaClientPool for Connections {
    async fn acquire(
        &self,
        host: &str,
        port: u16,
        config: &GrpcClientConfig,
        customize_endpoint: Option<Arc<BallistaConfigGrpcEndpoint>>,
    ) -> Result<PooledClient> {
        let place = (host.to_owned(), port);
        let kept =
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&place).and_then(Vec::pop);
        let client = match kept {
            Some(client) => client,
            None => {
                BallistaClient::try_new(
                    host,
                    port,
                    config.max_message_size,
                    config.use_tls,
                    customize_endpoint,
                    config.io_retries_times,
                    config.io_retry_wait_time_ms,
                    config.initial_connection_window_size,
                    config.initial_stream_window_size,
                )
                .await?
            }
        };
        let idle = Arc::clone(&self.idle);
        let give_back = move |client| {
            idle.lock().unwrap_or_else(PoisonError::into_inner).entry(place).or_default().push(client);
        };
        Ok(PooledClient::new(client, Box::new(give_back)))
    }

    async fn evict_idle(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
