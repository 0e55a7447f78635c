//! The rows of operators on two streams, on partitions and on windows, as recorded batch by batch from Spark 3.5.9 in
//! both languages.

use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::{
    DStream, Data, Inline, Profile, QueueSpec, Rdd, SparkContext, Stepper, StreamingContext, Time,
    WindowSpec,
};

const BATCHES: [&str; 14] = [
    "blue1 green2 blue3",
    "green4 x5",
    "",
    "red6 blue7",
    "",
    "",
    "blue8 white9 x10",
    "",
    "",
    "",
    "",
    "green11",
    "",
    "",
];
const OTHERS: [&str; 6] = ["green1 blue2", "blue3 yellow4", "red5", "", "", "white6"];

/// The batches that were recorded.
const RECORDED: usize = 14;

type Pair = (String, i64);

/// The program whose results were recorded.
struct Program {
    profile: Profile,
    ssc: StreamingContext,
    /// The lines of the results, in the order of the outputs.
    lines: Vec<Arc<Mutex<Vec<String>>>>,
}

impl Program {
    fn run(profile: Profile) -> String {
        let cluster = SparkContext::local(2, "order").with_profile(profile);
        let mut program = Program {
            profile,
            ssc: StreamingContext::new(&cluster, Duration::from_secs(1)),
            lines: Vec::new(),
        };
        program.two_streams();
        program.partitions();
        program.windows();
        program.filtered_windows();
        let built = program.ssc.build().expect("the program keeps the rules");
        let mut stepper = Stepper::start(built, Time::EPOCH);
        for _ in 0..RECORDED {
            stepper.step(&Inline);
            assert_eq!(stepper.failure(), None);
        }
        let lines = program.lines.iter().map(|lines| {
            let lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
            lines.concat()
        });
        lines.collect()
    }

    /// Records an output under a name.
    fn add<T: Data>(
        &mut self,
        name: &'static str,
        stream: &DStream<T>,
        show: impl Fn(&T) -> String + Send + 'static,
    ) {
        let lines = Arc::new(Mutex::new(Vec::new()));
        self.lines.push(Arc::clone(&lines));
        stream.foreach_rdd(move |batch, _| {
            let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
            let show = |rows: Vec<T>| rows.iter().map(&show).collect::<Vec<_>>().join(", ");
            let partitions: Vec<String> = batch.glom().collect()?.into_iter().map(show).collect();
            let mut line = format!("{name} @{}: ", lines.len() + 1);
            writeln!(line, "{}", partitions.join(" | "))?;
            lines.push(line);
            Ok(())
        });
    }

    fn pairs(&self) -> DStream<Pair> {
        self.ssc.queue_stream_with(queue(&BATCHES))
    }

    fn two_streams(&mut self) {
        let pairs = self.pairs();
        let others = self.ssc.queue_stream_with(queue(&OTHERS));
        self.add("join", &pairs.join(&others), |(key, (v, w))| {
            format!("{key} {v} {w}")
        });
        let left = pairs.left_outer_join(&others);
        self.add("leftOuterJoin", &left, |(key, (v, w))| {
            format!("{key} {v} {}", option(*w))
        });
        let right = pairs.right_outer_join(&others);
        self.add("rightOuterJoin", &right, |(key, (v, w))| {
            format!("{key} {} {w}", option(*v))
        });
        let full = pairs.full_outer_join(&others);
        self.add("fullOuterJoin", &full, |(key, (v, w))| {
            format!("{key} {} {}", option(*v), option(*w))
        });
        let groups = pairs.num_partitions(3).cogroup(&others);
        self.add("cogroup", &groups, |(key, (v, w))| {
            format!("{key} {v:?} {w:?}")
        });
        let sums = |pairs: &DStream<Pair>| pairs.reduce_by_key(|x, y| x + y);
        let joined = sums(&pairs).join(&sums(&others));
        self.add("join of reduced", &joined, |(key, (v, w))| {
            format!("{key} {v} {w}")
        });
    }

    fn partitions(&mut self) {
        let pairs = self.pairs();
        let texts = pairs.combine_by_key(
            |n| Ok(n.to_string()),
            |text, n| Ok(format!("{text}+{n}")),
            |left, right| Ok(format!("{left}|{right}")),
        );
        self.add("combineByKey", &texts, |(key, text)| {
            format!("{key} {text}")
        });
        self.add(
            "groupByKey 3",
            &pairs.num_partitions(3).group_by_key(),
            group,
        );
        let numbers = pairs.map(|(_, n)| n);
        self.add("repartition 3", &numbers.repartition(3), i64::to_string);
    }

