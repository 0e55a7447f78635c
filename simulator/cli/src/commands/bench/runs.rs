//! Several runs, one after the other, each in a process of its own: one process differs from the next by
//! more than its rounds show.

use std::env;
use std::io;
use std::process::{Command, Output, Stdio};

use measure::{JSON_FORMAT, Timer};
use serde_json::{Value, json};

use super::stopwatch::Stopwatch;
use super::{BenchResults, time_of_run};
use crate::args::BenchArguments;
use crate::error::CommandError;
use crate::exit::Exit;

/// Collects the JSON of each run.
pub(super) fn measure(
    arguments: &BenchArguments,
    mut stopwatch: Stopwatch,
) -> Result<BenchResults, CommandError> {
    let count = arguments.runs.get();
    let mut runs = Vec::new();
    for number in 0..count {
        stopwatch.report_progress(number as f64 / count as f64);
        let output = run(arguments).map_err(CommandError::Process)?;
        runs.push(read_results(&output)?);
    }
    Ok(BenchResults {
        json: json!({ "format": JSON_FORMAT, "runs": runs }),
        text: None,
    })
}

/// Starts a run, and waits for its end.
fn run(arguments: &BenchArguments) -> io::Result<Output> {
    let mut command = Command::new(env::current_exe()?);
    command
        .args(["bench", "--json", "--quiet", "--without-memory"])
        .arg(format!("--time={}ms", time_of_run(arguments).as_millis()))
        .args(options(arguments));
    if let Some(scenario) = &arguments.scenario {
        command.arg("--").arg(scenario);
    }
    command.stdin(Stdio::null()).output()
}

/// The options of each run.
fn options(arguments: &BenchArguments) -> Vec<String> {
    let mut options = vec![
        format!("--seed={}", arguments.seed),
        format!("--workers={}", arguments.workers),
    ];
    if arguments.scenario.is_none() {
        options.extend([
            format!("--keys={}", list(&arguments.keys)),
            format!("--batch={}", list(&arguments.batch)),
            format!("--active-share={}", list(&arguments.active_share)),
            format!("--skew={}", arguments.skew),
        ]);
        options.extend(arguments.cores.map(|cores| format!("--cores={cores}")));
    }
    options
}

fn list<T: ToString>(values: &[T]) -> String {
    let values: Vec<String> = values.iter().map(T::to_string).collect();
    values.join(",")
}

/// The JSON that a run wrote, or the error that it printed.
fn read_results(output: &Output) -> Result<Value, CommandError> {
    if output.status.success() {
        let results = serde_json::from_slice(&output.stdout);
        return results.map_err(|error| CommandError::Results(error.into()));
    }
    let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
    if said.is_empty() {
        // A run that was killed had no time to print one.
        said = format!("error: a run ended with {}", output.status);
    }
    let exit = Exit::of(output.status.code());
    Err(CommandError::Run { said, exit })
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    use super::*;

    /// `status` is a wait status: a signal, or an exit code shifted by eight bits.
    #[track_caller]
    fn check(status: i32, said: &str, expected: (&str, Exit)) {
        let output = Output {
            status: ExitStatus::from_raw(status),
            stdout: Vec::new(),
            stderr: said.as_bytes().to_vec(),
        };
        let error = read_results(&output).expect_err("it wrote no results");
        assert_eq!((error.to_string().as_str(), error.exit()), expected);
    }

    #[test]
    fn a_failed_run_ends_with_its_own_error() {
        let said = "error: no scenario\n";
        check(4 << 8, said, (said, Exit::NothingMatched));
        let killed = "error: a run ended with signal: 9 (SIGKILL)";
        check(9, "", (killed, Exit::Fault));
        check(0, "", ("failed to read the results of a run", Exit::Fault));
    }
}
