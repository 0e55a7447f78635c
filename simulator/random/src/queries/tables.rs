//! The streams and static tables that a query reads.

use std::time::Duration;

use scenario::{
    Cell, DropDuplicates, LineFormat, ParseMode, QuerySource, Source, SourceWatermark, StaticTable,
};

use super::rows;
use super::types::{Column, Type};
use crate::Dice;

/// A column with its type in SQL.
#[derive(Clone, Copy, Debug)]
pub(super) struct TableColumn {
    pub(super) name: &'static str,
    pub(super) sql: &'static str,
    pub(super) of: Type,
}

const fn column(name: &'static str, sql: &'static str, of: Type) -> TableColumn {
    TableColumn { name, sql, of }
}

/// The column of event time, which all streams of typed rows have.
pub(super) const TIME: TableColumn = column("ts", "TIMESTAMP", Type::Time);

/// The column by which tables are joined.
pub(super) const USER: TableColumn = column("user", "STRING", Type::Text);

const NUMBER: TableColumn = column("n", "INT", Type::Integer);

/// Columns of which a stream has some.
const PLAIN: &[TableColumn] = &[
    column("big", "BIGINT", Type::Long),
    column("x", "DOUBLE", Type::Double),
    column("f", "FLOAT", Type::Double),
    column("price", "DECIMAL(10,2)", Type::Decimal),
    column("total", "DECIMAL(25,4)", Type::Decimal),
    column("ok", "BOOLEAN", Type::Boolean),
    column("day", "DATE", Type::Date),
    column("tiny", "TINYINT", Type::Integer),
    column("small", "SMALLINT", Type::Integer),
    column("note", "STRING", Type::Text),
];

/// Columns that a line of JSON alone can have.
const NESTED: &[TableColumn] = &[
    column("list", "ARRAY<INT>", Type::Integers),
    column("tags", "ARRAY<STRING>", Type::Texts),
    column("counts", "MAP<STRING, INT>", Type::Map),
    column("pair", "STRUCT<p: INT, q: STRING>", Type::Struct),
];

/// A stream of rows.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    pub(super) name: &'static str,
    pub(super) format: LineFormat,
    pub(super) kind: Source,
    pub(super) mode: ParseMode,
    /// The columns of a line; one of text has the column `value`.
    pub(super) columns: Vec<TableColumn>,
    pub(super) watermark: Option<Duration>,
    pub(super) drop_duplicates: Option<DropDuplicates>,
}

/// A table that does not change.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: Vec<TableColumn>,
    rows: Vec<Vec<Option<Cell>>>,
}

/// All that a query may read, and the seconds of its unit of time.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    pub(super) streams: Vec<Stream>,
    pub(super) tables: Vec<Table>,
}

pub(super) fn draw_tables(dice: &mut Dice) -> Tables {
    let names = if dice.one_in(3) {
        &["ev", "clicks"][..]
    } else {
        &["ev"]
    };
    let streams = names.iter().map(|name| stream(dice, name)).collect();
    let tables = if dice.one_in(2) {
        vec![table(dice)]
    } else {
        Vec::new()
    };
    Tables { streams, tables }
}

fn stream(dice: &mut Dice, name: &'static str) -> Stream {
    let format = *dice.pick(&[
        LineFormat::Json,
        LineFormat::Json,
        LineFormat::Csv,
        LineFormat::Csv,
        LineFormat::Text,
    ]);
    let columns = match format {
        LineFormat::Csv => typed(dice, &[]),
        LineFormat::Json => typed(dice, NESTED),
        _ => vec![column("value", "STRING", Type::Text)],
    };
    let has_time = columns.iter().any(|it| it.name == TIME.name);
    let delays = [0, 5, 10, 30];
    let watermark = (has_time && !dice.one_in(4)).then(|| Duration::from_secs(*dice.pick(&delays)));
    let drop_duplicates = dice
        .one_in(10)
        .then(|| drop_duplicates(dice, &columns, watermark.is_some()));
    Stream {
        name,
        format,
        kind: if dice.one_in(20) {
            Source::Socket
        } else {
            Source::Memory
        },
        mode: if format != LineFormat::Text && dice.one_in(15) {
            ParseMode::FailFast
        } else {
            ParseMode::Permissive
        },
        columns,
        watermark,
        drop_duplicates,
    }
}

/// The usual columns, and some of the others.
fn typed(dice: &mut Dice, nested: &[TableColumn]) -> Vec<TableColumn> {
    let mut columns = vec![TIME, USER, NUMBER];
    let others = PLAIN.iter().chain(nested);
    columns.extend(others.filter(|_| dice.one_in(4)));
    columns
}

fn drop_duplicates(
    dice: &mut Dice,
    columns: &[TableColumn],
    has_watermark: bool,
) -> DropDuplicates {
    let compared = columns
        .iter()
        .filter(|it| it.of != Type::Map && dice.one_in(2));
    let compared: Vec<String> = compared.map(|it| it.name.to_owned()).collect();
    DropDuplicates {
        columns: (!compared.is_empty()).then_some(compared),
        within_watermark: has_watermark && dice.one_in(3),
    }
}

fn table(dice: &mut Dice) -> Table {
    let mut columns = vec![USER, column("city", "STRING", Type::Text)];
    columns.extend(
        [column("level", "INT", Type::Integer)]
            .into_iter()
            .filter(|_| dice.one_in(2)),
    );
    columns.extend(
        PLAIN
            .iter()
            .filter(|it| it.name != "note" && dice.one_in(6)),
    );
    let count = dice.below(6);
    let row = |dice: &mut Dice| columns.iter().map(|it| rows::cell(dice, *it)).collect();
    let rows = (0..count).map(|_| row(dice)).collect();
    Table {
        name: "users",
        columns,
        rows,
    }
}

impl Stream {
    /// The columns, as a query over the stream alone names them.
    pub(super) fn columns(&self) -> Vec<Column> {
        named(&self.columns)
    }
}

impl Table {
    /// The columns, as a query over the table alone names them.
    pub(super) fn columns(&self) -> Vec<Column> {
        named(&self.columns)
    }
}

fn named(columns: &[TableColumn]) -> Vec<Column> {
    columns
        .iter()
        .map(|it| Column::new(it.name, it.of))
        .collect()
}

fn schema(columns: &[TableColumn]) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|it| format!("{} {}", it.name, it.sql))
        .collect();
    columns.join(", ")
}

impl Tables {
    pub(super) fn sources(&self) -> Vec<QuerySource> {
        self.streams.iter().map(source).collect()
    }

    pub(super) fn static_tables(&self) -> Vec<StaticTable> {
        let tables = self.tables.iter().map(|table| StaticTable {
            name: table.name.to_owned(),
            schema: schema(&table.columns),
            columns: table.columns.iter().map(|it| it.name.to_owned()).collect(),
            rows: table.rows.clone(),
        });
        tables.collect()
    }
}

fn source(stream: &Stream) -> QuerySource {
    let is_text = stream.format == LineFormat::Text;
    QuerySource {
        format: stream.format,
        schema: (!is_text).then(|| schema(&stream.columns)),
        mode: stream.mode,
        watermark: stream.watermark.map(|delay| SourceWatermark {
            column: TIME.name.to_owned(),
            delay,
        }),
        drop_duplicates: stream.drop_duplicates.clone(),
        ..QuerySource::text(stream.name, stream.kind)
    }
}
