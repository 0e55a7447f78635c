//! `millrace test`: replay, and compare with the snapshots.

use std::io::Write;

use scenario::Pipeline;
use serde_json::json;
use snapshots::{Outcome, Played, bless, check, play};

use crate::args::TestArguments;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::select::{self, Loaded};
use crate::terminal::{Output, note};

/// Compares every pipeline of the scenarios with its snapshot.
pub(crate) fn test(arguments: &TestArguments) -> Result<Exit, CommandError> {
    if arguments.bless && std::env::var_os("CI").is_some() {
        return Err(CommandError::BlessInCi);
    }
    let loaded = select::load(&arguments.paths)?;
    let mut tally = Tally::default();
    for (loaded, pipeline) in select::pipelines(&loaded, None)? {
        let verdict = examine(loaded, pipeline, arguments.bless)?;
        tally.add(&verdict);
        show(loaded, pipeline, &verdict, arguments)?;
    }
    if !arguments.quiet && !arguments.json {
        note(tally.line());
    }
    Ok(if tally.differing == 0 {
        Exit::Success
    } else {
        Exit::Differs
    })
}

/// What is wrong with a pipeline: nothing, or these lines.
struct Verdict {
    word: &'static str,
    complaints: Vec<String>,
}

fn examine(loaded: &Loaded, pipeline: &Pipeline, accept: bool) -> Result<Verdict, CommandError> {
    let case = &loaded.case;
    let played = play(&loaded.scenario, pipeline, 0).map_err(|source| CommandError::Play {
        scenario: case.name().to_owned(),
        pipeline: pipeline.name.clone(),
        source,
    })?;
    let unmet: Vec<String> = played.verdicts.iter().map(ToString::to_string).collect();
    if !unmet.is_empty() {
        return Ok(Verdict {
            word: "differs",
            complaints: unmet,
        });
    }
    let path = case.snapshot(&pipeline.name);
    let outcome =
        check(case, &pipeline.name, &played.text).map_err(|source| CommandError::Write {
            path: path.clone(),
            source,
        })?;
    if matches!(outcome, Outcome::Same) {
        return Ok(Verdict {
            word: "same",
            complaints: Vec::new(),
        });
    }
    if accept {
        return accepted(loaded, pipeline, &played);
    }
    let again = format!(
        "accept it with: millrace test --bless {}",
        case.file().display()
    );
    Ok(match outcome {
        Outcome::Same => unreachable!("it returned above"),
        Outcome::Missing => {
            let complaint = format!("there is no snapshot {}; {again}", path.display());
            Verdict {
                word: "missing",
                complaints: vec![complaint],
            }
        }
        Outcome::Differs(difference) => Verdict {
            word: "differs",
            complaints: vec![difference, again],
        },
        Outcome::Broken(error) => Verdict {
            word: "broken",
            complaints: vec![format!("{}: {error}; {again}", path.display())],
        },
    })
}

fn accepted(
    loaded: &Loaded,
    pipeline: &Pipeline,
    played: &Played,
) -> Result<Verdict, CommandError> {
    let path = loaded.case.snapshot(&pipeline.name);
    bless(&loaded.case, &pipeline.name, &played.text)
        .map_err(|source| CommandError::Write { path, source })?;
    Ok(Verdict {
        word: "accepted",
        complaints: Vec::new(),
    })
}

fn show(
    loaded: &Loaded,
    pipeline: &Pipeline,
    verdict: &Verdict,
    arguments: &TestArguments,
) -> Result<(), CommandError> {
    let (scenario, name) = (loaded.case.name(), &pipeline.name);
    if arguments.json {
        let line = json!({
            "scenario": scenario, "pipeline": name, "result": verdict.word, "complaints": verdict.complaints,
        });
        let mut output = Output::new();
        return writeln!(output, "{line}")
            .and_then(|()| output.flush())
            .map_err(CommandError::Output);
    }
    if !arguments.quiet || !verdict.complaints.is_empty() {
        note(format_args!("{:>8}  {scenario}/{name}", verdict.word));
    }
    for complaint in &verdict.complaints {
        note(complaint);
    }
    Ok(())
}

/// How many pipelines there were of each kind.
#[derive(Default)]
struct Tally {
    pipelines: usize,
    accepted: usize,
    differing: usize,
}

impl Tally {
    fn add(&mut self, verdict: &Verdict) {
        self.pipelines += 1;
        self.accepted += usize::from(verdict.word == "accepted");
        self.differing += usize::from(!verdict.complaints.is_empty());
    }

    fn line(&self) -> String {
        let same = self.pipelines - self.accepted - self.differing;
        let accepted = if self.accepted > 0 {
            format!(", {} accepted", self.accepted)
        } else {
            String::new()
        };
        format!("{same} same{accepted}, {} not", self.differing)
    }
}