    fn windows(&mut self) {
        let pairs = self.pairs();
        let numbers = pairs.map(|(_, n)| n);
        let (one, three, five) = (seconds(1), seconds(3), seconds(5));
        let number = i64::to_string;
        self.add(
            "countByWindow 3",
            &numbers.count_by_window(three, one),
            number,
        );
        self.add(
            "countByWindow 5",
            &numbers.count_by_window(five, one),
            number,
        );
        let sums = numbers.reduce_by_window(|x, y| x + y, three, one);
        self.add("reduceByWindow 3", &sums, number);
        let sums = numbers.reduce_by_window_inverse(|x, y| x + y, |x, y| x - y, five, one);
        self.add("reduceByWindow inverse 5", &sums, number);
        let words = pairs.map(|(word, _)| word);
        let counts = words.count_by_value_and_window(three, one);
        self.add("countByValueAndWindow 3", &counts, pair);
        let counts = words.count_by_value_and_window(five, one);
        self.add("countByValueAndWindow 5", &counts, pair);
        let counts = words.num_partitions(3).count_by_value_and_window(five, one);
        self.add("countByValueAndWindow 5 in 3", &counts, pair);
        self.add(
            "groupByKeyAndWindow 3",
            &pairs.group_by_key_and_window(three, one),
            group,
        );
        self.add(
            "groupByKeyAndWindow 5",
            &pairs.group_by_key_and_window(five, one),
            group,
        );
    }

    fn filtered_windows(&mut self) {
        let pairs = self.pairs();
        let least = if self.profile.is_jvm() { 1 } else { 4 };
        let sums = |length| {
            let sums = WindowSpec::function(|x, y| x + y, seconds(length), seconds(1));
            sums.inverse(|x, y| x - y)
        };
        let filtered = |length| {
            let spec = sums(length).filter(move |pair: &Pair| pair.1 >= least);
            pairs.reduce_by_key_and_window_with(spec)
        };
        self.add("filtered 3", &filtered(3), pair);
        self.add("filtered 5", &filtered(5), pair);
        if !self.profile.is_jvm() {
            // There the JVM fails, as a key only leaves.
            let small = sums(5).filter(|pair: &Pair| pair.1 < 9);
            self.add(
                "filtered small 5",
                &pairs.reduce_by_key_and_window_with(small),
                pair,
            );
        }
    }
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The pairs of each batch, in two partitions.
fn queue(batches: &[&str]) -> QueueSpec<Pair> {
    QueueSpec::batches(batches.iter().map(|batch| {
        let pairs: Vec<Pair> = batch.split_whitespace().map(parse).collect();
        let (first, second) = pairs.split_at(pairs.len() / 2);
        Rdd::of_rows(vec![first.to_vec(), second.to_vec()])
    }))
}

fn parse(word: &str) -> Pair {
    let end = word.find(|c: char| c.is_ascii_digit());
    let (word, number) = word.split_at(end.expect("a word ends with a number"));
    (word.to_owned(), number.parse().expect("it is small"))
}

fn pair(row: &Pair) -> String {
    format!("{} {}", row.0, row.1)
}

fn group(row: &(String, Vec<i64>)) -> String {
    format!("{} {:?}", row.0, row.1)
}

fn option(value: Option<i64>) -> String {
    value.map_or("None".to_owned(), |value| value.to_string())
}

/// Compares each batch of which the rows were recorded.
#[track_caller]
fn check(profile: Profile, recorded: &str) {
    let text = Program::run(profile);
    let mut lines = text.lines().map(str::trim_end);
    for recorded in recorded.lines() {
        // A line begins with its name, and recorded ones are in the order of the program.
        let name = recorded.split_inclusive(':').next().unwrap_or_default();
        let line = lines.find(|line| line.starts_with(name));
        assert_eq!(line, Some(recorded));
    }
}

#[test]
fn out_4_rows_of_streams_come_as_in_pyspark() {
    check(Profile::Pyspark, include_str!("dstream_order/pyspark.txt"));
}

#[test]
fn out_4_rows_of_streams_come_as_on_the_jvm() {
    check(Profile::Jvm, include_str!("dstream_order/jvm.txt"));
}
