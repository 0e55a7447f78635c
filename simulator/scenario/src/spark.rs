//! Program text for Spark, as Python and Java write it: calls, texts, durations.

use std::time::Duration;

/// An expression, in both languages.
#[derive(Clone, Debug)]
pub(crate) struct Snippet {
    pub(crate) python: String,
    pub(crate) java: String,
}

/// A call of the operator that is a step.
#[derive(Clone, Debug)]
pub struct StepCode {
    /// In Python; `None` where `PySpark` has no such operator.
    pub python: Option<String>,
    /// In Java.
    pub java: String,
    /// The Java statements that stand before the one with the call, each with its line end.
    pub java_before: String,
}

impl Snippet {
    pub(crate) fn new(python: impl Into<String>, java: impl Into<String>) -> Snippet {
        Snippet {
            python: python.into(),
            java: java.into(),
        }
    }

    /// A duration as an argument.
    pub(crate) fn duration(duration: Duration) -> Snippet {
        Snippet::new(seconds(duration), durations(duration))
    }
}

impl From<Snippet> for StepCode {
    fn from(code: Snippet) -> StepCode {
        StepCode {
            python: Some(code.python),
            java: code.java,
            java_before: String::new(),
        }
    }
}

/// A call of a method that has one name in both languages.
pub(crate) fn call<const N: usize>(method: &str, arguments: &[Snippet; N]) -> StepCode {
    let python = arguments.each_ref().map(|it| &*it.python).join(", ");
    let java = arguments.each_ref().map(|it| &*it.java).join(", ");
    Snippet::new(format!("{method}({python})"), format!("{method}({java})")).into()
}

/// A text in double quotes, for Python.
pub fn python_text(text: &str) -> String {
    quoted(text, |code| format!("\\x{code:02x}"))
}

/// A text in double quotes, for Java.
pub fn java_text(text: &str) -> String {
    quoted(text, |code| format!("\\{code:03o}"))
}

fn quoted(text: &str, control: fn(u32) -> String) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\x1f' => out.push_str(&control(u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

/// A duration in seconds, as `PySpark` takes it: cut to whole milliseconds after a multiplication by 1000,
/// which must not lose one.
pub fn seconds(duration: Duration) -> String {
    let millis = duration.as_millis() as i64;
    if millis % 1000 == 0 {
        return (millis / 1000).to_string();
    }
    let seconds = millis as f64 / 1000.0;
    let is_exact = (seconds * 1000.0) as i64 == millis;
    let seconds = if is_exact { seconds } else { seconds.next_up() };
    format!("{seconds:?}")
}

/// A duration for the JVM.
pub fn durations(duration: Duration) -> String {
    let millis = duration.as_millis();
    if millis.is_multiple_of(1000) {
        format!("Durations.seconds({})", millis / 1000)
    } else {
        format!("Durations.milliseconds({millis})")
    }
}

/// The arguments of a print of this number of rows: ten is what both languages print without one.
pub fn print_rows(rows: usize) -> String {
    if rows == 10 {
        String::new()
    } else {
        rows.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_for_each_language() {
        assert_eq!(python_text("a\"\\\n\u{1}é"), r#""a\"\\\n\x01é""#);
        assert_eq!(java_text("a\"\\\n\u{1}é"), r#""a\"\\\n\001é""#);
    }

    #[test]
    fn no_millisecond_is_lost_in_seconds() {
        for millis in 1..100_000 {
            let text = seconds(Duration::from_millis(millis));
            let read: f64 = text.parse().expect("it is a number");
            assert_eq!((read * 1000.0) as u64, millis, "{text}");
        }
    }
}
