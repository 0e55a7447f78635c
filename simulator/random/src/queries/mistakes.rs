//! Queries that Spark refuses, each for a reason of its own.

use scenario::OutputMode;

use super::expressions::Expressions;
use super::relations;
use super::selects::Query;
use super::tables::Tables;
use crate::Dice;

/// Texts of which `FROM` names the stream.
const MISTAKES: &[&str] = &[
    "SELECT nowhere FROM t",
    "SELECT {s}, nowhere.user FROM t",
    "SELECT * FROM nowhere",
    "SELECT {s}, count(*) FROM t",
    "SELECT {i} FROM t GROUP BY {s}",
    "SELECT count(DISTINCT {v}) FROM t",
    "SELECT {s}, sum(DISTINCT {i}) FROM t GROUP BY {s}",
    "SELECT {i} FROM t ORDER BY 1",
    "SELECT {s} FROM t EXCEPT SELECT {s} FROM t",
    "SELECT {s} FROM t INTERSECT SELECT {s} FROM t",
    "SELECT row_number() OVER (ORDER BY {i}) FROM t",
    "SELECT sum({i}) OVER (PARTITION BY {s}) FROM t",
    "SELECT {i} FROM t WHERE count(*) > 1",
    "SELECT {i} FROM t WHERE {s}",
    "SELECT {i} FROM t HAVING max({i}) > 0",
    "SELECT upper({s}, {s}) FROM t",
    "SELECT no_function({s}) FROM t",
    "SELECT uper({s}) FROM t",
    "SELECT sum(count(*)) FROM t",
    "SELECT sum({a}) FROM t",
    "SELECT {a} + 1 FROM t",
    "SELECT {b} AND {i} FROM t",
    "SELECT {i} AS a, a AS b, c FROM t",
    "SELECT {s} FROM t GROUP BY 5",
    "SELECT count(*) FROM t GROUP BY count(*)",
    "SELECT {i} FROM t LIMIT {i}",
    "SELECT {i} FROM t LIMIT -1",
    "SELECT explode({a}), explode({c}) FROM t",
    "SELECT explode({a}) + 1 FROM t",
    "SELECT explode({i}) FROM t",
    "SELECT {s} FROM t UNION ALL SELECT {s}, {i} FROM t",
    "SELECT {a} FROM t UNION ALL SELECT {i} FROM t",
    "SELECT FROM t",
    "SELECT {i} {i} {i} FROM t",
    "SELECT {i} FROM t WHERE",
    "SELECT {i} FORM t",
    "SELECT CAST({a} AS INT) FROM t",
    "SELECT CAST({s} AS NOTYPE) FROM t",
    "SELECT CASE WHEN {b} THEN {a} ELSE {i} END FROM t",
    "SELECT if({i}, 1, 2) FROM t",
    "SELECT {m}, count(*) FROM t GROUP BY {m}",
    "SELECT DISTINCT {m} FROM t",
    "SELECT {m} = {m} FROM t",
    "SELECT max({m}) FROM t",
    "SELECT transform({a}, (p, q, r) -> p) FROM t",
    "SELECT {r}.nowhere FROM t",
    "SELECT {i}.p FROM t",
    "SELECT window({s}, '10 minutes') FROM t",
    "SELECT window({t}, '0 seconds'), count(*) FROM t GROUP BY 1",
    "SELECT window({t}, '1 month'), count(*) FROM t GROUP BY 1",
    "SELECT count(*) FROM t GROUP BY window({t}, '1 minute'), window({t}, '2 minutes')",
    "SELECT t.{i} FROM t t1",
    "SELECT * FROM t JOIN t ON {s} = {s}",
    "SELECT array({i}, {m}) FROM t",
    "SELECT {s} FROM t TABLESAMPLE (5 ROWS)",
    "SELECT {s} LIKE 'a' ESCAPE 'ab' FROM t",
    "SELECT date_trunc({i}, {t}), interval FROM t",
    "SELECT approx_count_distinct({i}, 5D) FROM t",
    "SELECT percentile_approx({i}, 2.0) FROM t",
    "SELECT grouping({s}) FROM t GROUP BY {s}",
    "SELECT count(*) FROM t GROUP BY GROUPING SETS (({s}), ())",
    "SELECT (SELECT {s} FROM t)",
    "SELECT {i} FROM t WHERE {s} IN (SELECT {s} FROM t)",
];

/// A query that is refused.
pub(super) fn draw(dice: &mut Dice, tables: &Tables) -> Query {
    let relation = relations::stream(dice.pick(&tables.streams));
    let mut expressions = Expressions {
        dice,
        columns: &relation.columns,
    };
    let text = *expressions.dice.pick(MISTAKES);
    let text = text.replace(" t ", &format!(" {} ", relation.text));
    let text = match text.strip_suffix(" t") {
        Some(text) => format!("{text} {}", relation.text),
        None => text,
    };
    Query {
        sql: expressions.filled(&text, 0),
        outputs: &[OutputMode::Append, OutputMode::Update, OutputMode::Complete],
    }
}
