//! A second ctrl-C while a job runs. The other requests to stop are tested with the program of the command line.

use std::process::Command;
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use engine::{Engine, Event, Journal, Reader, SparkContext, StreamingContext, Time};
use engine_live::{Live, LiveDiagnostic};

use crate::program::TestResult;

fn press_ctrl_c() {
    let status = Command::new("sh").args(["-c", "kill -INT $PPID"]).status();
    assert!(status.is_ok_and(|status| status.success()), "it is sent");
}

/// Presses ctrl-C when the first batch has started.
#[derive(Default)]
struct CtrlC {
    journal: Journal,
    is_pressed: bool,
}

impl Reader for CtrlC {
    fn read(&mut self, time: Time, event: &Event) {
        self.journal.read(time, event);
        if matches!(event, Event::BatchStarted { .. }) && !self.is_pressed {
            self.is_pressed = true;
            press_ctrl_c();
        }
    }
}

#[test]
fn a_second_ctrl_c_does_not_wait_for_a_job() -> TestResult {
    let (open, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let ssc = StreamingContext::new(&SparkContext::local(2, "slow"), Duration::from_millis(20));
    ssc.queue_stream([vec![1]]).foreach_rdd(move |_, _| {
        gate.lock().expect("no job panics").recv().ok();
        Ok(())
    });
    let live = Live::new().on_diagnostic(|diagnostic| {
        if diagnostic == LiveDiagnostic::Stopping {
            press_ctrl_c();
        }
    });
    let mut reader = CtrlC::default();
    live.run(Engine::new(ssc.build()?), &mut reader)?;
    // Only now may the job end.
    drop(open);
    let last = reader.journal.entries().last();
    assert_ne!(last.map(|entry| &entry.event), Some(&Event::Stopped));
    Ok(())
}
