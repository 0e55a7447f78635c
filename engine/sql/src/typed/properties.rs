//! Properties of an expression that are seen without a row.

use std::ops::Range;

use super::{Typed, TypedKind};

impl Typed {
    /// The columns that it reads.
    pub fn columns(&self) -> Vec<usize> {
        let mut columns: Vec<usize> = self.as_column().into_iter().collect();
        columns.extend(self.children().iter().flat_map(Typed::columns));
        columns
    }

    /// Returns true if it reads no columns but those of which this is true.
    pub fn reads_only(&self, is_read: impl Fn(usize) -> bool) -> bool {
        self.columns().into_iter().all(is_read)
    }

    /// The columns that these expressions are, if they lie side by side in each row.
    pub fn side_by_side(expressions: &[Typed]) -> Option<Range<usize>> {
        let first = expressions.first()?.as_column()?;
        let columns = first..first + expressions.len();
        let places = expressions.iter().map(Typed::as_column);
        places.eq(columns.clone().map(Some)).then_some(columns)
    }

    /// Returns true if the value depends neither on the row nor on a lambda's parameter.
    pub fn is_foldable(&self) -> bool {
        match &self.kind {
            TypedKind::Literal(_) => true,
            TypedKind::Column(_)
            | TypedKind::Variable { .. }
            | TypedKind::Lambda(_)
            | TypedKind::External { .. }
            | TypedKind::Aggregate(_)
            | TypedKind::Over(_)
            | TypedKind::Outer(_) => false,
            TypedKind::Cast { operand, cast } => {
                operand.is_foldable() && !cast.depends_on_moment(operand)
            }
            TypedKind::Call {
                function,
                arguments,
                ..
            } => {
                function.is_deterministic
                    && function.is_foldable
                    && !function.is_of_moment
                    && arguments.iter().all(Typed::is_foldable)
            }
        }
    }

    /// Returns true if not all arguments are evaluated for each row (`ConditionalExpression`).
    fn is_conditional(&self) -> bool {
        match &self.kind {
            TypedKind::Call { function, .. } => {
                matches!(function.name, "case" | "if" | "coalesce" | "nanvl")
            }
            _ => false,
        }
    }

    /// The part of an expression that is a constant, though no literal, in no branch of a condition.
    pub(crate) fn unfolded(&self) -> Option<&Typed> {
        if self.as_literal().is_some() {
            return None;
        }
        if self.is_foldable() {
            return Some(self);
        }
        let mut parts = self.children().iter();
        (!self.is_conditional()).then(|| parts.find_map(Typed::unfolded))?
    }

    /// Returns true if the value is the same for the same row.
    pub fn is_deterministic(&self) -> bool {
        let is_one = match &self.kind {
            TypedKind::Call { function, .. } => function.is_deterministic,
            TypedKind::External { function, .. } => function.is_deterministic(),
            _ => true,
        };
        is_one && self.children().iter().all(Typed::is_deterministic)
    }

    /// Returns true if it is a call of a function that runs in a process of its own.
    pub(super) fn is_apart(&self) -> bool {
        matches!(&self.kind, TypedKind::External { function, .. } if function.is_apart())
    }

    /// Returns true if it is a call of a function that is given all rows of a partition at once.
    pub fn takes_partitions(&self) -> bool {
        matches!(&self.kind, TypedKind::External { function, .. } if function.takes_partitions())
    }

    /// Returns true if a call of a function of this name, which is given all rows of a partition at once, is part of it.
    pub fn calls_of_partition(&self, name: &str) -> bool {
        let is_call = |it: &Typed| match &it.kind {
            TypedKind::External { function, .. } => {
                function.takes_partitions() && function.name().as_str() == name
            }
            _ => false,
        };
        self.any_apart(&is_call)
    }

    /// Returns true if a call of such a function is part of it.
    pub(crate) fn has_apart(&self) -> bool {
        self.any_apart(&|_| true)
    }

    /// Returns true if it has a call of such a function for which `test` holds.
    pub(crate) fn any_apart(&self, test: &dyn Fn(&Typed) -> bool) -> bool {
        self.is_apart() && test(self) || self.children().iter().any(|it| it.any_apart(test))
    }

    /// Returns true if it reads a column of the row around a subquery.
    pub(crate) fn has_outer(&self) -> bool {
        matches!(self.kind, TypedKind::Outer(_)) || self.children().iter().any(Typed::has_outer)
    }

    /// Returns true if a lambda is part of it.
    pub(crate) fn has_lambda(&self) -> bool {
        matches!(self.kind, TypedKind::Lambda(_)) || self.children().iter().any(Typed::has_lambda)
    }

    /// Returns true if both are the same expression, and so have the same value in each row.
    pub fn is_same(&self, other: &Typed) -> bool {
        let parts = self.children();
        let others = other.children();
        self.data_type == other.data_type
            && self.is_same_kind(other)
            && parts.len() == others.len()
            && parts
                .iter()
                .zip(others)
                .all(|(one, other)| one.is_same(other))
    }

    /// The same, whatever the parts.
    fn is_same_kind(&self, other: &Typed) -> bool {
        use TypedKind::{
            Aggregate, Call, Cast, Column, External, Lambda, Literal, Outer, Over, Variable,
        };
        match (&self.kind, &other.kind) {
            (Column(one), Column(other))
            | (Aggregate(one), Aggregate(other))
            | (Over(one), Over(other))
            | (Outer(one), Outer(other)) => one == other,
            (Literal(one), Literal(other)) => one == other,
            (
                Variable { depth, index },
                Variable {
                    depth: other_depth,
                    index: other_index,
                },
            ) => depth == other_depth && index == other_index,
            (
                Call { function, .. },
                Call {
                    function: other, ..
                },
            ) => function.is_deterministic && std::ptr::eq(*function, *other),
            (
                External { function, .. },
                External {
                    function: other, ..
                },
            ) => function.is_deterministic() && function == other,
            (Cast { cast, .. }, Cast { cast: other, .. }) => cast == other,
            (Lambda(_), Lambda(_)) => true,
            _ => false,
        }
    }
}
