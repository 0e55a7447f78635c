//! `mode = "stateless"`: each batch, or each window, counted by itself.

use scenario::Window;

use super::literal::{durations, in_words, number, rows as print_rows, seconds};
use super::{Body, Language};

/// The operators of the book's first program, or of its windowed relative.
pub(super) fn body(window: Option<Window>, rows: usize, language: Language) -> Body {
    let name = if window.is_some() {
        ("windowed_streaming_word_count", "WindowedNetworkWordCount")
    } else {
        ("streaming_word_count", "NetworkWordCount")
    };
    let text = match language {
        Language::Python => python(window, rows),
        Language::Java => java(window, rows),
    };
    Body {
        file: name.0.to_owned(),
        app: name.1.to_owned(),
        text,
        is_stateful: window.is_some_and(|window| window.inverse),
    }
}

fn python(window: Option<Window>, rows: usize) -> String {
    let counts = match window {
        None => "pairs.reduceByKey(lambda x, y: x + y)".to_owned(),
        Some(window) => format!("pairs.{}", python_window("lambda x, y: x + y", window)),
    };
    format!(
        r#"# Split lines into words
words = lines.flatMap(lambda line: line.split(" "))

# Count each word in {what}
pairs = words.map(lambda word: (word, 1))
word_counts = {counts}

# Print the first {shown} elements of each RDD generated in this DStream to the console
word_counts.pprint({rows})
"#,
        what = what(window),
        shown = number(rows),
        rows = print_rows(rows),
    )
}

fn java(window: Option<Window>, rows: usize) -> String {
    let counts = match window {
        None => "pairs.reduceByKey(Long::sum)".to_owned(),
        Some(window) => format!("pairs.{}", java_window("Long::sum", window)),
    };
    format!(
        r#"// Split lines into words
JavaDStream<String> words = lines.flatMap(line -> Arrays.asList(line.split(" ")).iterator());

// Count each word in {what}
JavaPairDStream<String, Long> pairs = words.mapToPair(word -> new Tuple2<>(word, 1L));
JavaPairDStream<String, Long> wordCounts = {counts};

// Print the first {shown} elements of each RDD generated in this DStream to the console
wordCounts.print({rows});"#,
        what = what(window),
        shown = number(rows),
        rows = print_rows(rows),
    )
}

fn what(window: Option<Window>) -> String {
    match window {
        None => "each batch".to_owned(),
        Some(Window { length, slide, .. }) => {
            format!("the last {}, every {}", in_words(length), in_words(slide))
        }
    }
}

/// `reduceByKeyAndWindow`, as Python calls it.
pub(super) fn python_window(function: &str, window: Window) -> String {
    let inverse = if window.inverse {
        "lambda x, y: x - y"
    } else {
        "None"
    };
    let (length, slide) = (seconds(window.length), seconds(window.slide));
    format!("reduceByKeyAndWindow({function}, {inverse}, {length}, {slide})")
}

/// `reduceByKeyAndWindow`, as Java calls it.
pub(super) fn java_window(function: &str, window: Window) -> String {
    let inverse = if window.inverse {
        "(x, y) -> x - y, "
    } else {
        ""
    };
    let (length, slide) = (durations(window.length), durations(window.slide));
    format!("reduceByKeyAndWindow({function}, {inverse}{length}, {slide})")
}
