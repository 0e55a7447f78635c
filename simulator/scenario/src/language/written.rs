//! A value of the document: read by its type and bounds, or reported as a mistake.

use std::fmt::Display;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::table::{AnyKey, Shape, TomlTable};
use crate::Code;
use crate::diagnostics::Diagnostics;
use crate::elsewhere::answer;
use crate::mistake::Mistake;
use crate::quote::{list, quote};
use crate::suggest::nearest;

type Value<'a> = Spanned<DeValue<'a>>;

/// The time from batch to batch of the stream that a window is put on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slide {
    /// `None` if it is mistaken, so that nothing is compared with it.
    pub(crate) duration: Option<Duration>,
    /// Completes "a multiple of …".
    pub(crate) name: &'static str,
}

/// The surroundings of a value of the document.
#[derive(Clone, Copy)]
pub(crate) struct ReadContext<'a> {
    pub(crate) diagnostics: &'a Diagnostics,
    /// The table of the language for the top level of the document.
    pub(crate) top: &'static TomlTable,
    /// The slide of the stream that windows are put on.
    pub(crate) slide: Slide,
}

/// A value of the document, at a key of the language.
#[derive(Clone, Copy)]
pub(crate) struct Written<'a> {
    pub(crate) key: &'static dyn AnyKey,
    pub(crate) value: &'a Value<'a>,
    pub(crate) context: ReadContext<'a>,
}

