//! The rows of RDDs, partition by partition and in their order, as recorded from Spark 3.5.9 in both languages with
//! `rdd.glom().collect()`, and from Spark 4.3.0 on the JVM.

use std::fmt::Write;

use engine::order::java;
use engine::{Failure, HashPartitioner, Profile, Rdd, SparkContext};

type Pairs = Rdd<(String, i64)>;

/// The program whose results were recorded, in one of the languages.
struct Program {
    profile: Profile,
    /// A line for each result: its name, and then its partitions.
    text: String,
}

impl Program {
    fn run(profile: Profile) -> Result<String, Failure> {
        let mut program = Program {
            profile,
            text: String::new(),
        };
        program.repartition()?;
        program.coalesce()?;
        for partitions in 1..=3 {
            program.by_key(partitions)?;
        }
        program.cartesian()?;
        if profile.is_jvm() {
            program.many_keys()?;
            program.keys_of_one_hash_code()?;
        }
        Ok(program.text)
    }

    fn partitioner(&self, partitions: usize) -> HashPartitioner {
        let sc = SparkContext::local(3, "order").with_profile(self.profile);
        sc.partitioner().with_partitions(partitions)
    }

    /// Adds a result.
    fn add<T: engine::Data>(
        &mut self,
        name: &str,
        rdd: &Rdd<T>,
        show: impl Fn(&T) -> String,
    ) -> Result<(), Failure> {
        let partition = |rows: Vec<T>| rows.iter().map(&show).collect::<Vec<_>>().join(", ");
        let partitions: Vec<String> = rdd.glom().collect()?.into_iter().map(partition).collect();
        writeln!(self.text, "{name}: {}", partitions.join(" | "))?;
        Ok(())
    }

    fn repartition(&mut self) -> Result<(), Failure> {
        // Python moves ten rows at once.
        let (rows_together, rows) = if self.profile.is_jvm() {
            (1, 5)
        } else {
            (10, 25)
        };
        let numbers = |partitions: i64| parallelize(0..rows * partitions, partitions as usize);
        for from in [3, 7] {
            for to in [2, 3, 10] {
                let moved = numbers(from).repartition(to, rows_together);
                self.add(
                    &format!("repartition {from} to {to}"),
                    &moved,
                    i64::to_string,
                )?;
            }
        }
        let numbers = parallelize(0..2 * rows.max(10), 2);
        let once = numbers.repartition(3, rows_together);
        let twice = once.repartition(2, rows_together);
        self.add("repartition twice", &twice, i64::to_string)
    }

    fn coalesce(&mut self) -> Result<(), Failure> {
        for (from, to) in [(5, 2), (7, 3), (3, 5), (10, 4)] {
            let coalesced = parallelize(0..3 * from, from).coalesce(to);
            self.add(
                &format!("coalesce {from} to {to}"),
                &coalesced,
                usize::to_string,
            )?;
        }
        Ok(())
    }

    fn by_key(&mut self, n: usize) -> Result<(), Failure> {
        let partitioner = self.partitioner(n);
        let (a, b) = (blue_green(), green_yellow());
        self.add(
            &format!("partitionBy {n}"),
            &a.partition_by(partitioner),
            pair,
        )?;
        self.add(
            &format!("groupByKey {n}"),
            &a.group_by_key(partitioner),
            group,
        )?;
        let sums = |pairs: &Pairs| pairs.reduce_by_key(partitioner, |x, y| x + y);
        self.add(&format!("reduceByKey {n}"), &sums(&a), pair)?;
        let combined = a.combine_by_key(
            partitioner,
            |n| Ok(n.to_string()),
            |text, n| Ok(format!("{text},{n}")),
            |left, right| Ok(format!("{left}|{right}")),
        );
        self.add(&format!("combineByKey {n}"), &combined, |(key, text)| {
            format!("{key} {text}")
        })?;
        self.both(&format!("raw {n}"), n, &a, &b)?;
        self.both(
            &format!("left placed {n}"),
            n,
            &a.partition_by(partitioner),
            &b,
        )?;
        self.both(
            &format!("right placed {n}"),
            n,
            &a,
            &b.partition_by(partitioner),
        )?;
        self.both(&format!("both reduced {n}"), n, &sums(&a), &sums(&b))
    }

    fn both(&mut self, how: &str, n: usize, a: &Pairs, b: &Pairs) -> Result<(), Failure> {
        let partitioner = self.partitioner(n);
        self.add(
            &format!("cogroup {how}"),
            &a.cogroup(b, partitioner),
            |(key, (v, w))| format!("{key} {v:?} {w:?}"),
        )?;
        if !how.contains("placed") {
            self.joins(how, partitioner, a, b)?;
        }
        self.add(
            &format!("subtractByKey {how}"),
            &a.subtract_by_key(b, partitioner),
            pair,
        )?;
        self.add(&format!("union {how}"), &a.union(b), pair)
    }

