//! `with`: drivers that start again as other programs.

use std::time::Duration;

use toml::de::DeTable;

use super::pipeline;
use crate::keys::{
    CHANGES, CORES, INTERVAL, MODE, NAME, PIPELINE, PIPELINE_PROFILE, PIPELINES, RESTART,
    SHUFFLE_PARTITIONS, SOURCE, STEPS, TIMELINE, WITH,
};
use crate::language::{AnyKey, TableReader};
use crate::print::print_steps;
use crate::quote::quote;
use crate::{Change, Code, Entry, Pipeline, Program, TimelineEvent};

/// Fills in the programs of the lives that are other ones, each changed from the one before. `pipelines` are those of
/// the scenario, none if they are mistaken.
pub(super) fn lower(
    top: &TableReader,
    interval: Duration,
    pipelines: &[Pipeline],
    entries: &mut [Entry],
) {
    let mut written = top.entries_with(&TIMELINE, [&RESTART, &WITH]);
    let is_changed = |entry: &Entry| matches!(entry.event, TimelineEvent::ChangedRestart(_));
    let is_mistaken = pipelines.is_empty() && top.has(&PIPELINES);
    if is_mistaken || !entries.iter().any(is_changed) {
        return;
    }
    let mut life = Life::first(top, pipelines, interval);
    for entry in entries {
        let TimelineEvent::ChangedRestart(change) = &mut entry.event else {
            continue;
        };
        let Some(with) = written.next() else {
            // The entry stands in a piece of a text, which is to be read as a whole.
            return top.push(Code::TooLarge.at(0..0, "a text with `with` is read as a whole"));
        };
        if let Some(with) = TableReader::open(&with, &CHANGES)
            && Life::may_change(&with, pipelines)
        {
            **change = life.change(&with);
        }
    }
}

/// A life of the driver.
struct Life<'a> {
    /// The pipelines as they are written, with what has changed since.
    tables: Vec<DeTable<'a>>,
    /// The last change.
    change: Change,
    interval: Duration,
}

impl<'a> Life<'a> {
    fn first(top: &TableReader<'a>, pipelines: &[Pipeline], interval: Duration) -> Life<'a> {
        let tables = top.tables(&PIPELINES).into_iter();
        Life {
            tables: tables.map(|table| table.copied()).collect(),
            change: Change {
                pipelines: pipelines.to_vec(),
                ..Change::default()
            },
            interval,
        }
    }

    /// True if nothing is mistaken so far; a program of its own is reported.
    fn may_change(with: &TableReader, pipelines: &[Pipeline]) -> bool {
        let is_own = |it: &&Pipeline| matches!(it.program, Program::Python(_) | Program::Rust(_));
        let own = pipelines.iter().find(is_own);
        if own.is_none() && !pipelines.is_empty() {
            return true;
        }
        let message = match own {
            Some(own) => format!("the pipeline {} is a program of its own", quote(&own.name)),
            None => "the program stands elsewhere".to_owned(),
        };
        let mistake = Code::BadFault.at(with.span(), message);
        let help = "leave out `with`: such a program is changed in its file";
        with.push(mistake.label("of no keys").help(help));
        false
    }

    /// Takes what is other now.
    fn change(&mut self, with: &TableReader<'a>) -> Change {
        let mistakes = with.mistakes();
        // A mistaken interval is reported once.
        let interval = with.get(&INTERVAL.key).or(self.change.interval);
        self.change.interval = interval;
        let interval = interval.unwrap_or(self.interval);
        if with.mistakes() == mistakes {
            self.set_keys(with, interval);
        }
        if with.mistakes() == mistakes {
            self.set_cluster(with);
            self.set_programs(with, interval);
        }
        self.change.clone()
    }

    /// Takes the text of each key; that of `steps` is known once they are read.
    fn set_keys(&mut self, with: &TableReader, interval: Duration) {
        let canonical = |key: &'static dyn AnyKey| key.canonical(&with.written(key)?, interval);
        let keys = with
            .present()
            .map(|(key, _)| (key.name(), canonical(key).unwrap_or_default()));
        self.change.keys = keys.collect();
    }

    fn set_cluster(&mut self, with: &TableReader) {
        self.change.cores = with.get(&CORES.key).or(self.change.cores);
        let shuffle_partitions = with.get(&SHUFFLE_PARTITIONS.key);
        self.change.shuffle_partitions = shuffle_partitions.or(self.change.shuffle_partitions);
    }

    fn set_programs(&mut self, with: &TableReader<'a>, interval: Duration) {
        let is_anew = with.has(&MODE) || with.has(&STEPS);
        let is_kept = |name: &str| {
            let source = (!with.has(&STEPS)).then_some(SOURCE.key.text.name);
            let kept = [NAME.text.name, PIPELINE_PROFILE.text.name];
            kept.into_iter().chain(source).any(|kept| kept == name)
        };
        for (table, pipeline) in self.tables.iter_mut().zip(&mut self.change.pipelines) {
            if is_anew {
                let items = std::mem::take(table).into_iter();
                *table = items.filter(|(key, _)| is_kept(key.get_ref())).collect();
            }
            for (key, value) in with.copied() {
                if is_of_pipeline(key.get_ref()) {
                    table.insert(key, value);
                }
            }
            let table = with.replaced(&PIPELINE, table);
            pipeline.program = pipeline::changed(&table, interval);
            pipeline.count_lines &= !is_anew;
        }
        let mut programs = self.change.pipelines.iter().map(|it| &it.program);
        let steps = programs.find_map(|program| match program {
            Program::Steps(steps) => Some(print_steps(steps, interval)),
            _ => None,
        });
        let mut keys = self.change.keys.iter_mut();
        let written = keys.find(|(key, _)| *key == STEPS.text.name);
        if let Some(((_, value), steps)) = written.zip(steps) {
            *value = steps;
        }
    }
}

fn is_of_pipeline(key: &str) -> bool {
    let others: [&dyn AnyKey; 3] = [&CORES, &SHUFFLE_PARTITIONS, &INTERVAL];
    !others.into_iter().any(|other| other.name() == key)
}
