//! A batch that runs again prints the same rows: no line is lost, and none counts twice. All that is printed of a batch
//! is what a driver that never died prints of it.

use super::Judged;

pub(super) fn check(judged: &Judged<'_>) -> Result<(), String> {
    if !judged.keeps_input || judged.fails {
        return Ok(());
    }
    for ((time, output), printed) in judged.run.texts() {
        let Some(expected) = judged.reference.get(&(time, output)) else {
            continue;
        };
        for rows in printed {
            if !is_same(rows, expected, judged.reorders) {
                return Err(format!(
                    "the batch at {time} printed {} where it should have printed {}",
                    shown(rows),
                    shown(expected)
                ));
            }
        }
    }
    Ok(())
}

fn is_same(rows: &[String], expected: &[String], reorders: bool) -> bool {
    if !reorders {
        return rows == expected;
    }
    let sorted = |rows: &[String]| {
        let mut rows = rows.to_vec();
        rows.sort_unstable();
        rows
    };
    sorted(rows) == sorted(expected)
}

fn shown(rows: &[String]) -> String {
    if rows.is_empty() {
        "no rows".to_owned()
    } else {
        rows.join(" ")
    }
}
