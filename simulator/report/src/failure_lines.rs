//! The failures of a run as lines for a person.

use engine::{Event, FailedBatch, Failure, as_entry};
use scenario::Profile;

use crate::Zone;

/// Writes the failures of a run as lines, one for each batch that failed and each reason, with the times of
/// batches as the console of the program shows them.
///
/// A batch that needs an earlier one, as by a window or a state, fails for what failed in that one. The reason is
/// written once for several such batches in a row.
///
/// ```
/// use engine::{Event, FailedBatch, Failure, FailureKind, JobId, OutputId, Time};
/// use report::{FailureLines, Zone};
/// use scenario::Profile;
///
/// let failure = Failure::new(FailureKind::Function, "bad line")
///     .in_operator("map")
///     .in_batch(FailedBatch::At(Time::from_millis(1_000)));
/// let ended = |millis| Event::OutputOperationCompleted {
///     batch_time: Time::from_millis(millis),
///     output: OutputId(0),
///     job: JobId(0),
///     failure: Some(failure.clone()),
/// };
/// let mut lines = FailureLines::new(Profile::Pyspark, Zone::UTC);
/// let mut line = |event| lines.line(&event);
/// assert_eq!(line(ended(1_000)).unwrap(), "map, batch at 1970-01-01 00:00:01: bad line");
/// assert_eq!(line(ended(2_000)).unwrap(), "batch at 1970-01-01 00:00:02, for the same reason");
/// assert_eq!(line(ended(2_000)), None);
/// ```
#[derive(Clone, Debug)]
pub struct FailureLines {
    profile: Profile,
    zone: Zone,
    last: Option<FailedJob>,
}

/// A failure, and the batch that it ended.
#[derive(Clone, Debug, PartialEq)]
struct FailedJob {
    failure: Failure,
    ended: FailedBatch,
}

impl FailureLines {
    /// The failures of a program in the language of `profile`, on a machine in `zone`.
    pub fn new(profile: Profile, zone: Zone) -> FailureLines {
        FailureLines {
            profile,
            zone,
            last: None,
        }
    }

    /// The line about an output operation, a micro-batch or a program that failed; `None` of any other event, and of a job
    /// that failed as the one before in its batch.
    pub fn line(&mut self, event: &Event) -> Option<String> {
        if let Event::ProgramFailed { failure } = event {
            return Some(as_entry(failure.message()));
        }
        let job = failed_job(event)?;
        let last = self.last.as_ref();
        if last == Some(&job) {
            return None;
        }
        let line = if last.is_some_and(|last| last.failure == job.failure) {
            format!("{}, for the same reason", self.batch("batch at", job.ended))
        } else {
            self.text(&job)
        };
        self.last = Some(job);
        Some(line)
    }

    fn text(&self, FailedJob { failure, ended }: &FailedJob) -> String {
        let batch = failure.batch().unwrap_or(*ended);
        let mut context = Vec::new();
        context.extend(failure.operator().map(str::to_owned));
        context.extend(failure.key().map(|key| format!("key {key}")));
        context.push(self.batch("batch at", batch));
        if batch != *ended {
            context.push(self.batch("needed at", *ended));
        }
        context.extend(failure.place().map(|place| format!("panicked at {place}")));
        let [context, message] = [&context.join(", "), failure.message().as_str()].map(as_entry);
        format!("{context}: {message}")
    }

    /// A batch, by its time after these words or by its number.
    fn batch(&self, at: &str, batch: FailedBatch) -> String {
        match batch {
            FailedBatch::At(time) => {
                let mut text = format!("{at} ");
                self.zone.write_batch_time(self.profile, time, &mut text);
                text
            }
            FailedBatch::Number(_) => batch.to_string(),
        }
    }
}

/// The job that an event is the end of, if it failed.
fn failed_job(event: &Event) -> Option<FailedJob> {
    let ended = match event {
        Event::OutputOperationCompleted { batch_time, .. } => FailedBatch::At(*batch_time),
        Event::QueryProgress { batch_id, .. } => FailedBatch::Number(*batch_id),
        _ => return None,
    };
    let failure = event.failure()?.clone();
    Some(FailedJob { failure, ended })
}
