//! The thread that waits for ctrl-C and `SIGTERM`, whatever the program's own thread does.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;
use std::{io, process, thread};

use tokio::runtime::Builder;
use tokio::time::sleep;

use crate::diagnostic::DiagnosticHandler;
use crate::{LiveDiagnostic, Stopper};

/// The time in which a program ends by itself after its second request, unless it is held up.
const ENDING_TIME: Duration = Duration::from_millis(200);

/// The time that a message may take: standard error may be held up too.
const MESSAGE_TIME: Duration = Duration::from_millis(100);

/// The exit code of a process that a signal stops at once: 128 and the number of ctrl-C's signal, as a shell
/// reports it.
const INTERRUPTED: i32 = 130;

/// The number of programs that were stopped by signals so far. The thread of the last one goes on when that
/// has ended, so that a signal still has an effect.
static PROGRAMS: AtomicUsize = AtomicUsize::new(0);

/// Passes each signal on as a request to stop, from now on and from a thread of its own, and reports the first two.
pub(crate) fn watch(stopper: Stopper, diagnostics: Option<DiagnosticHandler>) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let context = runtime.enter();
    let signals = Signals::new();
    drop(context);
    let signals = match signals {
        Ok(signals) => signals,
        Err(error) => {
            // Dropping it panics on a thread that runs futures, as this one may.
            runtime.shutdown_background();
            return Err(error);
        }
    };
    let program = PROGRAMS.fetch_add(1, Ordering::Relaxed) + 1;
    let watched = async move {
        pass_on(signals, stopper, diagnostics).await;
        if program == PROGRAMS.load(Ordering::Relaxed) {
            process::exit(INTERRUPTED);
        }
    };
    let thread = thread::Builder::new().name("signals".to_owned());
    thread.spawn(move || runtime.block_on(watched)).map(drop)
}

/// Passes signals on to a program, until one comes that it does not take.
async fn pass_on(mut signals: Signals, stopper: Stopper, diagnostics: Option<DiagnosticHandler>) {
    for diagnostic in [LiveDiagnostic::Stopping, LiveDiagnostic::StoppingAtOnce] {
        signals.next().await;
        if !stopper.has_program() {
            return;
        }
        if let Some(diagnostics) = diagnostics.clone() {
            report(diagnostics, diagnostic);
        }
        stopper.stop();
    }
    let is_held_up = tokio::select! {
        () = stopper.program_ended() => false,
        () = sleep(ENDING_TIME) => true,
        () = signals.next() => true,
    };
    if is_held_up {
        process::exit(INTERRUPTED);
    }
    signals.next().await;
}

/// Reports a request, on a thread that may be held up.
fn report(diagnostics: DiagnosticHandler, diagnostic: LiveDiagnostic) {
    let (reported, is_reported) = mpsc::channel::<()>();
    thread::spawn(move || {
        diagnostics.report(diagnostic);
        drop(reported);
    });
    is_reported.recv_timeout(MESSAGE_TIME).ok();
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
}

#[cfg(windows)]
impl Signals {
    fn new() -> io::Result<Signals> {
        let interrupt = tokio::signal::windows::ctrl_c()?;
        Ok(Signals { interrupt })
    }

    async fn next(&mut self) {
        self.interrupt.recv().await;
    }
}
