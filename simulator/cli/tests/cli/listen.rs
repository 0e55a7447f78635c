//! `millrace listen`: a pipeline on a real socket, until it is asked to stop.

use std::io::{self, Read, Write};

use serde_json::Value;

use crate::running::Running;
use crate::server::{Server, address};
use crate::support::{Folder, TestResult};

/// Starts listening to a server in intervals so short that no test waits for long.
fn listen(folder: &Folder, address: &str, more: &str) -> io::Result<Running> {
    let arguments = format!("listen {address} --interval 50ms {more}");
    Running::start(folder.command(&arguments))
}

/// The rows of the last block of `update_state`.
fn last_rows(printed: &str) -> Vec<&str> {
    let block = printed.rsplit("---\n").next().unwrap_or_default();
    block.lines().filter(|line| !line.is_empty()).collect()
}

#[track_caller]
fn check_counted_after(signal: &str) -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let mut program = listen(&folder, &server.address(), "--mode update_state")?;
    program.says(&format!("connected to {}", server.address()));
    server.send(b"blue green\nblue\n")?;
    program.says(&format!("connection to {} lost", server.address()));
    program.signal(signal);
    let ended = program.end()?;
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(last_rows(&ended.stdout), ["('blue', 2)", "('green', 1)"]);
    let last = "stopping after the last batches; ask again to stop at once\n";
    assert!(ended.stderr.ends_with(last), "{ended}");
    Ok(())
}

#[test]
fn job_6_what_was_received_before_ctrl_c_is_counted() -> TestResult {
    check_counted_after("INT")
}

#[test]
fn job_6_what_was_received_before_sigterm_is_counted() -> TestResult {
    check_counted_after("TERM")
}

#[test]
fn a_second_ctrl_c_does_not_wait_for_the_batch() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let arguments = format!("listen {} --interval 7000h", server.address());
    let mut program = Running::start(folder.command(&arguments))?;
    program.says("connected to");
    program.signal("INT");
    program.says("stopping after the last batches");
    program.signal("INT");
    let ended = program.end()?;
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(130), ""),
        "{ended}"
    );
    let last = "stopping at once; batches that are not done are lost\n";
    assert!(ended.stderr.ends_with(last), "{ended}");
    Ok(())
}

#[test]
fn rows_that_no_pyspark_has_are_said_to_be_so() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let heard = |more: &str| -> Result<String, Box<dyn std::error::Error>> {
        let mut program = listen(&folder, &server.address(), more)?;
        program.says("connected to");
        program.signal("INT");
        Ok(program.end()?.stderr)
    };
    let note = "note: no PySpark has mapWithState, so that the rows of `map_with_state` are Millrace's own; with the \
                profile jvm they are Spark's\n";
    let said = heard("--mode map_with_state")?;
    assert!(said.starts_with(note), "{said}");
    let said = heard("--mode map_with_state --profile jvm")?;
    assert!(!said.contains("note: "), "{said}");
    Ok(())
}

#[test]
fn lines_may_come_in_pieces_and_in_any_bytes() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let mut program = listen(&folder, &server.address(), "--mode update_state")?;
    let mut connection = server.connection();
    connection.write_all(b"blue\nblu")?;
    program.prints("('blue', 1)");
    connection.write_all(b"e gr\xfcn\r")?;
    program.prints("('gr\u{fffd}n', 1)");
    connection.write_all(b"\n")?;
    drop(connection);
    program.says("lost");
    program.signal("INT");
    let ended = program.end()?;
    assert_eq!(
        last_rows(&ended.stdout),
        ["('blue', 2)", "('gr\u{fffd}n', 1)"]
    );
    Ok(())
}

