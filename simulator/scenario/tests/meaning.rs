//! The meaning of a text that leaves things out: defaults, shorthands, times taken over.

use std::time::Duration;

use engine::Time;
use scenario::{
    Clock, Cluster, Console, Entry, Expect, KeyOrder, Profile, Program, PythonProgram, Receivers,
    Scenario, SlidingWindow, Source, SparkVersion, Step, TimelineEvent, Update, Window, parse,
};

#[track_caller]
fn read(text: &str) -> Scenario {
    match parse("example.toml", text) {
        Ok(scenario) => scenario,
        Err(mistakes) => {
            let messages: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
            panic!("{text}\n{messages:#?}")
        }
    }
}

#[track_caller]
fn timeline(timeline: &str) -> Vec<Entry> {
    read(&format!(
        "{timeline}\n[[pipeline]]\nname = 'counts'\nmode = 'stateless'"
    ))
    .timeline
}

#[track_caller]
fn program(pipeline: &str) -> Program {
    let text =
        format!("timeline = [{{ at = '1s', lines = [] }}]\n[[pipeline]]\nname = 'a'\n{pipeline}");
    read(&text).pipelines.remove(0).program
}

fn lines(seconds: u64, lines: &[&str]) -> Entry {
    let lines = lines.iter().map(|line| (*line).to_owned()).collect();
    Entry {
        at: Duration::from_secs(seconds),
        stream: None,
        event: TimelineEvent::Lines {
            lines,
            partitions: 1,
        },
    }
}

#[test]
fn what_is_left_out_is_the_default() {
    let scenario = read(
        "timeline = [{ at = '1s', lines = [] }]\npipeline = [{ name = 'a', mode = 'stateless' }]",
    );
    assert_eq!(scenario.title, "");
    assert_eq!(scenario.description, None);
    assert_eq!(scenario.spark, SparkVersion::V3_5);
    let timezone = "UTC".to_owned();
    let interval = Duration::from_secs(1);
    assert_eq!(
        scenario.clock,
        Clock {
            start: Time::EPOCH,
            interval,
            stop: None,
            timezone
        }
    );
    assert_eq!(
        scenario.console,
        Console {
            profile: Profile::Pyspark,
            order: KeyOrder::Spark,
            rows: 10
        }
    );
    assert_eq!(
        scenario.cluster,
        Cluster {
            executors: None,
            replication: 1,
            receivers: Receivers::Unreliable,
            cores: 2,
            shuffle_partitions: 200,
            memory: None,
            checkpoint: None,
            write_ahead_log: false,
            checkpoint_interval: None,
            concurrent_jobs: 1,
            block_interval: None,
            rates: engine::RateLimits::default(),
        }
    );
    assert_eq!(scenario.limits, scenario::Limits::default());
}

#[test]
fn defaults_may_be_written() {
    let written = "title = ''\nspark = '3.5'\ntimeline = [{ at = '1s', lines = [], partitions = 1 }]\n\
        [clock]\nstart = '1970-01-01T00:00:00Z'\ninterval = '1000ms'\ntimezone = 'UTC'\n\
        [console]\nprofile = 'pyspark'\nrows = 10\n\
        [cluster]\ncores = 2\nshuffle_partitions = 200\n\
        [[pipeline]]\nname = 'a'\nmode = 'stateless'\nsource = 'memory'\n\
        [[pipeline]]\nname = 'b'\nmode = 'update_state'\nupdate = 'sum'\ninitial = {}\n\
        [[pipeline]]\nname = 'c'\nmode = 'structured'\noutput = 'complete'\ntrigger = 'default'\n\
        num_rows = 20\ntruncate = true";
    let left_out = "timeline = [{ at = '1s', lines = [] }]\n\
        [[pipeline]]\nname = 'a'\nmode = 'stateless'\n\
        [[pipeline]]\nname = 'b'\nmode = 'update_state'\n\
        [[pipeline]]\nname = 'c'\nmode = 'structured'";
    assert_eq!(read(written), read(left_out));
}

#[test]
fn an_entry_takes_over_the_time_before_it() {
    let entries = timeline(
        "timeline = [{ at = '1s', lines = ['a'] }, { lines = ['b'] }, { at = '2s', lines = ['c'] }]",
    );
    assert_eq!(
        entries,
        [lines(1, &["a"]), lines(1, &["b"]), lines(2, &["c"])]
    );
}

#[test]
fn several_things_in_one_entry_happen_in_order() {
    let entries = timeline(
        "timeline = [{ at = '1s', expect = { contains = ['x'] }, words = { b = 1 }, lines = ['a'] }]",
    );
    let expect = Expect {
        contains: vec!["x".to_owned()],
        ..Expect::default()
    };
    let expect = Entry {
        at: Duration::from_secs(1),
        stream: None,
        event: TimelineEvent::Expect(Box::new(expect)),
    };
    assert_eq!(entries, [lines(1, &["a"]), lines(1, &["b"]), expect]);
}