    fn joins(
        &mut self,
        how: &str,
        partitioner: HashPartitioner,
        a: &Pairs,
        b: &Pairs,
    ) -> Result<(), Failure> {
        self.add(
            &format!("join {how}"),
            &a.join(b, partitioner),
            |(key, (v, w))| format!("{key} {v} {w}"),
        )?;
        let left = a.left_outer_join(b, partitioner);
        self.add(&format!("leftOuterJoin {how}"), &left, |(key, (v, w))| {
            format!("{key} {v} {}", option(*w))
        })?;
        let right = a.right_outer_join(b, partitioner);
        self.add(&format!("rightOuterJoin {how}"), &right, |(key, (v, w))| {
            format!("{key} {} {w}", option(*v))
        })?;
        let full = a.full_outer_join(b, partitioner);
        self.add(&format!("fullOuterJoin {how}"), &full, |(key, (v, w))| {
            format!("{key} {} {}", option(*v), option(*w))
        })
    }

    fn cartesian(&mut self) -> Result<(), Failure> {
        let numbers = parallelize(0..4, 2);
        let letters = parallelize('a'..='c', 2);
        let crossed = numbers.cross_partitions(&letters, |numbers, letters| {
            let with_all = move |n| letters.clone().into_iter().map(move |c| Ok((n, c)));
            Ok(numbers.into_iter().flat_map(with_all))
        });
        self.add("cartesian", &crossed, |(n, c)| format!("{n} {c}"))
    }

    fn many_keys(&mut self) -> Result<(), Failure> {
        let mut words: Vec<String> = Vec::new();
        for n in 0..60 {
            let word = format!("w{}", n * n * 31 % 997);
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let few = words.iter().filter(|word| java::hash(word) % 3 == 0);
        let few = parallelize(few.map(|word| (word.clone(), 2)), 2);
        let many = parallelize(words.into_iter().map(|word| (word, 1)), 3);
        let [one, two] = [1, 2].map(|partitions| self.partitioner(partitions));
        let key = String::clone;
        self.add("many groupByKey 1", &many.group_by_key(one).keys(), key)?;
        self.add("many cogroup 1", &many.cogroup(&few, one).keys(), key)?;
        self.add("many cogroup 2", &few.cogroup(&many, two).keys(), key)?;
        self.add(
            "many subtractByKey 2",
            &many.subtract_by_key(&few, two).keys(),
            key,
        )?;
        self.add(
            "many subtractByKey 1",
            &many.subtract_by_key(&few, one).keys(),
            key,
        )
    }

    fn keys_of_one_hash_code(&mut self) -> Result<(), Failure> {
        let words = ["Aa", "BB", "AaAa", "BBBB", "AaBB", "BBAa", "x", "y"];
        let ones = parallelize(words.map(|word| (word.to_owned(), 1)), 2);
        let x = parallelize([("x".to_owned(), 1)], 1);
        let partitioner = self.partitioner(1);
        let key = String::clone;
        self.add("collide group", &ones.group_by_key(partitioner).keys(), key)?;
        let sums = ones.reduce_by_key(partitioner, |x, y| x + y);
        self.add("collide reduce", &sums.keys(), key)?;
        self.add(
            "collide subtract",
            &ones.subtract_by_key(&x, partitioner).keys(),
            key,
        )
    }
}

/// The rows in partitions of nearly the same size (`SparkContext.parallelize`).
fn parallelize<T: engine::Data>(rows: impl IntoIterator<Item = T>, partitions: usize) -> Rdd<T> {
    let rows: Vec<T> = rows.into_iter().collect();
    let start = |partition| partition * rows.len() / partitions;
    let slice = |partition| rows[start(partition)..start(partition + 1)].to_vec();
    Rdd::of_rows((0..partitions).map(slice).collect())
}

fn blue_green() -> Pairs {
    let words = ["blue", "green", "red", "blue", "white", "green", "x"];
    parallelize(words.map(str::to_owned).into_iter().zip(1..), 3)
}

fn green_yellow() -> Pairs {
    let words = ["green", "yellow", "blue", "green", "black", "red"];
    parallelize(words.map(str::to_owned).into_iter().zip(10..), 2)
}

fn pair(row: &(String, i64)) -> String {
    format!("{} {}", row.0, row.1)
}

fn group(row: &(String, Vec<i64>)) -> String {
    format!("{} {:?}", row.0, row.1)
}

fn option(value: Option<i64>) -> String {
    value.map_or("None".to_owned(), |value| value.to_string())
}

#[track_caller]
fn check(profile: Profile, recorded: &str) {
    let text = Program::run(profile).expect("no function fails");
    for (line, recorded) in text.lines().zip(recorded.lines()) {
        assert_eq!(line, recorded);
    }
    assert_eq!(text.lines().count(), recorded.lines().count());
}

#[test]
fn out_4_rows_of_rdds_come_as_in_pyspark() {
    check(Profile::Pyspark, include_str!("rdd_order/pyspark.txt"));
}

#[test]
fn out_4_rows_of_rdds_come_as_on_the_jvm() {
    for profile in [Profile::Jvm, Profile::Jvm4] {
        check(profile, include_str!("rdd_order/jvm.txt"));
    }
}
