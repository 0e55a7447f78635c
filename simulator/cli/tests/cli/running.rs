//! The program while it runs: what it says, and signals to it.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::support::Ended;

/// A program that is silent for so long hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// A program that is running. It does not outlive its test.
pub(crate) struct Running {
    child: Child,
    stdout: Stream,
    stderr: Stream,
}

impl Running {
    pub(crate) fn start(command: Command) -> io::Result<Running> {
        Running::start_with_output(command, Stdio::piped())
    }

    /// Starts a program whose standard output is this.
    pub(crate) fn start_with_output(
        mut command: Command,
        output: impl Into<Stdio>,
    ) -> io::Result<Running> {
        let command = command.stdin(Stdio::null()).stdout(output);
        let mut child = command.stderr(Stdio::piped()).spawn()?;
        Ok(Running {
            stdout: Stream::of(child.stdout.take()),
            stderr: Stream::of(child.stderr.take()),
            child,
        })
    }

    /// Waits until a line with this is on standard output.
    #[track_caller]
    pub(crate) fn prints(&mut self, text: &str) {
        self.stdout.wait_for(text);
    }

    /// Waits until a line with this is on standard error.
    #[track_caller]
    pub(crate) fn says(&mut self, text: &str) {
        self.stderr.wait_for(text);
    }

    /// Sends a signal, such as `INT`.
    #[track_caller]
    pub(crate) fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill")
            .args([&format!("-{signal}"), &id])
            .status();
        assert!(sent.is_ok_and(|status| status.success()), "it is sent");
    }

    /// Kills the program, without a chance to do anything.
    pub(crate) fn kill(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }

    /// True if the program has ended by itself.
    pub(crate) fn has_ended(&mut self) -> io::Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Waits until the program ends.
    #[track_caller]
    pub(crate) fn end(mut self) -> io::Result<Ended> {
        self.stdout.wait_for_the_end();
        self.stderr.wait_for_the_end();
        Ok(Ended {
            code: self.child.wait()?.code(),
            stdout: std::mem::take(&mut self.stdout.heard),
            stderr: std::mem::take(&mut self.stderr.heard),
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// One of the program's outputs: its lines as they come, and all that came.
struct Stream {
    lines: Receiver<String>,
    heard: String,
}

impl Stream {
    fn of(stream: Option<impl Read + Send + 'static>) -> Stream {
        let (sender, lines) = mpsc::channel();
        if let Some(stream) = stream {
            thread::spawn(move || {
                let lines = BufReader::new(stream).split(b'\n').map_while(Result::ok);
                let mut lines = lines.map(|line| format!("{}\n", String::from_utf8_lossy(&line)));
                lines.try_for_each(|line| sender.send(line)).ok();
            });
        }
        let heard = String::new();
        Stream { lines, heard }
    }

    #[track_caller]
    fn wait_for(&mut self, text: &str) {
        loop {
            match self.next() {
                Some(line) if line.contains(text) => return,
                Some(_) => {}
                None => panic!("it ended without `{text}`: {}", self.heard),
            }
        }
    }

    #[track_caller]
    fn wait_for_the_end(&mut self) {
        while self.next().is_some() {}
    }

    #[track_caller]
    fn next(&mut self) -> Option<String> {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => {
                self.heard.push_str(&line);
                Some(line)
            }
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("it hangs after: {}", self.heard),
        }
    }
}
