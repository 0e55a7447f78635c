//! Time-outs of idle keys (`MWS-4` to `MWS-6`, `MWS-10`), in every tenth batch or exactly.

use std::time::Duration;

use engine::Stepper;
use engine::{Inline, Profile, SparkContext, State, StateSpec, StreamingContext, Text, Time};

use super::{Action, Batch, Look, PLAIN, Setting, batch, check, letters, printed, rows_of, sorted};

/// Spark's own suite: batches `abc ab a - - a a …`, three seconds idle.
#[test]
fn mws_4_idle_keys_time_out_in_every_tenth_batch() {
    let input = ["abc", "ab", "a", "", "", "a", "a", "a", "a", "a", "a"];
    let setting = Setting {
        timeout: Some(3),
        ..PLAIN
    };
    let printed = printed(&setting, &Inline, &input.map(letters));
    let mapped: Vec<&str> = printed.iter().map(|(mapped, _)| &**mapped).collect();
    let expected = [
        "a1 b1 c1",
        "a2 b2",
        "a3",
        "",
        "",
        "a4",
        "a5",
        "a6",
        "a7",
        "a8 b2! c1!",
        "a9",
    ];
    assert_eq!(mapped, expected);
    assert_eq!(printed[8].1, "(a,7) (b,2) (c,1)");
    assert_eq!(printed[9].1, "(a,8)");
}

/// As recorded from Spark: `z` is there from the start, `c` came in the first second and `b` in the
/// second one. All three are overdue long before the scan, and there until then.
#[test]
fn mws_4_overdue_keys_are_there_until_the_scan() {
    let setting = Setting {
        profile: Profile::Jvm,
        timeout: Some(3),
        initial: vec![("z".into(), 1)],
        ..PLAIN
    };
    let mut input = vec![letters("c"), letters("b")];
    input.resize(10, Batch::new());
    let printed = printed(&setting, &Inline, &input);
    for (number, (mapped, states)) in (1..).zip(&printed).skip(1).take(8) {
        assert_eq!(
            sorted(states),
            ["(b,1)", "(c,1)", "(z,1)"],
            "batch {number}"
        );
        assert!(number == 2 || mapped.is_empty(), "batch {number}: {mapped}");
    }
    assert_eq!(printed[9], ("z1! c1! b1!".to_owned(), String::new()));
}

#[test]
fn mws_6_on_the_jvm_keys_time_out_in_the_order_in_which_the_states_are_read() {
    let setting = Setting {
        profile: Profile::Jvm,
        timeout: Some(3),
        ..PLAIN
    };
    let keys: Vec<String> = (0..9).map(|key| format!("key-{key}")).collect();
    let came: Batch = keys
        .iter()
        .map(|key| (Text::from(key.as_str()), Action::Add(1)))
        .collect();
    let mut input = vec![came];
    input.resize(10, Batch::new());
    let printed = printed(&setting, &Inline, &input);
    let timed_out = printed[9].0.replace("1!", "");
    let read: Vec<&str> = printed[8]
        .1
        .split(' ')
        .map(|row| &row[1..row.len() - 3])
        .collect();
    assert_eq!(timed_out.split(' ').collect::<Vec<_>>(), read);
    assert_ne!(
        read, keys,
        "the table has another order than the keys came in"
    );
}

/// Spark's own suite: the states are checkpointed, and so scanned, every ten intervals, whatever they
/// are.
#[test]
fn mws_4_the_scan_is_every_tenth_batch_whatever_the_interval() {
    for (interval_ms, scan_ms) in [(100, 1_000), (1_000, 10_000), (10_000, 100_000)] {
        let interval = Duration::from_millis(interval_ms);
        let ssc = StreamingContext::new(&SparkContext::local(1, "state"), interval);
        let scan_time = |time: Time, _: &Text, _: Option<Action>, state: &mut State<'_, i64>| {
            if state.is_timing_out() {
                return Some(time.as_millis());
            }
            state.update(0);
            None
        };
        let spec = StateSpec::function_at(scan_time).timeout(interval);
        let states = ssc.queue_stream([letters("a")]).map_with_state(spec);
        states.print();
        let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
        (0..20).for_each(|_| stepper.step(&Inline));
        let printed: Vec<String> = stepper.events().filter_map(rows_of).collect();
        assert_eq!(printed[9], scan_ms.to_string(), "every {interval_ms} ms");
        assert_eq!(printed.concat(), scan_ms.to_string(), "once");
    }
}

