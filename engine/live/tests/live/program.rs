//! The program under test, and the user at its outside.

use std::time::Duration;

use engine::{
    BuildError, DStream, Engine, Event, Journal, Program, Reader, SparkContext, StreamingContext,
    Text, Time, Value,
};
use engine_live::{Live, LiveError, StopRequests, Stopper};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

pub(crate) type TestResult = Result<(), Box<dyn std::error::Error>>;

/// The words of each batch of the streams that `inputs` makes, counted stream by stream.
pub(crate) fn word_count<const N: usize>(
    interval_ms: u64,
    inputs: impl FnOnce(&StreamingContext) -> [DStream<Text>; N],
) -> Result<Program, BuildError> {
    let cluster = SparkContext::local(1, "NetworkWordCount");
    let ssc = StreamingContext::new(&cluster, Duration::from_millis(interval_ms));
    for lines in inputs(&ssc) {
        let words = lines.flat_map(|line| line.split(" "));
        let pairs = words.map(|word| (word, 1_i64));
        pairs.reduce_by_key(|x, y| x + y).print();
    }
    ssc.build()
}

/// A live world that prints no diagnostics.
pub(crate) fn quiet() -> Live {
    Live::new().on_diagnostic(|_| {})
}

/// The means of a test to act while its program runs.
pub(crate) struct User {
    pub(crate) stopper: Stopper,
    events: UnboundedReceiver<Event>,
}

impl User {
    /// The next event of the program.
    pub(crate) async fn event(&mut self) -> Event {
        self.events.recv().await.expect("the program runs")
    }

    /// Waits for this event, and drops those before it.
    pub(crate) async fn wait_for(&mut self, expected: &Event) {
        while self.event().await != *expected {}
    }
}

/// Runs a program while `user` does something, and returns its journal.
pub(crate) async fn run(
    live: Live,
    program: Program,
    user: impl AsyncFnOnce(User),
) -> Result<Journal, LiveError> {
    let (stopper, stop) = StopRequests::channel();
    let (sender, events) = unbounded_channel();
    let mut reader = (Journal::new(), EventSender(sender));
    let run = live.run_until(Engine::new(program), &mut reader, stop);
    let (ended, ()) = tokio::join!(run, user(User { stopper, events }));
    ended.map(|()| reader.0)
}

struct EventSender(UnboundedSender<Event>);

impl Reader for EventSender {
    fn read(&mut self, _: Time, event: &Event) {
        self.0.send(event.clone()).ok();
    }
}

/// The counts that were printed, a line for each output of each batch: `1000 blue:2 green:1`.
pub(crate) fn printed(journal: &Journal) -> Vec<String> {
    let line = |event: &Event| match event {
        Event::Printed {
            batch_time, rows, ..
        } => {
            let counts = rows.iter().map(|row| format!(" {}", count(row)));
            Some(format!(
                "{}{}",
                batch_time.as_millis(),
                counts.collect::<String>()
            ))
        }
        _ => None,
    };
    let events = journal.entries().iter().map(|entry| &entry.event);
    events.filter_map(line).collect()
}

/// A word and how often it was counted: `blue:2`.
pub(crate) fn count(row: &Value) -> String {
    match row {
        Value::Tuple(pair) => match pair.as_slice() {
            [Value::String(word), Value::Long(count)] => format!("{word}:{count}"),
            _ => panic!("not a word and its count: {row:?}"),
        },
        _ => panic!("not a pair: {row:?}"),
    }
}
