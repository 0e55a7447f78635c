//! The question whether a run is one of continuous integration, in which no snapshot is accepted.

use std::ffi::OsStr;

/// Returns true if this value of the variable `CI` says that the run is one of continuous integration: any but none,
/// an empty one, `0` and `false`.
///
/// ```
/// use std::ffi::OsStr;
/// let is_ci = |value| suite::is_ci(Some(OsStr::new(value)));
/// assert!(is_ci("true") && is_ci("1"));
/// assert!(!is_ci("false") && !is_ci("0") && !is_ci("") && !suite::is_ci(None));
/// ```
pub fn is_ci(value: Option<&OsStr>) -> bool {
    value.is_some_and(|value| {
        let off = ["", "0", "false"];
        !off.iter().any(|off| value.eq_ignore_ascii_case(off))
    })
}
