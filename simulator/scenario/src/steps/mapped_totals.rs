//! `map_with_state`: a running total for each text, given each time the text comes.

use std::collections::BTreeSet;
use std::time::Duration;

use toml::de::DeValue;

use super::arguments::{EMITS, Emit, MappedTotals, TIMEOUT_BATCHES, Timeouts};
use super::element::Element;
use super::row::{Keeps, Signature, StepRow};
use super::update::DROP_AT;
use crate::language::{
    Items, KeyCount, Kind, Shape, TableOf, TableReader, TomlKey, WithDefault, Written, in_order,
    toml_key, toml_table, toml_text,
};
use crate::spark::{StepCode, durations, java_text};

pub(super) static MAP_WITH_STATE: StepRow<MappedTotals> = StepRow {
    key: TomlKey::new(
        "map_with_state",
        Kind::Table(TableOf {
            table: &MAP_WITH_STATE_TABLE,
            read: |table| {
                table.report_needs(|_| true);
                let drop_at = table.get(&TOTAL_MAX);
                Some(read_mapped_totals(table, drop_at))
            },
            write: |totals, items| {
                items.set_some(&TOTAL_MAX, totals.drop_at.as_ref());
                write_mapped_totals(items, totals);
            },
        }),
        "A running total for each text, given each time the text comes; `{}` if there is nothing to set.",
        r#"map_with_state = { timeout = "30s" }"#,
    ),
    signature: |_| Signature {
        keeps: Keeps::KeyedState,
        ..Signature::new(&[Element::Pair], Some(Element::Pair), "totals")
    },
    code: |totals, operand| totals.code(operand.made),
    weight: 1,
    draw: |from, slide| from.mapped_totals(slide),
};

impl MappedTotals {
    fn code(&self, made: &str) -> StepCode {
        let function = format!("{made}Func");
        let initial = format!("{made}Initial");
        let spec = self.java_spec(&function, &initial);
        let comment = self.java_comment();
        let mut java_before = format!("{comment}{}\n", self.java_function(&function));
        if !self.initial.is_empty() {
            java_before.push_str(&java_initial(&initial, &self.initial));
            java_before.push('\n');
        }
        // The results of the function are tuples, which only `mapToPair` makes a stream of pairs.
        let java = match self.emit {
            Emit::Mapped => format!("mapWithState({spec}).mapToPair(pair -> pair)"),
            Emit::Snapshots => format!("mapWithState({spec}).stateSnapshots()"),
        };
        StepCode {
            python: None,
            java,
            java_before,
        }
    }

    /// The mapping function as a Java variable of this name.
    pub fn java_function(&self, name: &str) -> String {
        let update = match self.drop_at {
            None => "    state.update(total);".to_owned(),
            Some(limit) => format!(
                "    if (total < {limit}L) {{\n        state.update(total);\n    }} else if (state.exists()) {{\n        \
                 state.remove();\n    }}"
            ),
        };
        format!(
            r"Function3<String, Optional<Long>, State<Long>, Tuple2<String, Long>> {name} = (word, one, state) -> {{
    long total = (state.exists() ? state.get() : 0L) + one.orElse(0L);
    if (state.isTimingOut()) {{
        return new Tuple2<>(word, total);
    }}
{update}
    return new Tuple2<>(word, total);
}};"
        )
    }

    /// The Java comment on a difference between the scenario and its program, with its line end.
    pub fn java_comment(&self) -> &'static str {
        if self.has_exact_timeouts() {
            "// The scenario has exact time-outs; Spark looks for idle words in every tenth batch only\n"
        } else {
            ""
        }
    }

    /// The function with its settings; `initial` is the variable of the initial state, if there is one.
    pub fn java_spec(&self, function: &str, initial: &str) -> String {
        let initial = match &*self.initial {
            [] => String::new(),
            _ => format!(".initialState({initial})"),
        };
        let timeout = self.timeout.map_or(String::new(), |timeout| {
            format!(".timeout({})", durations(timeout))
        });
        format!("StateSpec.function({function}){initial}{timeout}")
    }
}

/// Initial state as a Java variable, in one partition. The types are written out because the compiler
/// takes minutes to find them out for hundreds of pairs.
pub fn java_initial(name: &str, initial: &[(String, i64)]) -> String {
    let pairs = initial
        .iter()
        .map(|(word, total)| format!("new Tuple2<String, Long>({}, {total}L)", java_text(word)));
    format!(
        "JavaPairRDD<String, Long> {name} = ssc.sparkContext()\n    \
         .parallelizePairs(Arrays.<Tuple2<String, Long>>asList({}), 1);",
        pairs.collect::<Vec<_>>().join(", ")
    )
}

