//! The contents of batches, overruns, failures, and the two ways to stop.

use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::{
    BlockId, BuildError, Event, Program, SparkContext, StreamId, StreamSource, StreamingContext,
    Text, Time,
};
use engine_live::{Live, LiveDiagnostic, LiveError, StopRequests};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{advance, sleep};

use crate::program::{TestResult, User, printed, quiet, run, word_count};

/// A program whose one stream is the receiver `lines`.
fn word_count_of_lines() -> Result<Program, BuildError> {
    word_count(1_000, |ssc| [ssc.receiver_stream("lines")])
}

/// A live world at this time on the paused clock, and the user's end of the receiver `lines`.
fn world(start_ms: i64) -> (Live, Sender<Text>) {
    let (lines, records): (_, Receiver<Text>) = channel(1);
    let live = quiet().start_time(Time::from_millis(start_ms));
    (live.receiver("lines", records), lines)
}

/// Sends a line, and waits until it has been received: the channel has room for one.
async fn send(lines: &Sender<Text>, line: &str) {
    lines
        .send(Text::from(line))
        .await
        .expect("the receiver is open");
    drop(lines.reserve().await.expect("the receiver is open"));
}

async fn sleep_ms(millis: u64) {
    sleep(Duration::from_millis(millis)).await;
}

