//! Every answer that was recorded from Spark, against this engine: `vectors/README.md` has the format.
//!
//! One test a family. A case that does not have Spark's answer yet stands in `vectors/unsupported.txt`; one that stands there
//! and has it fails the test as well. `cargo test -p engine-sql --test vectors -- --bless` writes that file again.

#[path = "vectors/answer.rs"]
mod answer;
#[path = "vectors/case.rs"]
mod case;
#[path = "vectors/unsupported.rs"]
mod unsupported;

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use libtest_mimic::{Arguments, Failed, Trial};

use case::Case;
use unsupported::Unsupported;

/// The argument that writes `unsupported.txt` again.
const BLESS: &str = "--bless";

/// Differences that a failed test shows at most.
const SHOWN_MAX: usize = 20;

fn main() -> ExitCode {
    let is_bless = |argument: &String| argument == BLESS;
    let arguments = Arguments::from_iter(env::args().filter(|it| !is_bless(it)));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let listed = Unsupported::read(&folder).expect("the file is in the repository");
    let found = Arc::new(Mutex::new(Unsupported::default()));
    let trials = families(&folder).into_iter().map(|path| {
        let (listed, found) = (listed.clone(), Arc::clone(&found));
        let family = path
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned());
        let family = family.unwrap_or_default();
        let name = family.clone();
        Trial::test(name, move || check(&path, &family, &listed, &found))
    });
    let conclusion = libtest_mimic::run(&arguments, trials.collect());
    if env::args().any(|it| is_bless(&it)) {
        let found = found.lock().expect("no test panics");
        found.write(&folder).expect("the folder can be written to");
        return ExitCode::SUCCESS;
    }
    conclusion.exit_code()
}

/// The files of answers, by name.
fn families(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is in the repository");
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|it| it == "jsonl"))
        .collect();
    paths.sort();
    paths
}

fn check(
    path: &Path,
    family: &str,
    listed: &Unsupported,
    found: &Mutex<Unsupported>,
) -> Result<(), Failed> {
    let mut problems = Vec::new();
    let text = std::fs::read_to_string(path)?;
    for line in text.lines() {
        let case = Case::parse(line)?;
        let outcome = case.check();
        match (&outcome, listed.reason(family, &case)) {
            (Err(difference), None) => problems.push(difference.to_string()),
            (Ok(()), Some(_)) => problems.push(format!(
                "{}\n  has Spark's answer: take it out of unsupported.txt",
                case.sql
            )),
            (Err(_), Some(_)) | (Ok(()), None) => {}
        }
        if let Err(difference) = outcome {
            let mut found = found.lock().expect("no test panics");
            found.add(family, &case, &difference.reason);
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    let count = problems.len();
    problems.truncate(SHOWN_MAX);
    Err(format!("{count} differences\n{}", problems.join("\n")).into())
}