impl<'a> Written<'a> {
    /// A part of the value, for which the same key holds.
    pub(crate) fn part(&self, value: &'a Value<'a>) -> Written<'a> {
        Written { value, ..*self }
    }

    /// The value as a text; a value of another type is reported.
    pub(crate) fn text(&self) -> Option<&'a str> {
        let noun = match self.key.shape() {
            Shape::Texts => "texts",
            _ => "text",
        };
        let text = self.value.get_ref().as_str();
        text.or_else(|| self.wrong_type(noun))
    }

    /// The items of the value, which is an array; a value of another type is reported.
    pub(crate) fn items(&self) -> Option<impl Iterator<Item = Written<'a>> + use<'a>> {
        let written = *self;
        let array = self.value.get_ref().as_array();
        let array = array.or_else(|| self.wrong_type(self.key.shape().noun()))?;
        Some(array.iter().map(move |item| written.part(item)))
    }

    /// The value as a whole number in the bounds of the key.
    pub(crate) fn integer(&self) -> Option<i64> {
        let [least, most] = match self.key.shape() {
            Shape::Integer(least, most) | Shape::Counts(least, most) => [least, most],
            _ => [i64::MIN, i64::MAX],
        };
        let Some(written) = self.value.get_ref().as_integer() else {
            return self.wrong_type_of(&self.subject(), "an integer");
        };
        let integer = i64::from_str_radix(written.as_str(), written.radix()).ok();
        integer
            .filter(|it| (least..=most).contains(it))
            .or_else(|| self.out_of_range(grouped(least), grouped(most)))
    }

    /// The value as a number in the bounds of the key.
    pub(crate) fn number(&self) -> Option<f64> {
        let [least, most] = match self.key.shape() {
            Shape::Number(least, most) => [least, most],
            _ => [f64::MIN, f64::MAX],
        };
        let digits = match self.value.get_ref() {
            DeValue::Integer(it) => it.as_str(),
            DeValue::Float(it) => it.as_str(),
            _ => return self.wrong_type(self.key.shape().noun()),
        };
        let number = digits.parse::<f64>().ok();
        number
            .filter(|it| (least..=most).contains(it))
            .or_else(|| self.out_of_range(least, most))
    }

    /// The value as a quantity with a unit, in quotes.
    pub(crate) fn quantity<T, E: Display>(
        &self,
        parse: fn(&str) -> Result<T, E>,
        code: Code,
        help: &str,
    ) -> Option<T> {
        let noun = self.key.shape().noun();
        let Some(text) = self.value.get_ref().as_str() else {
            return self.wrong_type(&format!("{noun} in quotes"));
        };
        let report = |error: E| {
            let message = format!("{} is not {noun}", quote(text));
            let mistake = code.at(self.value.span(), message);
            self.push(mistake.label(error.to_string()).help(help));
        };
        parse(text).map_err(report).ok()
    }

    /// The value as a table; a value of another type is reported.
    pub(crate) fn table(&self) -> Option<&'a DeTable<'a>> {
        let table = self.value.get_ref().as_table();
        table.or_else(|| match self.key.shape() {
            Shape::Tables(_) => self.wrong_type("tables"),
            _ => self.wrong_type("a table"),
        })
    }

    /// Reports a mistake in the value.
    pub(crate) fn push(&self, mistake: Mistake) {
        self.context.diagnostics.push(mistake);
    }

    /// Reports a value of another type than `expected`.
    pub(crate) fn wrong_type<T>(&self, expected: &str) -> Option<T> {
        self.wrong_type_of(&format!("`{}`", self.key.name()), expected)
    }

    fn wrong_type_of<T>(&self, subject: &str, expected: &str) -> Option<T> {
        let found = found(self.value.get_ref());
        let message = format!("{subject} takes {expected}, not {found}");
        let mistake = Code::WrongType.at(self.value.span(), message);
        self.push(mistake.label(found).help(self.help_for_type()));
        None
    }

    /// Reports a value that is not between `least` and `most`.
    pub(crate) fn out_of_range<T>(&self, least: impl Display, most: impl Display) -> Option<T> {
        self.refuse_value(format!("from {least} to {most}"))
    }

    /// Reports a value of the right type that is none of those that this describes.
    pub(crate) fn refuse_value<T>(&self, expected: String) -> Option<T> {
        let written = match self.value.get_ref() {
            DeValue::Integer(it) => it.to_string(),
            DeValue::Float(it) => it.to_string(),
            it => it.as_str().unwrap_or_default().to_owned(),
        };
        let message = format!("{} cannot be {}", self.subject(), quote(&written));
        let mistake = Code::OutOfRange.at(self.value.span(), message);
        self.push(mistake.label("out of range").help(expected));
        None
    }

    /// Reports an array without items; `or` is what would be right besides an item, if there is any.
    pub(crate) fn report_empty(&self, message: &str, label: &str, or: &str) {
        let array = self.value.get_ref().as_array();
        if array.is_some_and(|it| it.is_empty()) {
            let help = format!("for example\n{}{or}", self.key.text().example);
            let mistake = Code::NothingHappens.at(self.value.span(), message);
            self.push(mistake.label(label).help(help));
        }
    }

    fn help_for_type(&self) -> String {
        let name = self.key.name();
        match (self.key.shape(), self.value.get_ref()) {
            (Shape::Tables(_), DeValue::Table(_)) => {
                format!("`{name}` is an array: write `[[{name}]]`, in double brackets")
            }
            (Shape::Span(..), DeValue::Integer(it)) => {
                format!("a duration has a unit: \"{it}s\" for seconds, \"{it}ms\" for milliseconds")
            }
            (Shape::Word(_) | Shape::WordOr(..), _) => self.help_for_word(None),
            _ => format!("for example\n{}", self.key.text().example),
        }
    }

    /// The words that the key takes, and the one that `word` is nearest to.
    pub(crate) fn help_for_word(&self, word: Option<&str>) -> String {
        let words = self.key.shape().words();
        let names = || words.iter().map(|(name, _)| *name);
        let hint = word.and_then(|word| {
            let answer = answer(word, self.key.name()).map(|answer| format!("{answer}; "));
            let near = || Some(format!("did you mean `{}`? ", nearest(word, names())?));
            let of_another = || {
                let key = self.context.top.key_with(word)?;
                Some(format!("{} is a word of `{}`; ", quote(word), key.name()))
            };
            answer.or_else(near).or_else(of_another)
        });
        let mut help = format!("{}allowed: {}", hint.unwrap_or_default(), list(names()));
        if let Some(table) = self.key.shape().table() {
            let examples = table.keys.iter().map(|key| key.text().example);
            let examples: Vec<String> = examples.map(|it| format!("`{{ {it} }}`")).collect();
            help.push_str(", or a table such as ");
            help.push_str(&examples.join(", "));
        }
        help
    }

    /// The noun for a plain value of the key.
    fn subject(&self) -> String {
        let name = self.key.name();
        match self.key.shape() {
            Shape::Counts(..) => format!("a count in `{name}`"),
            Shape::Totals => format!("a total in `{name}`"),
            _ => format!("`{name}`"),
        }
    }
}

/// The keys and values of a table in the order written.
pub(crate) fn in_order<'a>(
    table: &'a DeTable<'a>,
) -> Vec<(&'a Spanned<DeString<'a>>, &'a Value<'a>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn found(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a number with decimals",
        DeValue::Boolean(true) => "true",
        DeValue::Boolean(false) => "false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}

/// An integer as TOML may write it, with `_` between the groups of a long one.
pub(crate) fn grouped(integer: i64) -> String {
    let digits = integer.unsigned_abs().to_string();
    let is_group_start =
        |index: usize| digits.len() > 4 && index > 0 && (digits.len() - index).is_multiple_of(3);
    let mut grouped = String::from(if integer < 0 { "-" } else { "" });
    for (index, digit) in digits.char_indices() {
        if is_group_start(index) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}
