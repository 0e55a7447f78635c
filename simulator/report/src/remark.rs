//! Remarks of a run that Spark has in its log alone.

use engine::{DriverEvent, Time, as_entry};

/// The line about a driver that died or goes on, or about something of it that was lost. `time` is the text of a batch
/// time.
///
/// ```
/// use engine::{DriverEvent, Time};
/// assert_eq!(report::remark(&DriverEvent::Crashed, |time: Time| time.to_string()), "driver crashed");
/// ```
pub fn remark(event: &DriverEvent, time: impl Fn(Time) -> String) -> String {
    match event {
        DriverEvent::Crashed => "driver crashed".to_owned(),
        DriverEvent::ResultsLeft { files } => {
            let lines = files.iter().map(|file| format!("\n--   {file}"));
            format!("results:{}", lines.collect::<String>())
        }
        DriverEvent::Recovered {
            checkpoint_time,
            again,
            lost,
            ..
        } => {
            let checkpoint = time(*checkpoint_time);
            let again = list("again", again.iter().copied().map(&time));
            let lost = list("lost", lost.iter().map(ToString::to_string));
            format!("driver recovered: checkpoint of {checkpoint}{again}{lost}")
        }
        DriverEvent::QueryRecovered {
            batch_id, again, ..
        } => {
            let begins = if *again { "runs again" } else { "is next" };
            format!("driver recovered: batch {batch_id} {begins}")
        }
        DriverEvent::NotRecovered { failure } => {
            format!("driver not recovered: {}", as_entry(failure.message()))
        }
        DriverEvent::CheckpointFailed { batch_time, reason } => {
            let batch = time(*batch_time);
            format!("checkpoint of {batch} not written: {}", as_entry(reason))
        }
        DriverEvent::BlockRejected { block, reason, .. } => {
            format!("block {block} rejected: {}", as_entry(reason))
        }
    }
}

/// Items behind their word, or nothing of none.
fn list(word: &str, items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() {
        return String::new();
    }
    format!("; {word} {}", items.join(", "))
}
