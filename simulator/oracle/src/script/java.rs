//! The frame of a Java program over DStreams.

use scenario::Scenario;
use scenario::spark::durations;

use super::words::in_words;
use super::{Body, Language, Script, master};

/// Puts operators into a program of this class.
pub(super) fn script(scenario: &Scenario, body: &Body, class: &str) -> Script {
    let checkpoint = if body.is_stateful { CHECKPOINT } else { "" };
    let operators: Vec<String> = body.text.lines().map(indented).collect();
    let text = format!(
        r#"//
// {class}.java
//
// Run a server with `nc -lk 9999`, and this, compiled with the jars of Spark on the class path, with
//   spark-submit {master} --class {class} {class}.jar localhost 9999
//

{imports}
public class {class} {{
    public static void main(String[] arguments) throws InterruptedException {{
        // Create Streaming Context with batch interval of {interval_words}; `spark-submit` says where it runs
        SparkConf conf = new SparkConf().setAppName("{app}");
        JavaStreamingContext ssc = new JavaStreamingContext(conf, {interval});
{checkpoint}
        // Create DStream that will connect to the stream of input lines
        String host = arguments.length > 0 ? arguments[0] : "localhost";
        int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 9999;
        define(ssc, ssc.socketTextStream(host, port));

        // Start the computation, and wait for it to terminate
        ssc.start();
        ssc.awaitTermination();
    }}

    /** What is done with the lines. */
    public static void define(JavaStreamingContext ssc, JavaDStream<String> lines) {{
{operators}
    }}
}}
"#,
        master = master(&scenario.cluster),
        imports = imports(&body.text),
        app = body.app,
        interval_words = in_words(scenario.clock.interval),
        interval = durations(scenario.clock.interval),
        operators = operators.join("\n"),
    );
    Script {
        language: Language::Java,
        body: text.clone(),
        text,
    }
}

fn indented(line: &str) -> String {
    if line.is_empty() {
        String::new()
    } else {
        format!("        {line}")
    }
}

const CHECKPOINT: &str = "
        // Keep the state where every node can read it
        ssc.checkpoint(arguments.length > 2 ? arguments[2] : \"checkpoint\");
";

/// The classes that a program may use.
const IMPORTS: [&str; 16] = [
    "java.util.Arrays",
    "java.util.List",
    "java.util.Locale",
    "org.apache.spark.HashPartitioner",
    "org.apache.spark.SparkConf",
    "org.apache.spark.api.java.JavaPairRDD",
    "org.apache.spark.api.java.Optional",
    "org.apache.spark.api.java.function.Function2",
    "org.apache.spark.api.java.function.Function3",
    "org.apache.spark.streaming.Durations",
    "org.apache.spark.streaming.State",
    "org.apache.spark.streaming.StateSpec",
    "org.apache.spark.streaming.api.java.JavaDStream",
    "org.apache.spark.streaming.api.java.JavaPairDStream",
    "org.apache.spark.streaming.api.java.JavaStreamingContext",
    "scala.Tuple2",
];

/// The imports that the operators need, and those of the frame.
fn imports(body: &str) -> String {
    let frame = [
        "SparkConf",
        "Durations",
        "JavaDStream",
        "JavaStreamingContext",
    ];
    let is_used = |import: &&&str| {
        let name = import.rsplit('.').next().unwrap_or_default();
        frame.contains(&name) || has_word(body, name)
    };
    let mut lines: Vec<String> = IMPORTS
        .iter()
        .filter(is_used)
        .map(|import| format!("import {import};"))
        .collect();
    lines.push(String::new());
    lines.join("\n")
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|character: char| !character.is_alphanumeric())
        .any(|it| it == word)
}
