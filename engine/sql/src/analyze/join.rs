//! Joins: the columns of the result, and the conditions that are equalities.

use engine::Text;

use super::external::check_join;
use super::union::index_of;
use super::{Analyzer, column_of, projected};
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::function::Function;
use crate::functions;
use crate::plan::{JoinCondition, JoinKind, LogicalPlan, TypedJoin, TypedNode, TypedPlan};
use crate::resolve::{Resolver, common_type};
use crate::schema::{Field, Schema};
use crate::typed::{Typed, TypedKind};

impl Analyzer<'_> {
    pub(super) fn join(
        &mut self,
        left: &LogicalPlan,
        right: &LogicalPlan,
        kind: JoinKind,
        condition: &JoinCondition,
    ) -> Result<TypedPlan, AnalysisError> {
        let left = self.analyze(left)?;
        let right = self.analyze(right)?;
        match condition {
            JoinCondition::None => Ok(joined(left, right, kind, Conjuncts::default())),
            JoinCondition::On(written) => self.join_on(left, right, kind, written),
            JoinCondition::Using(names) => self.join_using(left, right, kind, names),
            JoinCondition::Natural => {
                let of_left = left.schema.fields().iter();
                let common = of_left.filter(|field| index_of(&right.schema, &field.name).is_ok());
                let names: Vec<Text> = common.map(|field| field.name.clone()).collect();
                self.join_using(left, right, kind, &names)
            }
        }
    }

    fn join_on(
        &mut self,
        left: TypedPlan,
        right: TypedPlan,
        kind: JoinKind,
        written: &Expression,
    ) -> Result<TypedPlan, AnalysisError> {
        let both = both(&left.schema, &right.schema);
        let typed = Resolver::new(&both, self.session).resolve(written)?;
        check_join(&typed, kind, left.schema.fields().len())?;
        let mut conjuncts = Conjuncts::default();
        let width = left.schema.fields().len();
        conjuncts.split(self.condition(typed, written)?, width);
        Ok(joined(left, right, kind, conjuncts))
    }

    /// Pairs with the same values in these columns, which come first and once.
    fn join_using(
        &mut self,
        left: TypedPlan,
        right: TypedPlan,
        kind: JoinKind,
        names: &[Text],
    ) -> Result<TypedPlan, AnalysisError> {
        let mut conjuncts = Conjuncts::default();
        let mut places = Vec::new();
        for name in names {
            let of = |side: &str, schema: &Schema| {
                let found = index_of(schema, name);
                found.map_err(|_| {
                    AnalysisError::new(
                        "UNRESOLVED_USING_COLUMN_FOR_JOIN",
                        format!("USING column `{name}` cannot be resolved on the {side} side of the join."),
                    )
                })
            };
            let of_left = of("left", &left.schema)?;
            let of_right = of("right", &right.schema)?;
            let mut one = column_of(of_left, &left.schema.fields()[of_left]);
            let mut other = column_of(of_right, &right.schema.fields()[of_right]);
            let types = [one.data_type.clone(), other.data_type.clone()];
            if let Some(common) = common_type(types.iter(), self.session) {
                one.cast_in_place(&common, self.session)?;
                other.cast_in_place(&common, self.session)?;
            }
            conjuncts.keys.push((one, other));
            conjuncts.null_safe.push(false);
            places.push((of_left, of_right));
        }
        let width = left.schema.fields().len();
        let plan = joined(left, right, kind, conjuncts);
        self.using_columns(plan, kind, &places, width)
    }

    fn using_columns(
        &self,
        plan: TypedPlan,
        kind: JoinKind,
        places: &[(usize, usize)],
        width: usize,
    ) -> Result<TypedPlan, AnalysisError> {
        let fields = plan.schema.fields();
        let mut columns = Vec::new();
        let mut named = Vec::new();
        for (left, right) in places {
            let of_left = column_of(*left, &fields[*left]);
            let column = match kind {
                JoinKind::RightOuter => column_of(width + right, &fields[width + right]),
                JoinKind::FullOuter => {
                    let coalesce: &'static Function =
                        functions::find("coalesce").expect("it is in the table");
                    let of_right = column_of(width + right, &fields[width + right]);
                    coalesce.typed(vec![of_left, of_right], self.session)?
                }
                _ => of_left,
            };
            named.push(Field {
                data_type: column.data_type.clone(),
                nullable: column.nullable,
                ..fields[*left].clone()
            });
            columns.push(column);
        }
        for (index, field) in fields.iter().enumerate() {
            let is_key = places
                .iter()
                .any(|(left, right)| index == *left || index == width + right);
            if !is_key {
                columns.push(column_of(index, field));
                named.push(field.clone());
            }
        }
        Ok(projected(plan, columns, named.into_iter().collect()))
    }
}

