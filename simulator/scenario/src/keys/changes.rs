//! `with`: the keys that are other than before when a driver starts again.

use super::{
    CORES, FOLDER, INITIAL, INTERVAL, INVERSE, MAX_FILES, MODE, NUM_ROWS, OUTPUT, QUERY,
    SHUFFLE_PARTITIONS, SLIDE, STEPS, TRIGGER, TRUNCATE, UPDATE, WATERMARK, WINDOW,
};
use crate::language::{KeyCount, TomlTable};

/// Keys of pipelines, of `[cluster]` and of `[clock]`.
pub(crate) static CHANGES: TomlTable = TomlTable {
    name: "with",
    place: "in `with`",
    doc: "The keys of every pipeline, and of `[cluster]` and `[clock]`, that are other from this life on; with `mode` or `steps` a pipeline has no other keys of its program than those here.",
    key_count: KeyCount::Any,
    keys: &[
        &MODE,
        &STEPS,
        &WINDOW,
        &SLIDE,
        &INVERSE,
        &UPDATE,
        &INITIAL,
        &QUERY,
        &WATERMARK,
        &OUTPUT,
        &TRIGGER,
        &NUM_ROWS,
        &TRUNCATE,
        &FOLDER,
        &MAX_FILES,
        &CORES,
        &SHUFFLE_PARTITIONS,
        &INTERVAL,
    ],
};
