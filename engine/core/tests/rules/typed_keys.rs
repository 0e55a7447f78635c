//! Keys of all types come in the order in which Spark 3.5.9 handed them out on one machine.

use std::time::Duration;

use engine::{
    Double, Event, Inline, Input, Key, Profile, PythonKey, Rdd, Record, SparkContext, Stepper,
    StreamingContext, Time, Value,
};

/// `parallelize(keys, slices).map(lambda key: (key, 1)).reduceByKey(add, partitions)`, the keys as they are printed.
fn reduced<K: Key + Record>(
    profile: Profile,
    keys: Vec<K>,
    slices: usize,
    partitions: usize,
) -> String {
    let cluster = SparkContext::local(partitions, "keys").with_profile(profile);
    let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
    let stream = ssc.queue_stream([keys]).try_transform(move |keys, _| {
        let keys = keys.collect()?;
        let bound = |slice| slice * keys.len() / slices;
        let slices = (0..slices).map(|slice| keys[bound(slice)..bound(slice + 1)].to_vec());
        Ok(Rdd::of_rows(slices.collect()))
    });
    let pairs = stream.map(|key| (key, 1)).reduce_by_key(|x, y| x + y);
    pairs.print_first(100);
    let program = ssc.build().expect("the program keeps the rules");
    let mut stepper = Stepper::start(program, Time::EPOCH);
    stepper.handle(Time::from_millis(1_000), Input::Woken, &Inline);
    let rows = stepper.events().find_map(|event| match event {
        Event::Printed { rows, .. } => Some(rows.clone()),
        _ => None,
    });
    let key = |row: &Value| match row {
        Value::Tuple(pair) => profile.notation().text(&pair[0]),
        other => panic!("a pair, not {other:?}"),
    };
    rows.iter().flatten().map(key).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check_jvm<K: Key + Record>(keys: Vec<K>, slices: usize, partitions: usize, expected: &str) {
    assert_eq!(reduced(Profile::Jvm, keys, slices, partitions), expected);
}

#[track_caller]
fn check_jvm_4<K: Key + Record>(keys: Vec<K>, slices: usize, partitions: usize, expected: &str) {
    assert_eq!(reduced(Profile::Jvm4, keys, slices, partitions), expected);
}

#[track_caller]
fn check_python<K: Key + Record>(keys: Vec<K>, slices: usize, partitions: usize, expected: &str) {
    assert_eq!(
        reduced(Profile::Pyspark, keys, slices, partitions),
        expected
    );
}

fn sevens() -> impl Iterator<Item = i32> {
    (-12..12).map(|number| number * 7)
}

fn quarters() -> impl Iterator<Item = Double> {
    (-8..8).map(|number| Double(f64::from(number) * 0.75))
}

fn pairs() -> Vec<(&'static str, i64)> {
    let user = |number| if number % 2 == 0 { "ann" } else { "bob" };
    (-6..6).map(|number| (user(number), number)).collect()
}

fn triples() -> Vec<(i32, bool, Double)> {
    let triple = |number| (number, number % 2 == 0, Double(f64::from(number) / 2.0));
    (-6..6).map(triple).collect()
}

#[test]
fn out_4_integers_on_the_jvm() {
    check_jvm(
        sevens().collect(),
        2,
        3,
        "21 -63 -84 -21 0 -42 42 63 -35 28 -56 -77 -14 70 7 49 56 77 35 14 -28 -7 -70 -49",
    );
    let longs = || {
        sevens()
            .map(i64::from)
            .chain([1 << 33, -(1 << 40) - 5])
            .collect()
    };
    check_jvm(
        longs(),
        1,
        2,
        "-35 56 -77 28 -49 14 -1099511627781 0 -63 42 -7 70 -21 8589934592 -14 -42 21 77 -56 35 -28 63 -84 -70 7 49",
    );
    check_jvm(
        longs(),
        2,
        3,
        "21 -49 -28 0 42 63 -7 -70 -14 -35 -77 -56 28 70 7 49 -42 56 77 35 14 -1099511627781 -63 -84 -21 8589934592",
    );
    check_jvm(vec![true, false], 1, 2, "false true");
    // A number and its complement have the same hash code, and are apart within the map side's pairs.
    let complements = (-10_i64..10).collect();
    check_jvm(
        complements,
        1,
        3,
        "-1 0 6 -7 -4 3 -10 9 4 -5 1 -2 7 -8 -3 -6 -9 8 5 2",
    );
}

#[test]
fn out_4_doubles_on_the_jvm() {
    let more = [1e10, 1e300, f64::NAN, f64::INFINITY].map(Double);
    let doubles = || quarters().chain(more).collect();
    check_jvm(
        doubles(),
        1,
        3,
        "2.25 NaN 0.0 3.0 3.75 -1.5 -3.0 4.5 -2.25 0.75 -3.75 5.25 1.0E10 Infinity 1.5 -5.25 -0.75 1.0E300 -4.5 -6.0",
    );
    check_jvm(
        doubles(),
        2,
        2,
        "1.5 2.25 -3.0 NaN 0.0 -5.25 4.5 -2.25 -0.75 0.75 3.0 3.75 1.0E300 -3.75 5.25 -1.5 Infinity -4.5 -6.0 1.0E10",
    );
}

#[test]
fn out_4_tuples_on_the_jvm() {
    check_jvm(
        pairs(),
        1,
        2,
        "(bob,5) (bob,-1) (ann,2) (ann,0) (ann,-2) (bob,-5) (bob,3) (bob,1) (ann,-6) (ann,4) (ann,-4) (bob,-3)",
    );
    check_jvm(
        pairs(),
        2,
        3,
        "(bob,-1) (bob,5) (ann,-2) (bob,-3) (bob,3) (ann,2) (ann,-6) (ann,0) (ann,-4) (bob,-5) (bob,1) (ann,4)",
    );
    check_jvm(
        triples(),
        2,
        3,
        "(4,true,2.0) (-1,false,-0.5) (-5,false,-2.5) (1,false,0.5) (2,true,1.0) (3,false,1.5) (0,true,0.0) \
         (5,false,2.5) (-6,true,-3.0) (-3,false,-1.5) (-2,true,-1.0) (-4,true,-2.0)",
    );
    let user = |number: i64| (number % 3 != 0).then(|| format!("u{number}"));
    check_jvm(
        (0..8).map(|number| (user(number), number)).collect(),
        2,
        2,
        "(u5,5) (u2,2) (u1,1) (null,6) (null,3) (u7,7) (null,0) (u4,4)",
    );
}

/// As Spark 4.3.0 handed them out. A number and its complement have the same hash code, and are apart within the map
/// side's pairs.
#[test]
fn out_4_tuples_on_the_jvm_in_spark_4() {
    check_jvm_4(
        pairs(),
        1,
        2,
        "(bob,3) (ann,-6) (bob,-3) (bob,1) (ann,0) (ann,2) (bob,5) (bob,-5) (ann,-2) (ann,-4) (ann,4) \
         (bob,-1)",
    );
    check_jvm_4(
        pairs(),
        2,
        3,
        "(bob,5) (bob,-5) (bob,3) (ann,-4) (bob,-3) (ann,-2) (ann,-6) (bob,-1) (bob,1) (ann,0) (ann,2) \
         (ann,4)",
    );
    check_jvm_4(
        triples(),
        2,
        3,
        "(3,false,1.5) (-4,true,-2.0) (-1,false,-0.5) (4,true,2.0) (0,true,0.0) (-5,false,-2.5) \
         (5,false,2.5) (-2,true,-1.0) (-3,false,-1.5) (2,true,1.0) (-6,true,-3.0) (1,false,0.5)",
    );
    check_jvm_4(
        (-10_i64..10).collect(),
        1,
        3,
        "0 -1 6 -7 -4 3 9 -10 -5 4 -2 1 7 -8 -3 -6 -9 8 5 2",
    );
}

#[test]
fn out_4_numbers_in_python() {
    check_python(
        sevens().collect(),
        2,
        3,
        "-84 -63 -42 -21 0 21 42 63 -77 -56 -35 -14 7 28 49 70 -70 -49 -28 -7 14 35 56 77",
    );
    check_python(
        quarters()
            .chain([1e10, 1e300, f64::INFINITY].map(Double))
            .collect(),
        2,
        3,
        "-6.0 -3.75 -3.0 -0.75 0.0 0.75 3.0 3.75 -4.5 -1.5 2.25 5.25 10000000000.0 1e+300 -5.25 -2.25 1.5 4.5 inf",
    );
    check_python(vec![true, false], 1, 2, "False True");
}

#[test]
fn out_4_tuples_and_none_in_python() {
    check_python(
        pairs(),
        2,
        3,
        "('bob', -5) ('bob', 1) ('bob', 3) ('ann', -6) ('ann', -4) ('ann', 0) ('bob', -3) ('ann', -2) ('bob', -1) \
         ('ann', 2) ('ann', 4) ('bob', 5)",
    );
    check_python(
        triples(),
        2,
        3,
        "(-3, False, -1.5) (-2, True, -1.0) (0, True, 0.0) (1, False, 0.5) (2, True, 1.0) (3, False, 1.5) \
         (-6, True, -3.0) (-5, False, -2.5) (-4, True, -2.0) (-1, False, -0.5) (4, True, 2.0) (5, False, 2.5)",
    );
    check_python(
        vec![Some("b"), None, Some("a"), Some("c"), None],
        1,
        2,
        "b None c a",
    );
    let nested = (0..8).map(|number| (((number % 3).to_string(), number), "x"));
    check_python(
        nested.collect(),
        2,
        3,
        "(('1', 4), 'x') (('0', 6), 'x') (('0', 0), 'x') (('1', 7), 'x') (('1', 1), 'x') (('2', 2), 'x') \
         (('0', 3), 'x') (('2', 5), 'x')",
    );
}

#[test]
fn out_4_keys_of_mixed_types_in_python() {
    let keys: [&dyn Record; 12] = [
        &1,
        &true,
        &1.0,
        &"1",
        &2.0,
        &2,
        &Value::Null,
        &0,
        &false,
        &(1,),
        &(1.0,),
        &(true,),
    ];
    let keys = keys.map(|key| PythonKey(key.to_value()));
    check_python(keys.to_vec(), 2, 3, "None 0 (1,) 1 1 2.0");
}
