//! Queries in SQL that are drawn, with the tables that they read and the rows that come.
//!
//! A query is put together from texts with places, such as `substring({s}, {w}, {w})`, in each of which an expression
//! of the type of its letter is drawn, or a word of one of the lists of [`words`]. Most are queries that Spark takes.

mod aggregates;
mod expressions;
mod functions;
mod groups;
mod joins;
mod mistakes;
mod relations;
mod rows;
mod selects;
mod tables;
mod types;
mod words;

use std::time::Duration;

use engine::Time;
use scenario::{
    Claims, Clock, Cluster, Conf, Console, Cost, Entry, Limits, OutputMode, Pipeline, Program,
    QuerySink, Scenario, Source, SparkVersion, Structured, TimelineEvent, Trigger, WatermarkPolicy,
    WordQuery,
};

use crate::Dice;
use rows::Rows;
use selects::{Query, draw_query};
use tables::{Tables, draw_tables};

const ZONES: &[&str] = &[
    "UTC",
    "UTC",
    "UTC",
    "Europe/Berlin",
    "America/Los_Angeles",
    "Asia/Kolkata",
];

/// The first `count` scenarios of a seed with a query in SQL for this version of Spark, each with one pipeline. The same
/// seed gives the same ones, and more of them begin with the same.
///
/// ```
/// let queries = |seed, count| random::queries(seed, count, scenario::SparkVersion::V4);
/// let scenarios: Vec<_> = queries(7, 3).collect();
/// assert_eq!(queries(7, 5).take(3).collect::<Vec<_>>(), scenarios);
/// assert_ne!(queries(8, 3).collect::<Vec<_>>(), scenarios);
/// ```
pub fn queries(seed: u64, count: usize, spark: SparkVersion) -> impl Iterator<Item = Scenario> {
    (0..count).map(move |number| Scenario {
        title: format!("query {number} of the sweep with seed {seed}"),
        ..draw(&mut Dice::new(seed, number as u64), spark)
    })
}

fn draw(dice: &mut Dice, spark: SparkVersion) -> Scenario {
    let tables = draw_tables(dice);
    let conf = conf(dice, &tables);
    let query = draw_query(dice, &tables);
    let timeline = timeline(dice, &tables);
    let cores = dice.between(1, 3) as usize;
    Scenario {
        title: String::new(),
        description: None,
        spark,
        clock: Clock {
            start: Time::from_millis(1_717_243_200_000),
            interval: Duration::from_secs(1),
            stop: None,
            timezone: (*dice.pick(ZONES)).to_owned(),
        },
        console: Console::default(),
        cluster: Cluster {
            cores,
            shuffle_partitions: dice.between(1, 5) as usize,
            ..Cluster::default()
        },
        cost: Cost::default(),
        limits: Limits::default(),
        claims: Claims::default(),
        timeline,
        sources: tables.sources(),
        tables: tables.static_tables(),
        pipelines: vec![pipeline(dice, query, conf)],
    }
}

fn conf(dice: &mut Dice, tables: &Tables) -> Conf {
    let several = tables.streams.len() > 1;
    let policy = *dice.pick(&[WatermarkPolicy::Min, WatermarkPolicy::Max]);
    Conf {
        ansi: *dice.pick(&[None, None, Some(true), Some(false)]),
        watermark_policy: (several && dice.one_in(4)).then_some(policy),
        no_data_batches: dice.one_in(20).then_some(false),
        ..Conf::default()
    }
}

fn pipeline(dice: &mut Dice, query: Query, conf: Conf) -> Pipeline {
    let any = [OutputMode::Append, OutputMode::Update, OutputMode::Complete];
    let outputs = if dice.one_in(20) {
        &any[..]
    } else {
        query.outputs
    };
    Pipeline {
        name: "query".to_owned(),
        profile: None,
        count_lines: false,
        cost: None,
        program: Program::Structured(Structured {
            sql: Some(query.sql),
            refused: None,
            conf,
            event_time: None,
            query: WordQuery::Counts,
            output: *dice.pick(outputs),
            trigger: trigger(dice),
            num_rows: *dice.pick(&[20, 20, 20, 100, 3]),
            truncate: dice.one_in(4),
            source: Source::Memory,
            folder: None,
            max_files_per_trigger: None,
            sink: QuerySink::Console,
        }),
    }
}

/// Mostly that by data, under which all that comes is played.
fn trigger(dice: &mut Dice) -> Trigger {
    match dice.below(20) {
        0 => Trigger::AvailableNow,
        1 => Trigger::ProcessingTime(Duration::from_secs(2)),
        _ => Trigger::Default,
    }
}

/// Lines for each of the streams, some at the same instant.
fn timeline(dice: &mut Dice, tables: &Tables) -> Vec<Entry> {
    let mut rows = Rows::draw(dice);
    let mut at = Duration::ZERO;
    let mut timeline = Vec::new();
    for _ in 0..dice.between(1, 5) {
        at += Duration::from_secs(*dice.pick(&[0, 1, 1, 1, 2]));
        for stream in &tables.streams {
            if tables.streams.len() > 1 && dice.one_in(4) {
                continue;
            }
            let count = dice.between(1, 8);
            let lines = (0..count).map(|_| rows.line(dice, stream)).collect();
            timeline.push(Entry {
                at,
                stream: Some(stream.name.to_owned()),
                event: TimelineEvent::Lines {
                    lines,
                    partitions: 1,
                },
            });
        }
        rows.go_on(dice);
    }
    if timeline.is_empty() {
        timeline.push(Entry {
            at,
            stream: None,
            event: TimelineEvent::Lines {
                lines: Vec::new(),
                partitions: 1,
            },
        });
    }
    timeline
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_takes_what_is_drawn() {
        for drawn in queries(1, 200, SparkVersion::V4) {
            let text = scenario::print(&drawn);
            let read = scenario::parse("drawn.toml", &text).expect("what is drawn has no mistakes");
            assert!(read == drawn, "it reads back as another:\n{text}");
        }
    }

    #[test]
    fn every_kind_of_query_is_drawn() {
        let drawn: Vec<String> = queries(1, 300, SparkVersion::V3_5)
            .filter_map(|it| match &it.pipelines[0].program {
                Program::Structured(query) => query.sql.clone(),
                _ => None,
            })
            .collect();
        for part in [
            " JOIN clicks b",
            " JOIN users",
            "UNION ALL",
            "LATERAL VIEW",
            "session_window(",
            "window_time(",
            "ROLLUP",
            "HAVING",
            "ORDER BY",
            "LIMIT",
            "DISTINCT",
            "FILTER (WHERE",
            " IN (SELECT",
            "collect_list(",
            "CASE WHEN",
        ] {
            assert!(
                drawn.iter().any(|it| it.contains(part)),
                "no query has {part}"
            );
        }
    }
}
