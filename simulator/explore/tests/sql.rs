//! Queries in SQL under schedules of faults.

use engine::{QueryFile, Time, WriteContent};
use explore::{Explorer, NotExplored};
use scenario::{Program, Scenario, Source, SparkVersion, Trigger};
use simulator::{RunOptions, Tamper};

/// The scenario of a query over two folders of rows, `ev` with a watermark and `names`.
fn scenario(query: &str) -> Scenario {
    let entries: Vec<String> = (1..=4)
        .map(|second| {
            format!(
                "{{ at = '{second}s', stream = 'ev', lines = ['2024-01-01 00:00:{second}0,a,{second}', \
                 '2024-01-01 00:00:{second}5,b,1'] }},
                 {{ at = '{second}s', stream = 'names', lines = ['a,name-{second}'] }}"
            )
        })
        .collect();
    let text = format!(
        "timeline = [{}]
        [cluster]
        checkpoint = 'checkpoint'
        shuffle_partitions = 2
        [[source]]
        name = 'ev'
        kind = 'direct'
        format = 'csv'
        schema = 'ts TIMESTAMP, k STRING, n INT'
        watermark = {{ column = 'ts', delay = '5s' }}
        [[source]]
        name = 'names'
        kind = 'direct'
        format = 'csv'
        schema = 'k STRING, name STRING'
        [[pipeline]]
        name = 'query'
        mode = 'structured'
        {query}
        ",
        entries.join(", ")
    );
    scenario::parse("sql.toml", &text).expect("the scenario has no mistakes")
}

fn explored(scenario: &Scenario) -> Result<Explorer, NotExplored> {
    Explorer::new(scenario, &scenario.pipelines[0])
}

#[test]
fn mb_1_no_crash_of_a_query_in_sql_breaks_a_promise() {
    for query in [
        "output = 'complete'\nsql = 'SELECT k, count(*) AS c, collect_list(n) AS ns FROM ev GROUP BY k ORDER BY c LIMIT 1'",
        "output = 'update'\nnum_rows = 1\nsql = 'SELECT k, sum(n) AS s FROM ev GROUP BY k'",
        "output = 'append'\nsql = \"SELECT session_window(ts, '3 seconds') AS w, k, count(*) AS c FROM ev GROUP BY 1, 2\"",
        "output = 'append'\nsql = 'SELECT ev.k, n, name FROM ev JOIN names ON ev.k = names.k'",
    ] {
        let explorer = explored(&scenario(query)).expect("it can be explored");
        let drawn = (1..=5).map(|seed| explorer.drawn(seed));
        for schedule in explorer.crashes().step_by(9).chain(drawn) {
            let broken = explorer.judge(&schedule).expect("no limit is met");
            assert_eq!(broken, [], "{query}\n{schedule}");
        }
    }
}

/// The changes of states are not written.
struct WithoutStates;

impl Tamper for WithoutStates {
    fn write(&self, _: Time, content: WriteContent) -> Vec<WriteContent> {
        match content {
            WriteContent::QueryFile {
                file: QueryFile::Delta(_),
                ..
            } => Vec::new(),
            other => vec![other],
        }
    }
}

#[test]
fn states_that_are_lost_are_found() {
    let scenario =
        scenario("output = 'complete'\nsql = 'SELECT k, count(*) AS c FROM ev GROUP BY k'");
    let explorer = explored(&scenario).expect("it can be explored");
    let options = RunOptions {
        tamper: Some(&WithoutStates),
        ..RunOptions::default()
    };
    let mut schedules = explorer.crashes();
    let is_broken = |schedule| {
        let broken = explorer.judge_with(&schedule, &options);
        !broken.expect("no limit is met").is_empty()
    };
    assert!(schedules.any(is_broken));
}

#[test]
fn a_query_that_has_other_rows_later_is_not_explored() {
    let reason = |query: &str| explored(&scenario(query)).err();
    let moment = "output = 'append'\nsql = 'SELECT k, hour(now()) AS h FROM ev'";
    assert_eq!(reason(moment), Some(NotExplored::Moment));
    let once = "output = 'append'\ntrigger = 'once'\nsql = 'SELECT k FROM ev'";
    assert_eq!(reason(once), Some(NotExplored::Ends));
}

/// A drawn query, whose sources are folders.
fn over_files(mut scenario: Scenario) -> Scenario {
    scenario.cluster.checkpoint = Some("checkpoint".to_owned());
    for source in &mut scenario.sources {
        source.kind = Source::Direct;
    }
    if let Program::Structured(query) = &mut scenario.pipelines[0].program {
        query.trigger = Trigger::Default;
    }
    scenario
}

#[test]
fn no_schedule_breaks_a_promise_of_a_drawn_query() {
    let drawn = random::queries(1, 16, SparkVersion::V3_5).map(over_files);
    let explorers = drawn.filter_map(|scenario| Some((explored(&scenario).ok()?, scenario)));
    let mut explored = 0;
    for (explorer, scenario) in explorers {
        explored += 1;
        for schedule in (1..=3).map(|seed| explorer.drawn(seed)) {
            let broken = explorer.judge(&schedule).expect("no limit is met");
            assert_eq!(broken, [], "{schedule}\n{}", scenario::print(&scenario));
        }
    }
    assert!(explored > 5, "most drawn queries are explored: {explored}");
}
