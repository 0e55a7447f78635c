//! `mode = "stateless"`: each batch, or each window, counted by itself.

use scenario::spark::{StepCode, print_rows};
use scenario::{Element, Operand, Reducer, Step, Window, WindowReduction};

use super::words::{in_words, number};
use super::{Body, Language};

/// The operators of the book's first program, or of its windowed relative.
pub(super) fn body(window: Option<Window>, rows: usize, language: Language) -> Body {
    let [file, app] = if window.is_some() {
        ["windowed_streaming_word_count", "WindowedNetworkWordCount"]
    } else {
        ["streaming_word_count", "NetworkWordCount"]
    };
    let text = match language {
        Language::Python => python(window, rows),
        Language::Java => java(window, rows),
    };
    Body {
        file: file.to_owned(),
        app: app.to_owned(),
        text,
        is_stateful: window.is_some_and(|window| window.inverse),
    }
}

fn python(window: Option<Window>, rows: usize) -> String {
    format!(
        r#"# Split lines into words
words = lines.flatMap(lambda line: line.split(" "))

# Count each word in {over}
pairs = words.map(lambda word: (word, 1))
word_counts = pairs.{counts}

# Print the first {shown} elements of each RDD generated in this DStream to the console
word_counts.pprint({rows})
"#,
        over = over(window),
        counts = counts(window).python.expect("PySpark has both operators"),
        shown = number(rows),
        rows = print_rows(rows),
    )
}

fn java(window: Option<Window>, rows: usize) -> String {
    format!(
        r#"// Split lines into words
JavaDStream<String> words = lines.flatMap(line -> Arrays.asList(line.split(" ")).iterator());

// Count each word in {over}
JavaPairDStream<String, Long> pairs = words.mapToPair(word -> new Tuple2<>(word, 1L));
JavaPairDStream<String, Long> wordCounts = pairs.{counts};

// Print the first {shown} elements of each RDD generated in this DStream to the console
wordCounts.print({rows});"#,
        over = over(window),
        counts = counts(window).java,
        shown = number(rows),
        rows = print_rows(rows),
    )
}

fn over(window: Option<Window>) -> String {
    match window {
        None => "each batch".to_owned(),
        Some(Window { length, slide, .. }) => {
            format!("the last {}, every {}", in_words(length), in_words(slide))
        }
    }
}

/// `reduceByKey`, or `reduceByKeyAndWindow`.
fn counts(window: Option<Window>) -> StepCode {
    let function = Reducer::Sum;
    let step = match window {
        None => Step::ReduceByKey(function),
        Some(window) => Step::ReduceByKeyAndWindow(WindowReduction { function, window }),
    };
    step.code(&Operand {
        element: Element::Pair,
        made: "",
    })
}
