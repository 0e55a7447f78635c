//! `mode = "structured"`: a query over words, or in SQL.

use engine::OutputMode;

use crate::keys::{
    CONF, FOLDER, MAX_FILES, NUM_ROWS, NamedSink, OUTPUT, PARTITION_BY, QUERY, QuerySink, REFUSED,
    SINK, SINK_FORMAT, SINK_OPTIONS, SOURCE, SQL, TRIGGER, TRUNCATE, WATERMARK, WINDOW,
};
use crate::language::{AnyKey, KeyText, TableReader, TomlKey};
use crate::{Code, EventTime, Source, Structured, WordQuery};

pub(super) fn lower(pipeline: &TableReader) -> Structured {
    let source = pipeline.get_or_default(&SOURCE);
    let sql = sql(pipeline);
    let is_of_words = sql.is_none();
    Structured {
        event_time: is_of_words.then(|| event_time(pipeline)).flatten(),
        query: if is_of_words {
            query(pipeline)
        } else {
            QUERY.default
        },
        // The engine knows the groups of a query in SQL.
        output: if is_of_words {
            output(pipeline)
        } else {
            pipeline.get_or_default(&OUTPUT)
        },
        trigger: pipeline.get_or_default(&TRIGGER),
        num_rows: pipeline.get_or_default(&NUM_ROWS),
        truncate: pipeline.get_or_default(&TRUNCATE),
        source,
        folder: is_of_words
            .then(|| of_files(pipeline, source, &FOLDER))
            .flatten(),
        max_files_per_trigger: of_files(pipeline, source, &MAX_FILES),
        sink: sink(pipeline),
        refused: refused(pipeline),
        conf: pipeline.get_or_default(&CONF),
        sql,
    }
}

/// The query in SQL, beside which there is none over words.
fn sql(pipeline: &TableReader) -> Option<String> {
    let sql = pipeline.spanned(&SQL)?;
    if sql.get_ref().trim().is_empty() {
        let mistake = Code::NothingHappens.at(sql.span(), "`sql` is empty");
        let help = format!("for example\n{}", SQL.text.example);
        pipeline.push(mistake.label("no query").help(help));
    }
    let of_words: [&dyn AnyKey; 4] = [&QUERY, &WINDOW, &WATERMARK, &FOLDER];
    for key in of_words {
        let Some(span) = pipeline.key_span(key) else {
            continue;
        };
        let message = format!(
            "`{}` is of a query over words, and this one is in SQL",
            key.name()
        );
        let mistake = Code::WrongMode.at(span, message).label("not beside `sql`");
        let help = match key.name() {
            name if name == QUERY.key.text.name => "leave it out: `sql` is the query",
            name if name == WINDOW.text.name => {
                "in SQL a window is a group: `GROUP BY window(ts, '10 seconds')`"
            }
            name if name == WATERMARK.text.name => {
                "a watermark is of a source:\n[[source]]\nwatermark = { column = \"ts\", delay = \"10s\" }"
            }
            _ => {
                "the folder has the name of the source:\n[[source]]\nname = \"inbox\"\nkind = \"direct\""
            }
        };
        pipeline.push(mistake.help(help));
    }
    Some(sql.into_inner())
}

/// The part of the message of a refusal, which says something.
fn refused(pipeline: &TableReader) -> Option<String> {
    let part = pipeline.spanned(&REFUSED)?;
    if part.get_ref().is_empty() {
        let mistake = Code::NothingHappens.at(part.span(), "`refused` is empty");
        let help = format!(
            "every message has it: write a part of the one that is meant, for example\n{}",
            REFUSED.text.example
        );
        pipeline.push(mistake.label("no text").help(help));
    }
    Some(part.into_inner())
}

/// Windows of event time, not longer than a number of microseconds says.
fn event_time(pipeline: &TableReader) -> Option<EventTime> {
    let watermark = pipeline.get(&WATERMARK);
    let window = pipeline.spanned(&WINDOW)?;
    if i64::try_from(window.get_ref().as_micros()).is_err() {
        let message = "`window` is longer than event time";
        let mistake = Code::OutOfRange.at(window.span(), message);
        let help = "event time is counted in microseconds, for 292,000 years";
        pipeline.push(mistake.label("out of range").help(help));
    }
    Some(EventTime {
        window: window.into_inner(),
        watermark,
    })
}

