//! A generator: a function that makes rows of a row (`org.apache.spark.sql.catalyst.expressions.Generator`).

use std::fmt;

use engine::{StructField, Value};

use crate::context::{Context, Session};
use crate::function::{Mismatch, Takes};
use crate::rows::{EachRow, Flow};
use crate::typed::Typed;

/// The columns of a call with these arguments.
type Columns = fn(&[Typed], &Session) -> Result<Vec<StructField>, Mismatch>;

/// Hands the rows of these values, each of this number of columns, to the reader until it breaks.
type Generate = fn(&[Value], usize, &Context<'_>, &mut EachRow<'_>) -> Flow;

/// A generator.
pub struct Generator {
    /// The name in SQL, in lower case.
    pub name: &'static str,
    /// The types of its arguments.
    pub takes: Takes,
    /// The columns that it makes.
    pub columns: Columns,
    /// The rows that it makes of the values of its arguments.
    pub generate: Generate,
    /// A row of which it makes none stays, with `NULL`s (`explode_outer`).
    pub is_outer: bool,
}

impl Generator {
    /// A call of the generator, whose arguments are resolved already: casts them, and finds its columns.
    ///
    /// # Errors
    ///
    /// The generator does not take these arguments.
    pub fn typed(
        &'static self,
        mut arguments: Vec<Typed>,
        session: &Session,
    ) -> Result<TypedGenerator, Mismatch> {
        self.takes.coerce(self.name, &mut arguments, session)?;
        let mut columns = (self.columns)(&arguments, session)?;
        for column in &mut columns {
            column.nullable |= self.is_outer;
        }
        Ok(TypedGenerator {
            generator: self,
            arguments,
            columns,
        })
    }
}

impl fmt::Debug for Generator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A call of a generator.
#[derive(Clone, Debug)]
pub struct TypedGenerator {
    /// The generator.
    pub generator: &'static Generator,
    /// Its arguments, cast to the types that it takes.
    pub arguments: Vec<Typed>,
    /// The columns that it makes.
    pub columns: Vec<StructField>,
}

impl TypedGenerator {
    /// Hands the columns that it makes of a row to `each`, row by row, until it breaks.
    pub fn rows(&self, row: &[Value], context: &Context<'_>, each: &mut EachRow<'_>) -> Flow {
        let values = Typed::values(&self.arguments, row, context)?;
        (self.generator.generate)(&values, self.columns.len(), context, each)
    }
}
