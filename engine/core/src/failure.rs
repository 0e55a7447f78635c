//! Failures of a user's program: values that say what failed, where, and why.

mod caught;

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::panic::PanicHookInfo;
use std::sync::{Arc, Mutex};

pub(crate) use self::caught::{catch, catch_panic, let_go};
use crate::{Text, Time};

/// Characters of a key that a message shows.
const KEY_CHARS_MAX: usize = 80;

/// Why a job or a micro-batch of a user's program failed (`JOB-4`, `MB-7`).
///
/// Not an error of the engine: it is recorded in an [`Event`](crate::Event), and the program goes on or
/// ends as Spark's would. Any error converts into one, so that `?` works in a user's function:
///
/// ```
/// use engine::{Failure, FailureKind};
///
/// fn parse(line: &str) -> Result<i64, Failure> {
///     Ok(line.parse::<i64>()?)
/// }
/// let failure = parse("blue").unwrap_err();
/// assert_eq!(failure.kind(), FailureKind::Function);
/// assert_eq!(failure.to_string(), "invalid digit found in string");
/// ```
///
/// It displays as Spark's log would name it: operator, key, batch and the place of a panic, as far as they are
/// known, and then the message, all of it [as one entry](as_entry). Two failures are equal if all of these are; sources
/// are not compared.
#[derive(Clone)]
pub struct Failure(Box<Details>);

#[derive(Clone)]
struct Details {
    kind: FailureKind,
    operator: Option<&'static str>,
    key: Option<Text>,
    batch: Option<FailedBatch>,
    place: Option<Text>,
    message: Text,
    source: Option<FailureSource>,
}

/// The kinds of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// A user's function returned an error.
    Function,
    /// A user's function panicked.
    Panic,
    /// A result does not fit its type, as `java.lang.ArithmeticException` says in Spark.
    Overflow,
    /// The states of the program outgrew the [memory](crate::SparkContext::with_memory) of the cluster.
    Memory,
    /// Spark itself refuses to go on, as it does where an inverse function or a watermark is misused.
    Spark,
    /// States cannot be saved, or saved ones cannot be read.
    Checkpoint,
    /// Results cannot be saved.
    Save,
}

/// The batch of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailedBatch {
    /// The batch of a stream that ends at this time.
    At(Time),
    /// The micro-batch of a query with this number.
    Number(u64),
}

impl fmt::Display for FailedBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FailedBatch::At(time) => write!(f, "batch at {time}"),
            FailedBatch::Number(number) => write!(f, "batch {number}"),
        }
    }
}

/// The cause of a failure, for programs that look closer than its message.
#[derive(Clone)]
pub enum FailureSource {
    /// The error that a user's function returned.
    Error(Arc<dyn Error + Send + Sync>),
    /// The payload of a panic.
    Panic(Arc<Mutex<Box<dyn Any + Send>>>),
}

impl Failure {
    /// A failure with this message, of which nothing else is known yet.
    pub fn new(kind: FailureKind, message: impl Into<Text>) -> Failure {
        Failure(Box::new(Details {
            kind,
            operator: None,
            key: None,
            batch: None,
            place: None,
            message: message.into(),
            source: None,
        }))
    }

    /// For a panic hook: keeps the place of the panic for the failure that it becomes.
    ///
    /// The payload of a panic does not have its place, and only the program may have a hook. Without one that calls
    /// this, failures have no place.
    ///
    /// ```standalone_crate
    /// use std::panic;
    /// use std::time::Duration;
    /// use engine::{Event, Failure, Inline, SparkContext, Stepper, StreamingContext, Time};
    ///
    /// panic::set_hook(Box::new(Failure::keep_place));
    /// let ssc = StreamingContext::new(&SparkContext::local(1, "test"), Duration::from_secs(1));
    /// ssc.queue_stream([vec![0]]).map(|x| 1 / x).print();
    /// let mut stepper = Stepper::start(ssc.build()?, Time::EPOCH);
    /// stepper.step(&Inline);
    /// let failure = stepper.events().find_map(Event::failure).unwrap();
    /// assert!(failure.place().unwrap().contains(".rs:"), "{failure}");
    /// # Ok::<(), engine::BuildError>(())
    /// ```
    pub fn keep_place(panic: &PanicHookInfo<'_>) {
        caught::keep_place(panic);
    }

    /// Names the operator, unless one is named: the innermost one is where it happened.
    #[must_use]
    pub fn in_operator(mut self, operator: &'static str) -> Failure {
        self.0.operator.get_or_insert(operator);
        self
    }

    /// Names the key that the function was called for, unless one is named.
    #[must_use]
    pub fn with_key(mut self, key: &impl fmt::Debug) -> Failure {
        if self.0.key.is_none() {
            let shown = catch_panic(|| shortened(&format!("{key:?}")));
            self.0.key = Some(shown.unwrap_or_else(|_| Text::from("that cannot be shown")));
        }
        self
    }

    /// Names the batch, unless one is named.
    #[must_use]
    pub fn in_batch(mut self, batch: FailedBatch) -> Failure {
        self.0.batch.get_or_insert(batch);
        self
    }

    /// The kind of failure.
    pub fn kind(&self) -> FailureKind {
        self.0.kind
    }

