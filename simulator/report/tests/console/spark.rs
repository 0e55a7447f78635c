//! The console of real Spark, in each language.

use engine::{Event, QueryId, SparkVersion, Struct, Table, Text, Time, Value};
use scenario::Profile;

use crate::support::{
    FIRST, STATELESS, UPDATE_STATE, check, console, printed, printed_of, program, second,
    submitted, table,
};

#[test]
fn out_3_pyspark_prints_local_times_and_python_3_rows() {
    check(
        Profile::Pyspark,
        "UTC",
        &program(&STATELESS),
        "\
=
Time: 2018-06-21 23:00:30
=
('blue', 5)
('green', 3)

=
Time: 2018-06-21 23:00:31
=
('gohawks', 1)

=
Time: 2018-06-21 23:00:32
=

=
Time: 2018-06-21 23:00:33
=
('green', 2)

",
    );
}

#[test]
fn out_1_jvm_prints_milliseconds_and_rows_by_to_string() {
    check(
        Profile::Jvm,
        "Asia/Shanghai",
        &program(&STATELESS),
        "\
=
Time: 1529622030000 ms
=
(blue,5)
(green,3)

=
Time: 1529622031000 ms
=
(gohawks,1)

=
Time: 1529622032000 ms
=

=
Time: 1529622033000 ms
=
(green,2)

",
    );
}

#[test]
fn out_2_spark_prints_state_though_nothing_came() {
    let text = console(Profile::Pyspark, "UTC", &program(&UPDATE_STATE));
    assert!(text.contains(":32\n-------------------------------------------\n('blue', 5)\n"));
}

#[test]
fn out_1_dots_stand_for_more_rows() {
    let events = [printed(second(0), &[("blue", 5)], true)];
    check(
        Profile::Pyspark,
        "Asia/Kolkata",
        &events,
        "=\nTime: 2018-06-22 04:30:30\n=\n('blue', 5)\n...\n\n",
    );
    check(
        Profile::Cookbook,
        "UTC",
        &events,
        "=\nTime: 2018-06-21 23:00:30\n=\n(u'blue', 5)\n...\n=\n",
    );
}

#[test]
fn con_3_a_line_stands_for_more_rows() {
    check(
        Profile::Jvm,
        "UTC",
        &[table(7, &[("blue", 5)], true), table(8, &[], true)],
        "\
=
Batch: 7
=
+----+-----+
|word|count|
+----+-----+
|blue|    5|
+----+-----+
only showing top 1 row

=
Batch: 8
=
+----+-----+
|word|count|
+----+-----+
+----+-----+
only showing top 0 rows

",
    );
}

#[test]
fn con_5_an_empty_table_is_a_header() {
    check(
        Profile::Pyspark,
        "UTC",
        &[table(0, &[], false)],
        "=\nBatch: 0\n=\n+----+-----+\n|word|count|\n+----+-----+\n+----+-----+\n\n",
    );
}

#[test]
fn out_3_a_batch_off_the_second_shows_microseconds() {
    check(
        Profile::Pyspark,
        "America/New_York",
        &[printed(Time::from_millis(FIRST + 250), &[], false)],
        "=\nTime: 2018-06-21 19:00:30.250000\n=\n\n",
    );
}

#[test]
fn nothing_printed_is_no_text_and_no_closing_rule() {
    let events = [
        submitted(second(0), 0),
        Event::BatchCompleted {
            batch_time: second(0),
        },
        Event::Stopped,
    ];
    for profile in [Profile::Pyspark, Profile::Jvm, Profile::Cookbook] {
        check(profile, "UTC", &events, "");
    }
}

#[test]
fn job_2_a_batch_that_waits_behind_another_is_empty_when_its_turn_comes() {
    let events = [
        printed(second(0), &[("a", 1)], false),
        printed_of(0, second(1), &[("a", 1)], false),
    ];
    check(
        Profile::Cookbook,
        "UTC",
        &events,
        "=\nTime: 2018-06-21 23:00:30\n=\n(u'a', 1)\n=\nTime: 2018-06-21 23:00:31\n=\n=\n",
    );
}

#[test]
fn con_4_times_in_a_table_are_local() {
    let [start, end] = [1_529_622_000_000_000, 1_529_622_010_500_000].map(Value::Timestamp);
    let window = Struct::from_iter([("start", start), ("end", end)]);
    let table = Table {
        columns: ["window", "count"].map(Text::from).into(),
        rows: vec![vec![Value::Struct(window), Value::Long(1)]],
        more: false,
        truncate: false,
        spark: SparkVersion::V3_5,
    };
    let shown = Event::TableShown {
        batch_id: 0,
        table,
        query: QueryId(0),
    };
    let local = |zone, window: &str| {
        let console = console(Profile::Pyspark, zone, std::slice::from_ref(&shown));
        let row = console.lines().find(|line| line.contains('{'));
        assert_eq!(row, Some(format!("|{window}|1    |").as_str()));
    };
    local("UTC", "{2018-06-21 23:00:00, 2018-06-21 23:00:10.5}");
    local(
        "Asia/Kolkata",
        "{2018-06-22 04:30:00, 2018-06-22 04:30:10.5}",
    );
}
