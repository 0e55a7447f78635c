//! A printed scenario is read back as the same one, for the examples and for any scenario.

use proptest::prelude::*;
use random::Space;
use scenario::{Scenario, parse, print};

/// The canonical text of a scenario is itself.
#[track_caller]
fn check(text: &str) {
    let scenario = parse("example.toml", text).expect("the example has no mistakes");
    assert_eq!(print(&scenario), text);
}

#[test]
fn canonical_text_is_printed_as_it_was() {
    check(include_str!("cookbook.toml"));
    check(include_str!("every_word.toml"));
}

#[test]
fn every_cost_delay_and_rate_is_read_back() {
    check(include_str!("every_cost.toml"));
    check(include_str!("every_rate.toml"));
}

#[test]
fn every_word_of_a_query_in_sql_is_read_back() {
    check(include_str!("every_query.toml"));
}

#[test]
fn every_fault_is_read_back() {
    check(include_str!("every_fault.toml"));
    check(include_str!("every_query_fault.toml"));
    check(include_str!("every_cluster_fault.toml"));
}

#[test]
fn long_entries_have_a_line_each() {
    let line = "blue ".repeat(15);
    check(&format!(
        "timeline = [\n  {{ at = \"1s\", lines = [\n    \"{line}\",\n    \"{line}\",\n  ], partitions = 2 }},\n]\n\n\
         [[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\n",
    ));
}

#[test]
fn years_that_toml_has_not_are_quoted() {
    check(
        "timeline = [\n  { at = \"1s\", lines = [] },\n]\n\n\
         [clock]\nstart = \"-000044-03-15T12:00:00Z\"\n\n\
         [[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\n",
    );
}

proptest! {
    #[test]
    fn any_scenario_is_read_back(scenario in Space::LANGUAGE) {
        let text = print(&scenario);
        let read: Result<Scenario, _> = parse("printed.toml", &text);
        match read {
            Ok(read) => prop_assert_eq!(read, scenario, "{}", text),
            Err(mistakes) => {
                let messages: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
                prop_assert!(false, "{:?}\n{}", messages, text);
            }
        }
    }
}
