//! A PySpark program, as it is, on a real Spark.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::spark::kill_group;
use crate::{Answer, Installation, SparkError};

/// The time between two looks at a program that runs.
const LOOK: Duration = Duration::from_millis(50);

/// The player, and what it imports.
const PLAYER: [(&str, &str); 5] = [
    ("program.py", include_str!("program.py")),
    ("stage.py", include_str!("stage.py")),
    ("queries.py", include_str!("queries.py")),
    ("replay.py", include_str!("replay.py")),
    ("trigger_clock.py", include_str!("trigger_clock.py")),
];

/// A program with what comes to it.
#[derive(Clone, Debug)]
pub struct SparkProgram {
    /// The absolute path of its file.
    pub job: PathBuf,
    /// Its timeline, with the last instant, as `program.py` takes it.
    pub timeline: Value,
    /// The arguments that it is called with.
    pub arguments: Vec<String>,
}

impl SparkProgram {
    /// Plays it in a JVM of its own. The failure of an answer is the last line of the error that ended it.
    ///
    /// # Errors
    ///
    /// Fails if the process does not start, or does not end in time: then it is killed.
    pub fn play(
        &self,
        installation: &Installation,
        timeout: Duration,
    ) -> Result<Answer, SparkError> {
        let folder = tempfile::Builder::new()
            .prefix("millrace-spark-")
            .tempdir()
            .map_err(SparkError::Start)?;
        let file = |name: &str| folder.path().join(name);
        let start = || -> io::Result<Child> {
            for (name, text) in PLAYER {
                fs::write(file(name), text)?;
            }
            fs::write(file("timeline.json"), self.timeline.to_string())?;
            let mut command = installation.python();
            command
                .arg(file("program.py"))
                .arg(&self.job)
                .arg(file("timeline.json"))
                .args(&self.arguments)
                .current_dir(folder.path())
                .envs([("PYTHONHASHSEED", "0"), ("PYTHONDONTWRITEBYTECODE", "1")])
                .envs([("PYTHONWARNINGS", "ignore"), ("LC_ALL", "C.UTF-8")])
                .stdin(Stdio::null())
                .stdout(File::create(file("stdout.txt"))?)
                .stderr(File::create(file("stderr.txt"))?)
                .process_group(0);
            command.spawn()
        };
        let mut child = start().map_err(SparkError::Start)?;
        let status = wait(&mut child, timeout)?;
        let read = |name: &str| fs::read(file(name)).map_err(SparkError::Start);
        let text = String::from_utf8_lossy(&read("stdout.txt")?).into_owned();
        let said = read("stderr.txt")?;
        let said = String::from_utf8_lossy(&said);
        let last = said.lines().rfind(|line| !line.trim().is_empty());
        let failure = (!status.success()).then(|| last.unwrap_or("it says nothing").to_owned());
        Ok(Answer::Console { text, failure })
    }
}

/// Waits for the end of a process, which is killed with its group if that takes too long.
fn wait(child: &mut Child, timeout: Duration) -> Result<ExitStatus, SparkError> {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if start.elapsed() < timeout => thread::sleep(LOOK),
            Ok(None) => {
                kill_group(child);
                return Err(SparkError::TimedOut(timeout));
            }
            Err(error) => return Err(SparkError::Start(error)),
        }
    }
}
