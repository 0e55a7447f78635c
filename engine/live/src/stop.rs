//! Requests to stop a live program.

use std::future::pending;

use tokio::sync::mpsc;

use crate::diagnostic::DiagnosticHandler;
use crate::{LiveError, signals};

/// The requests to stop that a live program receives. The first ends it after what was received has
/// been processed, the second ends it at once.
#[derive(Debug)]
pub struct StopRequests {
    requests: mpsc::UnboundedReceiver<()>,
    /// True if the first two are reported where they come from.
    pub(crate) is_reported: bool,
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
            StopRequests {
                requests: receiver,
                is_reported: false,
            },
        )
    }

    /// Makes a request of each ctrl-C and, on Unix, each `SIGTERM`. From then on these no longer end the
    /// process by themselves.
    ///
    /// They are waited for on a thread of their own, so that a program whose own thread is held up, as by
    /// standard output that is not read, can be stopped too. If it has not ended 0.2 s after its second
    /// request, or if there is a third, the process ends, with exit code 130. So it does at a signal that comes after the
    /// program has ended.
    ///
    /// # Errors
    ///
    /// Fails with [`LiveError::Signals`] if the operating system refuses.
    pub fn of_signals() -> Result<StopRequests, LiveError> {
        let (stopper, requests) = StopRequests::channel();
        signals::watch(stopper, None).map_err(|source| LiveError::Signals { source })?;
        Ok(requests)
    }

    /// As [`of_signals`](StopRequests::of_signals); the thread of the signals reports the first two, as a program that is
    /// held up cannot.
    pub(crate) fn of_reported_signals(
        diagnostics: DiagnosticHandler,
    ) -> Result<StopRequests, LiveError> {
        let (stopper, mut requests) = StopRequests::channel();
        requests.is_reported = true;
        let watched = signals::watch(stopper, Some(diagnostics));
        watched.map_err(|source| LiveError::Signals { source })?;
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

    pub(crate) fn has_program(&self) -> bool {
        !self.requests.is_closed()
    }

    /// Waits until the program has ended.
    pub(crate) async fn program_ended(&self) {
        self.requests.closed().await;
    }
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
