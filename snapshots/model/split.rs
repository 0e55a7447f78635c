//! How lines become words: Python's split, Java's and SQL's; and how sockets make lines.

use crate::rules::{Rule, Rules};

/// `line.split(" ")` of Python.
pub(crate) fn python(line: &str, rules: &Rules) -> Vec<String> {
    keep_empty(line, rules.hold(Rule::PythonKeepsEmptyWords))
}

/// `explode(split(value, ' '))` of SQL.
pub(crate) fn sql(line: &str, rules: &Rules) -> Vec<String> {
    keep_empty(line, rules.hold(Rule::SqlKeepsEmptyWords))
}

fn keep_empty(line: &str, empty: bool) -> Vec<String> {
    let words = line.split(' ').filter(|word| empty || !word.is_empty());
    words.map(str::to_owned).collect()
}

/// `line.split(" ")` of Java and Scala.
pub(crate) fn java(line: &str, rules: &Rules) -> Vec<String> {
    if line.is_empty() && rules.hold(Rule::JavaEmptyLineIsOneWord) {
        return vec![String::new()];
    }
    let mut words = keep_empty(line, true);
    if rules.hold(Rule::JavaDropsTrailingEmptyWords) {
        while words.pop_if(|word| word.is_empty()).is_some() {}
    }
    if !rules.hold(Rule::JavaKeepsLeadingEmptyWords) {
        words.retain(|word| !word.is_empty());
    }
    words
}

/// The lines that a socket source makes of a line that is sent with a line feed behind it.
pub(crate) fn socket(line: &str, rules: &Rules) -> Vec<String> {
    let mut sent = format!("{line}\n").replace("\r\n", "\n");
    if rules.hold(Rule::SocketCutsAtCarriageReturn) {
        sent = sent.replace('\r', "\n");
    }
    sent.split_terminator('\n').map(str::to_owned).collect()
}
