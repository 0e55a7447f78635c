//! `mode = "map_with_state"`: running totals by `mapWithState`, which is for Java and Scala only.

use scenario::{Emit, MappedTotals};

use super::Body;
use super::literal::{durations, number, rows as print_rows};
use super::update_state::java_initial;

/// The operators of the book's second program, by `mapWithState`.
pub(super) fn body(totals: &MappedTotals, rows: usize) -> Body {
    Body {
        file: "map_with_state_streaming_word_count".to_owned(),
        app: "MapWithStateNetworkWordCount".to_owned(),
        text: java(totals, rows),
        is_stateful: true,
    }
}

fn java(totals: &MappedTotals, rows: usize) -> String {
    let given = match &*totals.initial {
        [] => String::new(),
        initial => format!(
            "// Start from these counts\n{}\n\n",
            java_initial("initial", initial)
        ),
    };
    let print = match totals.emit {
        Emit::Mapped => "runningCounts",
        Emit::Snapshots => "runningCounts.stateSnapshots()",
    };
    format!(
        r#"// Define runningTotal: add one to the count of a word, and give the word with its new count
{function}

{given}// Calculate running counts: split lines into words, add each word to the count so far
{remark}var runningCounts = lines
    .flatMap(line -> Arrays.asList(line.split(" ")).iterator())
    .mapToPair(word -> new Tuple2<>(word, 1L))
    .mapWithState({spec});

// Print the first {shown} elements of each RDD generated in this stateful DStream to the console
{print}.print({rows});"#,
        function = java_function("runningTotal", totals),
        remark = java_remark(totals),
        spec = java_spec(totals, "runningTotal", "initial"),
        shown = number(rows),
        rows = print_rows(rows),
    )
}

/// The mapping function as a variable.
pub(super) fn java_function(name: &str, totals: &MappedTotals) -> String {
    format!(
        r"Function3<String, Optional<Long>, State<Long>, Tuple2<String, Long>> {name} = (word, one, state) -> {{
    long total = (state.exists() ? state.get() : 0L) + one.orElse(0L);
    if (state.isTimingOut()) {{
        return new Tuple2<>(word, total);
    }}
{update}
    return new Tuple2<>(word, total);
}};",
        update = update(totals.drop_at),
    )
}

/// What a reader should know who expects what the scenario does.
pub(super) fn java_remark(totals: &MappedTotals) -> &'static str {
    if totals.has_exact_timeouts() {
        "// The scenario has exact time-outs; Spark looks for idle words in every tenth batch only\n"
    } else {
        ""
    }
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

/// The function with its settings; `initial` is the variable of the initial state, if there is one.
pub(super) fn java_spec(totals: &MappedTotals, function: &str, initial: &str) -> String {
    let initial = match &*totals.initial {
        [] => String::new(),
        _ => format!(".initialState({initial})"),
    };
    let timeout = totals
        .timeout
        .map(|timeout| format!(".timeout({})", durations(timeout)));
    format!(
        "StateSpec.function({function}){initial}{}",
        timeout.unwrap_or_default()
    )
}
