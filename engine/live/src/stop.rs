//! Requests to stop a live program.

use std::future::pending;
use std::io;

use tokio::sync::mpsc;

use crate::LiveError;

/// The requests to stop that a live program receives. The first ends it after what was received has
/// been processed, the second ends it at once.
#[derive(Debug)]
pub struct StopRequests {
    requests: mpsc::UnboundedReceiver<()>,
}

/// Asks a live program to stop, from any thread. Clones ask the same program.
#[derive(Clone, Debug)]
pub struct Stopper {
    requests: mpsc::UnboundedSender<()>,
}

impl StopRequests {
    /// Makes a channel of requests. It has no more requests once every [`Stopper`] is dropped.
    pub fn channel() -> (Stopper, StopRequests) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (
            Stopper { requests: sender },
            StopRequests { requests: receiver },
        )
    }

    /// Makes a request of each ctrl-C and, on Unix, each `SIGTERM`. From then on neither ends the
    /// process by itself, not even after the program has ended.
    ///
    /// # Errors
    ///
    /// Fails with [`LiveError::Signals`] if the operating system refuses.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime with I/O.
    pub fn of_signals() -> Result<StopRequests, LiveError> {
        let (stopper, requests) = StopRequests::channel();
        listen(&stopper).map_err(|source| LiveError::Signals { source })?;
        Ok(requests)
    }

    /// Waits for the next request: for ever if there cannot be one.
    pub(crate) async fn next(&mut self) {
        if self.requests.recv().await.is_none() {
            pending::<()>().await;
        }
    }
}

impl Stopper {
    /// Sends a request to stop. Does nothing if the program has ended.
    pub fn stop(&self) {
        self.requests.send(()).ok();
    }

    fn has_receiver(&self) -> bool {
        !self.requests.is_closed()
    }
}

#[cfg(unix)]
fn listen(stopper: &Stopper) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signals = signal(kind)?;
        let stopper = stopper.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() && stopper.has_receiver() {
                stopper.stop();
            }
        });
    }
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
fn listen(stopper: &Stopper) -> io::Result<()> {
    let stopper = stopper.clone();
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() && stopper.has_receiver() {
            stopper.stop();
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_request_is_received_once() {
        let (stopper, mut requests) = StopRequests::channel();
        stopper.stop();
        stopper.clone().stop();
        requests.next().await;
        requests.next().await;
        assert!(
            timeout(Duration::from_secs(1), requests.next())
                .await
                .is_err()
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_stopper_that_is_gone_stops_nothing() {
        let (stopper, mut requests) = StopRequests::channel();
        drop(stopper);
        assert!(
            timeout(Duration::from_secs(1), requests.next())
                .await
                .is_err()
        );
    }
}
