//! `GROUPING SETS`, `ROLLUP` and `CUBE`: each row once for each set (`ResolveGroupingAnalytics`).

use engine::{DataType, Value};

use super::windows::is_event_time;
use super::{column_of, columns_of};
use crate::plan::{TypedNode, TypedPlan};
use crate::schema::{Field, Schema};
use crate::typed::Typed;

/// The name of the column that has the number of the set.
const GROUPING_ID: &str = "spark_grouping_id";

/// The name of the column that has the place of the set, if one is there twice.
const GROUPING_POSITION: &str = "_gen_grouping_pos";

/// Sets of keys, each with its number: a bit for each key, the first one the highest, set if the key is not in it.
pub(super) struct GroupingSets(Vec<GroupingSet>);

struct GroupingSet {
    keys: Vec<usize>,
    id: i64,
}

impl GroupingSets {
    /// The sets of these keys, which stay once each.
    pub(super) fn of(keys: &mut Vec<Typed>, sets: &[Vec<usize>]) -> GroupingSets {
        let mut once: Vec<Typed> = Vec::new();
        let places = keys.drain(..).map(|key| {
            let known = once.iter().position(|it| it.is_same(&key));
            known.unwrap_or_else(|| {
                once.push(key);
                once.len() - 1
            })
        });
        let places: Vec<usize> = places.collect();
        *keys = once;
        let sets = sets.iter().map(|set| {
            let set: Vec<usize> = set.iter().map(|key| places[*key]).collect();
            let is_out = |key| i64::from(!set.contains(&key));
            let id = (0..keys.len()).fold(0, |id, key| id << 1 | is_out(key));
            GroupingSet { keys: set, id }
        });
        GroupingSets(sets.collect())
    }

    /// Returns true if two sets have the same keys, whose groups then stay apart.
    fn are_repeated(&self) -> bool {
        let sets = self.0.iter().enumerate();
        sets.into_iter()
            .any(|(index, set)| self.0[..index].iter().any(|it| it.id == set.id))
    }
}

/// The rows with their keys behind the columns, `NULL` where a key is not in the set, the number of the set, and its place
/// if sets are repeated. Returns the keys of the aggregation.
pub(super) fn expand(
    input: TypedPlan,
    keys: &[Typed],
    sets: &GroupingSets,
) -> (TypedPlan, Vec<Typed>) {
    let are_repeated = sets.are_repeated();
    let mut projections = Vec::new();
    for (set, place) in sets.0.iter().zip(0..) {
        let mut columns = columns_of(&input.schema);
        for (index, key) in keys.iter().enumerate() {
            columns.push(if set.keys.contains(&index) {
                key.clone()
            } else {
                Typed::literal(Value::Null, key.data_type.clone())
            });
        }
        columns.push(Typed::literal(Value::Long(set.id), DataType::Long));
        if are_repeated {
            columns.push(Typed::literal(Value::Integer(place), DataType::Integer));
        }
        projections.push(columns);
    }
    let width = input.schema.fields().len();
    let of_keys = keys.iter().map(|key| Field {
        is_event_time: is_event_time(key, &input.schema),
        ..Field::new("", key.data_type.clone())
    });
    let id = Field::new(GROUPING_ID, DataType::Long);
    let position = Field::new(GROUPING_POSITION, DataType::Integer);
    let of_set = [id].into_iter().chain(are_repeated.then_some(position));
    let of_set = of_set.map(|field| Field {
        nullable: false,
        ..field
    });
    let of_keys: Vec<Field> = of_keys.chain(of_set).collect();
    let columns = of_keys.iter().enumerate();
    let columns = columns
        .map(|(index, field)| column_of(width + index, field))
        .collect();
    let schema: Schema = input
        .schema
        .fields()
        .iter()
        .cloned()
        .chain(of_keys)
        .collect();
    let plan = TypedPlan {
        span: None,
        schema,
        node: TypedNode::Expand {
            input: Box::new(input),
            projections,
        },
    };
    (plan, columns)
}
