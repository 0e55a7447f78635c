//! The crate as its users have it: nothing but `millrace` is named.

use std::error::Error;
use std::time::Duration;

use millrace::engine::DataType;
use millrace::structured::functions::col;
use millrace::structured::{OutputMode, SparkSession};
use millrace::{
    DStream, Event, FailureKind, Key, KeyOrder, Profile, Record, SparkContext, SparkVersion,
    StreamingContext, Text, Time, Timeline, Value, replay, replay_on, replay_query,
};

type TestResult = Result<(), Box<dyn Error>>;

const PROFILES: [Profile; 3] = [Profile::Pyspark, Profile::Cookbook, Profile::Jvm];

/// A page that a user visited.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Visit {
    user: Text,
    page: u64,
}

impl Record for Visit {
    fn to_value(&self) -> Value {
        (&self.user, self.page).to_value()
    }
}

impl Key for Visit {
    fn spark_hash(&self, profile: Profile) -> i64 {
        (self.user.clone(), self.page).spark_hash(profile)
    }
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Visits from lines such as `ann 7`.
fn visits(lines: &DStream<Text>) -> DStream<Visit> {
    lines.try_map(|line| {
        let (user, page) = line.split_once(' ').unwrap_or((&line, ""));
        Ok(Visit {
            user: user.into(),
            page: page.parse()?,
        })
    })
}

/// Compares the rows that a program prints, batch by batch and in each language.
#[track_caller]
fn check_rows(
    timeline: &Timeline,
    write: impl Fn(&DStream<Text>) + Copy,
    expected: [&[&[&str]]; 3],
) {
    for (profile, expected) in PROFILES.into_iter().zip(expected) {
        let sc = SparkContext::local(2, "face").with_profile(profile);
        let replay = replay_on(&sc, timeline, |ssc| write(&ssc.receiver_stream("lines")))
            .expect("the program keeps the rules");
        let batches: Vec<Vec<&str>> = replay.text.split("Time: ").skip(1).map(rows).collect();
        assert_eq!(batches, expected, "{profile:?}");
    }
}

/// The rows of the text that follows `Time: `.
fn rows(batch: &str) -> Vec<&str> {
    let lines = batch.lines().skip(1);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('-'))
        .collect()
}

#[test]
fn own_types_are_grouped_and_printed_in_each_language() {
    let timeline = Timeline::new().lines(seconds(1), ["ann 7", "bob 7", "ann 7"]);
    let counts = |lines: &DStream<Text>| visits(lines).count_by_value().print();
    check_rows(
        &timeline,
        counts,
        [
            &[&["(('ann', 7), 2)", "(('bob', 7), 1)"]],
            &[&["((u'ann', 7), 2)", "((u'bob', 7), 1)"]],
            &[&["((ann,7),2)", "((bob,7),1)"]],
        ],
    );
}

#[test]
fn numbers_texts_and_long_tuples_are_printed() {
    let timeline = Timeline::new().lines(seconds(1), ["blue"]);
    let rows = |lines: &DStream<Text>| {
        let row = |line: Text| (line, u64::MAX, "text", Some(true), 'c', 1.5);
        lines.map(row).print();
    };
    check_rows(
        &timeline,
        rows,
        [
            &[&["('blue', Decimal('18446744073709551615'), 'text', True, 'c', 1.5)"]],
            &[&["(u'blue', Decimal('18446744073709551615'), u'text', True, u'c', 1.5)"]],
            &[&["(blue,18446744073709551615,text,true,c,1.5)"]],
        ],
    );
}

#[test]
fn the_language_decides_what_an_empty_batch_counts() {
    let count = |lines: &DStream<Text>| lines.count().print();
    let timeline = Timeline::new().stop(seconds(1));
    check_rows(&timeline, count, [&[&[]], &[&[]], &[&["0"]]]);
}

#[test]
fn the_language_decides_what_is_left_of_a_window() {
    let timeline = Timeline::new()
        .lines(seconds(1), ["/home"])
        .stop(seconds(3));
    let window = |lines: &DStream<Text>| {
        let pairs = lines.map(|line| (line, 1));
        let (plus, minus) = (|x, y| x + y, |x, y| x - y);
        pairs
            .reduce_by_key_and_window_inverse(plus, minus, seconds(2), seconds(1))
            .print();
    };
    check_rows(
        &timeline,
        window,
        [
            &[&["('/home', 1)"], &["('/home', 1)"], &[]],
            // The book shows no rows of a batch without input.
            &[&["(u'/home', 1)"], &[], &[]],
            &[&["(/home,1)"], &["(/home,1)"], &["(/home,0)"]],
        ],
    );
}