/// The columns of the left table, then those of the right one.
fn both(left: &Schema, right: &Schema) -> Schema {
    left.fields()
        .iter()
        .chain(right.fields())
        .cloned()
        .collect()
}

/// A condition as equalities of the two tables, and the rest.
#[derive(Debug, Default)]
struct Conjuncts {
    keys: Vec<(Typed, Typed)>,
    null_safe: Vec<bool>,
    rest: Vec<Typed>,
}

impl Conjuncts {
    /// Takes a condition apart at its `AND`s. The left table has `width` columns.
    fn split(&mut self, condition: Typed, width: usize) {
        match condition.kind {
            TypedKind::Call {
                function,
                ref arguments,
                ..
            } if function.name == "and" => {
                for part in arguments {
                    self.split(part.clone(), width);
                }
            }
            TypedKind::Call {
                function,
                ref arguments,
                ..
            } if matches!(function.name, "=" | "<=>") => {
                match sides(&arguments[0], &arguments[1], width) {
                    Some(key) => {
                        self.keys.push(key);
                        self.null_safe.push(function.name == "<=>");
                    }
                    None => self.rest.push(condition),
                }
            }
            _ => self.rest.push(condition),
        }
    }
}

/// The expressions of an equality, if one is of the left table alone and the other of the right one.
fn sides(one: &Typed, other: &Typed, width: usize) -> Option<(Typed, Typed)> {
    let is_left =
        |typed: &Typed| !typed.columns().is_empty() && typed.columns().iter().all(|it| *it < width);
    let is_right = |typed: &Typed| {
        !typed.columns().is_empty() && typed.columns().iter().all(|it| *it >= width)
    };
    if is_left(one) && is_right(other) {
        Some((one.clone(), other.shifted(width)))
    } else if is_left(other) && is_right(one) {
        Some((other.clone(), one.shifted(width)))
    } else {
        None
    }
}

fn joined(left: TypedPlan, right: TypedPlan, kind: JoinKind, conjuncts: Conjuncts) -> TypedPlan {
    let nullable = |schema: &Schema, may_be_absent: bool| -> Vec<Field> {
        let fields = schema.fields().iter();
        fields
            .map(|field| Field {
                nullable: field.nullable || may_be_absent,
                ..field.clone()
            })
            .collect()
    };
    let of_left = nullable(
        &left.schema,
        matches!(kind, JoinKind::RightOuter | JoinKind::FullOuter),
    );
    let of_right = nullable(
        &right.schema,
        matches!(kind, JoinKind::LeftOuter | JoinKind::FullOuter),
    );
    let has_right = !matches!(kind, JoinKind::LeftSemi | JoinKind::LeftAnti);
    let schema = of_left
        .into_iter()
        .chain(of_right.into_iter().filter(|_| has_right))
        .collect();
    let condition = Typed::all(conjuncts.rest);
    TypedPlan {
        schema,
        node: TypedNode::Join(TypedJoin {
            left: Box::new(left),
            right: Box::new(right),
            kind,
            keys: conjuncts.keys,
            null_safe: conjuncts.null_safe,
            condition,
        }),
    }
}