#[test]
fn the_lines_of_an_entry_go_to_its_stream_and_its_check_to_none() {
    let entries = timeline(
        "timeline = [{ at = '1s', stream = 'localhost:9999', lines = ['a'], words = { b = 1 }, \
         expect = { rows = [] } }]",
    );
    let streams: Vec<_> = entries.iter().map(|it| it.stream.as_deref()).collect();
    assert_eq!(
        streams,
        [Some("localhost:9999"), Some("localhost:9999"), None]
    );
    assert!(entries[0].is_for("localhost:9999") && !entries[0].is_for("lines"));
}

#[test]
fn a_program_has_a_file_and_arguments() {
    let python = |file: &str, arguments: &[&str]| {
        Program::Python(PythonProgram {
            file: file.to_owned(),
            arguments: arguments.iter().map(ToString::to_string).collect(),
            ..PythonProgram::default()
        })
    };
    assert_eq!(
        program("program = '../jobs/count.py'"),
        python("../jobs/count.py", &[])
    );
    assert_eq!(
        program("program = 'count.py'\narguments = ['localhost', '9999']"),
        python("count.py", &["localhost", "9999"])
    );
    let Program::Python(checked) = program("program = 'a.py'\nstrict = true\ncheck_pickle = true")
    else {
        panic!("it is a program in Python");
    };
    assert!(checked.strict && checked.check_pickle);
}

#[test]
fn words_are_one_line_in_the_order_written() {
    let entries = timeline("timeline = [{ at = '1s', words = { green = 2, blue = 1, 'é' = 1 } }]");
    assert_eq!(entries, [lines(1, &["green green blue é"])]);
}

#[test]
fn tables_of_the_timeline_may_have_headers() {
    let headers = "[[timeline]]\nat = '1s'\nlines = ['a']\n[[timeline]]\nlines = ['b']\n\
        [timeline.expect]\nrows = []";
    let inline =
        "timeline = [{ at = '1s', lines = ['a'] }, { lines = ['b'], expect = { rows = [] } }]";
    assert_eq!(timeline(headers), timeline(inline));
}

#[test]
fn a_start_is_an_instant_whatever_its_offset() {
    let start = |start: &str| {
        let text = format!(
            "timeline = [{{ at = '1s', lines = [] }}]\npipeline = [{{ name = 'a', mode = 'stateless' }}]\n\
             [clock]\nstart = {start}",
        );
        read(&text).clock.start
    };
    let expected = Time::from_millis(1_529_622_029_000);
    assert_eq!(start("2018-06-21T23:00:29Z"), expected);
    assert_eq!(start("2018-06-22 01:00:29.000+02:00"), expected);
    assert_eq!(start("'2018-06-21T19:00:29-04:00'"), expected);
}

#[test]
fn initial_state_keeps_its_order_and_may_repeat_a_word_as_an_array() {
    let initial = |text: &str| match program(&format!("mode = 'update_state'\ninitial = {text}")) {
        Program::UpdateState { initial, .. } => initial,
        other => panic!("{other:?}"),
    };
    let pairs = |pairs: &[(&str, i64)]| -> Vec<(String, i64)> {
        pairs
            .iter()
            .map(|(word, total)| ((*word).to_owned(), *total))
            .collect()
    };
    assert_eq!(
        initial("{ green = 3, blue = -7 }"),
        pairs(&[("green", 3), ("blue", -7)])
    );
    assert_eq!(
        initial("[['blue', 7], ['a b', 0], ['blue', 8]]"),
        pairs(&[("blue", 7), ("a b", 0), ("blue", 8)])
    );
}

#[test]
fn a_window_slides_by_the_interval() {
    let window = Window {
        length: Duration::from_secs(3),
        slide: Duration::from_secs(1),
        inverse: false,
    };
    let expected = Program::Stateless {
        window: Some(window),
        source: Source::Memory,
    };
    assert_eq!(program("mode = 'stateless'\nwindow = '3s'"), expected);
}

#[test]
fn a_window_on_a_window_slides_with_it() {
    let steps = program(
        "steps = [{ window = { length = '2s', slide = '2s' } }, { window = { length = '4s' } }, { print = 1 }]",
    );
    let [two, four] = [2, 4].map(Duration::from_secs);
    let expected = vec![
        Step::Window(SlidingWindow {
            length: two,
            slide: two,
        }),
        Step::Window(SlidingWindow {
            length: four,
            slide: two,
        }),
        Step::Print(1),
    ];
    assert_eq!(steps, Program::Steps(expected));
}

#[test]
fn integers_may_be_written_in_any_base() {
    let expected = Program::UpdateState {
        update: Update::DropAt(255),
        initial: Vec::new(),
        source: Source::Memory,
    };
    for integer in ["255", "+255", "0xff", "0o377", "0b1111_1111"] {
        let text = format!("mode = 'update_state'\nupdate = {{ drop_at = {integer} }}");
        assert_eq!(program(&text), expected, "{integer}");
    }
}

