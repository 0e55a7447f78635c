//! Planted faults of a query's recovery: each is found by few seeds, and by an invariant that says what is wrong.

use std::collections::BTreeMap;
use std::sync::Mutex;

use engine::{
    QueryContent, QueryFile, QueryFileError, QueryFiles, SourceOffset, StateVersion, Time,
    WriteContent,
};
use explore::{Explorer, Schedule, Violation};
use simulator::{RunOptions, Tamper};

/// The seeds within which each planted fault is found.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=200;

/// Totals of words, over files.
const TOTALS: &str = "output = 'update'";

/// Words in windows of event time, over files; a group is shown when the watermark has passed it.
const WINDOWS: &str = "output = 'append'\nwindow = '20s'\nwatermark = '20s'";

/// A query over fifteen files in as many times ten seconds, so that stores have snapshots.
fn explorer(query: &str) -> Explorer {
    let line = |second: u64| match query {
        TOTALS => format!("blue word-{}", second % 30),
        _ => format!("{second} blue"),
    };
    let entries: Vec<String> = (1..=15)
        .map(|number| 10 * number)
        .map(|second| format!("{{ at = '{second}s', lines = ['{}'] }}", line(second)))
        .collect();
    let text = format!(
        "timeline = [{}]
        [clock]
        interval = '10s'
        [cluster]
        checkpoint = 'checkpoint'
        shuffle_partitions = 2
        [[pipeline]]
        name = 'query'
        mode = 'structured'
        source = 'direct'
        {query}
        ",
        entries.join(", ")
    );
    let scenario = scenario::parse("planted.toml", &text).expect("the scenario has no mistakes");
    Explorer::new(&scenario, &scenario.pipelines[0]).expect("it can be explored")
}

#[track_caller]
fn check(explorer: &Explorer, schedules: impl Iterator<Item = Schedule>) {
    for schedule in schedules {
        let broken = explorer.judge(&schedule).expect("no limit is met");
        assert_eq!(broken, [], "{schedule}");
    }
}

#[test]
fn no_seed_breaks_a_promise() {
    for query in [TOTALS, WINDOWS, "", "max_files_per_trigger = 1"] {
        let explorer = explorer(query);
        check(&explorer, (1..=20).map(|seed| explorer.drawn(seed)));
    }
}

#[test]
fn mb_1_no_crash_at_a_file_breaks_a_promise() {
    let explorer = explorer(WINDOWS);
    check(&explorer, explorer.crashes());
    check(&explorer, explorer.pairs_of_crashes().step_by(307));
}

type ChangeFile = fn(QueryFile, QueryContent) -> Vec<(QueryFile, QueryContent)>;
type ChangeRead = fn(&dyn QueryFiles, QueryFile) -> Result<QueryContent, QueryFileError>;

/// A fault of a query's checkpoint, by what it does to what is written, or to what is read.
enum Planted {
    Write(ChangeFile),
    Read(ChangeRead),
    /// A file that is written late: with the next one for which this is true.
    Late(
        Mutex<Option<WriteContent>>,
        fn(QueryFile) -> bool,
        fn(QueryFile) -> bool,
    ),
    NoSync,
}

impl Tamper for Planted {
    fn write(&self, _: Time, content: WriteContent) -> Vec<WriteContent> {
        let WriteContent::QueryFile { file, content } = content else {
            return vec![content];
        };
        let written = WriteContent::QueryFile {
            file,
            content: content.clone(),
        };
        match self {
            Planted::Write(change) => {
                let files = change(file, content).into_iter();
                files
                    .map(|(file, content)| WriteContent::QueryFile { file, content })
                    .collect()
            }
            Planted::Late(held, is_late, ends) => {
                let mut held = held.lock().expect("no test panics");
                if is_late(file) {
                    *held = Some(written);
                    return Vec::new();
                }
                let late = if ends(file) { held.take() } else { None };
                late.into_iter().chain([written]).collect()
            }
            Planted::Read(_) | Planted::NoSync => vec![written],
        }
    }

