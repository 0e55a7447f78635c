//! A driver that goes on runs all batches since its checkpoint again (`REC-4`): those that it has missed, and those
//! that were not done.

use std::collections::BTreeSet;

use engine::Time;

use super::Judged;

pub(super) fn check(judged: &Judged<'_>) -> Result<(), String> {
    let mut done: BTreeSet<Time> = BTreeSet::new();
    let mut seen: BTreeSet<Time> = BTreeSet::new();
    for life in &judged.run.all {
        if let Some(again) = &life.again {
            let first_new = life.submitted.iter().find(|time| !again.contains(time));
            let is_past = |time: &&Time| first_new.is_none_or(|first| *time < first);
            let undone = seen.difference(&done).filter(is_past);
            for time in undone {
                if !again.contains(time) {
                    return Err(format!(
                        "the batch at {time}, which was not done, did not run again"
                    ));
                }
            }
            if let Some(early) = again
                .iter()
                .find(|time| first_new.is_some_and(|it| *time >= it))
            {
                return Err(format!(
                    "the batch at {early} is new, and ran as an old one"
                ));
            }
        }
        seen.extend(&life.submitted);
        done.extend(&life.completed);
    }
    Ok(())
}
