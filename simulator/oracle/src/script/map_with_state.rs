//! `mode = "map_with_state"`: running totals by `mapWithState`, which is for Java and Scala only.

use scenario::spark::print_rows;
use scenario::{Emit, MappedTotals, java_initial};

use super::Body;
use super::words::number;

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
{comment}var runningCounts = lines
    .flatMap(line -> Arrays.asList(line.split(" ")).iterator())
    .mapToPair(word -> new Tuple2<>(word, 1L))
    .mapWithState({spec});

// Print the first {shown} elements of each RDD generated in this stateful DStream to the console
{print}.print({rows});"#,
        function = totals.java_function("runningTotal"),
        comment = totals.java_comment(),
        spec = totals.java_spec("runningTotal", "initial"),
        shown = number(rows),
        rows = print_rows(rows),
    )
}
