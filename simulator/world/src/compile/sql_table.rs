//! A table that does not change: values of its columns' types.

use engine::{DataType, Failure, Row, StructField, Value};
use engine_sql::{AnalysisError, Context, Field, Session, Typed, parse_schema};
use engine_structured::{DataFrame, SparkSession};
use scenario::{Cell, QueryPlace, Refusal, StaticTable};

use super::sql::refusal;

/// The rows of a table, each value cast from its text.
pub(super) fn view(
    spark: &SparkSession,
    session: &Session,
    table: &StaticTable,
    number: usize,
) -> Result<DataFrame, Refusal> {
    let columns = parse_schema(&table.schema)
        .map_err(|error| refusal(&error, QueryPlace::TableSchema(number)))?;
    // A text that is no value of the type is a mistake, and not `NULL`.
    let session = Session {
        ansi: true,
        ..session.clone()
    };
    let rows = table.rows.iter().enumerate().map(|(index, row)| {
        let place = QueryPlace::Row {
            table: number,
            row: index,
        };
        let values = columns.iter().zip(row);
        values
            .map(|(column, cell)| value(column, cell.as_ref(), &session, place))
            .collect::<Result<Row, Refusal>>()
    });
    let rows = rows.collect::<Result<Vec<Row>, Refusal>>()?;
    let fields = columns.into_iter().map(|column| Field {
        nullable: column.nullable,
        ..Field::new(column.name, column.data_type)
    });
    Ok(spark.finite_table(&table.name, fields.collect(), rows))
}

/// A cell as a value of its column.
fn value(
    column: &StructField,
    cell: Option<&Cell>,
    session: &Session,
    place: QueryPlace,
) -> Result<Value, Refusal> {
    let refused = |message: String| Refusal {
        place,
        span: None,
        message,
        help: None,
    };
    let Some(cell) = cell else {
        return if column.nullable {
            Ok(Value::Null)
        } else {
            Err(refused(format!("the column `{}` is NOT NULL", column.name)))
        };
    };
    let text = Value::String(cell.text().as_ref().into());
    let text = Typed::literal(text, DataType::String);
    let cast = text.cast(&column.data_type, false, session);
    let cast = cast.map_err(|error| refusal(&AnalysisError::from(error), place))?;
    let context = Context {
        session,
        timestamp: 0,
    };
    let value: Result<Value, Failure> = cast.value(&[], &context);
    value.map_err(|failure| refused(failure.message().to_string()))
}
