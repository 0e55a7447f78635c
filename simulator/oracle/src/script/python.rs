//! The frame of a `PySpark` program over DStreams.

use scenario::Scenario;
use scenario::spark::{python_text, seconds};

use super::words::in_words;
use super::{Body, Language, Script, master};

/// Puts operators into a program.
pub(super) fn script(scenario: &Scenario, body: &Body) -> Script {
    let interval = scenario.clock.interval;
    let [option, checkpoint] = if body.is_stateful {
        [CHECKPOINT_OPTION, CHECKPOINT]
    } else {
        ["", ""]
    };
    let zone = zone(&scenario.clock.timezone);
    let text = format!(
        r#"{header}
# Import the necessary classes
import argparse
{imports}
from pyspark import SparkContext
from pyspark.streaming import StreamingContext
{zone}
# Read from the command line where the lines come from
{arguments}{option}arguments = parser.parse_args()

# Create Spark Context; `spark-submit` says where it runs
sc = SparkContext(appName="{app}")

# Create Streaming Context with batch interval of {interval_words}
ssc = StreamingContext(sc, {interval})
{checkpoint}
# Create DStream that will connect to the stream of input lines
lines = ssc.socketTextStream(arguments.host, arguments.port)

{body}
# Start the computation
ssc.start()

# Wait for the computation to terminate
ssc.awaitTermination()
"#,
        header = header(&body.file, &master(&scenario.cluster)),
        imports = zone.as_ref().map_or("", |_| ZONE_IMPORTS),
        zone = zone.as_deref().unwrap_or_default(),
        arguments = ARGUMENTS,
        app = body.app,
        interval_words = in_words(interval),
        interval = seconds(interval),
        body = body.text,
    );
    Script {
        language: Language::Python,
        text,
        body: body.text.clone(),
    }
}

/// The comment at the head: the name of the program, and the command that runs it.
pub(super) fn header(file: &str, master: &str) -> String {
    format!(
        "#\n# {file}.py\n#\n# Run a server with `nc -lk 9999`, and this with\n\
         #   spark-submit {master} {file}.py localhost 9999\n#\n"
    )
}

/// The statements after which times are printed in a zone, if that is not the default one.
fn zone(timezone: &str) -> Option<String> {
    let name = python_text(timezone);
    (timezone != TIMEZONE).then(|| {
        format!("\n# Print times in this zone\nos.environ[\"TZ\"] = {name}\ntime.tzset()\n")
    })
}

/// The default of the language.
pub(super) const TIMEZONE: &str = "UTC";

const ZONE_IMPORTS: &str = "import os\nimport time\n";

/// The arguments that every program takes.
pub(super) const ARGUMENTS: &str = r#"parser = argparse.ArgumentParser()
parser.add_argument("host", nargs="?", default="localhost")
parser.add_argument("port", nargs="?", default=9999, type=int)
"#;

const CHECKPOINT_OPTION: &str =
    "parser.add_argument(\"--checkpoint\", default=\"checkpoint\", metavar=\"DIRECTORY\")\n";

const CHECKPOINT: &str = "
# Keep the state where every node can read it
ssc.checkpoint(arguments.checkpoint)
";
