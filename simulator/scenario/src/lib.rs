//! The scenario language: TOML text ⇄ [`Scenario`], one timeline and the pipelines that see it.
//!
//! [`parse()`] reads a text; [`print()`], or [`Scenario`]'s `Display`, writes it back in one canonical form:
//!
//! ```
//! let text = r#"
//! title = "two words"
//! timeline = [
//!   { at = "1s", lines = ["blue green"] },
//!   { words = { blue = 2 } },
//! ]
//!
//! [[pipeline]]
//! name = "counts"
//! mode = "stateless"
//! "#;
//! let scenario = scenario::parse("two_words.toml", text)?;
//! assert_eq!(scenario.timeline.len(), 2);
//! assert_eq!(
//!     scenario.to_string(),
//!     r#"title = "two words"
//!
//! timeline = [
//!   { at = "1s", lines = ["blue green"] },
//!   { at = "1s", lines = ["blue blue"] },
//! ]
//!
//! [[pipeline]]
//! name = "counts"
//! mode = "stateless"
//! "#,
//! );
//! assert_eq!(scenario::parse("again.toml", &scenario.to_string())?, scenario);
//! # Ok::<(), scenario::Mistakes>(())
//! ```
//!
//! Mistakes are reported all at once, each with its place and with what would be right, as
//! [`miette`] diagnostics:
//!
//! ```
//! let text = "
//! timeline = [{ at = '1s', lines = ['blue'] }]
//!
//! [clock]
//! intervall = '1s'
//!
//! [[pipeline]]
//! name = 'counts'
//! mode = 'stateless'
//! window = '2.5s'
//! ";
//! let mistakes = scenario::parse("blue.toml", text).unwrap_err();
//! assert_eq!(mistakes.to_string(), "failed to read blue.toml: 2 mistakes");
//! let shown: Vec<String> = mistakes
//!     .iter()
//!     .map(|it| format!("{}:{}: {}", it.line(), it.column(), it.message()))
//!     .collect();
//! assert_eq!(
//!     shown,
//!     [
//!         "5:1: unknown key `intervall` in `[clock]`",
//!         "10:10: `window` is not a multiple of the batch interval, 1s (WIN-1)",
//!     ],
//! );
//! ```
//!
//! # The language
//!
//! Every key, with its type, default and meaning, is listed by [`reference()`]; [`schema()`] gives the
//! same as a JSON schema, by which an editor completes and checks. Only `timeline` and one
//! `[[pipeline]]` with a name and a `mode`, `steps` or `rust` are required; `title` is empty if left out.
//!
//! # What is not here
//!
//! - Files: [`parse()`] takes a text and the name to call it by.
//! - Running: a [`Scenario`] is a value. Who runs it, and what comes out, is not known here.
//! - Comments and layout: [`print()`] writes the canonical form, not the text that was read.

mod diagnostic;
mod document;
pub mod duration;
mod element;
mod excerpt;
mod instant;
mod lower;
mod mistakes;
mod model;
mod parse;
mod place;
mod print;
mod quote;
mod reference;
mod schema;
pub mod size;
mod suggest;
mod words;

pub use diagnostic::{Code, Diagnostic};
pub use element::Element;
pub use mistakes::Mistakes;
pub use model::{
    Arithmetic, Clock, Cluster, Console, Emit, Entry, EventTime, Expect, ExpectedCounters,
    Generate, MapFunction, MapWithState, MappedTotals, Order, Output, Pipeline, Predicate, Profile,
    Program, Reducer, Scenario, Source, Step, Structured, TimelineEvent, Timeouts, Trigger, Update,
    Window,
};
pub use parse::{TEXT_MAX, parse};
pub use place::Line;
pub use print::{print, print_entry, print_head};
pub use reference::reference;
pub use schema::schema;
