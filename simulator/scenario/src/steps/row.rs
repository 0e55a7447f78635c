//! The row of a step: all that is known of it but how it is compiled.

use std::time::Duration;

use super::draw::Draw;
use super::element::Element;
use crate::language::{Keywords, TomlKey};
use crate::spark::StepCode;

/// The row of a step whose argument is a `T`.
pub(crate) struct StepRow<T: 'static> {
    /// Its name, its argument's kind, its help.
    pub(crate) key: TomlKey<T>,
    /// The streams that it takes and gives.
    pub(crate) signature: fn(&T) -> Signature,
    /// The text of it in a program for Spark.
    pub(crate) code: fn(&T, &Operand) -> StepCode,
    /// The weight with which it is drawn among the steps that fit.
    pub(crate) weight: usize,
    /// A random argument, on a stream with this slide.
    pub(crate) draw: fn(&mut dyn Draw, Duration) -> T,
}

/// The streams that a step takes and gives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signature {
    /// The types of elements that it takes.
    pub(crate) takes: &'static [Element],
    /// The type of elements that it gives; `None` if it is that of what it gets.
    pub(crate) gives: Option<Element>,
    /// The time from batch to batch of what it makes; `None` if it is that of what it gets.
    pub(crate) slide: Option<Duration>,
    /// The state that it keeps.
    pub(crate) keeps: Keeps,
    /// The variable that holds what it makes, in a program for Spark; a print makes nothing.
    pub(crate) variable: Option<&'static str>,
}

impl Signature {
    /// The signature of a step that keeps no state and leaves the slide as it is.
    pub(super) fn new(
        takes: &'static [Element],
        gives: Option<Element>,
        variable: &'static str,
    ) -> Signature {
        Signature {
            takes,
            gives,
            slide: None,
            keeps: Keeps::Nothing,
            variable: Some(variable),
        }
    }
}

/// The state that a step keeps from batch to batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// None.
    Nothing,
    /// The window before, which Spark asks a checkpoint for.
    Window,
    /// States of keys, which Spark asks a checkpoint for, and which are counted.
    KeyedState,
}

/// The stream that a step is put on, and the variable that holds what it makes.
#[derive(Clone, Copy, Debug)]
pub struct Operand<'a> {
    /// The type of the stream's elements.
    pub element: Element,
    /// The name of the variable; empty if there is none.
    pub made: &'a str,
}

impl<T: Clone> Keywords<T> {
    /// The meaning of a random word.
    pub(super) fn draw(&self, from: &mut dyn Draw) -> T {
        let index = from.below(self.0.len() as u64) as usize;
        self.0[index].1.clone()
    }
}
