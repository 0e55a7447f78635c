//! Words that a key may take, each with its meaning.

use super::table::{KindValue, WordList};
use super::written::Written;
use crate::Code;
use crate::quote::quote;

/// The words a key may take: each with its meaning and one line about it.
pub(crate) struct Keywords<T: 'static>(pub(crate) &'static [(&'static str, T, &'static str)]);

/// Declares [`Keywords`], with the choice that they mean or of one that there is: of each meaning its word and
/// one line about it.
macro_rules! keywords {
    ($vis:vis $keywords:ident of $choice:ty; $($meaning:path = $word:literal, $doc:literal;)+) => {
        $vis static $keywords: $crate::language::Keywords<$choice> =
            $crate::language::Keywords(&[$(($word, $meaning, $doc)),+]);
    };
    (
        $(#[$attribute:meta])*
        $vis:vis enum $choice:ident, $list_vis:vis $keywords:ident;
        $($(#[$of_meaning:meta])* $meaning:ident = $word:literal, $doc:literal;)+
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $choice {
            $($(#[$of_meaning])* $meaning,)+
        }

        keywords! { $list_vis $keywords of $choice; $($choice::$meaning = $word, $doc;)+ }
    };
}

pub(crate) use keywords;

impl<T: Sync> WordList for Keywords<T> {
    fn list(&self) -> Vec<(&'static str, &'static str)> {
        self.0.iter().map(|(word, _, doc)| (*word, *doc)).collect()
    }
}

impl<T: KindValue> Keywords<T> {
    /// The meaning of `word`, if it is one of these.
    pub(crate) fn meaning(&self, word: &str) -> Option<T> {
        let found = self.0.iter().find(|(name, _, _)| *name == word)?;
        Some(found.1.clone())
    }

    /// The word that means `meaning`, if there is one.
    pub(crate) fn word(&self, meaning: &T) -> Option<&'static str> {
        let found = self.0.iter().find(|(_, it, _)| it == meaning)?;
        Some(found.0)
    }

    /// The meaning of a value that is one of these words, or its mistake.
    pub(super) fn read(&self, written: &Written) -> Option<T> {
        let Some(word) = written.value.get_ref().as_str() else {
            return written.wrong_type(written.key.shape().noun());
        };
        self.meaning(word).or_else(|| {
            let message = format!("`{}` cannot be {}", written.key.name(), quote(word));
            let mistake = Code::UnknownWord.at(written.value.span(), message);
            let help = written.help_for_word(Some(word));
            written.push(mistake.label("unknown word").help(help));
            None
        })
    }
}
