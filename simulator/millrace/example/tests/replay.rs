//! Programs on timelines that are written in Rust.

use std::time::Duration;

use millrace::testing::test_operation;
use millrace::{ReplayError, Timeline, replay};
use page_visits::{CountOperators, slow_pages};

#[test]
fn the_top_is_the_highest_first() {
    test_operation(
        [vec![("/home", 1), ("/cart", 3), ("/help", 2)], vec![]],
        |counts| counts.top(2),
        [vec![("/cart", 3), ("/help", 2)], vec![]],
    );
}

#[test]
fn a_page_is_slow_for_three_batches() -> Result<(), ReplayError> {
    let seconds = Duration::from_secs;
    let timeline = Timeline::new()
        .lines(seconds(1), ["ann /home 250", "bob /home 10"])
        .stop(seconds(4));
    let replay = replay(&timeline, slow_pages)?;
    assert_eq!(replay.text.matches("('/home', 1)").count(), 3);
    Ok(())
}

#[test]
fn a_line_that_is_no_visit_fails_its_batch() -> Result<(), ReplayError> {
    let seconds = Duration::from_secs;
    let timeline = Timeline::new()
        .lines(seconds(1), ["ann /home"])
        .lines(seconds(4), ["ann"]);
    let replay = replay(&timeline, slow_pages)?;
    let failures = replay.failures.iter().map(|failure| failure.message());
    assert_eq!(
        failures.collect::<Vec<_>>(),
        ["cannot parse integer from empty string", "no page in `ann`"]
    );
    Ok(())
}
