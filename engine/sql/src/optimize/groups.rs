//! Fewer keys for the same groups (`RemoveLiteralFromGroupExpressions`, `RemoveRepetitionFromGroupExpressions`). The keys
//! decide the partition of a group, and its place there.

use std::mem;

use engine::{DataType, Value};

use crate::plan::{TypedNode, TypedPlan};
use crate::schema::{Field, Schema, column_of};
use crate::typed::Typed;

/// Leaves out keys that are the same in each row, and those that are there twice.
pub(super) fn remove_keys(plan: &mut TypedPlan) {
    for input in plan.inputs_mut() {
        remove_keys(input);
    }
    if let TypedNode::Aggregate { keys, input, .. } = &plan.node
        && let Some(kept) = Kept::of(keys, &input.schema)
    {
        kept.apply(plan);
    }
}

/// The keys that stay.
struct Kept {
    keys: Vec<Typed>,
    fields: Vec<usize>,
    /// Each of the keys that there were: the place of the one that has its value, if that is not the same in each row.
    places: Vec<Option<usize>>,
}

impl Kept {
    /// The keys over a table of these columns that stay, if others do not.
    fn of(keys: &[Typed], of_input: &Schema) -> Option<Kept> {
        let mut kept = Kept {
            keys: Vec::new(),
            fields: Vec::new(),
            places: Vec::new(),
        };
        for (index, key) in keys.iter().enumerate() {
            let mut known = kept.keys.iter();
            let place = known.position(|it| it.is_same(key) || is_same_column(it, key, of_input));
            let place = place.or_else(|| {
                (!key.is_foldable()).then(|| {
                    kept.keys.push(key.clone());
                    kept.fields.push(index);
                    kept.keys.len() - 1
                })
            });
            kept.places.push(place);
        }
        (kept.keys.len() < keys.len()).then_some(kept)
    }

    /// Groups by the keys that stay, the session window among them, and puts the others back behind the groups.
    fn apply(mut self, plan: &mut TypedPlan) {
        let TypedNode::Aggregate {
            keys,
            session,
            aggregates,
            ..
        } = &mut plan.node
        else {
            return;
        };
        *session = session.and_then(|index| self.places[index]);
        let before = mem::take(keys);
        let fields = plan.schema.fields();
        let mut lower: Vec<Field> = self.fields.iter().map(|it| fields[*it].clone()).collect();
        if self.keys.is_empty() {
            // Without any key there would be a group without rows, too.
            self.keys
                .push(Typed::literal(Value::Integer(0), DataType::Integer));
            lower.push(Field::new("0", DataType::Integer));
        }
        let first = self.keys.len();
        let of_aggregates = &fields[before.len()..];
        lower.extend(of_aggregates.iter().cloned());
        let of_keys = before
            .into_iter()
            .zip(&self.places)
            .map(|(key, place)| match place {
                Some(place) => column_of(*place, &lower[*place]),
                None => key,
            });
        let of_aggregates = (first..lower.len()).map(|index| column_of(index, &lower[index]));
        let columns: Vec<Typed> = of_keys.chain(of_aggregates).collect();
        debug_assert_eq!(
            lower.len() - first,
            aggregates.len(),
            "each aggregate has a column"
        );
        *keys = self.keys;
        let schema = mem::take(&mut plan.schema);
        let input = Box::new(TypedPlan {
            node: mem::take(plan).node,
            schema: lower.into_iter().collect(),
            span: None,
        });
        *plan = TypedPlan {
            node: TypedNode::Project { input, columns },
            schema,
            span: None,
        };
    }
}

/// Returns true if both are one column of a table that shows it twice.
fn is_same_column(one: &Typed, other: &Typed, table: &Schema) -> bool {
    let column = |key: &Typed| table.fields().get(key.as_column()?);
    match (column(one), column(other)) {
        (Some(one), Some(other)) => {
            one.origin.is_some() && one.origin == other.origin && one.name == other.name
        }
        _ => false,
    }
}
