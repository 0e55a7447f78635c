//! Joins: the columns of the result, and the conditions that are equalities.

use engine::{DataType, Text};

use super::external::check_join;
use super::union::index_of;
use super::{Analyzer, column_of, projected};
use crate::attribute::{Attribute, Origin};
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::function::Function;
use crate::functions;
use crate::plan::{JoinCondition, JoinKind, LogicalPlan, TypedJoin, TypedNode, TypedPlan};
use crate::resolve::common_type;
use crate::schema::{Field, Schema};

impl Analyzer<'_> {
    pub(super) fn join(
        &mut self,
        plan: &LogicalPlan,
        left: &LogicalPlan,
        right: &LogicalPlan,
        kind: JoinKind,
        condition: &JoinCondition,
    ) -> Result<TypedPlan, AnalysisError> {
        let table = right;
        let hints = [left.join_hint(), right.join_hint()];
        let left = self.analyze(left)?;
        let mut right = self.analyze(right)?;
        right.schema = distinguished(&right.schema, &left.schema, plan, table);
        let join = TypedJoin {
            hints,
            ..TypedJoin::new(left, right, kind)
        };
        self.join_by(join, condition)
    }

    /// The pairs of a join.
    fn join_by(
        &mut self,
        join: TypedJoin,
        condition: &JoinCondition,
    ) -> Result<TypedPlan, AnalysisError> {
        match condition {
            JoinCondition::None => Ok(joined(join)),
            JoinCondition::On(written) => self.join_on(join, written),
            JoinCondition::Using(names) => self.join_using(join, names),
            JoinCondition::Natural => {
                let of_left = join.left.schema.fields().iter();
                let of_right = &join.right.schema;
                let common = of_left.filter(|field| index_of(of_right, &field.name).is_ok());
                let names: Vec<Text> = common.map(|field| field.name.clone()).collect();
                self.join_using(join, &names)
            }
        }
    }

    fn join_on(
        &mut self,
        mut join: TypedJoin,
        written: &Expression,
    ) -> Result<TypedPlan, AnalysisError> {
        let both = both(&join.left.schema, &join.right.schema);
        let width = join.left.schema.fields().len();
        let resolver = self.resolver(&both);
        let typed = resolver.with_left_table(width).resolve(written)?;
        if typed.data_type != DataType::Boolean {
            return Err(AnalysisError::new(
                "JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE",
                format!(
                    "The join condition \"{}\" has the invalid type \"{}\", expected \"BOOLEAN\".",
                    written.name(),
                    typed.data_type
                ),
            )
            .at(written.span));
        }
        check_join(&typed, join.kind, width)?;
        join.require(typed.conjuncts());
        Ok(joined(join))
    }

    /// Pairs with the same values in these columns, which come first and once.
    fn join_using(&mut self, join: TypedJoin, names: &[Text]) -> Result<TypedPlan, AnalysisError> {
        let TypedJoin {
            left, right, kind, ..
        } = &join;
        let mut keys = Vec::new();
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
            keys.push((one, other));
            places.push((of_left, of_right));
        }
        let width = left.schema.fields().len();
        let kind = *kind;
        let plan = joined(TypedJoin {
            null_safe: vec![false; keys.len()],
            keys,
            ..join
        });
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
            let origin = column.as_column().and_then(|it| fields[it].origin.clone());
            named.push(Field {
                origin,
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

/// The columns of the right table of a join, where those that the left one has, too, are other columns.
fn distinguished(right: &Schema, left: &Schema, join: &LogicalPlan, table: &LogicalPlan) -> Schema {
    let of_left = |origin: &Origin| {
        let mut fields = left.fields().iter();
        fields.any(|field| field.origin.as_ref() == Some(origin))
    };
    let fields = right.fields().iter().enumerate().map(|(index, field)| {
        let shared = field.origin.clone().filter(of_left);
        let other = shared.map(|origin| {
            let column = Attribute {
                origin,
                name: field.name.clone(),
                table: Some(table.clone()),
            };
            Origin::in_place_of(join, index, column)
        });
        Field {
            origin: other.or_else(|| field.origin.clone()),
            ..field.clone()
        }
    });
    fields.collect()
}

/// The columns of the left table, then those of the right one.
fn both(left: &Schema, right: &Schema) -> Schema {
    left.fields()
        .iter()
        .chain(right.fields())
        .cloned()
        .collect()
}

/// The table of a join: the columns of a side whose row may be absent may be `NULL`.
pub(super) fn joined(join: TypedJoin) -> TypedPlan {
    let kind = join.kind;
    let fields = |side: &TypedPlan, may_be_absent: bool| {
        let fields = side.schema.fields().iter().cloned();
        let fields = fields.map(|field| Field {
            nullable: field.nullable || may_be_absent,
            ..field
        });
        fields.collect::<Vec<_>>()
    };
    let may_be_absent = matches!(kind, JoinKind::RightOuter | JoinKind::FullOuter);
    let mut schema = fields(&join.left, may_be_absent);
    if !matches!(kind, JoinKind::LeftSemi | JoinKind::LeftAnti) {
        let may_be_absent = matches!(kind, JoinKind::LeftOuter | JoinKind::FullOuter);
        schema.extend(fields(&join.right, may_be_absent));
    }
    TypedPlan {
        span: None,
        schema: schema.into_iter().collect(),
        node: TypedNode::Join(join),
    }
}
