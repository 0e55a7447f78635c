//! A driver runs a batch once.

use std::collections::BTreeSet;

use super::Judged;

pub(super) fn check(judged: &Judged<'_>) -> Result<(), String> {
    for life in &judged.run.all {
        let mut ran = BTreeSet::new();
        for printed in &life.printed {
            if !ran.insert((printed.batch_time, printed.output)) {
                return Err(format!(
                    "output {} of the batch at {} ran twice",
                    printed.output.0, printed.batch_time
                ));
            }
        }
    }
    Ok(())
}
