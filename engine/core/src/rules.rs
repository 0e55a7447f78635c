//! What Spark does and the engine keeps, rule by rule.
#![doc = include_str!("rules.md")]
