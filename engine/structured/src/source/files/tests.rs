//! Files of a folder.

use super::*;

fn files(most_together: Option<usize>) -> Files {
    Files::new(settings(most_together))
}

fn settings(most_together: Option<usize>) -> FileSettings {
    FileSettings {
        folder: "lines".into(),
        format: RowFormat::Text.into(),
        width: 1,
        has_metadata: false,
        listing: Listing::default(),
        by_name: false,
        corrupt_column: None,
        most_together,
        latest_first: false,
        max_age: FileSettings::MAX_AGE,
    }
}

fn file(lines: &[&str]) -> Records {
    lines.iter().map(|line| Text::from(*line)).collect()
}

fn receive(files: &mut Files, second: i64, line: &str) {
    files.receive(at(second), StreamId(0), file(&[line]));
}

/// Goes on with the files of these seconds, an entry each, of which those up to `committed` are done.
fn recover(files: &mut Files, seconds: &[i64], committed: Option<i64>) {
    let entry = |second: i64| SourceEntry {
        source: "lines".into(),
        files: vec![SourceFile {
            time: at(second),
            path: format!("lines/{second}000-0").into(),
        }],
    };
    let log = (0..).zip(seconds.iter().map(|second| entry(*second)));
    let available = Some(SourceOffset::Number(0));
    let found = Recovered {
        log: log.collect(),
        committed: committed.map(SourceOffset::Number),
        available,
        ..Recovered::default()
    };
    files.recover(found).expect("offsets of files");
}

fn at(second: i64) -> Time {
    Time::from_millis(1_000 * second)
}

/// The lines of the next micro-batch.
fn batch(files: &mut Files) -> Vec<String> {
    files.fetch(Time::EPOCH, true);
    let taken = files.take_files().into_iter();
    let lines = taken.flat_map(|file| file.lines.to_vec());
    lines.map(|line| line.to_string()).collect()
}

#[test]
fn a_micro_batch_has_as_many_files_as_it_may() {
    let mut files = files(Some(2));
    assert!(!files.has_new(at(9)));
    for line in ["a", "b", "c"] {
        receive(&mut files, 1, line);
    }
    assert_eq!(batch(&mut files), ["a", "b"]);
    assert!(files.has_new(at(9)));
    assert_eq!(batch(&mut files), ["c"]);
    assert!(!files.has_new(at(9)));
}

#[test]
fn an_entry_in_no_micro_batch_is_for_the_next_one_with_what_is_new() {
    let mut files = files(Some(1));
    recover(&mut files, &[1, 2], Some(0));
    for (second, line) in [(1, "a"), (2, "b"), (3, "c"), (4, "d")] {
        files.replay(at(second), StreamId(0), file(&[line]));
    }
    assert_eq!(batch(&mut files), ["b", "c"]);
    assert_eq!(batch(&mut files), ["d"]);
}

#[test]
fn a_file_that_is_gone_is_lost() {
    let mut files = files(None);
    recover(&mut files, &[1], None);
    assert!(files.has_new(at(9)));
    assert!(batch(&mut files).is_empty());
    assert!(!files.has_new(at(9)));
}

#[test]
fn small_files_are_a_partition_each_on_many_cores_and_share_them_on_few() {
    let files = || {
        let files = [&["a"] as &[&str], &["a b c"], &[], &["b", "c"]];
        let files = files.map(|lines| File::nameless("lines/1000-0".into(), at(1), file(lines)));
        files.to_vec()
    };
    let size = |file: &File| file.status.bytes as usize;
    let of = |cores| {
        let partitions = partitions(files(), size, cores);
        partitions.iter().map(Vec::len).collect::<Vec<_>>()
    };
    assert_eq!(of(64), [1, 1, 1]);
    assert_eq!(of(1), [3]);
    assert_eq!(partitions(files(), size, 64)[0][0].lines[0], "a b c");
}

#[test]
fn the_newest_files_come_first_where_it_is_said() {
    let mut files = Files::new(FileSettings {
        latest_first: true,
        ..settings(Some(2))
    });
    for (second, line) in [(1, "a"), (2, "b"), (3, "c")] {
        receive(&mut files, second, line);
    }
    assert_eq!(batch(&mut files), ["c", "b"]);
    assert_eq!(batch(&mut files), ["a"]);
}

#[test]
fn a_file_that_is_much_older_than_those_that_were_found_is_not() {
    let mut files = files(None);
    let week = 7 * 24 * 3_600;
    recover(&mut files, &[week + 2], Some(0));
    for (second, line) in [(1, "old"), (2, "new"), (week + 2, "found")] {
        files.replay(at(second), StreamId(0), file(&[line]));
    }
    assert_eq!(batch(&mut files), ["new"]);
}

/// A file of this path, of one line that is the path.
fn named(path: &str) -> Records {
    let status = engine::FileStatus {
        path: path.into(),
        bytes: 1,
        modified: at(1),
    };
    [status.to_record(), path.into()].into()
}

#[test]
fn files_in_folders_and_with_other_names_are_found_where_it_is_said() {
    let paths = ["lines/a.txt", "lines/b.log", "lines/in/c.txt"];
    let of = |is_recursive, glob: Option<&str>| {
        let mut files = Files::new(FileSettings {
            listing: Listing {
                is_recursive,
                glob: glob.map(Glob::new),
            },
            ..settings(None)
        });
        for path in paths {
            files.receive(at(1), StreamId(0), named(path));
        }
        batch(&mut files)
    };
    assert_eq!(of(false, None), paths[..2]);
    assert_eq!(of(true, None), paths);
    assert_eq!(of(true, Some("*.txt")), [paths[0], paths[2]]);
}

#[test]
fn a_file_of_a_name_that_was_found_is_known_where_names_count_alone() {
    let of = |by_name| {
        let mut files = Files::new(FileSettings {
            by_name,
            listing: Listing {
                is_recursive: true,
                glob: None,
            },
            ..settings(None)
        });
        files.receive(at(1), StreamId(0), named("lines/x/a.txt"));
        batch(&mut files);
        files.receive(at(2), StreamId(0), named("lines/y/a.txt"));
        batch(&mut files)
    };
    assert_eq!(of(false), ["lines/y/a.txt"]);
    assert!(of(true).is_empty());
}
