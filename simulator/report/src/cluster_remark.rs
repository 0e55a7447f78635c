//! Remarks on executors, receivers and their blocks, which Spark has in its log alone.

use engine::{ClusterEvent, Time};

/// The line about something of a cluster that was lost, or came back. `time` is the text of a batch time.
///
/// ```
/// use engine::{ClusterEvent, Time};
/// let lost = ClusterEvent::ExecutorLost { executor: 1, is_timeout: false };
/// assert_eq!(report::cluster_remark(&lost, |time: Time| time.to_string()), "executor 1 lost");
/// ```
pub fn cluster_remark(event: &ClusterEvent, time: impl Fn(Time) -> String) -> String {
    match event {
        ClusterEvent::ExecutorAdded { executor } => format!("executor {executor} started"),
        ClusterEvent::ExecutorLost {
            executor,
            is_timeout,
        } => {
            let reason = if *is_timeout {
                ": its heartbeat timed out"
            } else {
                ""
            };
            format!("executor {executor} lost{reason}")
        }
        ClusterEvent::ReceiverStarted { stream, executor } => {
            format!("receiver {} started on executor {executor}", stream.0)
        }
        ClusterEvent::ReceiverStopped { stream } => format!("receiver {} stopped", stream.0),
        ClusterEvent::RecordsLost { stream, records } => {
            format!("receiver {}: records lost: {records}", stream.0)
        }
        ClusterEvent::TaskRunAgain {
            batch_time,
            task,
            executor,
        } => {
            let batch = time(*batch_time);
            format!("task {task} of {batch} runs again on executor {executor}")
        }
        ClusterEvent::BlocksNotFound { batch_time, blocks } => {
            let batch = time(*batch_time);
            let blocks: Vec<String> = blocks.iter().map(ToString::to_string).collect();
            let blocks = blocks.join(", ");
            format!(
                "some blocks of {batch} could not be recovered as they were not found in memory: {blocks}"
            )
        }
    }
}
