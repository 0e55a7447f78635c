//! `millrace record`: what a server sends, as a scenario.

use std::io::{self, Write};
use std::process::Command;

use crate::running::Running;
use crate::server::{Server, address};
use crate::support::{Ended, Folder, TestResult};

const FILE: &str = "recorded.toml";

fn record(folder: &Folder, server: &Server) -> io::Result<Running> {
    let address = server.address();
    let arguments = format!("record {address} -o {FILE} --interval 100ms");
    Running::start(folder.command(&arguments))
}

/// Sends all this, ends the recording, and returns its folder.
fn recorded(bytes: &[u8]) -> Result<(Folder, Ended), Box<dyn std::error::Error>> {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let mut program = record(&folder, &server)?;
    server.send(bytes)?;
    program.says("lost");
    program.signal("INT");
    let ended = program.end()?;
    Ok((folder, ended))
}

#[test]
fn a_recording_replays_with_the_same_counts() -> TestResult {
    let (folder, ended) = recorded(b"blue green\nblue\ngreen blue\n")?;
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(0), ""),
        "{ended}"
    );
    let last = format!("recorded 3 lines; replay with: millrace run {FILE}\n");
    assert!(ended.stderr.ends_with(&last), "{ended}");

    let run = folder.millrace(&format!("run {FILE} -q --pipeline update_state"))?;
    assert!(run.printed().ends_with("('blue', 3)\n('green', 2)\n\n"));
    let run = folder.millrace(&format!("run {FILE} -q --pipeline structured"))?;
    assert!(run.printed().contains("|green|    2|\n| blue|    3|\n"));
    let run = folder.millrace(&format!("run {FILE} -q --pipeline stateless"))?;
    assert!(run.printed().contains("('blue', "));
    Ok(())
}

#[test]
fn any_bytes_are_kept_as_a_live_program_sees_them() -> TestResult {
    let (folder, _) =
        recorded(b"\"quoted\" 'twice' \\n\ngr\xfcn\x00\x1b[31m\r\n\xe2\x80\xae tab\there\n")?;
    let run = folder.millrace(&format!(
        "run {FILE} -q --pipeline update_state --profile jvm"
    ))?;
    let printed = run.printed();
    for word in [
        "\"quoted\"",
        "'twice'",
        "\\n",
        "gr\u{fffd}n\0\u{1b}[31m",
        "\u{202e}",
        "tab\there",
    ] {
        assert!(
            printed.contains(&format!("({word},1)\n")),
            "{word:?} in {printed}"
        );
    }
    Ok(())
}

#[test]
fn the_file_is_a_scenario_while_the_recording_goes_on() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let mut program = record(&folder, &server)?;
    let mut connection = server.connection();
    connection.write_all(b"blue\ngree")?;
    program.says("connected");
    while !folder
        .read(FILE)
        .is_ok_and(|text| text.contains("\"blue\""))
    {
        std::thread::yield_now();
    }
    program.signal("KILL");
    let run = folder.millrace(&format!("run {FILE} -q --pipeline stateless"))?;
    assert!(run.printed().contains("('blue', 1)\n"));
    Ok(())
}

/// A process that is killed in the middle of a long line leaves a scenario, or one that says what to cut.
#[test]
fn a_recording_that_is_killed_is_a_scenario_up_to_its_last_entry() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let mut program = record(&folder, &server)?;
    let mut connection = server.connection();
    let line = "blue ".repeat(60_000) + "\n";
    let sender = std::thread::spawn(move || while connection.write_all(line.as_bytes()).is_ok() {});
    program.says("connected");
    let length = || folder.path(FILE).metadata().map_or(0, |it| it.len());
    while length() <= 400_000 {
        std::thread::yield_now();
    }
    program.kill()?;
    sender.join().expect("it ends with the connection");
    let listed = folder.millrace(&format!("test --list {FILE}"))?;
    if listed.code != Some(0) {
        let (_, line) = listed
            .stderr
            .split_once("cut off here, remove line ")
            .ok_or(listed.stderr.clone())?;
        let line: usize = line.split_whitespace().next().unwrap_or_default().parse()?;
        let text = folder.read(FILE)?;
        let whole: String = text.split_inclusive('\n').take(line - 1).collect();
        folder.write(FILE, &whole)?;
    }
    folder.millrace(&format!("test --list {FILE}"))?.printed();
    Ok(())
}