    fn query_files(&self, files: Box<dyn QueryFiles>) -> Box<dyn QueryFiles> {
        match self {
            Planted::Read(change) => Box::new(Misread(files, *change)),
            _ => files,
        }
    }

    fn skips_sync(&self) -> bool {
        matches!(self, Planted::NoSync)
    }
}

/// Files that are read as something else.
struct Misread(Box<dyn QueryFiles>, ChangeRead);

impl QueryFiles for Misread {
    fn list(&self) -> Result<Vec<QueryFile>, QueryFileError> {
        self.0.list()
    }

    fn read(&self, file: QueryFile) -> Result<QueryContent, QueryFileError> {
        (self.1)(&*self.0, file)
    }
}

fn is_offsets(file: QueryFile) -> bool {
    matches!(file, QueryFile::Offsets { .. })
}

fn is_commit(file: QueryFile) -> bool {
    matches!(file, QueryFile::Commit { .. })
}

fn is_states(file: QueryFile) -> bool {
    matches!(file, QueryFile::Delta(_) | QueryFile::Snapshot(_))
}

/// The file of the version before.
fn version_before(file: QueryFile) -> QueryFile {
    match file {
        QueryFile::Delta(state @ StateVersion { version: 2.., .. }) => {
            let version = state.version - 1;
            QueryFile::Delta(StateVersion { version, ..state })
        }
        file => file,
    }
}

/// Faults that a running total shows.
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn faults_of_totals() -> BTreeMap<&'static str, Planted> {
    BTreeMap::from([
        (
            "a commit is written before the states",
            Planted::Write(|file, content| match file {
                QueryFile::Delta(state) if state.partition == 0 => {
                    let batch = state.version - 1;
                    let commit = (QueryFile::Commit { batch }, QueryContent::Commit(0));
                    vec![commit, (file, content)]
                }
                _ => vec![(file, content)],
            }),
        ),
        (
            "offsets are written when the micro-batch has run",
            Planted::Late(Mutex::default(), is_offsets, is_commit),
        ),
        (
            "the log of the source is written after the states",
            Planted::Late(
                Mutex::default(),
                |file| matches!(file, QueryFile::Source { .. }),
                is_states,
            ),
        ),
        (
            "changes of states are not written",
            Planted::Write(|file, content| match file {
                QueryFile::Delta(_) => Vec::new(),
                _ => vec![(file, content)],
            }),
        ),
        (
            "changes of one partition are not written",
            Planted::Write(|file, content| match file {
                QueryFile::Delta(state) if state.partition == 1 => Vec::new(),
                _ => vec![(file, content)],
            }),
        ),
        (
            "states are read of the version before",
            Planted::Read(|files, file| files.read(version_before(file))),
        ),
        (
            "states are those of another partition",
            Planted::Write(|file, content| match file {
                QueryFile::Delta(state) => {
                    let partition = 1 - state.partition;
                    let other = StateVersion { partition, ..state };
                    vec![(QueryFile::Delta(other), content)]
                }
                _ => vec![(file, content)],
            }),
        ),
        (
            "half of the changes are written",
            Planted::Write(|file, mut content| {
                if let (QueryFile::Delta(_), QueryContent::States(changes)) = (file, &mut content) {
                    changes.truncate(changes.len() / 2);
                }
                vec![(file, content)]
            }),
        ),
        (
            "snapshots have no states",
            Planted::Write(|file, content| match file {
                QueryFile::Snapshot(_) => vec![(file, QueryContent::States(Vec::new()))],
                _ => vec![(file, content)],
            }),
        ),
        (
            "ends of micro-batches are not logged",
            Planted::Write(|file, content| match file {
                QueryFile::Commit { .. } => Vec::new(),
                _ => vec![(file, content)],
            }),
        ),
        (
            "ends of micro-batches are logged when they begin",
            Planted::Write(|file, content| match file {
                QueryFile::Offsets { batch } => {
                    let commit = (QueryFile::Commit { batch }, QueryContent::Commit(0));
                    vec![(file, content), commit]
                }
                _ => vec![(file, content)],
            }),
        ),
        (
            "the log of the source lacks its files",
            Planted::Write(|file, mut content| {
                if let QueryContent::Source(entry) = &mut content {
                    entry.files.clear();
                }
                vec![(file, content)]
            }),
        ),
        (
            "offsets name one entry less",
            Planted::Write(|file, mut content| {
                if let QueryContent::Offsets(offsets) = &mut content {
                    let end = offsets.sources[0].as_ref().and_then(SourceOffset::number);
                    let before = end.filter(|end| *end > 0).map(|end| end - 1);
                    offsets.sources[0] = before.map(SourceOffset::Number);
                }
                vec![(file, content)]
            }),
        ),
        (
            "the number of partitions is not kept",
            Planted::Write(|file, mut content| {
                if let QueryContent::Offsets(offsets) = &mut content {
                    offsets.shuffle_partitions = 1;
                }
                vec![(file, content)]
            }),
        ),
        ("nothing outlasts a loss of power", Planted::NoSync),
    ])
}

