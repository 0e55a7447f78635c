//! `mode = "update_state"`: running totals by `updateStateByKey`.

use scenario::spark::{print_rows, python_text};
use scenario::{Update, java_initial};

use super::words::number;
use super::{Body, Language};

/// The operators of the book's second program.
pub(super) fn body(
    update: Update,
    initial: &[(String, i64)],
    rows: usize,
    language: Language,
) -> Body {
    let text = match language {
        Language::Python => python(update, initial, rows),
        Language::Java => java(update, initial, rows),
    };
    Body {
        file: "stateful_streaming_word_count".to_owned(),
        app: "StatefulNetworkWordCount".to_owned(),
        text,
        is_stateful: true,
    }
}

fn python(update: Update, initial: &[(String, i64)], rows: usize) -> String {
    let mut given = String::new();
    let mut argument = "";
    if !initial.is_empty() {
        given = python_initial(initial);
        argument = ", initialRDD=initial";
    }
    format!(
        r#"# Define update_func: {meaning}
def update_func(new_values, last_sum):
    {update}

{given}# Calculate running counts
# Line 1: Split lines in to words
# Line 2: count each word in each batch
# Line 3: Run `updateStateByKey` to running count
running_counts = lines.flatMap(lambda line: line.split(" ")) \
    .map(lambda word: (word, 1)) \
    .updateStateByKey(update_func{argument})

# Print the first {shown} elements of each RDD generated in this stateful DStream to the console
running_counts.pprint({rows})
"#,
        meaning = meaning(update),
        update = python_statements(update),
        shown = number(rows),
        rows = print_rows(rows),
    )
}

fn python_statements(update: Update) -> String {
    match update {
        Update::Sum => "return sum(new_values) + (last_sum or 0)".to_owned(),
        Update::DropIdle => {
            "return sum(new_values) + (last_sum or 0) if new_values else None".to_owned()
        }
        Update::DropAt(limit) => format!(
            "total = sum(new_values) + (last_sum or 0)\n    return total if total < {limit} else None"
        ),
    }
}

fn python_initial(initial: &[(String, i64)]) -> String {
    let pairs = initial
        .iter()
        .map(|(word, total)| format!("({}, {total})", python_text(word)));
    format!(
        "# Start from these counts\ninitial = sc.parallelize([{}], 1)\n\n",
        pairs.collect::<Vec<_>>().join(", ")
    )
}

fn java(update: Update, initial: &[(String, i64)], rows: usize) -> String {
    let mut given = String::new();
    let mut argument = "";
    if !initial.is_empty() {
        let initial = java_initial("initial", initial);
        given = format!("// Start from these counts\n{initial}\n\n");
        argument = ", new HashPartitioner(ssc.sparkContext().defaultParallelism()), initial";
    }
    format!(
        r#"// Define updateFunc: {meaning}
{update}

{given}// Calculate running counts: split lines into words, count each word in each batch, add to the count so far
JavaPairDStream<String, Long> runningCounts = lines
    .flatMap(line -> Arrays.asList(line.split(" ")).iterator())
    .mapToPair(word -> new Tuple2<>(word, 1L))
    .updateStateByKey(updateFunc{argument});

// Print the first {shown} elements of each RDD generated in this stateful DStream to the console
runningCounts.print({rows});"#,
        meaning = meaning(update),
        update = update.java_function("updateFunc"),
        shown = number(rows),
        rows = print_rows(rows),
    )
}

fn meaning(update: Update) -> String {
    match update {
        Update::Sum => "sum of the (key, value) pairs".to_owned(),
        Update::DropIdle => {
            "sum of the (key, value) pairs; a key without new values is removed".to_owned()
        }
        Update::DropAt(limit) => {
            format!("sum of the (key, value) pairs; a key is removed when it reaches {limit}")
        }
    }
}
