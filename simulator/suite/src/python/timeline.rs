//! The timeline of a scenario, as players of Python programs take it.

use engine::Time;
use scenario::{Limits, Scenario, TimelineEvent};
use serde_json::{Value, json};
use simulator::{Arrivals, InOrder};

/// The timeline with all its lines, those that are drawn from the seed too. An expectation is an entry without lines:
/// the run reaches it.
pub fn json(scenario: &Scenario, seed: u64) -> Value {
    let start = scenario.clock.start;
    let schedule = InOrder { seed };
    let lines = Arrivals::by_entry(scenario, &schedule).map(|(time, entry, records)| {
        let lines: Vec<String> = records.iter().map(ToString::to_string).collect();
        json!({ "at_ms": time.as_millis(), "stream": entry.stream, "lines": lines })
    });
    let checks = scenario.timeline.iter().filter_map(|entry| {
        let is_check = matches!(entry.event, TimelineEvent::Expect(_));
        let time = start.checked_add(entry.at).filter(|_| is_check)?;
        Some(json!({ "at_ms": time.as_millis(), "stream": null, "lines": [] }))
    });
    let mut entries: Vec<Value> = lines.chain(checks).collect();
    entries.sort_by_key(|entry| entry["at_ms"].as_i64());
    let stop = scenario.clock.stop.and_then(|stop| start.checked_add(stop));
    let limit = scenario.limits.time;
    let limit = (limit != Limits::default().time).then_some(limit.as_millis() as u64);
    json!({
        "start_ms": start.as_millis(),
        "stop_ms": stop.map(Time::as_millis),
        "timezone": scenario.clock.timezone,
        "cores": scenario.cluster.cores,
        "limit_ms": limit,
        "entries": entries,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_and_drawn_and_go_to_their_streams() {
        let text = "timeline = [\n\
            { at = '1s', stream = 'localhost:9999', lines = [\"a\\nb\", 'c'], partitions = 2 },\n\
            { at = '2s', generate = { rate = 1, duration = '1s', keys = 1 }, expect = { rows = [] } }]\n\
            [[pipeline]]\nname = 'p'\nprogram = 'p.py'";
        let scenario = scenario::parse("p.toml", text).expect("it has no mistakes");
        let timeline = json(&scenario, 0);
        let entries = json!([
            { "at_ms": 1_000, "stream": "localhost:9999", "lines": ["a"] },
            { "at_ms": 1_000, "stream": "localhost:9999", "lines": ["b", "c"] },
            { "at_ms": 2_000, "stream": null, "lines": ["key-0"] },
            { "at_ms": 2_000, "stream": null, "lines": [] },
        ]);
        assert_eq!(timeline["entries"], entries);
        assert_eq!(timeline["stop_ms"], Value::Null);
    }
}