#[test]
fn several_sources_are_called_by_name() -> TestResult {
    let timeline = Timeline::new()
        .lines_of("localhost:9999", seconds(2), ["green\nblue"])
        .lines_of("clicks", seconds(1), ["/home"]);
    let union = |ssc: &StreamingContext| {
        let lines = ssc.socket_text_stream("localhost", 9999);
        lines.union(&ssc.receiver_stream("clicks")).print();
    };
    let text = replay(&timeline, union)?.text;
    let batches: Vec<Vec<&str>> = text.split("Time: ").skip(1).map(rows).collect();
    assert_eq!(batches, [vec!["/home"], vec!["green", "blue"]]);

    let unknown = timeline.lines_of("carts", seconds(3), ["1"]);
    let error = replay(&unknown, union).expect_err("there is no such source");
    assert_eq!(format!("{error:?}"), error.to_string());
    assert_eq!(
        error.to_string(),
        "the timeline has lines for `carts`, and the sources of the program are `localhost:9999`, `clicks`"
    );
    let error = replay(&Timeline::new().lines(seconds(1), ["1"]), |ssc| {
        ssc.queue_stream([vec![1]]).print();
    });
    assert_eq!(
        error.expect_err("there is no source").to_string(),
        "the timeline has lines, and the program has no source"
    );
    Ok(())
}

#[test]
fn a_failed_batch_has_its_line_where_its_rows_would_be() -> TestResult {
    let timeline = Timeline::new()
        .lines(seconds(1), ["ann 1"])
        .lines(seconds(2), ["bob"])
        .lines(seconds(3), ["ann 2"]);
    let result = replay(&timeline, |ssc| {
        visits(&ssc.receiver_stream("visits")).print();
    })?;
    let lines: Vec<&str> = result.text.lines().collect();
    assert_eq!(
        lines[3..7],
        [
            "('ann', 1)",
            "",
            "failed: try_map, batch at 1970-01-01 00:00:02: cannot parse integer from empty string",
            "-------------------------------------------",
        ]
    );
    assert_eq!(result.failures.len(), 1);
    assert_eq!(result.failures[0].kind(), FailureKind::Function);
    let completed = |event: &Event| matches!(event, Event::BatchCompleted { .. });
    let completed = result
        .journal
        .entries()
        .iter()
        .filter(|entry| completed(&entry.event));
    assert_eq!(completed.count(), 3);
    Ok(())
}

#[test]
fn a_query_is_replayed_until_it_fails() -> TestResult {
    let lines = SparkSession::local(2, "face")
        .with_memory(1)
        .read_stream()
        .memory("lines");
    let query = lines.group_by([col("value")]).count();
    let query = query
        .write_stream()
        .output_mode(OutputMode::Update)
        .console()?;
    let timeline = Timeline::new()
        .lines(seconds(1), ["blue"])
        .lines(seconds(2), ["green"]);
    let result = replay_query(&timeline, query)?;
    assert_eq!(result.failures.len(), 1);
    assert_eq!(result.failures[0].kind(), FailureKind::Memory);
    assert!(result.text.starts_with("failed: ") && result.text.lines().count() == 1);
    Ok(())
}

#[test]
fn a_timeline_has_the_clock_and_the_lines_of_a_scenario() -> TestResult {
    let timeline = Timeline::parse(
        "timeline = [{ at = '1s', words = { blue = 2 } }]\n\
         [clock]\nstart = 2018-06-21T23:00:29Z\ninterval = '500ms'\n\
         [[pipeline]]\nname = 'counts'\nmode = 'stateless'",
    )?;
    let write = |ssc: &StreamingContext| {
        let lines = ssc.receiver_stream("lines");
        lines
            .flat_map(|line| line.split(" "))
            .count_by_value()
            .print();
    };
    let text = replay(&timeline, write)?.text;
    assert!(
        text.contains("Time: 2018-06-21 23:00:29.500000\n"),
        "{text}"
    );
    assert!(text.contains("Time: 2018-06-21 23:00:30\n"), "{text}");
    assert!(text.contains("('blue', 2)\n"), "{text}");

    let later = Time::from_millis(1_529_622_029_000 + 3_600_000);
    let later = replay(&timeline.start(later), write)?.text;
    assert_eq!(
        later,
        text.replace(" 23:00", " 24:00")
            .replace("21 24:00", "22 00:00")
    );
    Ok(())
}

