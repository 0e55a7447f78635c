//! Remarks of a run that Spark has in its log alone.

use engine::{Event, Time, as_entry};

/// The line about an event of a driver that died or goes on, or about something of it that was lost.
pub fn remark(event: &Event, time: impl Fn(Time) -> String) -> Option<String> {
    Some(match event {
        Event::DriverCrashed => "driver crashed".to_owned(),
        Event::StreamingRecovered {
            checkpoint_time,
            again,
            lost,
            ..
        } => {
            let again: Vec<String> = again.iter().copied().map(&time).collect();
            let lost: Vec<String> = lost.iter().map(ToString::to_string).collect();
            let mut remark = format!("driver recovered: checkpoint of {}", time(*checkpoint_time));
            for (what, items) in [("again", again), ("lost", lost)] {
                if !items.is_empty() {
                    remark += &format!("; {what} {}", items.join(", "));
                }
            }
            remark
        }
        Event::RecoveryFailed { failure } => {
            format!("driver not recovered: {}", as_entry(failure.message()))
        }
        Event::CheckpointFailed { batch_time, reason } => {
            format!(
                "checkpoint of {} not written: {}",
                time(*batch_time),
                as_entry(reason)
            )
        }
        Event::BlockRejected { block, reason, .. } => {
            format!("block {block} rejected: {}", as_entry(reason))
        }
        _ => return None,
    })
}
