//! One mistake of a text: its kind, its message, its labels and its help.

use std::ops::Range;

use crate::Code;

/// A part of the text and the words beside it.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    /// Byte offsets in the text.
    pub(crate) span: Range<usize>,
    /// The words.
    pub(crate) text: String,
}

/// A mistake whose position in the text is not looked up yet.
#[derive(Clone, Debug)]
pub(crate) struct Mistake {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) label: Label,
    pub(crate) also: Option<Label>,
    pub(crate) help: Option<String>,
}

impl Code {
    /// A mistake of this kind at `span`.
    pub(crate) fn at(self, span: Range<usize>, message: impl Into<String>) -> Mistake {
        let label = Label {
            span,
            text: "here".to_owned(),
        };
        Mistake {
            code: self,
            message: message.into(),
            label,
            also: None,
            help: None,
        }
    }
}

impl Mistake {
    /// Sets the label of the mistaken text.
    pub(crate) fn label(mut self, text: impl Into<String>) -> Mistake {
        self.label.text = text.into();
        self
    }

    /// Adds a second label.
    pub(crate) fn also(mut self, span: Range<usize>, text: impl Into<String>) -> Mistake {
        self.also = Some(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Sets the help: the text that would be right.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Mistake {
        self.help = Some(text.into());
        self
    }
}