#[test]
fn a_state_that_outgrows_its_memory_is_reported_with_quiet_too() -> TestResult {
    let scenario = "timeline = [{ at = \"1s\", lines = [] }]\n\n[clock]\ninterval = \"50ms\"\n\n\
                    [cluster]\nmemory = \"120B\"\n\n[[pipeline]]\nname = \"counts\"\nmode = \"update_state\"\n";
    let (folder, server) = (Folder::with(&[("small.toml", scenario)])?, Server::open()?);
    let arguments = format!("listen {} --quiet --scenario small.toml", server.address());
    let mut program = Running::start(folder.command(&arguments))?;
    let mut connection = server.connection();
    connection.write_all(b"blue blue\n")?;
    program.prints("('blue', 2)");
    connection.write_all(b"green gold\n")?;
    program.says(
        "the states of 3 keys would take 168 bytes, and the memory of the cluster is 120 bytes",
    );
    program.signal("INT");
    let ended = program.end()?;
    assert_eq!(ended.code, Some(1), "{ended}");
    assert_eq!(
        last_rows(&ended.stdout),
        ["('blue', 2)"],
        "the state of before"
    );
    assert_eq!(
        ended.stderr.matches("give it more memory").count(),
        1,
        "{ended}"
    );
    Ok(())
}

#[test]
fn a_line_over_the_limit_is_reported_with_quiet_too() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let mut program = listen(&folder, &server.address(), "--quiet --line-limit 9")?;
    let mut connection = server.connection();
    connection.write_all(b"green green\nblue gold\n")?;
    program.prints("('blue', 1)");
    program.signal("INT");
    let ended = program.end()?;
    assert!(!ended.stdout.contains("green"), "{ended}");
    assert_eq!(
        ended.stderr,
        format!(
            "a line from {} was longer than 9 bytes and was skipped\n",
            server.address()
        )
    );
    Ok(())
}

#[test]
fn a_server_that_is_not_there_yet_is_waited_for() -> TestResult {
    let (folder, port) = (Folder::with(&[])?, Server::free_port()?);
    let mut program = listen(&folder, &address(port), "")?;
    program.says(&format!("waiting for a server at {}", address(port)));
    let server = Server::open_at(port)?;
    server.send(b"blue blue\n")?;
    program.prints("('blue', 2)");
    program.signal("INT");
    assert_eq!(program.end()?.code, Some(0));
    Ok(())
}

#[test]
fn waiting_for_a_server_can_be_ended() -> TestResult {
    let (folder, port) = (Folder::with(&[])?, Server::free_port()?);
    let mut program = listen(&folder, &address(port), "")?;
    program.says("waiting for a server");
    program.signal("INT");
    let ended = program.end()?;
    assert_eq!(ended.code, Some(0), "{ended}");
    Ok(())
}

#[test]
fn rcv_1_a_lost_connection_is_made_again() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let mut program = listen(&folder, &server.address(), "--mode update_state")?;
    server.send(b"blue\n")?;
    program.says(&format!(
        "connection to {} lost, connecting again in 2 s",
        server.address()
    ));
    server.send(b"green\n")?;
    program.prints("('green', 1)");
    program.signal("INT");
    let ended = program.end()?;
    assert_eq!(last_rows(&ended.stdout), ["('blue', 1)", "('green', 1)"]);
    assert_eq!(ended.stderr.matches("connected to").count(), 2, "{ended}");
    Ok(())
}

#[test]
fn a_query_prints_tables() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let more = "--mode structured --output update";
    let mut program = listen(&folder, &server.address(), more)?;
    let mut connection = server.connection();
    connection.write_all(b"blue green\n")?;
    program.prints("|green|    1|");
    connection.write_all(b"blue\n")?;
    program.prints("|blue|    2|");
    program.signal("INT");
    assert_eq!(program.end()?.code, Some(0));
    Ok(())
}

#[test]
fn mb_2c_a_query_goes_on_without_data_when_its_server_is_gone() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let mut program = listen(&folder, &server.address(), "--mode structured")?;
    let mut connection = server.connection();
    connection.write_all(b"blue green\nblue\n")?;
    drop(connection);
    program.says(&format!(
        "the stream from {} has ended, and a query connects only once",
        server.address()
    ));
    program.prints("| blue|    2|");
    program.signal("INT");
    let ended = program.end()?;
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(ended.stderr.matches("connected to").count(), 1, "{ended}");
    let blocks: Vec<&str> = ended.stdout.split("Batch: ").skip(1).collect();
    assert_eq!(blocks.len(), 2, "{ended}");
    assert!(!blocks[0].contains("blue"), "MB-2b: {ended}");
    Ok(())
}