#[test]
fn pipelines_have_profiles_of_their_own() {
    let scenario = read(
        "timeline = [{ at = '1s', lines = [] }]\n\
         [[pipeline]]\nname = 'a'\nmode = 'stateless'\nprofile = 'cookbook'\n\
         [[pipeline]]\nname = 'b'\nmode = 'stateless'",
    );
    let profiles: Vec<_> = scenario.pipelines.iter().map(|it| it.profile).collect();
    assert_eq!(profiles, [Some(Profile::Cookbook), None]);
}

#[test]
fn a_profile_is_of_the_scenario_s_version_of_spark() {
    let profiles = |spark: &str| -> Vec<Profile> {
        let scenario = read(&format!(
            "{spark}\ntimeline = [{{ at = '1s', lines = [] }}]\n\
             [[pipeline]]\nname = 'a'\nmode = 'stateless'\nprofile = 'jvm'\n\
             [[pipeline]]\nname = 'b'\nmode = 'stateless'"
        ));
        let pipelines = scenario.pipelines.iter();
        pipelines.map(|it| scenario.profile_of(it)).collect()
    };
    assert_eq!(profiles("spark = '4'"), [Profile::Jvm4, Profile::Pyspark4]);
    assert_eq!(profiles("spark = '3.5'"), [Profile::Jvm, Profile::Pyspark]);
    assert_eq!(profiles(""), [Profile::Jvm, Profile::Pyspark]);
}

#[test]
fn line_ends_and_a_byte_order_mark_change_nothing() {
    let text = include_str!("cookbook.toml");
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(read(&windows), read(text));
}

#[test]
fn the_run_may_stop_at_its_last_entry() {
    let scenario = read(
        "timeline = [{ at = '1s', lines = [] }]\nclock.stop = '1s'\n\
         pipeline = [{ name = 'a', mode = 'stateless' }]",
    );
    assert_eq!(scenario.clock.stop, Some(Duration::from_secs(1)));
}

#[test]
fn a_run_with_a_stop_needs_no_entries() {
    let scenario =
        read("timeline = []\nclock.stop = '3s'\npipeline = [{ name = 'a', mode = 'stateless' }]");
    assert_eq!(scenario.timeline, []);
    assert_eq!(read(&scenario.to_string()), scenario);
}

#[test]
fn durations_may_be_written_as_spark_has_them() {
    let sparks = "mode = 'structured'\nwindow = '5 minutes'\nwatermark = '10 minutes'\n\
                  trigger = { processing_time = '1 minute 30 seconds' }";
    let ours = "mode = 'structured'\nwindow = '5m'\nwatermark = '10m'\ntrigger = { processing_time = '90s' }";
    assert_eq!(program(sparks), program(ours));
}

#[test]
fn a_stop_may_be_at_any_time_after_the_last_line_is_taken() {
    let stops = |stop: &str, pipeline: &str| {
        let text = format!(
            "timeline = [{{ at = '2.4s', lines = ['a'] }}]\n[clock]\nstop = '{stop}'\n\
             [[pipeline]]\nname = 'a'\n{pipeline}"
        );
        parse("stop.toml", &text).is_ok()
    };
    let stream = "steps = [{ print = 1 }]";
    assert!(!stops("2.999s", stream));
    assert!(stops("3s", stream));
    assert!(stops("3.5s", stream));
    let query = "mode = 'structured'\noutput = 'update'";
    assert!(stops("2.4s", query), "a query takes a line when it comes");
    let trigger = format!("{query}\ntrigger = {{ processing_time = '2s' }}");
    assert!(!stops("3s", &trigger));
    assert!(stops("4s", &trigger));
}

#[test]
fn the_batches_of_a_run_are_those_of_its_longest_pipeline() {
    let batches = |interval: &str, pipeline: &str| {
        let text = format!(
            "timeline = [{{ at = '0s', generate = {{ rate = 10, duration = '2s' }} }}]\n\
             [clock]\ninterval = '{interval}'\nstart = 1970-01-01T00:00:00.5Z\n[[pipeline]]\nname = 'a'\n{pipeline}"
        );
        read(&text).batches(Duration::from_secs(10))
    };
    assert_eq!(batches("1s", "mode = 'stateless'"), 10);
    assert_eq!(batches("4s", "mode = 'stateless'"), 2);
    assert_eq!(batches("4s", "mode = 'structured'"), 20);
    let trigger =
        |trigger: &str| batches("1s", &format!("mode = 'structured'\ntrigger = {trigger}"));
    assert_eq!(trigger("{ processing_time = '100ms' }"), 101);
    assert_eq!(trigger("'once'"), 1);
}
