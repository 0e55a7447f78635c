//! The contents of a journal as plain values: counts by word, batches, rows in no order.

use std::collections::BTreeMap;

use engine::{Event, Journal, JournalEntry, Time, Value};

/// The number of times each word came.
pub(crate) type Counts = BTreeMap<String, i64>;

/// The counts that were printed of each batch.
pub(crate) fn printed(journal: &Journal) -> Vec<(Time, Counts)> {
    let printed = |entry: &JournalEntry| match &entry.event {
        Event::Printed {
            batch_time, rows, ..
        } => Some((*batch_time, counts(rows.iter()))),
        _ => None,
    };
    journal.entries().iter().filter_map(printed).collect()
}

/// The counts that were shown of each micro-batch.
pub(crate) fn shown(journal: &Journal) -> Vec<Counts> {
    let shown = |entry: &JournalEntry| match &entry.event {
        Event::TableShown { table, .. } => {
            let rows = table.rows.iter().cloned();
            let rows: Vec<Value> = rows.map(|row| Value::Tuple(row.into())).collect();
            Some(counts(rows.iter()))
        }
        _ => None,
    };
    journal.entries().iter().filter_map(shown).collect()
}

fn counts<'a>(rows: impl Iterator<Item = &'a Value>) -> Counts {
    let mut counts = Counts::new();
    for row in rows {
        let [Value::String(word), Value::Long(count)] = pair(row) else {
            panic!("a row of a word count is a word and a count, and this is {row:?}");
        };
        let before = counts.insert(word.to_string(), *count);
        assert_eq!(before, None, "a word has one row in a batch");
    }
    counts
}

fn pair(row: &Value) -> &[Value] {
    match row {
        Value::Tuple(values) => values,
        _ => &[],
    }
}

/// The counts of many batches put together.
pub(crate) fn sum<'a>(batches: impl IntoIterator<Item = &'a Counts>) -> Counts {
    let mut total = Counts::new();
    for (word, count) in batches.into_iter().flatten() {
        *total.entry(word.clone()).or_default() += count;
    }
    total
}

/// The batches that were submitted, with their records.
pub(crate) fn submitted(journal: &Journal) -> Vec<(Time, usize)> {
    let submitted = |entry: &JournalEntry| match entry.event {
        Event::BatchSubmitted {
            batch_time,
            records,
            ..
        } => Some((batch_time, records)),
        _ => None,
    };
    journal.entries().iter().filter_map(submitted).collect()
}

/// The batches that have ended.
pub(crate) fn completed(journal: &Journal) -> Vec<Time> {
    let completed = |entry: &JournalEntry| match entry.event {
        Event::BatchCompleted { batch_time } => Some(batch_time),
        _ => None,
    };
    journal.entries().iter().filter_map(completed).collect()
}

/// Everything that happened, with the rows of each batch sorted.
pub(crate) fn sorted(journal: &Journal) -> Vec<JournalEntry> {
    let mut entries = journal.entries().to_vec();
    for entry in &mut entries {
        match &mut entry.event {
            Event::Printed { rows, .. } => rows.sort_by_cached_key(|row| format!("{row:?}")),
            Event::TableShown { table, .. } => {
                table.rows.sort_by_cached_key(|row| format!("{row:?}"));
            }
            // It has the number of partitions.
            Event::QueryProgress { progress, .. } => *progress = None,
            _ => {}
        }
    }
    entries
}

/// The journal without the blocks of batches, which depend on how lines arrive.
pub(crate) fn without_blocks(journal: &Journal) -> Journal {
    let mut without = Journal::new();
    for entry in journal.entries() {
        let mut event = entry.event.clone();
        if let Event::BatchSubmitted { blocks, .. } = &mut event {
            blocks.clear();
        }
        without.push(entry.time, event);
    }
    without
}