    /// The operator that failed, by the name of its method; `None` outside of operators.
    pub fn operator(&self) -> Option<&'static str> {
        self.0.operator
    }

    /// The key that the function was called for, as `Debug` shows it and at most 80 characters of it;
    /// `None` if it was called for none.
    pub fn key(&self) -> Option<&Text> {
        self.0.key.as_ref()
    }

    /// The batch that failed.
    pub fn batch(&self) -> Option<FailedBatch> {
        self.0.batch
    }

    /// The file, line and column of a panic, as its compiler names the file; `None` of other failures, and where no
    /// hook [keeps](Failure::keep_place) it.
    pub fn place(&self) -> Option<&Text> {
        self.0.place.as_ref()
    }

    /// The reason alone, in Spark's words where Spark has some.
    pub fn message(&self) -> &Text {
        &self.0.message
    }

    /// The error or the panic behind it, if there is one.
    pub fn source(&self) -> Option<&FailureSource> {
        self.0.source.as_ref()
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Failure {
        let mut failure = Failure::new(FailureKind::Function, error.to_string());
        failure.0.source = Some(FailureSource::Error(Arc::new(error)));
        failure
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operator = self.operator().map(str::to_owned);
        let key = self.key().map(|key| format!("key {key}"));
        let batch = self.batch().map(|batch| batch.to_string());
        let place = self.place().map(|place| format!("panicked at {place}"));
        let context: Vec<String> = [operator, key, batch, place]
            .into_iter()
            .flatten()
            .collect();
        if !context.is_empty() {
            write!(f, "{}: ", as_entry(&context.join(", ")))?;
        }
        f.write_str(&as_entry(self.message()))
    }
}

/// A text as one entry wherever it is printed: lines after the first are indented, and control characters are escaped.
///
/// ```
/// assert_eq!(engine::as_entry("not equal\n left: 1\r\n"), "not equal\n   left: 1");
/// assert_eq!(engine::as_entry("a\u{7}"), "a\\u{7}");
/// ```
pub fn as_entry(text: &str) -> String {
    let mut entry = String::with_capacity(text.len());
    for (number, line) in text.lines().enumerate() {
        if number > 0 {
            entry.push_str("\n  ");
        }
        for character in line.chars() {
            match character {
                '\t' => entry.push(character),
                _ if character.is_control() => entry.extend(character.escape_default()),
                _ => entry.push(character),
            }
        }
    }
    entry
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Failure({:?}, {:?})", self.kind(), self.to_string())
    }
}

impl PartialEq for Failure {
    fn eq(&self, other: &Failure) -> bool {
        self.kind() == other.kind()
            && self.operator() == other.operator()
            && self.key() == other.key()
            && self.batch() == other.batch()
            && self.place() == other.place()
            && self.message() == other.message()
    }
}

impl Hash for Failure {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.kind().hash(hasher);
        self.operator().hash(hasher);
        self.key().hash(hasher);
        self.batch().hash(hasher);
        self.place().hash(hasher);
        self.message().hash(hasher);
    }
}

impl fmt::Debug for FailureSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FailureSource::Error(error) => error.fmt(f),
            FailureSource::Panic(_) => f.write_str("Panic"),
        }
    }
}

fn shortened(key: &str) -> Text {
    match key.char_indices().nth(KEY_CHARS_MAX) {
        Some((end, _)) => Text::from(format!("{}…", &key[..end])),
        None => Text::from(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_operator_key_and_batch_are_named() {
        let failure = Failure::new(FailureKind::Overflow, "long overflow")
            .in_operator("reduce_by_key")
            .in_operator("print")
            .with_key(&"blue")
            .with_key(&"green")
            .in_batch(FailedBatch::At(Time::from_millis(1_000)))
            .in_batch(FailedBatch::Number(2));
        assert_eq!(
            failure.to_string(),
            "reduce_by_key, key \"blue\", batch at 1000 ms: long overflow"
        );
        assert_eq!(
            Failure::new(FailureKind::Spark, "refused").to_string(),
            "refused"
        );
    }

    #[test]
    fn a_message_of_several_lines_is_one_entry_without_control_characters() {
        let check = |message: &str, expected: &str| {
            let failure = Failure::new(FailureKind::Panic, message).in_operator("map");
            assert_eq!(failure.to_string(), expected);
            assert_eq!(failure.message(), message, "the message is kept as it is");
        };
        check(
            "not equal\n  left: 1\r\n right: 2\n",
            "map: not equal\n    left: 1\n   right: 2",
        );
        check("a\tb\rc\u{1b}[2J\u{7}", "map: a\tb\\rc\\u{1b}[2J\\u{7}");
        check("", "map: ");
        let key = Failure::new(FailureKind::Panic, "no bread").with_key(&format_args!("a\nb"));
        assert_eq!(key.to_string(), "key a\n  b: no bread");
    }

    #[test]
    fn an_error_keeps_its_type() {
        let failure = Failure::from("x".parse::<i64>().expect_err("no number"));
        let Some(FailureSource::Error(error)) = failure.source() else {
            panic!("an error is kept");
        };
        assert!(error.is::<std::num::ParseIntError>());
    }

    #[test]
    fn a_key_of_a_megabyte_is_shown_in_short() {
        assert_eq!(shortened("\"blue\""), "\"blue\"");
        assert_eq!(shortened(&"é".repeat(1 << 20)).chars().count(), 81);
    }
}
