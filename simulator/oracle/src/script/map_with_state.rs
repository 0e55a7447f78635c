//! `mode = "map_with_state"`: running totals by `mapWithState`, which is for Java and Scala only.

use scenario::{Emit, MapWithState};

use super::Body;
use super::literal::{durations, number, rows as print_rows};
use super::update_state::java_initial;

/// The operators of the book's second program, by `mapWithState`.
pub(super) fn body(program: &MapWithState, rows: usize) -> Body {
    Body {
        file: "map_with_state_streaming_word_count".to_owned(),
        app: "MapWithStateNetworkWordCount".to_owned(),
        text: java(program, rows),
        is_stateful: true,
    }
}

fn java(program: &MapWithState, rows: usize) -> String {
    let given = if program.initial.is_empty() {
        String::new()
    } else {
        java_initial(&program.initial)
    };
    let print = match program.emit {
        Emit::Mapped => "runningCounts",
        Emit::Snapshots => "runningCounts.stateSnapshots()",
    };
    format!(
        r#"// Define runningTotal: add one to the count of a word, and give the word with its new count
Function3<String, Optional<Long>, State<Long>, Tuple2<String, Long>> runningTotal = (word, one, state) -> {{
    long total = (state.exists() ? state.get() : 0L) + one.orElse(0L);
    if (state.isTimingOut()) {{
        return new Tuple2<>(word, total);
    }}
{update}
    return new Tuple2<>(word, total);
}};

{given}// Calculate running counts: split lines into words, add each word to the count so far
var runningCounts = lines
    .flatMap(line -> Arrays.asList(line.split(" ")).iterator())
    .mapToPair(word -> new Tuple2<>(word, 1L))
    .mapWithState({spec});

// Print the first {shown} elements of each RDD generated in this stateful DStream to the console
{print}.print({rows});"#,
        update = update(program.drop_at),
        spec = spec(program),
        shown = number(rows),
        rows = print_rows(rows),
    )
}

fn update(drop_at: Option<i64>) -> String {
    match drop_at {
        None => "    state.update(total);".to_owned(),
        Some(limit) => format!(
            "    if (total < {limit}L) {{\n        state.update(total);\n    }} else if (state.exists()) {{\n        \
             state.remove();\n    }}"
        ),
    }
}

fn spec(program: &MapWithState) -> String {
    let initial = if program.initial.is_empty() {
        ""
    } else {
        ".initialState(initial)"
    };
    let timeout = program
        .timeout
        .map(|timeout| format!(".timeout({})", durations(timeout)));
    format!(
        "StateSpec.function(runningTotal){initial}{}",
        timeout.unwrap_or_default()
    )
}
