//! The rules of Spark that the engine keeps, each with an id.
#![doc = include_str!("rules.md")]
