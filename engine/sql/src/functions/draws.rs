//! Random numbers of rows, and the places of rows in their partitions (`randomExpressions.scala`, `misc.scala`).
//!
//! Each partition has a generator of its own, of the seed and its number. All rows of a partition are given at once, so
//! that a row has the number of its place whether an expression needs it or not.

use engine::order::xor_shift_random::XorShiftRandom;
use engine::{DataType, Failure, FailureKind, Row, Value};

use crate::context::{Context, Session};
use crate::external::{External, ExternalFunction};
use crate::function::{
    ColumnText, Evaluate, Function, Gives, Mismatch, Nulls, Replaced, Takes, Type,
};
use crate::typed::{Typed, TypedKind};

/// The rows of a partition have numbers of this kind.
#[derive(Clone, Copy)]
enum Draws {
    /// From 0 up to 1, without it (`Rand`).
    Uniform(i64),
    /// Of the normal distribution (`Randn`).
    Normal(i64),
    /// The number of the partition in the upper bits, and of the row in the lower 33 (`MonotonicallyIncreasingID`).
    Increasing,
    /// The number of the partition (`SparkPartitionID`).
    Partition,
}

impl Draws {
    fn result(self) -> DataType {
        match self {
            Draws::Uniform(_) | Draws::Normal(_) => DataType::Double,
            Draws::Increasing => DataType::Long,
            Draws::Partition => DataType::Integer,
        }
    }

    fn of_partition(self, partition: usize, rows: usize) -> Vec<Value> {
        let number = partition as u64;
        let generator = |seed: i64| XorShiftRandom::new(seed.cast_unsigned().wrapping_add(number));
        let of_row: Box<dyn FnMut(usize) -> Value> = match self {
            Draws::Uniform(seed) => {
                let mut random = generator(seed);
                Box::new(move |_| Value::Double(random.next_double().into()))
            }
            Draws::Normal(seed) => {
                let mut random = generator(seed);
                let mut second = None;
                Box::new(move |_| {
                    let value = second.take().unwrap_or_else(|| {
                        let Pair { first, then } = Pair::draw(&mut random);
                        second = Some(then);
                        first
                    });
                    Value::Double(value.into())
                })
            }
            Draws::Increasing => {
                let first = (number << 33).cast_signed();
                Box::new(move |row| Value::Long(first + row as i64))
            }
            Draws::Partition => {
                let partition = i32::try_from(partition).unwrap_or(i32::MAX);
                Box::new(move |_| Value::Integer(partition))
            }
        };
        (0..rows).map(of_row).collect()
    }
}

/// Two numbers of the normal distribution (`java.util.Random.nextGaussian`).
struct Pair {
    first: f64,
    then: f64,
}

impl Pair {
    fn draw(random: &mut XorShiftRandom) -> Pair {
        loop {
            let first = 2.0 * random.next_double() - 1.0;
            let then = 2.0 * random.next_double() - 1.0;
            let square = first * first + then * then;
            if square < 1.0 && square != 0.0 {
                let by = (-2.0 * libm::log(square) / square).sqrt();
                return Pair {
                    first: first * by,
                    then: then * by,
                };
            }
        }
    }
}

impl External for Draws {
    fn value(&self, _: &[Value], _: &Context<'_>) -> Result<Value, Failure> {
        let message = "random numbers and places of rows are not there within a join, a generator or a window: select them \
                       as columns before";
        Err(Failure::new(FailureKind::Spark, message))
    }

    fn takes_partitions(&self) -> bool {
        true
    }

    fn values(
        &self,
        partition: usize,
        arguments: &[Row],
        _: &[DataType],
        _: &Context<'_>,
    ) -> Result<Vec<Value>, Failure> {
        Ok(self.of_partition(partition, arguments.len()))
    }
}

/// A call of such a function.
fn call(name: &str, draws: Draws) -> Option<Replaced> {
    let function = ExternalFunction::new(name, draws.result(), draws);
    let typed = Typed {
        data_type: draws.result(),
        nullable: false,
        kind: TypedKind::External {
            function: function.nondeterministic().apart(),
            arguments: Vec::new(),
        },
    };
    Some(typed.into())
}

/// The seed of a call, which is 0 of a `NULL`.
fn seed(name: &str, arguments: &[Typed], session: &Session) -> Result<i64, Mismatch> {
    let [given] = arguments else {
        return Err(Mismatch::new(
            Mismatch::UNCLASSIFIED,
            format!("{name}() without a seed has other numbers in each run: write {name}(seed)"),
        ));
    };
    if !matches!(
        given.data_type,
        DataType::Integer | DataType::Long | DataType::Null
    ) {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
            format!(
                "Parameter 1 requires the (\"INT\" or \"BIGINT\") type, however \"{{0}}\" has the type \"{}\".",
                given.data_type
            ),
        ));
    }
    if !given.is_foldable() {
        return Err(Mismatch::new(
            "SEED_EXPRESSION_IS_UNFOLDABLE",
            format!(
                "The seed expression \"{{0}}\" of the expression \"{name}({{0}})\" must be foldable."
            ),
        ));
    }
    let value = given.value(&[], &Context::without_moment(session));
    Ok(match value {
        Ok(Value::Integer(seed)) => seed.into(),
        Ok(Value::Long(seed)) => seed,
        _ => 0,
    })
}

/// A row of a function in whose place stands such a call.
const fn drawn(name: &'static str, takes: Takes, gives: DataType) -> Function {
    // There is always a call in its place.
    let evaluate = Evaluate::Eager(|_, _| Ok(Value::Null));
    Function::new(name, takes, Gives::Type(gives), evaluate).nulls(Nulls::Never)
}

fn no_uniform() -> Mismatch {
    Mismatch::new(
        Mismatch::UNCLASSIFIED,
        "`uniform` is not implemented: write rand(seed) * (max - min) + min",
    )
}

const SEED: Takes = Takes::Optional {
    required: 0,
    parameters: &[Type::Any],
};

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    drawn("rand", SEED, DataType::Double)
        .aliases(&["random"])
        .text(ColumnText::Named("rand"))
        .instead(|arguments, session| {
            Ok(call(
                "rand",
                Draws::Uniform(seed("rand", arguments, session)?),
            ))
        }),
    drawn("randn", SEED, DataType::Double).instead(|arguments, session| {
        Ok(call(
            "randn",
            Draws::Normal(seed("randn", arguments, session)?),
        ))
    }),
    drawn(
        "monotonically_increasing_id",
        Takes::Exactly(&[]),
        DataType::Long,
    )
    .instead(|_, _| Ok(call("monotonically_increasing_id", Draws::Increasing))),
    drawn("spark_partition_id", Takes::Exactly(&[]), DataType::Integer)
        .text(ColumnText::Named("SPARK_PARTITION_ID"))
        .instead(|_, _| Ok(call("spark_partition_id", Draws::Partition))),
    drawn(
        "uniform",
        Takes::By(|_, _| Err(no_uniform())),
        DataType::Double,
    )
    .since_4(),
];
