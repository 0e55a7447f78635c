//! The watermark of a query that goes on is the one that it had: it never goes back, and it is that of the rows that have
//! come in (`WM-4`).

use super::Judged;
use crate::query::lives::records_before;

pub(super) fn check(judged: &Judged<'_>) -> Result<(), String> {
    let mut last = i64::MIN;
    for goes_on in judged.lives.iter().filter_map(|life| life.goes_on) {
        let watermark = goes_on.watermark_ms;
        if watermark < last {
            return Err(format!(
                "the watermark went back from {last} ms to {watermark} ms"
            ));
        }
        last = watermark;
        let records = records_before(&judged.batches, goes_on.batch);
        let expected = records.and_then(|records| judged.reference.watermarks.get(&records));
        if let Some(expected) = expected.filter(|expected| **expected != watermark) {
            return Err(format!(
                "micro-batch {} began with a watermark of {watermark} ms in the place of {expected} ms",
                goes_on.batch
            ));
        }
    }
    Ok(())
}
