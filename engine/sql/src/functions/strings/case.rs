//! Upper, lower and title case.

use engine::letters::{self, Unicode};
use engine::{Failure, SparkVersion, Value};

use crate::function::CallInfo;
use crate::functions::values::{string, text};

/// The tables of a version: those of Java 17, and of ICU in Spark 4.
fn unicode(call: &CallInfo<'_>) -> Unicode {
    match call.session.spark {
        SparkVersion::V3_5 => Unicode::V13,
        SparkVersion::V4 => Unicode::V16,
    }
}

/// `upper`.
pub(super) fn upper(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    string(letters::upper(text(&values[0]), unicode(call)))
}

/// `lower`.
pub(super) fn lower(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    string(letters::lower(text(&values[0]), unicode(call)))
}

/// `initcap`: the first letter after each blank, and after nothing else, in title case; the others in lower case
/// (`UTF8String.toTitleCase`).
pub(super) fn initcap(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let unicode = unicode(call);
    let mut titled = String::new();
    let mut before = ' ';
    for letter in letters::lower(text(&values[0]), unicode).chars() {
        if std::mem::replace(&mut before, letter) != ' ' {
            titled.push(letter);
            continue;
        }
        titled.push_str(&letters::title(letter, unicode));
    }
    string(titled)
}