#[tokio::test(start_paused = true)]
async fn clk_2_batches_are_on_the_grid_and_come_without_input() -> TestResult {
    let (live, _lines) = world(1_700);
    let journal = run(live, word_count_of_lines()?, async |user: User| {
        sleep_ms(1_500).await;
        user.stopper.stop();
    });
    let journal = journal.await?;
    assert_eq!(printed(&journal), ["2000", "3000", "4000", "5000"]);
    let zero_time = Time::from_millis(1_000);
    let first = &journal.entries()[0];
    assert_eq!(first.event, Event::StreamingStarted { zero_time });
    assert_eq!(first.time, Time::from_millis(1_700));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn clk_4_a_record_is_in_the_batch_of_the_time_at_which_it_was_read() -> TestResult {
    let (live, lines) = world(0);
    let journal = run(live, word_count_of_lines()?, async |user: User| {
        send(&lines, "blue blue").await;
        sleep_ms(999).await;
        send(&lines, "blue green").await;
        sleep_ms(2).await;
        send(&lines, "gohawks").await;
        user.stopper.stop();
    });
    let expected = ["1000 blue:3 green:1", "2000 gohawks:1", "3000", "4000"];
    assert_eq!(printed(&journal.await?), expected);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn each_stream_has_its_own_source() -> TestResult {
    let (live, lines) = world(0);
    let (others, records) = channel(1);
    let live = live.receiver("others", records);
    let inputs = |ssc: &StreamingContext| ["others", "lines"].map(|name| ssc.receiver_stream(name));
    let journal = run(live, word_count(1_000, inputs)?, async |user: User| {
        send(&lines, "blue").await;
        send(&others, "green").await;
        user.stopper.stop();
    });
    let printed = printed(&journal.await?);
    assert_eq!(printed[..2], ["1000 green:1", "1000 blue:1"]);
    assert_eq!(printed[2..], ["2000", "2000", "3000", "3000"]);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_receiver_without_senders_leaves_empty_batches() -> TestResult {
    let (live, lines) = world(0);
    let journal = run(live, word_count_of_lines()?, async move |user: User| {
        send(&lines, "blue").await;
        drop(lines);
        sleep_ms(1_500).await;
        user.stopper.stop();
    });
    assert_eq!(printed(&journal.await?), ["1000 blue:1", "2000", "3000"]);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_is_not_registered_is_an_error() -> TestResult {
    let (live, _lines) = world(0);
    let inputs = |ssc: &StreamingContext| ["lines", "lime"].map(|name| ssc.receiver_stream(name));
    let ended = run(live, word_count(1_000, inputs)?, async |_| {}).await;
    let error = ended.expect_err("there is no receiver `lime`");
    assert!(matches!(&error, LiveError::UnknownReceiver { name } if name == "lime"));
    assert_eq!(
        error.to_string(),
        "open the receiver `lime`: none of this name is registered, or another stream has taken it"
    );
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn job_2_batches_queue_behind_a_slow_job_and_none_is_lost() -> TestResult {
    let (live, lines) = world(0);
    let (open, gate) = std::sync::mpsc::channel::<()>();
    let gate = Arc::new(Mutex::new(gate));
    let program = word_count(1_000, |ssc| {
        let gate = Arc::clone(&gate);
        [ssc.receiver_stream("lines").map(move |line| {
            if line == "slow" {
                let gate = gate.lock().expect("no job panics");
                gate.recv().expect("the test opens the gate");
            }
            line
        })]
    })?;
    let journal = run(live, program, async |mut user: User| {
        for (number, batch_time, line) in
            [(0, 1_000, "slow"), (1, 2_000, "blue"), (2, 3_000, "green")]
        {
            send(&lines, line).await;
            // The paused clock stands still while a job runs, so it is moved by hand.
            advance(Duration::from_secs(1)).await;
            let batch_time = Time::from_millis(batch_time);
            let records = 1;
            user.wait_for(&Event::BatchSubmitted {
                batch_time,
                records,
                blocks: vec![BlockId {
                    stream: StreamId(0),
                    number,
                }],
            })
            .await;
        }
        open.send(()).expect("the job waits at the gate");
        let batch_time = Time::from_millis(3_000);
        user.wait_for(&Event::BatchCompleted { batch_time }).await;
        user.stopper.stop();
    });
    let journal = journal.await?;
    assert_eq!(
        printed(&journal),
        ["1000 slow:1", "2000 blue:1", "3000 green:1", "4000", "5000"]
    );
    let completed = journal
        .entries()
        .iter()
        .filter_map(|entry| match entry.event {
            Event::BatchCompleted { batch_time } => {
                Some((batch_time.as_millis(), entry.time.as_millis()))
            }
            _ => None,
        });
    let expected = [
        (1_000, 3_000),
        (2_000, 3_000),
        (3_000, 3_000),
        (4_000, 4_000),
        (5_000, 5_000),
    ];
    assert_eq!(completed.collect::<Vec<_>>(), expected);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn job_4_a_job_that_panics_fails_and_the_program_goes_on() -> TestResult {
    let (live, lines) = world(0);
    let program = word_count(1_000, |ssc| {
        [ssc.receiver_stream("lines").map(|line| {
            if line == "bad" {
                resume_unwind(Box::new("bad line"));
            }
            line
        })]
    })?;
    let journal = run(live, program, async |user: User| {
        send(&lines, "blue").await;
        send(&lines, "bad").await;
        sleep_ms(1_500).await;
        send(&lines, "green").await;
        user.stopper.stop();
    });
    let journal = journal.await?;
    assert_eq!(printed(&journal), ["2000 green:1", "3000", "4000"]);
    let failures = journal
        .entries()
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::OutputOperationCompleted { failure, .. } => failure.as_ref(),
            _ => None,
        });
    let failures: Vec<String> = failures.map(ToString::to_string).collect();
    assert_eq!(failures, ["map, batch at 1000 ms: bad line"]);
    Ok(())
}

/// A live world that keeps its diagnostics.
fn with_diagnostics(live: Live) -> (Live, Arc<Mutex<Vec<LiveDiagnostic>>>) {
    let diagnostics = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&diagnostics);
    let live = live.on_diagnostic(move |diagnostic| {
        kept.lock()
            .expect("the lock is not poisoned")
            .push(diagnostic);
    });
    (live, diagnostics)
}

#[tokio::test(start_paused = true)]
async fn job_6_a_graceful_stop_processes_what_was_received_in_the_next_batch() -> TestResult {
    let (live, lines) = world(0);
    let (live, diagnostics) = with_diagnostics(live);
    let journal = run(live, word_count_of_lines()?, async |user: User| {
        sleep_ms(1_300).await;
        send(&lines, "blue").await;
        send(&lines, "green").await;
        user.stopper.stop();
        lines.closed().await;
    });
    let journal = journal.await?;
    assert_eq!(
        printed(&journal),
        ["1000", "2000 blue:1 green:1", "3000", "4000"]
    );
    let last = journal.entries().last().expect("a run has events");
    assert_eq!(
        (last.time, &last.event),
        (Time::from_millis(4_000), &Event::Stopped)
    );
    assert_eq!(
        *diagnostics.lock().expect("the lock is not poisoned"),
        [LiveDiagnostic::Stopping]
    );
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_second_request_to_stop_ends_at_once() -> TestResult {
    let (live, lines) = world(0);
    let (live, diagnostics) = with_diagnostics(live);
    let journal = run(live, word_count_of_lines()?, async |user: User| {
        sleep_ms(1_300).await;
        send(&lines, "blue").await;
        user.stopper.stop();
        lines.closed().await;
        user.stopper.stop();
    });
    assert_eq!(printed(&journal.await?), ["1000"]);
    assert_eq!(
        *diagnostics.lock().expect("the lock is not poisoned"),
        [LiveDiagnostic::Stopping, LiveDiagnostic::StoppingAtOnce]
    );
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_second_request_to_stop_does_not_wait_for_a_job() -> TestResult {
    let (live, lines) = world(0);
    let (open, gate) = std::sync::mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let ssc = StreamingContext::new(&SparkContext::local(1, "slow"), Duration::from_secs(1));
    ssc.receiver_stream("lines").foreach_rdd(move |_, _| {
        gate.lock().expect("no job panics").recv().ok();
        Ok(())
    });
    let journal = run(live, ssc.build()?, async |mut user: User| {
        send(&lines, "blue").await;
        advance(Duration::from_secs(1)).await;
        let batch_time = Time::from_millis(1_000);
        user.wait_for(&Event::BatchStarted { batch_time }).await;
        user.stopper.stop();
        user.stopper.stop();
    });
    let journal = journal.await?;
    // Only now may the job end, which the runtime of this test waits for.
    drop(open);
    let completed = |event: &Event| matches!(event, Event::BatchCompleted { .. });
    assert!(
        !journal
            .entries()
            .iter()
            .any(|entry| completed(&entry.event))
    );
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn records_are_received_with_their_times_until_a_stop() -> TestResult {
    let (live, lines) = world(5_000);
    let (stopper, stop) = StopRequests::channel();
    let source = StreamSource::Receiver {
        name: "lines".to_owned(),
    };
    let mut received = Vec::new();
    let on_record = |time: Time, record: Text| {
        received.push((time.as_millis(), record));
        ControlFlow::Continue(())
    };
    let user = async {
        send(&lines, "blue").await;
        sleep_ms(70).await;
        send(&lines, "green").await;
        stopper.stop();
    };
    let (ended, ()) = tokio::join!(live.receive_until(&source, on_record, stop), user);
    ended?;
    assert_eq!(
        received,
        [(5_000, Text::from("blue")), (5_070, Text::from("green"))]
    );
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn out_5_results_are_saved_before_the_program_ends() -> TestResult {
    let folder = tempfile::tempdir()?;
    let (live, lines) = world(0);
    let ssc = StreamingContext::new(&SparkContext::local(1, "save"), Duration::from_secs(1));
    let received = ssc.receiver_stream("lines");
    received.save_as_text_files("out/lines", "txt");
    let live = live.results(folder.path());
    let journal = run(live, ssc.build()?, async |user: User| {
        send(&lines, "blue blue").await;
        user.stopper.stop();
    });
    let journal = journal.await?;
    let saved = folder.path().join("out/lines-1000.txt");
    assert_eq!(
        std::fs::read_to_string(saved.join("part-00000"))?,
        "blue blue\n"
    );
    assert!(saved.join("_SUCCESS").exists());
    assert!(!saved.join("_temporary").exists());
    let last = journal.entries().last().map(|entry| &entry.event);
    assert_eq!(last, Some(&Event::Stopped));
    Ok(())
}
