//! `[invariant]`.

use crate::language::{KeyCount, Kind, Shape, TomlKey, array, toml_table};
use crate::quote::quote;
use crate::{Claim, Code};

toml_table! {
    pub(crate) INVARIANT = "invariant", "in `[invariant]`", KeyCount::Any;
    "Claims about each run of each pipeline, also under the faults of `millrace explore`: `count of 'KEY'`, the number printed last beside a key; `rows of batch`, of one output, `records of batch`; `failures` so far; `scheduling_delay`, `processing_time`, `total_delay` of a batch; each with `<`, `<=`, `=`, `!=`, `>=` or `>` and a number or a duration."

    "Claims that hold all the time: each number is looked at whenever there is a new one."
    ALWAYS: TomlKey<Vec<Claim>> = ("always", CLAIMS, r#"always = ["count of 'blue' <= 5", "scheduling_delay < 10s"]"#);

    "Claims that hold in the end, of the last numbers."
    EVENTUALLY: TomlKey<Vec<Claim>> = ("eventually", CLAIMS, r#"eventually = ["count of 'blue' = 5"]"#);
}

const CLAIMS: Kind<Vec<Claim>> = Kind::Plain {
    shape: Shape::Texts,
    read: |written| {
        let claims = written.items()?.filter_map(|item| {
            let text = item.text()?;
            let report = |error: crate::NoClaim| {
                let message = format!("{} is no claim", quote(text));
                let mistake = Code::BadClaim.at(item.value.span(), message);
                item.push(mistake.label(error.to_string()).help(HELP));
            };
            text.parse().map_err(report).ok()
        });
        Some(claims.collect())
    },
    write: |claims| {
        let texts: Vec<String> = claims.iter().map(Claim::to_string).collect();
        array(&texts)
    },
};

const HELP: &str = "\
for example
always = [\"count of 'blue' <= 5\", \"rows of batch <= 10\", \"records of batch <= 100\", \"failures = 0\", \
\"scheduling_delay < 10s\", \"processing_time < 1s\", \"total_delay < 10s\"]";
