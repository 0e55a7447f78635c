//! Real sockets on the real clock: the only tests that take as long as they say.

use std::collections::BTreeMap;
use std::time::Duration;

use engine::{Event, StreamingContext};
use engine_live::Live;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::program::{TestResult, User, count, quiet, run, word_count};

/// Far more than it takes; a test that gets here has failed.
const PATIENCE: Duration = Duration::from_mins(1);

/// Waits until these words have these counts, over all batches from now on.
async fn wait_for_counts(user: &mut User, expected: &[&str]) {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    loop {
        let total = counts.iter().map(|(word, count)| format!("{word}:{count}"));
        if total.collect::<Vec<_>>() == expected {
            return;
        }
        if let Event::Printed { rows, .. } = user.event().await {
            for row in &rows {
                let row = count(row);
                let (word, count) = row.split_once(':').expect("it is a word and its count");
                *counts.entry(word.to_owned()).or_default() += count.parse::<i64>().unwrap_or(0);
            }
        }
    }
}

/// Accepts one connection, sends these pieces, and closes it.
async fn serve(listener: &TcpListener, pieces: &[&str]) {
    let (mut connection, _) = listener.accept().await.expect("the receiver connects");
    for piece in pieces {
        let sent = connection.write_all(piece.as_bytes()).await;
        sent.expect("the receiver reads");
    }
}

#[tokio::test]
async fn rcv_1_lines_arrive_over_tcp_and_again_after_a_reconnect() -> TestResult {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let program = word_count(100, |ssc| [ssc.socket_text_stream("localhost", port)])?;
    let (sender, mut diagnostics) = tokio::sync::mpsc::unbounded_channel();
    let live = Live::new()
        .restart_delay(Duration::from_millis(50))
        .on_diagnostic(move |diagnostic| {
            sender.send(diagnostic.to_string()).ok();
        });
    let journal = run(live, program, async |mut user: User| {
        serve(&listener, &["blue bl", "ue gre", "en\r", "\nbl", "ue"]).await;
        wait_for_counts(&mut user, &["blue:3", "green:1"]).await;
        serve(&listener, &["gohawks\n"]).await;
        wait_for_counts(&mut user, &["gohawks:1"]).await;
        user.stopper.stop();
    });
    let journal = timeout(PATIENCE, journal).await??;
    let last = journal.entries().last().expect("a run has events");
    assert_eq!(last.event, Event::Stopped);
    let address = format!("localhost:{port}");
    for expected in [
        format!("connected to {address}"),
        format!("connection to {address} lost, connecting again in 0.05 s"),
        format!("connected to {address}"),
    ] {
        assert_eq!(diagnostics.recv().await, Some(expected));
    }
    Ok(())
}

#[tokio::test]
async fn two_servers_feed_two_streams() -> TestResult {
    let [one, two] = [
        TcpListener::bind("127.0.0.1:0").await?,
        TcpListener::bind("127.0.0.1:0").await?,
    ];
    let ports = [one.local_addr()?.port(), two.local_addr()?.port()];
    let inputs =
        |ssc: &StreamingContext| ports.map(|port| ssc.socket_text_stream("127.0.0.1", port));
    let journal = run(quiet(), word_count(100, inputs)?, async |mut user: User| {
        tokio::join!(serve(&one, &["blue\n"]), serve(&two, &["green\n"]));
        wait_for_counts(&mut user, &["blue:1", "green:1"]).await;
        user.stopper.stop();
    });
    timeout(PATIENCE, journal).await??;
    Ok(())
}