/// The batches of `mws_4_idle_keys_time_out_in_every_tenth_batch`: the comments of Spark's
/// suite say where one would expect it, and here it is.
#[test]
fn mws_4_exact_time_outs_are_in_the_first_batch_in_which_a_key_is_overdue() {
    let input = ["abc", "ab", "a", "", "", "a", "a"];
    let setting = Setting {
        timeout: Some(3),
        exact_timeouts: true,
        ..PLAIN
    };
    check(
        &setting,
        &input.map(letters),
        &[
            ("a1 b1 c1", "(a,1) (b,1) (c,1)"),
            ("a2 b2", "(a,2) (b,2) (c,1)"),
            ("a3", "(a,3) (b,2) (c,1)"),
            ("", "(a,3) (b,2) (c,1)"),
            ("c1!", "(a,3) (b,2)"),
            ("a4 b2!", "(a,4)"),
            ("a5", "(a,5)"),
        ],
    );
}

/// The order in which several keys time out at once is that of Spark's scans; what they leave behind
/// in the chain of tables changes nothing for the keys that stay.
#[test]
fn map_6_exact_time_outs_come_in_the_order_of_the_tables() {
    let setting = Setting {
        profile: Profile::Jvm,
        timeout: Some(1),
        exact_timeouts: true,
        initial: vec![("z".into(), 1), ("a".into(), 1)],
        ..PLAIN
    };
    let printed = printed(
        &setting,
        &Inline,
        &["qb", "a", "", "zq", "", "", ""].map(letters),
    );
    let printed: Vec<(&str, &str)> = printed.iter().map(|(m, s)| (&**m, &**s)).collect();
    assert_eq!(printed[1].0, "a2");
    assert_eq!(sorted(printed[2].0), ["b1!", "q1!", "z1!"]);
    assert_eq!(&printed[2].0[..3], "z1!", "the oldest table is read first");
    assert_eq!(printed[3].0, "z1 q1 a2!");
    assert_eq!(sorted(printed[5].0), ["q1!", "z1!"]);
    assert_eq!(printed[6], ("", ""));
}

#[test]
fn mws_4_a_key_that_was_idle_for_just_the_timeout_stays() {
    for (seconds, rest) in [(9, "(a,1)"), (8, "")] {
        let setting = Setting {
            timeout: Some(seconds),
            ..PLAIN
        };
        let mut input = vec![letters("a")];
        input.resize(10, Batch::new());
        let printed = printed(&setting, &Inline, &input);
        assert_eq!(printed[9].1, rest, "{seconds} s");
    }
}

#[test]
fn mws_5_data_in_the_batch_of_the_scan_saves_a_key() {
    let setting = Setting {
        timeout: Some(1),
        ..PLAIN
    };
    let mut input = vec![letters("ab")];
    input.resize(9, Batch::new());
    input.push(letters("a"));
    let printed = printed(&setting, &Inline, &input);
    assert_eq!(printed[9], ("a2 b1!".to_owned(), "(a,2)".to_owned()));
}

/// `p` is looked at 3 s before the scan, which refreshes it, though nothing is changed.
#[test]
fn mws_6_data_refreshes_a_key_even_if_the_function_changes_nothing() {
    let setting = Setting {
        timeout: Some(3),
        ..PLAIN
    };
    let mut input = vec![letters("pq")];
    input.resize(20, Batch::new());
    input[6] = batch(&[("p", Look), ("new", Look)]);
    let printed = printed(&setting, &Inline, &input);
    assert_eq!(printed[6].0, "p1 new-");
    assert_eq!(printed[9], ("q1!".to_owned(), "(p,1)".to_owned()));
    assert_eq!(printed[19], ("p1!".to_owned(), String::new()));
}

#[test]
fn mws_10_initial_state_is_as_old_as_the_first_batch() {
    let initial = vec![("a".into(), 7), ("b".into(), 8), ("a".into(), 9)];
    for (seconds, scan) in [(9, "(a,9) (b,8)"), (8, "")] {
        let setting = Setting {
            timeout: Some(seconds),
            initial: initial.clone(),
            ..PLAIN
        };
        let printed = printed(&setting, &Inline, &vec![Batch::new(); 10]);
        assert_eq!(printed[0], (String::new(), "(a,9) (b,8)".to_owned()));
        assert_eq!(printed[9].1, scan, "{seconds} s");
    }
}
