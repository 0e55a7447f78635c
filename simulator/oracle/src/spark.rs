//! One running Spark: started, asked, and stopped on every way out.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Installation, JavacError, SparkReplay, javac};

/// The time that a Spark may take to end after it has been asked to.
const PATIENCE: Duration = Duration::from_secs(15);

/// The most lines on standard error of a Spark that ends that are passed on.
const LAST_WORDS: usize = 8;

/// The answer of Spark to a replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The whole console, and the failure that ended a query, if one did.
    Console {
        /// The text.
        text: String,
        /// The first line of its reason.
        failure: Option<String>,
    },
    /// Its error, without the stack of calls.
    Failed(String),
}

/// The versions of what runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// Spark's.
    pub spark: String,
    /// Python's, whose hash decides the order of rows.
    pub python: String,
    /// Java's.
    pub java: String,
}

/// Why a Spark does not answer.
#[derive(Debug, thiserror::Error)]
pub enum SparkError {
    /// The Java programs of the replays cannot be compiled.
    #[error(transparent)]
    Compile(#[from] JavacError),
    /// The process that replays cannot be started or written to.
    #[error("failed to start Spark")]
    Start(#[source] io::Error),
    /// It ended, or its JVM did, before it had answered.
    #[error("failed to hear from Spark: it ended before it had answered{}", last_words(.0))]
    Died(Vec<String>),
    /// It says that it cannot start, such as when the master of a cluster is not there.
    #[error("failed to start Spark: {0}")]
    Refused(String),
    /// It has not answered in time, and was killed.
    #[error("failed to hear from Spark: it did not answer in {} s and was killed", .0.as_secs())]
    TimedOut(Duration),
}

fn last_words(lines: &[String]) -> String {
    lines
        .iter()
        .fold(String::new(), |text, line| text + "\n  " + line)
}

/// A Spark that replays pipelines, one JVM for all of them.
///
/// The process that drives it leads a process group of its own, and ends it when its standard input ends:
/// also when this program is killed, nothing is left running. The same happens on drop.
#[derive(Debug)]
pub struct Spark {
    child: Child,
    requests: Option<ChildStdin>,
    answers: Receiver<Value>,
    last_words: Arc<Mutex<VecDeque<String>>>,
    /// Disconnected when standard error has been read to its end.
    stderr_ended: Receiver<()>,
    timeout: Duration,
    versions: Versions,
    /// Removed on drop, after the processes that use it.
    _folder: TempDir,
}

impl Spark {
    /// Starts a Spark that can play these replays: compiles those in Java, and starts the JVM.
    ///
    /// Without a `master` each replay runs in local mode with its scenario's cores. `timeout` is for one
    /// answer.
    ///
    /// # Errors
    ///
    /// Fails if Java programs cannot be compiled, or if Spark does not come up.
    pub fn start(
        installation: &Installation,
        master: Option<&str>,
        replays: &[SparkReplay],
        timeout: Duration,
    ) -> Result<Spark, SparkError> {
        let folder = tempfile::Builder::new()
            .prefix("millrace-spark-")
            .tempdir()
            .map_err(SparkError::Start)?;
        let programs = replays.iter().filter_map(|replay| replay.java.as_ref());
        javac::compile(installation, programs, folder.path())?;
        let script = write_script(folder.path()).map_err(SparkError::Start)?;
        let mut command = installation.python();
        command.arg(&script).args(master);
        let child = spawn(&mut command, &folder).map_err(SparkError::Start)?;
        let mut spark = Spark::driving(child, folder, timeout);
        let cores = replays.first().map_or(2, |replay| replay.cores);
        let answer = spark.ask(&format!("{}\n", json!({ "hello": cores })))?;
        spark.versions = versions(&answer)?;
        Ok(spark)
    }

    fn driving(mut child: Child, folder: TempDir, timeout: Duration) -> Spark {
        let last_words = Arc::default();
        let (stderr_open, stderr_ended) = channel();
        if let Some(stderr) = child.stderr.take() {
            listen(stderr, Arc::clone(&last_words), stderr_open);
        }
        Spark {
            requests: child.stdin.take(),
            answers: answers(child.stdout.take()),
            child,
            last_words,
            stderr_ended,
            timeout,
            versions: Versions::default(),
            _folder: folder,
        }
    }

    /// The versions of what runs.
    pub fn versions(&self) -> &Versions {
        &self.versions
    }

    /// Has Spark play a replay, one of those it was started with.
    ///
    /// # Errors
    ///
    /// Fails if Spark ends or does not answer in time: then it cannot be asked again. That a program
    /// fails is an [`Answer`].
    pub fn replay(&mut self, replay: &SparkReplay) -> Result<Answer, SparkError> {
        let answer = self.ask(&replay.line())?;
        let text = |key: &str| answer[key].as_str().map(str::to_owned);
        Ok(match text("console") {
            Some(console) => Answer::Console {
                text: console,
                failure: text("failure"),
            },
            None => Answer::Failed(text("error").unwrap_or_else(|| "it says nothing".to_owned())),
        })
    }

    fn ask(&mut self, request: &str) -> Result<Value, SparkError> {
        let requests = self.requests.as_mut();
        if requests.is_none_or(|requests| requests.write_all(request.as_bytes()).is_err()) {
            return Err(self.died());
        }
        self.answers
            .recv_timeout(self.timeout)
            .map_err(|error| match error {
                RecvTimeoutError::Timeout => {
                    self.kill();
                    SparkError::TimedOut(self.timeout)
                }
                RecvTimeoutError::Disconnected => self.died(),
            })
    }

    fn died(&mut self) -> SparkError {
        self.kill();
        // The process has ended, and its last lines may still be in the pipe.
        let _ = self.stderr_ended.recv_timeout(PATIENCE);
        let lines = self
            .last_words
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        SparkError::Died(lines.iter().cloned().collect())
    }

    fn kill(&mut self) {
        self.requests = None;
        kill_group(&mut self.child);
    }

    /// Asks Spark to end; true if it does so by itself.
    fn leave(&mut self) -> bool {
        let Some(mut requests) = self.requests.take() else {
            return false;
        };
        if requests.write_all(b"null\n").is_err() {
            return false;
        }
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return true;
            }
            thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Spark {
    fn drop(&mut self) {
        if !self.leave() {
            self.kill();
        }
    }
}

/// Ends a process and the group that it leads. The standard library can signal one process only, so the shell, which
/// is on every Unix, is asked for the group.
pub(crate) fn kill_group(child: &mut Child) {
    let group = format!("kill -s KILL -- -{} 2>/dev/null", child.id());
    let _ = Command::new("/bin/sh").args(["-c", &group]).status();
    let _ = child.kill();
    let _ = child.wait();
}

/// The program of the process that replays, and what it imports.
fn write_script(folder: &Path) -> io::Result<PathBuf> {
    fs::write(
        folder.join("trigger_clock.py"),
        include_str!("trigger_clock.py"),
    )?;
    let script = folder.join("replay.py");
    fs::write(&script, include_str!("replay.py"))?;
    Ok(script)
}

fn spawn(command: &mut Command, folder: &TempDir) -> io::Result<Child> {
    command
        .current_dir(folder.path())
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONWARNINGS", "ignore")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
}

/// The answers, one JSON value a line, read on a thread of their own; the channel ends with them.
fn answers(stdout: Option<impl Read + Send + 'static>) -> Receiver<Value> {
    let (sender, receiver) = channel();
    if let Some(stdout) = stdout {
        thread::spawn(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            for answer in lines.filter_map(|line| serde_json::from_str(&line).ok()) {
                if sender.send(answer).is_err() {
                    return;
                }
            }
        });
    }
    receiver
}

/// Keeps the last lines that are said on standard error, and drops `open` at its end.
fn listen(
    stderr: impl Read + Send + 'static,
    last_words: Arc<Mutex<VecDeque<String>>>,
    open: Sender<()>,
) {
    thread::spawn(move || {
        let _open = open;
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let mut lines = last_words.lock().unwrap_or_else(PoisonError::into_inner);
            if lines.len() == LAST_WORDS {
                lines.pop_front();
            }
            lines.push_back(line);
        }
    });
}

fn versions(answer: &Value) -> Result<Versions, SparkError> {
    if let Some(error) = answer["error"].as_str() {
        return Err(SparkError::Refused(error.to_owned()));
    }
    let text = |key: &str| answer[key].as_str().unwrap_or("unknown").to_owned();
    Ok(Versions {
        spark: text("spark"),
        python: text("python"),
        java: text("java"),
    })
}

#[cfg(test)]
mod tests {
    use engine::Time;