toml_table! {
    pub(crate) MAP_WITH_STATE_TABLE = "map_with_state", "in `map_with_state`", KeyCount::Any;
    "What becomes of a text and its total, and when it is forgotten."

    "A text is removed when its total reaches this."
    TOTAL_MAX: TomlKey<i64> = (DROP_AT.text.name, Kind::integer(i64::MIN, i64::MAX), DROP_AT.text.example);

    "Initial state, in the order written; as an array, a word may stand twice."
    INITIAL: TomlKey<Vec<(String, i64)>> = ("initial", WORD_TOTALS, "initial = { blue = 7 }");

    "What is given: what the function returns, or the state."
    EMIT: WithDefault<Emit> = ("emit", Kind::Word(&EMITS), r#"emit = "snapshots""#)
        .or(Emit::Mapped);

    "A text that is idle for longer is given once more and removed, in the next batch that is a multiple of ten unless `timeouts` says otherwise."
    TIMEOUT: TomlKey<Duration> = ("timeout", Kind::LENGTH, r#"timeout = "30s""#);

    "The batch in which an idle text times out."
    TIMEOUTS: WithDefault<Timeouts> = ("timeouts", Kind::Word(&TIMEOUT_BATCHES), r#"timeouts = "exact""#)
        .needs("timeout").or(Timeouts::Spark);
}

/// Reads the keys that a step and a pipeline have by the same names: all but `drop_at`.
pub(crate) fn read_mapped_totals(table: &TableReader, drop_at: Option<i64>) -> MappedTotals {
    MappedTotals {
        drop_at,
        emit: table.get_or_default(&EMIT),
        timeout: table.get(&TIMEOUT),
        timeouts: table.get_or_default(&TIMEOUTS),
        initial: table.get(&INITIAL).unwrap_or_default(),
    }
}

/// Adds the keys that a step and a pipeline have by the same names: all but `drop_at`.
pub(crate) fn write_mapped_totals(items: &mut Items, totals: &MappedTotals) {
    if !totals.initial.is_empty() {
        items.set(&INITIAL, &totals.initial);
    }
    items.set_unless_default(&EMIT, &totals.emit);
    if let Some(timeout) = &totals.timeout {
        items.set(&TIMEOUT, timeout);
        items.set_unless_default(&TIMEOUTS, &totals.timeouts);
    }
}

/// Totals of words, in the order written: a table, or an array of pairs in which a word may stand twice.
pub(crate) const WORD_TOTALS: Kind<Vec<(String, i64)>> = Kind::Plain {
    shape: Shape::Totals,
    read: read_totals,
    write: |totals| {
        let words: BTreeSet<&str> = totals.iter().map(|(word, _)| &**word).collect();
        if words.len() == totals.len() {
            let item = |(word, total): &(String, i64)| format!("{} = {total}", toml_key(word));
            format!(
                "{{ {} }}",
                totals.iter().map(item).collect::<Vec<_>>().join(", ")
            )
        } else {
            let item = |(word, total): &(String, i64)| format!("[{}, {total}]", toml_text(word));
            format!(
                "[{}]",
                totals.iter().map(item).collect::<Vec<_>>().join(", ")
            )
        }
    },
};

fn read_totals(written: &Written) -> Option<Vec<(String, i64)>> {
    match written.value.get_ref() {
        DeValue::Table(table) => {
            let items = in_order(table).into_iter();
            let totals = items.filter_map(|(word, total)| {
                let total = written.part(total).integer()?;
                Some((word.get_ref().to_string(), total))
            });
            Some(totals.collect())
        }
        DeValue::Array(_) => Some(written.items()?.filter_map(|it| pair(&it)).collect()),
        _ => written.wrong_type(written.key.shape().noun()),
    }
}

fn pair(written: &Written) -> Option<(String, i64)> {
    let items = written.value.get_ref().as_array();
    let [word, total] = items.map_or(&[][..], |array| array) else {
        return written.wrong_type("pairs such as [\"blue\", 7]");
    };
    let word = written.part(word).text();
    let total = written.part(total).integer();
    Some((word?.to_owned(), total?))
}