#[test]
fn it_can_be_stopped_while_its_output_is_not_read() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let (mut reader, writer) = io::pipe()?;
    let command = folder.command(&format!("listen {} --interval 50ms", server.address()));
    let mut program = Running::start_with_output(command, writer)?;
    let word = |number: usize| format!("{number}{}\n", "x".repeat(20_000));
    server.send((0..10).map(word).collect::<String>().as_bytes())?;
    // After the first of these words it prints more than a pipe holds.
    let mut printed = [0; 1_000];
    while !printed.contains(&b'x') {
        reader.read_exact(&mut printed)?;
    }
    program.signal("INT");
    program.says("stopping after the last batches; ask again to stop at once");
    program.signal("INT");
    let ended = program.end()?;
    drop(reader);
    assert_eq!(ended.code, Some(130), "{ended}");
    let last = "stopping at once; batches that are not done are lost\n";
    assert!(ended.stderr.ends_with(last), "{ended}");
    Ok(())
}

#[test]
fn which_rows_are_printed_is_refused_where_there_is_no_choice() -> TestResult {
    let folder = Folder::with(&[])?;
    for mode in [
        "",
        "--mode stateless",
        "--mode update_state",
        "--mode map_with_state",
    ] {
        let arguments = format!("listen localhost:1 {mode} --output update");
        let said = folder.millrace(&arguments)?.said(2);
        let mode = if mode.is_empty() {
            "--mode stateless"
        } else {
            mode
        };
        let expected = format!(
            "error: the argument '--output <OUTPUT>' cannot be used with '{mode}', only with \
             '--mode structured'\n\nUsage: millrace listen"
        );
        assert!(said.starts_with(&expected), "{said}");
    }
    Ok(())
}

#[test]
fn every_event_is_a_line_of_json_as_it_happens() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let mut program = listen(&folder, &server.address(), "--json -q")?;
    let mut connection = server.connection();
    connection.write_all(b"blue\n")?;
    program.prints("\"rows\":[[\"blue\",1]]");
    program.signal("INT");
    let printed = program.end()?.printed();
    let events: Result<Vec<Value>, _> = printed.lines().map(serde_json::from_str).collect();
    let events = events?;
    assert_eq!(events[0]["event"], "streaming_started");
    assert_eq!(events[events.len() - 1]["event"], "stopped");
    Ok(())
}

#[test]
fn a_pipeline_of_a_scenario_is_run_live() -> TestResult {
    let (folder, server) = (Folder::of_the_book()?, Server::open()?);
    let book = "scenarios/cookbook.toml";
    let arguments = format!("listen {} --scenario {book}", server.address());
    let command = folder.command(&format!("{arguments} --pipeline update_state"));
    let mut program = Running::start(command)?;
    server.send(b"gold gold\n")?;
    program.prints("(u'gold', 2)");
    program.signal("INT");
    let ended = program.end()?;
    assert!(!ended.stdout.contains("gohawks"), "{ended}");

    let said = folder
        .millrace(&format!("{arguments} --pipeline nope"))?
        .said(4);
    assert!(
        said.starts_with("error: no pipeline `nope`; there are "),
        "{said}"
    );
    Ok(())
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_quietly() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    for format in ["", "--json"] {
        let (reader, writer) = io::pipe()?;
        let arguments = format!("listen {} --interval 50ms -q {format}", server.address());
        let program = Running::start_with_output(folder.command(&arguments), writer)?;
        drop(reader);
        assert_eq!(program.end()?.said(0), "");
    }
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_it() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    for format in ["", "--json"] {
        let full = std::fs::File::create("/dev/full")?;
        let arguments = format!("listen {} --interval 50ms -q {format}", server.address());
        let program = Running::start_with_output(folder.command(&arguments), full)?;
        assert_eq!(
            program.end()?.said(2),
            "error: failed to write to standard output\n  \
               because: No space left on device (os error 28)\n"
        );
    }
    Ok(())
}
