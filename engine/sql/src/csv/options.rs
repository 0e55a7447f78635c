//! The options of lines of CSV (`org.apache.spark.sql.catalyst.csv.CSVOptions`).

use engine::Text;

use crate::context::Session;
use crate::function::Mismatch;
use crate::json::{ParseMode, boolean, unsupported};
use crate::time_formats::TimeFormats;

/// The options of a reader or a writer.
#[derive(Clone, Debug)]
pub struct CsvOptions {
    pub(crate) mode: ParseMode,
    pub(crate) corrupt_column: Text,
    pub(crate) times: TimeFormats,
    pub(crate) separator: String,
    /// `None` if nothing is quoted.
    pub(crate) quote: Option<char>,
    pub(crate) escape: char,
    pub(crate) comment: Option<char>,
    pub(crate) null_value: String,
    /// The value of two quotes with nothing between; of a writer these two by default.
    pub(crate) empty_value: Option<String>,
    pub(crate) nan: String,
    pub(crate) positive_infinity: String,
    pub(crate) negative_infinity: String,
    /// Blanks at the ends of values do not count; of a reader they do by default.
    pub(crate) trims_start: Option<bool>,
    pub(crate) trims_end: Option<bool>,
    pub(crate) quotes_all: bool,
    pub(crate) escapes_quotes: bool,
}

impl CsvOptions {
    /// The options of these names, whatever their case, and values.
    ///
    /// # Errors
    ///
    /// An option that Spark has and this engine does not, one that is unknown, or a value that it cannot have.
    pub fn new<'a>(
        options: impl IntoIterator<Item = (&'a str, &'a str)>,
        session: &Session,
    ) -> Result<CsvOptions, Mismatch> {
        let mut all = CsvOptions {
            mode: ParseMode::Permissive,
            corrupt_column: "_corrupt_record".into(),
            times: TimeFormats::new(session),
            separator: ",".to_owned(),
            quote: Some('"'),
            escape: '\\',
            comment: None,
            null_value: String::new(),
            empty_value: None,
            nan: "NaN".to_owned(),
            positive_infinity: "Inf".to_owned(),
            negative_infinity: "-Inf".to_owned(),
            trims_start: None,
            trims_end: None,
            quotes_all: false,
            escapes_quotes: true,
        };
        for (name, value) in options {
            all.set(name, value)?;
        }
        Ok(all)
    }

    /// True of a line that is a comment.
    pub(crate) fn is_comment(&self, line: &str) -> bool {
        self.comment
            .is_some_and(|comment| line.starts_with(comment))
    }

    /// True of a line that is neither blank nor a comment (`CSVExprUtils.filterCommentAndEmpty`).
    pub fn has_values(&self, line: &str) -> bool {
        !self.is_comment(line) && line.chars().any(|it| it > ' ')
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Mismatch> {
        let lower = name.to_ascii_lowercase();
        if self.times.set(&lower, value)? {
            return Ok(());
        }
        match lower.as_str() {
            "mode" => self.mode = ParseMode::of(value),
            "columnnameofcorruptrecord" => self.corrupt_column = value.into(),
            "locale" if matches!(value, "en-US" | "en_US") => {}
            "sep" | "delimiter" => self.separator = separator(value)?,
            "quote" => self.quote = character(name, value)?,
            "escape" => self.escape = character(name, value)?.unwrap_or('\0'),
            "comment" => self.comment = character(name, value)?,
            "nullvalue" => value.clone_into(&mut self.null_value),
            "emptyvalue" => self.empty_value = Some(value.to_owned()),
            "nanvalue" => value.clone_into(&mut self.nan),
            "positiveinf" => value.clone_into(&mut self.positive_infinity),
            "negativeinf" => value.clone_into(&mut self.negative_infinity),
            "ignoreleadingwhitespace" => self.trims_start = Some(boolean(name, value)?),
            "ignoretrailingwhitespace" => self.trims_end = Some(boolean(name, value)?),
            "quoteall" => self.quotes_all = boolean(name, value)?,
            "escapequotes" => self.escapes_quotes = boolean(name, value)?,
            _ => return Err(unsupported("CSV", name, value)),
        }
        Ok(())
    }
}

/// A separator, in which `\t` and the like stand for a character (`CSVExprUtils.toDelimiterStr`).
fn separator(value: &str) -> Result<String, Mismatch> {
    let refused = |message: &str| Err(Mismatch::new("INVALID_DELIMITER_VALUE", message));
    match value {
        "" => refused("Delimiter cannot be empty string"),
        "\\t" => Ok("\t".to_owned()),
        "\\\\" => Ok("\\".to_owned()),
        _ if value.starts_with('\\') => refused("Unsupported special character for delimiter"),
        _ => Ok(value.to_owned()),
    }
}

/// A character; `None` of an empty text.
fn character(name: &str, value: &str) -> Result<Option<char>, Mismatch> {
    let mut characters = value.chars();
    match (characters.next(), characters.next()) {
        (None | Some('\0'), None) => Ok(None),
        (Some(one), None) => Ok(Some(one)),
        _ => Err(Mismatch::new(
            "INVALID_OPTIONS",
            format!("{name} cannot be more than one character"),
        )),
    }
}
