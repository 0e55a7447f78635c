//! The options of JSON texts (`org.apache.spark.sql.catalyst.json.JSONOptions`).

use engine::Text;

use crate::context::Session;
use crate::function::Mismatch;
use crate::time_formats::TimeFormats;

/// The treatment of a text that does not fit the schema (`org.apache.spark.sql.catalyst.util.ParseMode`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ParseMode {
    /// A row with `NULL`s in the place of what is wrong.
    #[default]
    Permissive,
    /// No row.
    DropMalformed,
    /// The query fails.
    FailFast,
}

impl ParseMode {
    /// The mode of this name; `PERMISSIVE` of one that is unknown.
    pub(crate) fn of(name: &str) -> ParseMode {
        match name.to_uppercase().as_str() {
            "DROPMALFORMED" => ParseMode::DropMalformed,
            "FAILFAST" => ParseMode::FailFast,
            _ => ParseMode::Permissive,
        }
    }
}

/// The options of a reader or a writer.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub struct JsonOptions {
    pub(crate) mode: ParseMode,
    pub(crate) corrupt_column: Text,
    pub(crate) times: TimeFormats,
    pub(crate) syntax: Syntax,
    pub(crate) primitives_as_string: bool,
    pub(crate) prefers_decimal: bool,
    pub(crate) infer_timestamp: bool,
    pub(crate) ignore_null_fields: bool,
    pub(crate) pretty: bool,
}

/// Texts that are taken although they are no JSON.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub(crate) struct Syntax {
    pub(crate) comments: bool,
    pub(crate) unquoted_names: bool,
    pub(crate) single_quotes: bool,
    pub(crate) leading_zeros: bool,
    pub(crate) non_numeric_numbers: bool,
    pub(crate) any_escape: bool,
    pub(crate) control_characters: bool,
}

impl Syntax {
    /// Of `get_json_object` and its relatives, which Hive had.
    pub(crate) const HIVE: Syntax = Syntax {
        comments: false,
        unquoted_names: false,
        single_quotes: true,
        leading_zeros: false,
        non_numeric_numbers: false,
        any_escape: false,
        control_characters: true,
    };

    /// Of `from_json` without options.
    const DEFAULT: Syntax = Syntax {
        non_numeric_numbers: true,
        control_characters: false,
        ..Syntax::HIVE
    };
}

impl JsonOptions {
    /// The options of these names, whatever their case, and values.
    ///
    /// # Errors
    ///
    /// An option that Spark has and this engine does not, one that is unknown, or a value that it cannot have.
    pub fn new<'a>(
        options: impl IntoIterator<Item = (&'a str, &'a str)>,
        session: &Session,
    ) -> Result<JsonOptions, Mismatch> {
        let mut all = JsonOptions {
            mode: ParseMode::Permissive,
            corrupt_column: "_corrupt_record".into(),
            times: TimeFormats::new(session),
            syntax: Syntax::DEFAULT,
            primitives_as_string: false,
            prefers_decimal: false,
            infer_timestamp: false,
            ignore_null_fields: true,
            pretty: false,
        };
        for (name, value) in options {
            all.set(name, value)?;
        }
        Ok(all)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Mismatch> {
        let lower = name.to_ascii_lowercase();
        if self.times.set(&lower, value)? {
            return Ok(());
        }
        let syntax = &mut self.syntax;
        let flag = match lower.as_str() {
            "mode" => {
                self.mode = ParseMode::of(value);
                return Ok(());
            }
            "columnnameofcorruptrecord" => {
                self.corrupt_column = value.into();
                return Ok(());
            }
            "locale" if matches!(value, "en-US" | "en_US") => return Ok(()),
            "allowcomments" => &mut syntax.comments,
            "allowunquotedfieldnames" => &mut syntax.unquoted_names,
            "allowsinglequotes" => &mut syntax.single_quotes,
            "allownumericleadingzeros" => &mut syntax.leading_zeros,
            "allownonnumericnumbers" => &mut syntax.non_numeric_numbers,
            "allowbackslashescapinganycharacter" => &mut syntax.any_escape,
            "allowunquotedcontrolchars" => &mut syntax.control_characters,
            "primitivesasstring" => &mut self.primitives_as_string,
            "prefersdecimal" => &mut self.prefers_decimal,
            "infertimestamp" => &mut self.infer_timestamp,
            "ignorenullfields" => &mut self.ignore_null_fields,
            "pretty" => &mut self.pretty,
            _ => return Err(unsupported("JSON", name, value)),
        };
        *flag = boolean(name, value)?;
        Ok(())
    }
}

/// A flag of an option.
pub(crate) fn boolean(name: &str, value: &str) -> Result<bool, Mismatch> {
    match value.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Mismatch::new(
            "INVALID_OPTIONS",
            format!("the option `{name}` is true or false, not '{value}'"),
        )),
    }
}

/// An option, or a value of one, that is not implemented.
pub(crate) fn unsupported(format: &str, name: &str, value: &str) -> Mismatch {
    Mismatch::new(
        Mismatch::UNCLASSIFIED,
        format!("the {format} option `{name}` = '{value}' is not supported here: leave it out"),
    )
}