#[test]
fn bad_settings_are_reported() {
    let error = |timeline: Timeline| {
        let replay = replay(&timeline, |ssc| ssc.receiver_stream("lines").print());
        replay.expect_err("a setting is wrong").to_string()
    };
    assert_eq!(
        error(Timeline::new().time_zone("Asia/Shanghigh")),
        "there is no time zone `Asia/Shanghigh`"
    );
    let interval = "the batch interval must be a whole number of milliseconds, at least 1, not ";
    let too_short = Duration::from_micros(1);
    assert_eq!(
        error(Timeline::new().interval(too_short)),
        format!("{interval}1µs")
    );
    let lines = SparkSession::local(2, "face").read_stream().memory("lines");
    let query = lines
        .write_stream()
        .output_mode(OutputMode::Append)
        .console();
    let query = query.expect("Spark starts such a query");
    let error = replay_query(&Timeline::new().interval(Duration::ZERO), query);
    let error = error.expect_err("there is no such interval").to_string();
    assert_eq!(error, format!("{interval}0ns"));
}

#[test]
fn rows_may_come_as_they_arrive() -> TestResult {
    let sc = SparkContext::local(1, "face").with_profile(Profile::Jvm);
    let timeline = Timeline::new().lines(seconds(1), ["c b a b"]);
    let write = |ssc: &StreamingContext| {
        let lines = ssc.receiver_stream("lines");
        let pairs = lines.flat_map(|line| line.split(" ")).map(|word| (word, 1));
        pairs.reduce_by_key(|x, y| x + y).print();
    };
    let arrival = replay_on(
        &sc.clone().with_key_order(KeyOrder::Arrival),
        &timeline,
        write,
    )?;
    assert!(
        arrival.text.contains("(c,1)\n(b,2)\n(a,1)\n"),
        "{}",
        arrival.text
    );
    let spark = replay_on(&sc, &timeline, write)?;
    assert!(
        spark.text.contains("(a,1)\n(b,2)\n(c,1)\n"),
        "{}",
        spark.text
    );
    Ok(())
}

#[test]
fn a_program_and_a_query_have_their_version_of_spark() -> TestResult {
    let timeline = Timeline::new().lines(seconds(1), ["bhAa bhBB"]);
    let counts = |profile| {
        let sc = SparkContext::local(1, "face").with_profile(profile);
        let write = |ssc: &StreamingContext| {
            let words = ssc
                .receiver_stream("lines")
                .flat_map(|line| line.split(" "));
            words
                .map(|word| (word, 1))
                .reduce_by_key(|x, y| x + y)
                .print();
        };
        replay_on(&sc, &timeline, write).map(|replay| replay.text)
    };
    assert!(counts(Profile::Jvm)?.ends_with("\n(bhBB,1)\n(bhAa,1)\n\n"));
    assert!(counts(Profile::Jvm4)?.ends_with("\n(bhAa,1)\n(bhBB,1)\n\n"));
    assert_eq!(counts(Profile::Pyspark)?, counts(Profile::Pyspark4)?);

    let numbers = |spark| {
        let session = SparkSession::local(1, "face").with_spark(spark);
        let lines = session.read_stream().memory("lines");
        let numbers = lines.select([col("value").cast(DataType::Long)]);
        let query = numbers.write_stream().output_mode(OutputMode::Append);
        replay_query(
            &timeline,
            query.console().expect("Spark starts such a query"),
        )
    };
    let before = numbers(SparkVersion::V3_5)?;
    assert!(before.text.contains("| NULL|\n") && before.failures.is_empty());
    let ended = numbers(SparkVersion::V4)?;
    let reason =
        "failed: batch 0: [CAST_INVALID_INPUT] The value 'bhAa bhBB' of the type \"STRING\"";
    assert!(ended.text.starts_with(reason), "{}", ended.text);
    Ok(())
}
