//! The entries of `timeline`.

use std::time::Duration;

use engine::{QueryFile, Time};

use super::changes::CHANGES;
use super::clock_jump::{ClockJump, JUMP};
use super::fault::{
    CORRUPT_KIND, CRASH_POINTS, CorruptFile, CrashPoint, DELETED_KIND, DISKS, DeletedFiles, Disk,
    FAILING_PARTS, FailingPart, LOST_BYTES, LostBytes, PERMUTED, Permuted, QUERY_FILE,
    STOPPING_PROCESSES,
};
use super::metrics::{COUNT_BOUNDS, RATE_BOUNDS, TIME_BOUNDS};
use super::process::{LINK, PAUSED, PROCESS, Paused, Process};
use super::source_fault::{DISTURBED, DROPPED, Disturbed, Dropped, SENDERS, Sender};
use crate::Bounds;
use crate::language::{KeyCount, Kind, Shape, TableKey, TomlKey, WithDefault, toml_table};

toml_table! {
    pub(crate) ENTRY = "entry", "in an entry of `timeline`", KeyCount::Any;
    "What happens at one instant; several things happen in the order of this table."

    "Offset from the start of the clock; without it, the time of the entry before. Times never run backwards."
    AT: TomlKey<Duration> = ("at", Kind::OFFSET, r#"at = "1.5s""#);

    "The source that takes the lines of the entry: a `host:port`, a topic, a folder or the name of a receiver, as the program has it, or the name of a `[[source]]`; without it, every source. The pipelines of `mode` and `steps` read `lines`, unless they are queries over `[[source]]`."
    STREAM: TomlKey<String> = ("stream", Kind::TEXT, r#"stream = "localhost:9999""#);

    "Lines that arrive, in order."
    LINES: TomlKey<Vec<String>> = ("lines", Kind::TEXTS, r#"lines = ["blue blue green"]"#);

    "The keys of the lines, one for each, which are then messages of the topic that `stream` names."
    MESSAGE_KEYS: TomlKey<Vec<String>> = ("keys", Kind::TEXTS, r#"keys = ["ann", "bob"]"#)
        .needs("stream");

    "The headers of each message, as texts of the form `name=value`."
    HEADERS: TomlKey<Vec<String>> = ("headers", Kind::TEXTS, r#"headers = ["trace=7"]"#)
        .needs("stream");

    "The partition of the topic that has the messages; without it, 0. A topic has the partition 0, and others from their first message on."
    TOPIC_PARTITION: TomlKey<u32> = ("topic_partition", Kind::integer(0, 1_023), "topic_partition = 1")
        .needs("stream");

    "The time that their producer gave the messages; without it, that at which they come."
    PRODUCED: TomlKey<Time> = ("produced", Kind::INSTANT, "produced = 2018-06-21T23:00:25Z")
        .needs("stream");

    "Into how many contiguous input partitions the lines are cut."
    PARTITIONS: WithDefault<usize> = ("partitions", Kind::integer(1, 1024), "partitions = 2")
        .needs("lines").or(1);

    "One line that repeats each word as often as it says, in the order written."
    WORDS: TableKey = ("words", Shape::Counts(1, 1_000_000), "words = { blue = 5, green = 3 }");

    "Lines that are drawn from the run's seed, from this instant on."
    GENERATE_TABLE: TableKey = ("generate", Shape::Table(&GENERATE), r#"generate = { rate = 100, duration = "10s" }"#);

    "A process ends, as by `kill -9`, before anything else happens at this instant: the driver, and all executors with it, an executor with its blocks, tasks and receiver, or a receiver alone, which starts again after 2s."
    CRASH: TomlKey<Process> = ("crash", PROCESS, r#"crash = "driver""#);

    "The end of the batch that `point`, `slow` or `fail` are of, where it is not the one that ends at this instant: an offset from the start of the clock. A driver that starts again runs earlier batches again."
    BATCH: TomlKey<Duration> = ("batch", Kind::OFFSET, r#"batch = "3s""#);

    "The process ends later, at this point in the life of a batch of a program of streams."
    POINT: TomlKey<CrashPoint> = ("point", Kind::Word(&CRASH_POINTS), r#"point = "before checkpoint""#)
        .needs("crash");

    "The process ends later, when this file of a query's checkpoint is about to be written."
    BEFORE: TomlKey<QueryFile> = ("before", QUERY_FILE, r#"before = "commits/3""#)
        .needs("crash");

    "The process ends later, when this file of a query's checkpoint was written."
    AFTER: TomlKey<QueryFile> = ("after", QUERY_FILE, r#"after = "offsets/3""#)
        .needs("crash");

    "A process stops in order, before anything else happens at this instant, and after all batches that this takes (`stop(stopGraceFully=True)`): its receivers take no lines any more."
    STOP_PROCESS: TomlKey<Process> = ("stop", Kind::Word(&STOPPING_PROCESSES), r#"stop = "driver""#);

    "A process starts again, after all else that happens at this instant: the driver, from its checkpoint if `[cluster]` says that it has one, or an executor, with nothing in memory."
    RESTART: TomlKey<Process> = ("restart", PROCESS, r#"restart = "driver""#);

    "Something stands still: the source, which sends nothing; a receiver, which leaves its lines at their source; or an executor, which is lost if it does for 120s (`spark.network.timeout`)."
    PAUSE: TomlKey<Paused> = ("pause", PAUSED, r#"pause = "source""#);

    "Something that stood still goes on: the source sends first, in order, all that it should have sent meanwhile; an executor that was lost meanwhile begins anew."
    RESUME: TomlKey<Paused> = ("resume", PAUSED, r#"resume = "source""#);

    "Nothing passes between the driver and an executor any more, which is lost if that lasts for 120s (`spark.network.timeout`)."
    PARTITION: TomlKey<usize> = ("partition", LINK, r#"partition = ["driver", "executor 1"]"#);

    "Messages pass again; an executor that was lost meanwhile begins anew."
    REPAIR: TomlKey<usize> = ("repair", LINK, r#"repair = ["driver", "executor 1"]"#);

    "The process starts again as another program: with these keys, until it is started with others. A program of streams that goes on from its checkpoint is the one that was saved there, whatever it is now (CKP-5b)."
    WITH: TableKey = ("with", Shape::Table(&CHANGES), r#"with = { output = "append" }"#)
        .needs("restart");

    "The driver's clock jumps, before anything else happens at this instant. The timeline, and what others do, goes on as before."
    CLOCK_JUMP: TomlKey<ClockJump> = ("clock", JUMP, r#"clock = "+5s""#);

    "The first job of a batch takes this long."
    SLOW: TomlKey<Duration> = ("slow", Kind::LENGTH, r#"slow = "10s""#);

    "What fails from this instant on, or in a batch, until the driver ends; what is said while it is down is of its next life."
    FAIL: TomlKey<FailingPart> = ("fail", Kind::Word(&FAILING_PARTS), r#"fail = "task""#);

    "The number of times that it fails; without it, each time."
    TIMES: TomlKey<u32> = ("times", Kind::integer(1, 1_000_000), "times = 1")
        .needs("fail");

    "What comes in another order from this instant on, drawn from the run's seed, until the driver ends: it shows a reduction that is not commutative."
    PERMUTE: TomlKey<Permuted> = ("permute", Kind::Word(&PERMUTED), r#"permute = "map outputs""#);

    "Files of the checkpoint folder that are deleted."
    DELETE: TomlKey<DeletedFiles> = ("delete", DELETED_KIND, r#"delete = "states""#);

    "What the disk of the checkpoint folder loses."
    LOSE: TomlKey<LostBytes> = ("lose", Kind::Word(&LOST_BYTES), r#"lose = "unsynced""#);

    "The disk of the checkpoint folder is full: a write that does not fit leaves a part of its bytes, and fails."
    FILL: TomlKey<Disk> = ("fill", Kind::Word(&DISKS), r#"fill = "disk""#);

    "The room that is left on a disk that is full; without it, none."
    ROOM: TomlKey<u64> = ("room", Kind::SIZE, r#"room = "100B""#)
        .needs("fill");

    "The disk has room again."
    CLEAR: TomlKey<Disk> = ("clear", Kind::Word(&DISKS), r#"clear = "disk""#);

    "A file of the checkpoint folder that is damaged."
    CORRUPT: TomlKey<CorruptFile> = ("corrupt", CORRUPT_KIND, r#"corrupt = "newest checkpoint""#);

    "What the source sends stays in the network, until it is released; what is there is lost when the connection ends or the driver starts again, unless the source keeps it."
    HOLD: TomlKey<Sender> = ("hold", Kind::Word(&SENDERS), r#"hold = "source""#);

    "What is in the network arrives, in order."
    RELEASE: TomlKey<Sender> = ("release", Kind::Word(&SENDERS), r#"release = "source""#);

    "Something is lost, with lines that were sent."
    DROP: TomlKey<Dropped> = ("drop", Kind::Word(&DROPPED), r#"drop = "lines""#);

    "Lines arrive twice."
    DUPLICATE: TomlKey<Disturbed> = ("duplicate", Kind::Word(&DISTURBED), r#"duplicate = "lines""#);

    "Lines arrive in another order, drawn from the run's seed, when the last of them is sent."
    REORDER: TomlKey<Disturbed> = ("reorder", Kind::Word(&DISTURBED), r#"reorder = "lines""#);

    "Lines arrive later by this time."
    DELAY: TomlKey<Duration> = ("delay", Kind::LENGTH, r#"delay = "2s""#);

    "The number of lines that are dropped, duplicated, reordered or delayed, from this instant on."
    NEXT: TomlKey<u64> = ("next", Kind::integer(1, 1_000_000_000), "next = 3");

    "The time for which lines are dropped, duplicated, reordered or delayed, from this instant on."
    FOR: TomlKey<Duration> = ("for", Kind::LENGTH, r#"for = "5s""#);

    "The share of these lines that is meant, drawn from the run's seed; without it, all."
    SHARE: TomlKey<f64> = ("share", Kind::number(0.0, 1.0), "share = 0.1");

    "What a pipeline must have printed last, at or before this instant."
    EXPECT_TABLE: TableKey = ("expect", Shape::Table(&EXPECT), r#"expect = { contains = ["('blue', 5)"] }"#);
}

toml_table! {
    pub(crate) GENERATE = "generate", "in `generate`", KeyCount::Any;
    "Seeded input: `rate` lines a second for `duration`."

    "Lines a second; with all their words, at most 10,000,000 words a second."
    RATE: TomlKey<u32> = ("rate", Kind::integer(1, 1_000_000), "rate = 100").required();

    "How long lines come."
    DURATION: TomlKey<Duration> = ("duration", Kind::LENGTH, r#"duration = "10s""#).required();

    "How many distinct words there are: key-0, key-1, and so on."
    KEYS: WithDefault<u32> = ("keys", Kind::integer(1, 10_000_000), "keys = 10").or(10);

    "Words on a line."
    WORDS_PER_LINE: WithDefault<u32> = ("words", Kind::integer(1, 10_000), "words = 1").or(1);

    "Exponent of the Zipf distribution of the words; 0 is uniform."
    SKEW: WithDefault<f64> = ("skew", Kind::number(0.0, 10.0), "skew = 1.1").or(0.0);
}

toml_table! {
    pub(crate) EXPECT = "expect", "in `expect`", KeyCount::Any;
    "A check on what a pipeline printed last, on what its last batch took, or on a failure; it has `rows`, `contains`, `absent`, `failure`, `counters` or a delay or rate, as `scheduling_delay`, or several of them."

    "The name of the pipeline that is meant; without it, every pipeline."
    EXPECT_PIPELINE: TomlKey<String> = ("pipeline", Kind::TEXT, r#"pipeline = "counts""#);

    "Exactly these rows, in this order, as printed."
    EXPECT_ROWS: TomlKey<Vec<String>> = ("rows", Kind::TEXTS, r#"rows = ["('blue', 5)", "('green', 3)"]"#);

    "The order of `rows` does not matter: each is there as often as it is written, and no other."
    ANY_ORDER: WithDefault<bool> = ("any_order", Kind::FLAG, "any_order = true")
        .needs("rows").or(false);

    "These rows are among those printed, in any order."
    CONTAINS: TomlKey<Vec<String>> = ("contains", Kind::TEXTS, r#"contains = ["('blue', 5)"]"#);

    "None of these rows is among those printed."
    ABSENT: TomlKey<Vec<String>> = ("absent", Kind::TEXTS, r#"absent = ["('gohawks', 1)"]"#);

    "A job has failed by this instant, with this text in the message: the reason, without operator, key and batch. Failures with such a message, at any time, then fail no test and no run."
    FAILURE: TomlKey<String> = ("failure", Kind::TEXT, r#"failure = "overflow""#);

    "What the last batch that updated states of keys took, exactly."
    COUNTERS_TABLE: TableKey = ("counters", Shape::Table(&COUNTERS), "counters = { function_calls = 2, keys_touched = 2 }");

    "How long the first job of the last completed batch waited after its submission."
    SCHEDULING_DELAY: TomlKey<Bounds<Duration>> = ("scheduling_delay", TIME_BOUNDS, r#"scheduling_delay = { at_most = "0s" }"#);

    "The time from the start of the first job of the last completed batch to the end of its last one; of a query, from the trigger of the last micro-batch to its end."
    PROCESSING_TIME_OF_BATCH: TomlKey<Bounds<Duration>> = ("processing_time", TIME_BOUNDS, r#"processing_time = { at_most = "1s" }"#);

    "The time from the submission of the last completed batch to its end: the sum of both."
    TOTAL_DELAY: TomlKey<Bounds<Duration>> = ("total_delay", TIME_BOUNDS, r#"total_delay = { at_least = "2m" }"#);

    "The mean of the total delays of all completed batches, to the millisecond."
    AVERAGE_TOTAL_DELAY: TomlKey<Bounds<Duration>> = ("average_total_delay", TIME_BOUNDS, r#"average_total_delay = { at_least = "50s", at_most = "60s" }"#);

    "The number of batches that wait or run."
    QUEUE_LENGTH: TomlKey<Bounds<u64>> = ("queue_length", COUNT_BOUNDS, "queue_length = { at_most = 1 }");

    "The records of the last completed batch, a second of the batch interval."
    INPUT_RATE: TomlKey<Bounds<f64>> = ("input_rate", RATE_BOUNDS, "input_rate = { at_least = 90, at_most = 100 }");
}

toml_table! {
    pub(crate) COUNTERS = "counters", "in `counters`", KeyCount::Any;
    "What a batch did to states of keys, those of a structured query's groups included: the same on every machine, where times are not."

    "Calls of the update or mapping function; of a structured query, groups that came and are not late."
    FUNCTION_CALLS: TomlKey<u64> = ("function_calls", COUNT, "function_calls = 2");

    "Keys whose state was set, set anew or removed; of a structured query, also groups that the watermark removed."
    KEYS_TOUCHED: TomlKey<u64> = ("keys_touched", COUNT, "keys_touched = 2");

    "Keys that were looked up, one for each record; of a structured query, one for each row that is grouped."
    PROBES: TomlKey<u64> = ("probes", COUNT, "probes = 8");

    "Bytes of states that were copied, to be able to go back, or because an earlier batch is still read; a structured query copies none."
    BYTES_COPIED: TomlKey<u64> = ("bytes_copied", COUNT, "bytes_copied = 16");
}

const COUNT: Kind<u64> = Kind::integer(0, i64::MAX);
