//! Panics of a program's functions: each is a failure with its place, and no message of the panic is printed.

use std::env;
use std::error::Error;
use std::process::Command;
use std::thread;
use std::time::Duration;

use millrace::{Replay, ReplayError, Timeline, replay};

/// Set in the process whose standard error is looked at.
const IS_INNER: &str = "MILLRACE_TEST_OF_PANICS";

/// The line of the panic in [`panicking`].
const LINE: u32 = line!() + 6;

/// A program that panics in two of its three batches.
fn panicking() -> Result<Replay, ReplayError> {
    let seconds = Duration::from_secs;
    let no_green = |line: millrace::Text| {
        assert!(line != "green", "no green");
        line
    };
    let timeline = Timeline::new()
        .lines(seconds(1), ["green"])
        .lines(seconds(2), ["blue"])
        .lines(seconds(3), ["green"]);
    replay(&timeline, |ssc| {
        ssc.receiver_stream("lines").map(no_green).print();
    })
}

#[test]
fn job_4_a_panic_is_a_failure_with_its_place() -> Result<(), ReplayError> {
    let replay = panicking()?;
    let panicked = |second: u32| {
        format!(
            "failed: map, batch at 1970-01-01 00:00:0{second}, panicked at {}:{LINE}:9: no green",
            file!()
        )
    };
    let lines = replay.text.lines().filter(|line| line.contains("failed"));
    assert_eq!(lines.collect::<Vec<_>>(), [panicked(1), panicked(3)]);
    assert_eq!(replay.failures[0].message(), "no green");
    Ok(())
}

/// The part of this test that runs in a process of its own.
fn inner() -> Result<(), ReplayError> {
    panicking()?;
    let other = thread::spawn(|| panic!("of another thread"));
    assert!(other.join().is_err());
    panicking()?;
    panic!("of the test itself");
}

#[test]
fn nothing_is_printed_of_a_panic_that_is_a_failure() -> Result<(), Box<dyn Error>> {
    if env::var_os(IS_INNER).is_some() {
        return Ok(inner()?);
    }
    let test = "nothing_is_printed_of_a_panic_that_is_a_failure";
    let run = |backtrace: &str| {
        let mut command = Command::new(env::current_exe()?);
        command
            .args(["--exact", "--nocapture", test])
            .env("RUST_BACKTRACE", backtrace)
            .env(IS_INNER, "1");
        let error = command.output()?.stderr;
        Ok::<_, Box<dyn Error>>(String::from_utf8_lossy(&error).into_owned())
    };
    let error = run("0")?;
    assert_eq!(error.matches("no green").count(), 0, "{error}");
    assert_eq!(error.matches("of another thread").count(), 1, "{error}");
    assert_eq!(error.matches("of the test itself").count(), 1, "{error}");

    // Those who ask for backtraces get one for each place.
    let error = run("1")?;
    assert_eq!(error.matches("no green").count(), 1, "{error}");
    assert!(error.contains("stack backtrace:"), "{error}");
    Ok(())
}
