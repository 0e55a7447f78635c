//! Expressions made of others by another part in the place of one.

use engine::DataType;

use super::{Typed, TypedKind};
use crate::functions;

impl Typed {
    /// Puts other parts in the place of those for which `replace` has one, the outermost first.
    pub fn rewrite(&mut self, replace: &mut dyn FnMut(&Typed) -> Option<Typed>) {
        if let Some(other) = replace(self) {
            *self = other;
            return;
        }
        for child in self.children_mut() {
            child.rewrite(replace);
        }
    }

    /// The same expression over a table without its first columns, which it does not read.
    pub fn shifted(mut self, first: usize) -> Typed {
        self.renumber(|column| Some(column - first));
        self
    }

    /// Has it read the same columns at other places: each where `place` has it, or where it was.
    pub(crate) fn renumber(&mut self, place: impl Fn(usize) -> Option<usize>) {
        self.rewrite(&mut |part| {
            let place = place(part.as_column()?)?;
            Some(part.in_column(place))
        });
    }

    /// The column of this index, which has the value of the expression.
    pub(crate) fn in_column(&self, index: usize) -> Typed {
        Typed::column(index, self.data_type.clone(), self.nullable)
    }

    /// An expression over the columns of a `SELECT` as one over the table below.
    pub(crate) fn substituted(mut self, columns: &[Typed]) -> Typed {
        self.rewrite(&mut |part| part.as_column().map(|index| columns[index].clone()));
        self
    }

    /// Puts columns behind those of the row, from `first` on, in the place of calls of such functions whose arguments have
    /// none, and adds the calls to `calls`, each once.
    pub(crate) fn take_calls(&mut self, first: usize, calls: &mut Vec<Typed>) {
        if !self.is_apart() || self.children().iter().any(Typed::has_apart) {
            for child in self.children_mut() {
                child.take_calls(first, calls);
            }
            return;
        }
        let place = calls.iter().position(|call| call.is_same(self));
        let column = self.in_column(first + place.unwrap_or(calls.len()));
        let call = std::mem::replace(self, column);
        if place.is_none() {
            calls.push(call);
        }
    }

    /// The conditions that must all be true for this one to be: it is taken apart at its `AND`s.
    pub fn conjuncts(self) -> Vec<Typed> {
        match self.kind {
            TypedKind::Call {
                function,
                arguments,
                ..
            } if function.name == "and" => {
                arguments.into_iter().flat_map(Typed::conjuncts).collect()
            }
            _ => vec![self],
        }
    }

    /// The condition that holds if all of these do; `None` of none.
    pub(crate) fn all(conditions: Vec<Typed>) -> Option<Typed> {
        let and = functions::find("and").expect("it is in the table");
        conditions.into_iter().reduce(|one, other| Typed {
            nullable: one.nullable || other.nullable,
            data_type: DataType::Boolean,
            kind: TypedKind::Call {
                function: and,
                arguments: vec![one, other],
                prepared: None,
            },
        })
    }
}