/// Faults that only a query with a watermark shows.
fn faults_of_windows() -> BTreeMap<&'static str, Planted> {
    BTreeMap::from([
        (
            "the watermark is not kept",
            Planted::Write(|file, mut content| {
                match &mut content {
                    QueryContent::Offsets(offsets) => offsets.watermark_ms = 0,
                    QueryContent::Commit(next_watermark_ms) => *next_watermark_ms = 0,
                    _ => {}
                }
                vec![(file, content)]
            }),
        ),
        (
            "the watermark is read of the micro-batch before",
            Planted::Read(|files, file| match file {
                QueryFile::Offsets { batch } if batch > 0 => {
                    let before = files.read(QueryFile::Offsets { batch: batch - 1 })?;
                    let mut content = files.read(file)?;
                    if let (QueryContent::Offsets(own), QueryContent::Offsets(before)) =
                        (&mut content, before)
                    {
                        own.watermark_ms = before.watermark_ms;
                    }
                    Ok(content)
                }
                _ => files.read(file),
            }),
        ),
        (
            "the watermark of the next micro-batch is too high",
            Planted::Write(|file, mut content| {
                if let QueryContent::Commit(next_watermark_ms) = &mut content {
                    *next_watermark_ms += 20_000;
                }
                vec![(file, content)]
            }),
        ),
        (
            "removals of states are not written",
            Planted::Write(|file, mut content| {
                if let QueryContent::States(changes) = &mut content {
                    changes.retain(|change| change.value.is_some());
                }
                vec![(file, content)]
            }),
        ),
    ])
}

/// The number of seeds until one breaks a promise, with what is broken.
fn find(explorer: &Explorer, planted: &Planted) -> Option<(u64, Vec<Violation>)> {
    let options = RunOptions {
        tamper: Some(planted),
        ..RunOptions::default()
    };
    SEEDS.into_iter().find_map(|seed| {
        let broken = explorer.judge_with(&explorer.drawn(seed), &options);
        let broken = broken.expect("no limit is met");
        (!broken.is_empty()).then_some((seed, broken))
    })
}

/// Each fault with the first seed that finds it, and the promise that it breaks first.
fn table(query: &str, faults: &BTreeMap<&'static str, Planted>) -> String {
    let explorer = explorer(query);
    let lines = faults.iter().map(|(name, planted)| {
        let (seed, broken) = find(&explorer, planted)
            .unwrap_or_else(|| panic!("{name}: no seed of {SEEDS:?} finds it"));
        format!("{seed:>3}  {name}: {}\n", broken[0].invariant)
    });
    lines.collect()
}

#[test]
fn each_planted_fault_of_totals_is_found() {
    insta::assert_snapshot!(table(TOTALS, &faults_of_totals()));
}

#[test]
fn each_planted_fault_of_windows_is_found() {
    insta::assert_snapshot!(table(WINDOWS, &faults_of_windows()));
}