/// The value of a key that belongs to a source that has files.
fn of_files<T: Clone + PartialEq + Sync>(
    pipeline: &TableReader,
    source: Source,
    key: &'static TomlKey<T>,
) -> Option<T> {
    let value = pipeline.spanned(key)?;
    if source != Source::Direct {
        let message = format!("`{}` means nothing without files", key.text.name);
        let mistake = Code::Needs.at(value.span(), message).label("no files");
        pipeline.push(mistake.help("for example\nsource = \"direct\""));
    }
    Some(value.into_inner())
}

/// The query over words; windows are of their counts.
fn query(pipeline: &TableReader) -> WordQuery {
    let query = pipeline.get_or_default(&QUERY);
    if query != WordQuery::Counts
        && let Some(window) = pipeline.key_span(&WINDOW)
    {
        let message = "windows are of the counts of words";
        let mistake = Code::Needs.at(window, message).label("not of this query");
        pipeline.push(mistake.help("leave out `window`, or `query`"));
    }
    query
}

/// The sink. Files have appended rows, and all of them.
fn sink(pipeline: &TableReader) -> QuerySink {
    if let Some(format) = pipeline.get(&SINK_FORMAT) {
        check_named(pipeline);
        return QuerySink::Named(NamedSink {
            format,
            options: pipeline.get(&SINK_OPTIONS).unwrap_or_default(),
            partition_by: pipeline.get(&PARTITION_BY).unwrap_or_default(),
        });
    }
    let sink = pipeline.get_or_default(&SINK);
    let Some(span) = pipeline
        .key_span(&SINK)
        .filter(|_| sink != QuerySink::Console)
    else {
        return sink;
    };
    if pipeline.get_or_default(&OUTPUT) != OutputMode::Append {
        let message = "a sink of files takes rows that will not change any more";
        let mistake = Code::Needs
            .at(span, message)
            .label("needs `output = \"append\"`");
        let examples = [&OUTPUT.key.text, &WINDOW.text, &WATERMARK.text].map(|key| key.example);
        let [_, window, watermark] = examples;
        pipeline.push(mistake.help(format!(
            "for example\noutput = \"append\"\n{window}\n{watermark}"
        )));
    }
    check_console(pipeline);
    sink
}

/// Reports keys of other sinks than the one that has a name.
fn check_named(pipeline: &TableReader) {
    if let Some(span) = pipeline.key_span(&SINK) {
        let message = "a query has `format` or `sink`, not both";
        let mistake = Code::WrongMode.at(span, message).label("and `sink`");
        pipeline.push(
            mistake.help("files of JSON are\nformat = \"json\"\noptions = { path = \"out\" }"),
        );
    }
    check_console(pipeline);
}

/// Reports keys of the console, which is not the sink.
fn check_console(pipeline: &TableReader) {
    let of_console: [&dyn AnyKey; 2] = [&NUM_ROWS, &TRUNCATE];
    for key in of_console {
        if let Some(span) = pipeline.key_span(key) {
            let message = format!("`{}` means nothing without the console", key.name());
            let mistake = Code::Needs.at(span, message).label("of the console");
            pipeline.push(mistake.help("leave it out, or `sink = \"console\"`"));
        }
    }
}

/// The output mode; append output is of groups that a watermark makes final (`OM-3`).
fn output(pipeline: &TableReader) -> OutputMode {
    let output = pipeline.get_or_default(&OUTPUT);
    if matches!(
        pipeline.get(&QUERY.key),
        Some(WordQuery::Words | WordQuery::Distinct)
    ) {
        return output;
    }
    let needed = [&WINDOW, &WATERMARK].into_iter();
    let missing: Vec<&KeyText> = needed
        .filter(|key| !pipeline.has(*key))
        .map(|key| &key.text)
        .collect();
    if let (OutputMode::Append, [_, ..], Some(written)) =
        (output, &*missing, pipeline.written(&OUTPUT))
    {
        let message = "append output needs groups that are final some day";
        let mistake = Code::Needs.at(written.value.span(), message);
        let names = missing.iter().map(|key| format!("`{}`", key.name));
        let names = names.collect::<Vec<_>>().join(" and ");
        let examples = missing.iter().map(|key| key.example);
        let examples = examples.collect::<Vec<_>>().join("\n");
        let mistake = mistake.label(format!("needs {names}"));
        pipeline.push(mistake.help(format!("for example\n{examples}")));
    }
    output
}
