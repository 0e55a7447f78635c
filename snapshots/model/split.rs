//! The splitting of lines into words, by Python, Java and SQL, and of a socket's text into lines.

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

/// The lines that a socket source reads if a line and a line feed are sent.
pub(crate) fn socket(line: &str, rules: &Rules) -> Vec<String> {
    let mut sent = format!("{line}\n").replace("\r\n", "\n");
    if rules.hold(Rule::SocketCutsAtCarriageReturn) {
        sent = sent.replace('\r', "\n");
    }
    sent.split_terminator('\n').map(str::to_owned).collect()
}
