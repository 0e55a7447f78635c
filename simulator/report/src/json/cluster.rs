//! Events of a cluster as JSON.

use engine::ClusterEvent;
use serde_json::Value as JsonValue;

use super::object::ObjectWriter;

/// Writes the name and the fields of an event.
pub(super) fn write(event: &ClusterEvent, object: &mut ObjectWriter<'_>) {
    match event {
        ClusterEvent::ExecutorAdded { executor } => {
            object.event("executor_added");
            object.field("executor", executor);
        }
        ClusterEvent::ExecutorLost {
            executor,
            is_timeout,
        } => {
            object.event("executor_lost");
            object.field("executor", executor);
            object.field("is_timeout", is_timeout);
        }
        ClusterEvent::ReceiverStarted { stream, executor } => {
            object.event("receiver_started");
            object.field("stream", &stream.0);
            object.field("executor", executor);
        }
        ClusterEvent::ReceiverStopped { stream } => {
            object.event("receiver_stopped");
            object.field("stream", &stream.0);
        }
        ClusterEvent::RecordsLost { stream, records } => {
            object.event("records_lost");
            object.field("stream", &stream.0);
            object.field("records", records);
        }
        ClusterEvent::TaskRunAgain {
            batch_time,
            task,
            executor,
        } => {
            object.batch_event("task_run_again", *batch_time);
            object.field("task", task);
            object.field("executor", executor);
        }
        ClusterEvent::BlocksNotFound { batch_time, blocks } => {
            object.batch_event("blocks_not_found", *batch_time);
            let blocks: Vec<String> = blocks.iter().map(ToString::to_string).collect();
            object.field("blocks", &JsonValue::from(blocks));
        }
    }
}