    use super::*;
    use crate::ReplayInput;

    /// A Spark that is a script of the shell: it reads requests and writes answers.
    fn driven_by(script: &str, timeout: Duration) -> Spark {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        let child = spawn(&mut command, &folder).expect("every Unix has a shell");
        Spark::driving(child, folder, timeout)
    }

    fn replay(spark: &mut Spark) -> Result<Answer, String> {
        let text = "timeline = [{ at = '1s', lines = ['a'] }]\n[[pipeline]]\nname = 'p'\nmode = 'stateless'";
        let scenario = scenario::parse("a.toml", text).expect("it has no mistakes");
        let input = ReplayInput {
            arrivals: Vec::new(),
            stop: Time::EPOCH,
        };
        let replay = SparkReplay::new(&scenario, &scenario.pipelines[0], 0, &input);
        let replay = replay.expect("it can be replayed");
        spark.replay(&replay).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn check(script: &str, expected: Result<Answer, &str>) {
        let mut spark = driven_by(script, PATIENCE);
        assert_eq!(replay(&mut spark), expected.map_err(str::to_owned));
    }

    fn console(text: &str, failure: Option<&str>) -> Answer {
        Answer::Console {
            text: text.to_owned(),
            failure: failure.map(str::to_owned),
        }
    }

    #[test]
    fn a_console_is_the_answer() {
        let answer = r#"read request; printf '%s\n' '{"id": 0, "console": "a\n"}'; read end"#;
        check(answer, Ok(console("a\n", None)));
        let answer = r#"read request; echo '{"console": "", "failure": "no number"}'; read end"#;
        check(answer, Ok(console("", Some("no number"))));
    }

    #[test]
    fn an_error_of_the_program_is_an_answer_too() {
        let error = r#"read request; echo '{"error": "ValueError: no"}'; read end"#;
        check(error, Ok(Answer::Failed("ValueError: no".to_owned())));
        let nothing = "read request; echo '{}'; read end";
        check(nothing, Ok(Answer::Failed("it says nothing".to_owned())));
    }

    #[test]
    fn lines_that_are_no_answers_are_passed_over() {
        let noise = r#"read request; echo 'WARN: noise'; echo '{"console": ""}'; read end"#;
        check(noise, Ok(console("", None)));
    }

    #[test]
    fn the_last_words_of_one_that_ends_are_passed_on() {
        let mut spark = driven_by("read request; echo 'out of memory' >&2", PATIENCE);
        let ended = "failed to hear from Spark: it ended before it had answered\n  out of memory";
        assert_eq!(replay(&mut spark), Err(ended.to_owned()));
        assert_eq!(
            replay(&mut spark),
            Err(ended.to_owned()),
            "it cannot be asked again"
        );
    }

    #[test]
    fn one_that_does_not_answer_in_time_is_killed() {
        let mut spark = driven_by("read request; read for_ever", Duration::ZERO);
        let error = replay(&mut spark).expect_err("it does not answer");
        let late = "failed to hear from Spark: it did not answer in 0 s and was killed";
        assert_eq!(error, late);
        assert!(spark.child.try_wait().is_ok_and(|status| status.is_some()));
    }

    #[test]
    fn one_that_is_told_to_leave_leaves_by_itself() {
        let mut spark = driven_by("read request && [ \"$request\" = null ]", PATIENCE);
        assert!(spark.leave());
    }

    #[test]
    fn a_refusal_at_the_start_is_passed_on() {
        let refused = versions(&json!({ "error": "no master" })).expect_err("it is refused");
        assert_eq!(refused.to_string(), "failed to start Spark: no master");
        let known = versions(&json!({ "spark": "3.5.9", "java": "17" })).expect("it has started");
        assert_eq!(
            [known.spark, known.python, known.java],
            ["3.5.9", "unknown", "17"]
        );
    }
}
