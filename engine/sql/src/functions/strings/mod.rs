//! Functions of texts (`org.apache.spark.sql.catalyst.expressions.stringExpressions`).

mod case;
mod changed;
mod edges;
mod joined;
mod measures;
mod parts;
mod search;
mod types;
mod utf8;

use engine::{DataType, Failure, Value};

use crate::function::{CallInfo, ColumnText, Evaluate, Function, Gives, Nulls, Takes, Type};

/// An evaluation of values that are not `NULL`.
type Strict = fn(&[Value], &CallInfo<'_>) -> Result<Value, Failure>;

const STRING: Gives = Gives::Type(DataType::String);
const INTEGER: Gives = Gives::Type(DataType::Integer);
const BOOLEAN: Gives = Gives::Type(DataType::Boolean);

const TEXT: &[Type] = &[Type::String];
const TWO_TEXTS: &[Type] = &[Type::String, Type::String];

/// A function of texts that gives a text.
const fn of_texts(name: &'static str, takes: &'static [Type], evaluate: Strict) -> Function {
    Function::new(
        name,
        Takes::Exactly(takes),
        STRING,
        Evaluate::Strict(evaluate),
    )
}

/// A function of texts, the last of which may be left out, that gives a text.
const fn optional(
    name: &'static str,
    required: usize,
    parameters: &'static [Type],
    evaluate: Strict,
) -> Function {
    let takes = Takes::Optional {
        required,
        parameters,
    };
    Function::new(name, takes, STRING, Evaluate::Strict(evaluate))
}

/// A function of texts that gives a number.
const fn number(name: &'static str, takes: &'static [Type], evaluate: Strict) -> Function {
    Function::new(
        name,
        Takes::Exactly(takes),
        INTEGER,
        Evaluate::Strict(evaluate),
    )
}

/// A function that says of two texts, or of two binaries, if something holds.
const fn predicate(name: &'static str, takes: Takes, evaluate: Strict) -> Function {
    Function::new(name, takes, BOOLEAN, Evaluate::Strict(evaluate)).nulls(Nulls::By(
        |arguments, _| {
            // One of binaries is a call of a method of the JVM, of which nothing is known.
            arguments
                .iter()
                .any(|it| it.nullable || it.data_type == DataType::Binary)
        },
    ))
}

macro_rules! trim_text {
    ($ends:literal) => {
        ColumnText::By(|arguments| match arguments {
            [characters, text] => {
                format!(concat!("TRIM(", $ends, " {} FROM {})"), characters, text)
            }
            _ => format!("{}({})", trim_name($ends), arguments.join(", ")),
        })
    };
}

fn trim_name(ends: &str) -> &'static str {
    match ends {
        "LEADING" => "ltrim",
        "TRAILING" => "rtrim",
        _ => "trim",
    }
}

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    of_texts("upper", TEXT, case::upper).aliases(&["ucase"]),
    of_texts("lower", TEXT, case::lower).aliases(&["lcase"]),
    of_texts("initcap", TEXT, case::initcap),
    optional("trim", 1, TWO_TEXTS, edges::trim).text(trim_text!("BOTH")),
    optional("ltrim", 1, TWO_TEXTS, edges::ltrim).text(trim_text!("LEADING")),
    optional("rtrim", 1, TWO_TEXTS, edges::rtrim).text(trim_text!("TRAILING")),
    optional("btrim", 1, TWO_TEXTS, edges::btrim),
    Function::new(
        "lpad",
        Takes::By(|arguments, session| types::padded("lpad", arguments, session)),
        Gives::Argument(0),
        Evaluate::Strict(edges::lpad),
    )
    .instead(|arguments, session| types::padded_by_zeros("lpad", arguments, session))
    .text(ColumnText::Filled(3, &[" "])),
    Function::new(
        "rpad",
        Takes::By(|arguments, session| types::padded("rpad", arguments, session)),
        Gives::Argument(0),
        Evaluate::Strict(edges::rpad),
    )
    .instead(|arguments, session| types::padded_by_zeros("rpad", arguments, session))
    .text(ColumnText::Filled(3, &[" "])),
    Function::new(
        "substring",
        Takes::Optional {
            required: 2,
            parameters: &[Type::StringOrBinary, Type::Integer, Type::Integer],
        },
        Gives::Argument(0),
        Evaluate::Strict(parts::substring),
    )
    .aliases(&["substr"])
    .text(ColumnText::Filled(3, &["2147483647"])),
    Function::new(
        "left",
        Takes::Exactly(&[Type::StringOrBinary, Type::Integer]),
        Gives::Argument(0),
        Evaluate::Strict(parts::left),
    ),
    of_texts("right", &[Type::String, Type::Integer], parts::right).nulls(Nulls::Always),
    of_texts(
        "split_part",
        &[Type::String, Type::String, Type::Integer],
        parts::split_part,
    )
    .nulls(Nulls::Always),
    of_texts(
        "substring_index",
        &[Type::String, Type::String, Type::Integer],
        parts::substring_index,
    ),
    Function::new(
        "elt",
        Takes::By(types::elt),
        Gives::Argument(1),
        Evaluate::Eager(parts::elt),
    )
    .unfoldable()
    .nulls(Nulls::Always),
    number("instr", TWO_TEXTS, search::instr),
    Function::new(
        "locate",
        Takes::Optional {
            required: 2,
            parameters: &[Type::String, Type::String, Type::Integer],
        },
        INTEGER,
        Evaluate::Eager(search::locate),
    )
    .aliases(&["position"])
    .text(ColumnText::Filled(3, &["1"]))
    .nulls(Nulls::By(|arguments, _| {
        arguments[..2].iter().any(|it| it.nullable)
    })),
    predicate(
        "contains",
        Takes::By(|arguments, session| types::two("contains", arguments, session)),
        search::contains,
    ),
    predicate(
        "startswith",
        Takes::By(|arguments, session| types::two("startswith", arguments, session)),
        search::startswith,
    ),
    predicate(
        "endswith",
        Takes::By(|arguments, session| types::two("endswith", arguments, session)),
        search::endswith,
    ),
    number("find_in_set", TWO_TEXTS, search::find_in_set),
    Function::new(
        "concat",
        Takes::By(joined::concat_types),
        Gives::By(joined::concat_type),
        Evaluate::Strict(joined::concat),
    )
    .aliases(&["||"])
    .text(ColumnText::Named("concat")),
    Function::new(
        "concat_ws",
        Takes::By(joined::concat_ws_types),
        STRING,
        Evaluate::Eager(joined::concat_ws),
    )
    .nulls(Nulls::By(|arguments, _| arguments[0].nullable)),
    of_texts("repeat", &[Type::String, Type::Integer], joined::repeat),
    of_texts("space", &[Type::Integer], joined::space),
    Function::new(
        "reverse",
        Takes::By(types::reversed),
        Gives::Argument(0),
        Evaluate::Strict(joined::reverse),
    ),
    optional("replace", 2, &[Type::String; 3], changed::replace).text(ColumnText::Filled(3, &[""])),
    of_texts("translate", &[Type::String; 3], changed::translate),
    Function::new(
        "overlay",
        Takes::Optional {
            required: 3,
            parameters: &[
                Type::StringOrBinary,
                Type::StringOrBinary,
                Type::Integer,
                Type::Integer,
            ],
        },
        Gives::Argument(0),
        Evaluate::Strict(changed::overlay),
    )
    .text(ColumnText::Filled(4, &["-1"])),
    Function::new(
        "mask",
        Takes::By(types::mask),
        STRING,
        Evaluate::Eager(changed::mask),
    )
    .text(ColumnText::Filled(5, &["X", "x", "n", "NULL"]))
    .nulls(Nulls::Always),
    number("length", &[Type::StringOrBinary], measures::length).aliases(&[
        "char_length",
        "character_length",
        "len",
    ]),
    number(
        "octet_length",
        &[Type::StringOrBinary],
        measures::octet_length,
    ),
    number("bit_length", &[Type::StringOrBinary], measures::bit_length),
    number("ascii", TEXT, measures::ascii),
    Function::new(
        "levenshtein",
        Takes::Optional {
            required: 2,
            parameters: &[Type::String, Type::String, Type::Integer],
        },
        INTEGER,
        Evaluate::Strict(measures::levenshtein),
    ),
    of_texts("soundex", TEXT, measures::soundex),
    predicate("luhn_check", Takes::Exactly(TEXT), measures::luhn_check).nulls(Nulls::Always),
    predicate(
        "is_valid_utf8",
        Takes::Exactly(&[Type::StringOrBinary]),
        utf8::is_valid,
    )
    .nulls(Nulls::Always)
    .since_4(),
    of_texts("make_valid_utf8", &[Type::StringOrBinary], utf8::make_valid)
        .nulls(Nulls::Always)
        .since_4(),
    of_texts("validate_utf8", &[Type::StringOrBinary], utf8::validate)
        .nulls(Nulls::Always)
        .since_4(),
    of_texts(
        "try_validate_utf8",
        &[Type::StringOrBinary],
        utf8::try_validate,
    )
    .nulls(Nulls::Always)
    .since_4(),
    of_texts("quote", TEXT, utf8::quote)
        .nulls(Nulls::Always)
        .since_4(),
];
