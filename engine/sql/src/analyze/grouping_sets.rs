//! `GROUPING SETS`, `ROLLUP` and `CUBE`: each row once for each set (`ResolveGroupingAnalytics`).

use engine::{DataType, Value};

use super::{column_of, columns_of};
use crate::plan::{TypedNode, TypedPlan};
use crate::schema::{Field, Schema};
use crate::typed::Typed;

/// The name of the column that has the number of the set.
const GROUPING_ID: &str = "spark_grouping_id";

/// The rows with their keys behind the columns, `NULL` where a key is not in the set, and the number of the set: a bit
/// for each key, the first one the highest, set if the key is not in it. Returns the keys of the aggregation.
pub(super) fn expand(
    input: TypedPlan,
    keys: &[Typed],
    sets: &[Vec<usize>],
) -> (TypedPlan, Vec<Typed>) {
    let mut projections = Vec::new();
    for set in sets {
        let mut columns = columns_of(&input.schema);
        let mut id: i64 = 0;
        for (index, key) in keys.iter().enumerate() {
            let is_in = set.contains(&index);
            id = id << 1 | i64::from(!is_in);
            columns.push(if is_in {
                key.clone()
            } else {
                Typed::literal(Value::Null, key.data_type.clone())
            });
        }
        columns.push(Typed::literal(Value::Long(id), DataType::Long));
        projections.push(columns);
    }
    let width = input.schema.fields().len();
    let of_keys = keys.iter().map(|key| Field::new("", key.data_type.clone()));
    let id = Field {
        nullable: false,
        ..Field::new(GROUPING_ID, DataType::Long)
    };
    let of_keys: Vec<Field> = of_keys.chain([id]).collect();
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
