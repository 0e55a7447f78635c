//! A program that listens: on a real socket, in a process of its own, until ctrl-C.

use std::env;
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use millrace::{ListenError, Profile, SparkContext, StreamingContext, UpdateSpec};

/// The variable with the port to which the process of the program connects.
const PORT: &str = "MILLRACE_TEST_PORT";

/// A program that is silent for so long hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// Counts the words of each line. The interval is so short that no test waits for long.
fn count_words(port: u16) -> Result<(), ListenError> {
    let sc = SparkContext::local(2, "listen").with_profile(Profile::Jvm);
    let ssc = StreamingContext::new(&sc, Duration::from_millis(50));
    let lines = ssc.socket_text_stream("127.0.0.1", port);
    let words = lines.flat_map(|line| line.split(" "));
    words
        .map(|word| (word, 1))
        .reduce_by_key(|x, y| x + y)
        .print();
    millrace::listen(&ssc)
}

/// Keeps the totals of lines in a checkpoint folder.
fn count_totals(port: u16, folder: &str) -> Result<(), ListenError> {
    let sc = SparkContext::local(2, "totals").with_profile(Profile::Jvm);
    let ssc = StreamingContext::new(&sc, Duration::from_millis(50));
    ssc.log_records();
    let lines = ssc.socket_text_stream("127.0.0.1", port);
    let add = |new: &[i64], total: Option<i64>| Some(total.unwrap_or(0) + new.iter().sum::<i64>());
    lines
        .map(|line| (line, 1_i64))
        .update_state_by_key_with(UpdateSpec::function(add).saved())
        .print();
    millrace::listen_from(&ssc, folder)
}

/// The program while it runs. It does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The lines of a stream as they come.
fn lines_of(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        lines.try_for_each(|line| sender.send(line)).ok();
    });
    lines
}

/// The program of a test in a process of its own, which connects to this port.
fn start(test: &str, port: u16) -> std::io::Result<Running> {
    let mut program = Command::new(env::current_exe()?);
    program
        .args([test, "--exact", "--nocapture"])
        .env(PORT, port.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    program.spawn().map(Running)
}

#[test]
fn a_program_without_a_server_says_that_it_waits() -> Result<(), Box<dyn Error>> {
    if let Ok(port) = env::var(PORT) {
        return Ok(count_words(port.parse()?)?);
    }
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port();
    let mut program = start("a_program_without_a_server_says_that_it_waits", port)?;
    let said = lines_of(program.0.stderr.take().ok_or("its errors are a pipe")?);
    let waits = format!("waiting for a server at 127.0.0.1:{port}");
    while !said.recv_timeout(PATIENCE)?.starts_with(&waits) {}
    let server = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    let (_connection, _) = server.accept()?;
    assert_eq!(
        said.recv_timeout(PATIENCE)?,
        format!("connected to 127.0.0.1:{port}")
    );
    Ok(())
}

#[test]
fn a_program_prints_what_it_receives_until_ctrl_c() -> Result<(), Box<dyn Error>> {
    if let Ok(port) = env::var(PORT) {
        return Ok(count_words(port.parse()?)?);
    }
    let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let mut program = start(
        "a_program_prints_what_it_receives_until_ctrl_c",
        server.local_addr()?.port(),
    )?;
    let lines = lines_of(program.0.stdout.take().ok_or("its output is a pipe")?);
    let (mut connection, _) = server.accept()?;

    connection.write_all(b"blue green blue\n")?;
    let rule = "-".repeat(43);
    while !lines.recv_timeout(PATIENCE)?.ends_with(&rule) {}
    let time = lines.recv_timeout(PATIENCE)?;
    assert!(
        time.starts_with("Time: ") && time.ends_with(" ms"),
        "{time}"
    );
    let mut missing = vec!["(blue,2)", "(green,1)"];
    while !missing.is_empty() {
        let line = lines.recv_timeout(PATIENCE)?;
        missing.retain(|row| *row != line);
    }

    let id = program.0.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status()?.success());
    while lines.recv_timeout(PATIENCE).is_ok() {}
    assert!(program.0.wait()?.success(), "it ends gracefully");
    Ok(())
}

#[test]
fn a_program_that_is_killed_goes_on_from_its_checkpoint() -> Result<(), Box<dyn Error>> {
    const TEST: &str = "a_program_that_is_killed_goes_on_from_its_checkpoint";
    const FOLDER: &str = "MILLRACE_TEST_FOLDER";
    if let Ok(port) = env::var(PORT) {
        return Ok(count_totals(port.parse()?, &env::var(FOLDER)?)?);
    }
    let folder = tempfile::tempdir()?;
    let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    for row in ["(blue,1)", "(blue,2)", "(blue,3)"] {
        let mut program = Command::new(env::current_exe()?);
        program
            .args([TEST, "--exact", "--nocapture"])
            .env(PORT, server.local_addr()?.port().to_string())
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped());
        let mut program = Running(program.spawn()?);
        let printed = lines_of(program.0.stdout.take().ok_or("its output is a pipe")?);
        let (mut connection, _) = server.accept()?;
        connection.write_all(b"blue\n")?;
        // The checkpoint of its batch is sure to be there when the next one prints it again.
        for _ in 0..2 {
            while printed.recv_timeout(PATIENCE)? != row {}
        }
        program.0.kill()?;
        program.0.wait()?;
    }
    Ok(())
}

#[test]
fn a_program_that_breaks_a_rule_does_not_start() {
    let sc = SparkContext::local(2, "listen");
    let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
    let error = millrace::listen(&ssc).expect_err("nothing is printed");
    assert_eq!(
        error.to_string(),
        "no output operations registered, so nothing to execute"
    );
}
