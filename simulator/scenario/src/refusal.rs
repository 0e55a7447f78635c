//! Queries, schemas and rows of a scenario that the engine refuses, as mistakes of its file.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostics::Diagnostics;
use crate::keys::{
    CONF, DROP_DUPLICATES, PIPELINES, QUERY_SOURCES, REFUSED, SOURCE_KIND, SOURCE_OPTIONS,
    SOURCE_SCHEMA, SOURCE_WATERMARK, SQL, STARTING_OFFSETS, STATIC_TABLES, TABLE_ROWS,
    TABLE_SCHEMA,
};
use crate::language::AnyKey;
use crate::literal::place_in_literal;
use crate::{Code, Mistakes, document};

/// A part of a scenario file that the engine reads, by the place of its table in the file, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryPlace {
    /// `sql` of a pipeline.
    Sql(usize),
    /// `refused` of a pipeline.
    Refused(usize),
    /// `conf` of a pipeline.
    Conf(usize),
    /// `kind` of a source.
    SourceKind(usize),
    /// `schema` of a source.
    SourceSchema(usize),
    /// `starting_offsets` of the source of this number.
    StartingOffsets(usize),
    /// `options` of a source.
    SourceOptions(usize),
    /// `watermark` of a source.
    SourceWatermark(usize),
    /// `drop_duplicates` of a source.
    DropDuplicates(usize),
    /// `schema` of a table.
    TableSchema(usize),
    /// A row of a table.
    Row {
        /// The table.
        table: usize,
        /// The row.
        row: usize,
    },
}

/// A part of a scenario file that the engine refuses, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The part.
    pub place: QueryPlace,
    /// The bytes of its text that are refused; `None` if it is all of it.
    pub span: Option<Range<usize>>,
    /// The reason, as Spark has it.
    pub message: String,
    /// Advice.
    pub help: Option<String>,
}

/// The mistakes of a scenario file without any other ones, of which the engine refuses these parts.
///
/// ```
/// use scenario::{QueryPlace, Refusal};
/// let text = "timeline = [{ at = '1s', lines = ['blue'] }]\n\
///     [[pipeline]]\nname = 'counts'\nmode = 'structured'\nsql = 'SELECT valeu FROM lines'";
/// let refusal = Refusal {
///     place: QueryPlace::Sql(0),
///     span: Some(7..12),
///     message: "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column `valeu` cannot be resolved.".to_owned(),
///     help: None,
/// };
/// let mistakes = scenario::refused("counts.toml", text, &[refusal]);
/// let mistake = mistakes.iter().next().unwrap();
/// assert_eq!((mistake.line(), mistake.column()), (5, 15));
/// assert_eq!(&text[mistake.span()], "valeu");
/// ```
pub fn refused(name: &str, text: &str, refusals: &[Refusal]) -> Mistakes {
    let diagnostics = Diagnostics::default();
    let document = document::read(text, &diagnostics);
    for refusal in refusals {
        let value = document
            .as_ref()
            .and_then(|it| refusal.place.find(&it.root));
        let span = value.map(|value| refusal.span_in(text, value));
        let mistake = Code::Refused.at(span.unwrap_or_default(), refusal.message.clone());
        diagnostics.push(match &refusal.help {
            Some(help) => mistake.help(help),
            None => mistake,
        });
    }
    Mistakes::new(name, text, diagnostics)
}

impl Refusal {
    /// The place in the file: the value, or the part of its text.
    fn span_in(&self, text: &str, value: &Spanned<DeValue>) -> Range<usize> {
        let whole = value.span();
        let part = self.span.clone().zip(text.get(whole.clone()));
        let part = part.map(|(span, raw)| place_in_literal(raw, span));
        part.map_or(whole.clone(), |part| {
            whole.start + part.start..whole.start + part.end
        })
    }
}

impl QueryPlace {
    /// The value in the document.
    fn find<'a>(self, root: &'a DeTable<'a>) -> Option<&'a Spanned<DeValue<'a>>> {
        let at = |tables: &dyn AnyKey, index: usize, key: &dyn AnyKey| {
            let tables = root.get(tables.name())?.get_ref().as_array()?;
            let table = tables.get(index)?;
            // A key that is left out has its default, and the table is what can be shown.
            let value = table.get_ref().as_table()?.get(key.name());
            Some(value.unwrap_or(table))
        };
        match self {
            QueryPlace::Sql(index) => at(&PIPELINES, index, &SQL),
            QueryPlace::Refused(index) => at(&PIPELINES, index, &REFUSED),
            QueryPlace::Conf(index) => at(&PIPELINES, index, &CONF),
            QueryPlace::SourceKind(index) => at(&QUERY_SOURCES, index, &SOURCE_KIND),
            QueryPlace::SourceSchema(index) => at(&QUERY_SOURCES, index, &SOURCE_SCHEMA),
            QueryPlace::StartingOffsets(index) => at(&QUERY_SOURCES, index, &STARTING_OFFSETS),
            QueryPlace::SourceOptions(index) => at(&QUERY_SOURCES, index, &SOURCE_OPTIONS),
            QueryPlace::SourceWatermark(index) => at(&QUERY_SOURCES, index, &SOURCE_WATERMARK),
            QueryPlace::DropDuplicates(index) => at(&QUERY_SOURCES, index, &DROP_DUPLICATES),
            QueryPlace::TableSchema(index) => at(&STATIC_TABLES, index, &TABLE_SCHEMA),
            QueryPlace::Row { table, row } => {
                let rows = at(&STATIC_TABLES, table, &TABLE_ROWS)?;
                rows.get_ref().as_array()?.get(row)
            }
        }
    }
}