#[test]
fn before_the_first_line_there_is_no_file() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let mut program = record(&folder, &server)?;
    let _connection = server.connection();
    program.says("connected");
    program.kill()?;
    assert_eq!(folder.path("").read_dir()?.count(), 0);
    Ok(())
}

#[test]
fn a_first_line_that_does_not_fit_leaves_no_file() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let program = record(&folder, &server)?;
    let mut line = vec![1; 12_000_000];
    line.push(b'\n');
    // It may have ended before it has read all.
    server.send(&line).ok();
    let ended = program.end()?;
    assert_eq!(ended.code, Some(2), "{ended}");
    let last = " bytes, and one has 67108864 at most, so there is no recorded.toml; \
                leave such lines out with --line-limit\n";
    assert!(ended.stderr.ends_with(last), "{ended}");
    assert!(!ended.stderr.contains("replay with"), "{ended}");
    assert!(!folder.path(FILE).exists());
    Ok(())
}

/// Starts a recording whose file may have this many blocks of 512 bytes, as on a disk that is full then.
fn record_on_a_full_disk(folder: &Folder, server: &Server, blocks: usize) -> io::Result<Running> {
    let program = folder.command(&format!("record {} -o {FILE}", server.address()));
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\""])
        .arg(blocks.to_string())
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(folder.path("."));
    Running::start(limited)
}

#[test]
fn a_full_disk_ends_it_and_leaves_a_scenario() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let program = record_on_a_full_disk(&folder, &server, 8)?;
    server.send("blue\n".repeat(200).as_bytes())?;
    let ended = program.end()?;
    assert_eq!(ended.code, Some(2), "{ended}");
    let error = "error: failed to write recorded.toml\n  because: File too large (os error 27)\n";
    assert!(ended.stderr.ends_with(error), "{ended}");
    let text = folder.read(FILE)?;
    let lines = text.matches("\"blue\"").count();
    assert!(lines > 1 && text.len() <= 4_096, "{text}");
    assert!(
        ended.stderr.contains(&format!("recorded {lines} lines; ")),
        "{ended}"
    );
    let run = folder.millrace(&format!("run {FILE} -q --pipeline update_state"))?;
    assert!(run.printed().ends_with(&format!("('blue', {lines})\n\n")));
    Ok(())
}

#[test]
fn a_disk_that_is_full_from_the_start_leaves_no_file() -> TestResult {
    let (folder, server) = (Folder::with(&[])?, Server::open()?);
    let program = record_on_a_full_disk(&folder, &server, 0)?;
    server.send(b"blue\n")?;
    let ended = program.end()?;
    assert_eq!(ended.code, Some(2), "{ended}");
    assert!(!folder.path(FILE).exists());
    Ok(())
}

#[test]
fn one_line_is_a_line() -> TestResult {
    let (_, ended) = recorded(b"blue")?;
    assert!(ended.stderr.contains("\nrecorded 1 line; "), "{ended}");
    Ok(())
}

#[test]
fn a_file_that_is_there_is_not_overwritten() -> TestResult {
    let folder = Folder::with(&[(FILE, "# mine\n")])?;
    let said = folder
        .millrace(&format!("record localhost:9 -o {FILE}"))?
        .said(2);
    assert_eq!(
        said,
        "error: recorded.toml is there already, and nothing is overwritten; name another file\n"
    );
    assert_eq!(folder.read(FILE)?, "# mine\n");
    Ok(())
}

#[test]
fn a_file_that_cannot_be_written_is_reported_before_anything_comes() -> TestResult {
    let said = Folder::with(&[])?
        .millrace("record localhost:9 -o absent/a.toml")?
        .said(2);
    assert_eq!(
        said,
        "error: failed to write absent/a.toml\n  because: No such file or directory (os error 2)\n"
    );
    Ok(())
}

#[test]
fn where_nothing_came_there_is_no_file() -> TestResult {
    let (folder, ended) = recorded(b"")?;
    assert_eq!(ended.code, Some(4), "{ended}");
    let last = "error: nothing was received, so there is no recorded.toml\n";
    assert!(ended.stderr.ends_with(last), "{ended}");
    assert!(!folder.path(FILE).exists());

    let arguments = format!("record {} -o {FILE}", address(Server::free_port()?));
    let mut program = Running::start(folder.command(&arguments))?;
    program.says("waiting for a server");
    program.signal("TERM");
    assert_eq!(program.end()?.code, Some(4));
    assert!(!folder.path(FILE).exists());
    Ok(())
}
