//! `millrace listen --checkpoint`: killed without a chance to do anything, it goes on and counts each line once.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, sleep};
use std::time::Duration;

use crate::running::Running;
use crate::server::address;
use crate::support::{Folder, TestResult};

const WORDS: [&str; 4] = ["ant", "bee", "cat", "dog"];

/// The lines that a connection has in a millisecond.
const LINES_AT_ONCE: usize = 5;

/// A server that keeps its lines: it is asked for those from a number on.
struct KeepingServer {
    port: u16,
    /// The number of lines that were asked for, and sent, at least once.
    sent: Arc<AtomicUsize>,
}

impl KeepingServer {
    fn open(lines: usize) -> io::Result<KeepingServer> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let sent = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&sent);
        thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                let sent = Arc::clone(&counted);
                // It ends when the program does.
                thread::spawn(move || serve(connection, lines, &sent).ok());
            }
        });
        Ok(KeepingServer { port, sent })
    }
}

/// The line of a number, without its end.
fn line(number: usize) -> &'static str {
    WORDS[number * number % 7 % WORDS.len()]
}

fn serve(mut connection: TcpStream, lines: usize, sent: &AtomicUsize) -> io::Result<()> {
    let mut asked = String::new();
    BufReader::new(connection.try_clone()?).read_line(&mut asked)?;
    let first = asked.trim_end().parse().map_err(io::Error::other)?;
    for number in first..lines {
        writeln!(connection, "{}", line(number))?;
        sent.fetch_max(number + 1, Ordering::Relaxed);
        if number % LINES_AT_ONCE == 0 {
            sleep(Duration::from_millis(1));
        }
    }
    // A connection that is closed would be made again.
    loop {
        sleep(Duration::from_secs(1));
    }
}

fn counts(lines: usize) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for number in 0..lines {
        *counts.entry(line(number).to_owned()).or_default() += 1;
    }
    counts
}

/// The totals in the last block of the console.
fn last_totals(printed: &str) -> BTreeMap<String, usize> {
    let block = printed.rsplit("---\n").next().unwrap_or_default();
    let total = |row: &str| {
        let (word, total) = row.trim_matches(['(', ')']).split_once(", ")?;
        Some((word.trim_matches('\'').to_owned(), total.parse().ok()?))
    };
    block.lines().filter_map(total).collect()
}

#[test]
fn rec_4_a_program_that_is_killed_a_hundred_times_counts_each_line_once() -> TestResult {
    let lines = 12_000;
    let (folder, server) = (Folder::with(&[])?, KeepingServer::open(lines)?);
    let arguments = format!(
        "listen {} --mode update_state --interval 20ms --checkpoint checkpoint --write-ahead-log --replay",
        address(server.port)
    );
    for life in 0..100_u64 {
        let mut program = Running::start(folder.command(&arguments))?;
        // From the middle of its start to some batches later.
        sleep(Duration::from_millis(life * 37 % 90));
        program.kill()?;
    }
    let mut program = Running::start(folder.command(&arguments))?;
    program.says("connected to");
    while server.sent.load(Ordering::Relaxed) < lines {
        sleep(Duration::from_millis(10));
    }
    sleep(Duration::from_millis(500));
    program.signal("INT");
    let ended = program.end()?;
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(last_totals(&ended.stdout), counts(lines));
    Ok(())
}

#[test]
fn a_checkpoint_folder_is_of_one_program_at_a_time() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, KeepingServer::open(1)?);
    let listen = |more: &str| {
        format!(
            "listen {} --mode update_state --interval 50ms --checkpoint checkpoint {more}",
            address(server.port)
        )
    };
    let mut first = Running::start(folder.command(&listen("--write-ahead-log --replay")))?;
    first.says("connected to");
    let second = folder.millrace(&listen(""))?;
    assert_eq!(second.code, Some(2), "{second}");
    assert!(
        second.stderr.contains("in use by another process"),
        "{second}"
    );
    first.kill()?;
    Ok(())
}

