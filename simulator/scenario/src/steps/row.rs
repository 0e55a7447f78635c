//! The row of a step: all that is known of it but how it is compiled.

use std::time::Duration;

use super::draw::Draw;
use super::{Element, Step};
use crate::language::{Keywords, Kind, TableReader, TomlKey};
use crate::spark::StepCode;

/// The row of a step whose argument is of kind `K`.
pub(crate) struct Row<K: Kind> {
    /// Its name, its argument's kind, its help.
    pub(crate) key: TomlKey<K>,
    /// The step with an argument.
    pub(crate) step: fn(K::Value) -> Step,
    /// The types of elements that it takes.
    pub(crate) takes: fn(&K::Value) -> &'static [Element],
    /// The type of elements that it gives when it gets this one.
    pub(crate) gives: fn(&K::Value, Element) -> Element,
    /// The time from batch to batch of what it makes, where the argument sets it.
    pub(crate) slide: fn(&K::Value) -> Option<Duration>,
    /// The state that it keeps.
    pub(crate) keeps: fn(&K::Value) -> Keeps,
    /// The variable that holds what it makes, in a program for Spark; a print makes nothing.
    pub(crate) variable: fn(&K::Value) -> Option<&'static str>,
    /// The text of it in a program for Spark.
    pub(crate) code: fn(&K::Value, &Operand) -> StepCode,
    /// The weight with which it is drawn among the steps that fit.
    pub(crate) weight: usize,
    /// A random argument, on a stream with this slide.
    pub(crate) draw: fn(&mut dyn Draw, Duration) -> K::Value,
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

/// A [`Row`] whatever its argument is.
pub(super) trait AnyRow: Sync {
    fn weight(&self) -> usize;
    fn read(&'static self, table: &TableReader) -> Option<Step>;
    fn draw(&self, from: &mut dyn Draw, slide: Duration) -> Step;
}

impl<K: Kind> AnyRow for Row<K> {
    fn weight(&self) -> usize {
        self.weight
    }

    fn read(&'static self, table: &TableReader) -> Option<Step> {
        table.get(&self.key).map(self.step)
    }

    fn draw(&self, from: &mut dyn Draw, slide: Duration) -> Step {
        (self.step)((self.draw)(from, slide))
    }
}

impl<T: Clone> Keywords<T> {
    /// The meaning of a random word.
    pub(super) fn draw(&self, from: &mut dyn Draw) -> T {
        let index = from.below(self.0.len() as u64) as usize;
        self.0[index].1.clone()
    }
}
