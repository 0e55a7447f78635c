//! The signals by which an operating system asks a program to stop.

use std::process::Command;
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

use engine::{Engine, Event, Journal, Program, Reader, SparkContext, StreamingContext, Time};
use engine_live::{Live, LiveDiagnostic};

use crate::program::TestResult;

/// A signal is for every program of the process, so the tests take turns.
static TURN: Mutex<()> = Mutex::new(());

fn send(signal: &str) {
    let command = format!("kill -{signal} $PPID");
    let status = Command::new("sh").args(["-c", &command]).status();
    assert!(status.is_ok_and(|status| status.success()), "it is sent");
}

/// Sends this process a signal when the first batch has started.
struct SignalInFirstBatch {
    signal: &'static str,
    sent: bool,
}

impl Reader for SignalInFirstBatch {
    fn read(&mut self, _: Time, event: &Event) {
        if matches!(event, Event::BatchStarted { .. }) && !self.sent {
            self.sent = true;
            send(self.signal);
        }
    }
}

/// The last event of a program to which this signal was sent.
fn last_event(
    signal: &'static str,
    live: Live,
    program: Program,
) -> Result<Option<Event>, Box<dyn std::error::Error>> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let sent = false;
    let mut reader = (Journal::new(), SignalInFirstBatch { signal, sent });
    live.run(Engine::new(program), &mut reader)?;
    Ok(reader.0.entries().last().map(|entry| entry.event.clone()))
}

fn context() -> StreamingContext {
    let cluster = SparkContext::local(2, "signals");
    StreamingContext::new(&cluster, Duration::from_millis(20))
}

#[track_caller]
fn check_graceful(signal: &'static str) -> TestResult {
    let ssc = context();
    ssc.queue_stream([vec![1]]).print();
    let last = last_event(signal, Live::new(), ssc.build()?)?;
    assert_eq!(last, Some(Event::Stopped));
    Ok(())
}

#[test]
fn job_6_ctrl_c_stops_a_program_gracefully() -> TestResult {
    check_graceful("INT")
}

#[test]
fn job_6_sigterm_stops_a_program_gracefully() -> TestResult {
    check_graceful("TERM")
}

#[test]
fn a_second_ctrl_c_does_not_wait_for_a_job() -> TestResult {
    let (open, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let ssc = context();
    ssc.queue_stream([vec![1]]).foreach_rdd(move |_, _| {
        gate.lock().expect("no job panics").recv().ok();
        Ok(())
    });
    let live = Live::new().on_diagnostic(|diagnostic| {
        if diagnostic == LiveDiagnostic::Stopping {
            send("INT");
        }
    });
    let last = last_event("INT", live, ssc.build()?)?;
    // Only now may the job end.
    drop(open);
    assert_ne!(last, Some(Event::Stopped));
    Ok(())
}