#[test]
fn a_checkpoint_of_another_program_is_refused_and_stays() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, KeepingServer::open(100)?);
    let listen = |mode: &str| {
        format!(
            "listen {} --mode {mode} --interval 20ms --checkpoint checkpoint --write-ahead-log --replay",
            address(server.port)
        )
    };
    let mut program = Running::start(folder.command(&listen("update_state")))?;
    program.prints("('");
    program.signal("INT");
    assert_eq!(program.end()?.code, Some(0));
    let files = |folder: &Folder| -> io::Result<Vec<_>> {
        let names = std::fs::read_dir(folder.path("checkpoint"))?;
        let mut names = names
            .map(|file| Ok(file?.file_name()))
            .collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    };
    let before = files(&folder)?;
    let refused = folder.millrace(&listen("stateless"))?;
    assert_eq!(refused.code, Some(2), "{refused}");
    let expected = "the checkpoint is one of another program";
    assert!(refused.stderr.contains(expected), "{refused}");
    let query = listen("structured").replace(" --write-ahead-log --replay", "");
    let refused = folder.millrace(&query)?;
    assert_eq!(refused.code, Some(2), "{refused}");
    let expected = "is a file of a program of streams: start the program that it was written by";
    assert!(refused.stderr.contains(expected), "{refused}");
    assert_eq!(files(&folder)?, before);
    Ok(())
}

/// A query over a socket, with few files to write.
const QUERY: &str = "
timeline = [{ at = '1s', lines = ['ant'] }]
[cluster]
shuffle_partitions = 2
[[pipeline]]
name = 'counts'
mode = 'structured'
output = 'update'
source = 'socket'
";

/// Sends the same lines to each connection, which stays.
fn send_to_each(lines: &'static str) -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        let mut open = Vec::new();
        for mut connection in listener.incoming().map_while(Result::ok) {
            write!(connection, "{lines}").ok();
            open.push(connection);
        }
    });
    Ok(port)
}

/// Waits until a micro-batch is committed or the program has ended. Returns false if it has.
fn commits(program: &mut Running, folder: &Folder, batch: u64) -> io::Result<bool> {
    let file = folder.path(&format!("checkpoint/commits/{batch}"));
    while !file.exists() {
        if program.has_ended()? {
            return Ok(false);
        }
        sleep(Duration::from_millis(10));
    }
    Ok(true)
}

#[test]
fn src_2_a_query_that_is_killed_goes_on_with_its_counts() -> TestResult {
    let folder = Folder::with(&[("query.toml", QUERY)])?;
    let address = address(send_to_each("ant\nant\nbee\n")?);
    let listen = format!("listen {address} --scenario query.toml --checkpoint checkpoint");
    let mut first = Running::start(folder.command(&listen))?;
    // Batch 0 of a socket is empty.
    assert!(commits(&mut first, &folder, 1)?);
    first.kill()?;
    // A query that has had fewer lines than before may fail in its first micro-batch, and then goes on.
    let mut again = Running::start(folder.command(&listen))?;
    if !commits(&mut again, &folder, 3)? {
        again = Running::start(folder.command(&listen))?;
        assert!(commits(&mut again, &folder, 3)?);
    }
    again.signal("INT");
    let ended = again.end()?;
    assert!(
        ended.stderr.contains("driver recovered: batch 2"),
        "{ended}"
    );
    assert!(ended.stdout.contains("| ant|    4|"), "{ended}");
    assert!(ended.stdout.contains("| bee|    2|"), "{ended}");
    Ok(())
}

#[test]
fn a_query_logs_no_records() -> TestResult {
    let folder = Folder::with(&[])?;
    let listen = "listen localhost:9 --mode structured --checkpoint checkpoint --write-ahead-log";
    let refused = folder.millrace(listen)?;
    assert_eq!(refused.code, Some(2), "{refused}");
    assert!(
        refused.stderr.contains("leave out --write-ahead-log"),
        "{refused}"
    );
    Ok(())
}
