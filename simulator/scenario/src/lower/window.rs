//! Windows over batches, of a mode or of a step.

use std::time::Duration;

use toml::Spanned;

use super::fields::Fields;
use crate::Window;
use crate::diagnostic::{Code, Draft};
use crate::duration;
use crate::words::Key;

/// What a window is put on: a stream that has a batch this often.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    /// `None` if it is mistaken, so that nothing is compared with it.
    pub(super) slide: Option<Duration>,
    /// What it is called: completes "a multiple of …".
    pub(super) name: &'static str,
}

/// The keys of a window.
pub(super) struct WindowKeys {
    pub(super) length: &'static Key,
    pub(super) slide: &'static Key,
    pub(super) inverse: Option<&'static Key>,
}

/// Reads a window whose length is there, and holds it against the grid (`WIN-1`).
pub(super) fn lower(fields: &Fields, keys: &WindowKeys, grid: Grid) -> Option<Window> {
    let length = on_grid(fields, keys.length, grid)?;
    let slide = match fields.value(keys.slide) {
        Some(_) => on_grid(fields, keys.slide, grid),
        None => grid.slide,
    };
    let inverse = keys.inverse.and_then(|key| fields.flag(key));
    Some(Window {
        length,
        slide: slide.unwrap_or(length),
        inverse: inverse.unwrap_or_default(),
    })
}

fn on_grid(fields: &Fields, key: &'static Key, grid: Grid) -> Option<Duration> {
    let value = fields.duration(key)?;
    if let Some(slide) = grid.slide {
        report_off_grid(fields, key, &value, (slide, grid.name));
    }
    Some(value.into_inner())
}

fn report_off_grid(
    fields: &Fields,
    key: &Key,
    value: &Spanned<Duration>,
    (slide, name): (Duration, &str),
) {
    if value
        .get_ref()
        .as_millis()
        .is_multiple_of(slide.as_millis().max(1))
    {
        return;
    }
    let multiples = multiples_near(*value.get_ref(), slide).join(", ");
    let slide = duration::print(slide);
    let message = format!(
        "`{}` is not a multiple of {name}, {slide} (WIN-1)",
        key.name
    );
    let draft = Draft::new(Code::NotAMultiple, value.span(), message);
    let draft = draft.label(format!("not a multiple of {slide}"));
    fields.push(draft.help(format!("multiples near it: {multiples}")));
}

/// The multiples of `slide` just below and above, as they are written; zero is none.
fn multiples_near(duration: Duration, slide: Duration) -> Vec<String> {
    let steps = duration.as_millis() / slide.as_millis().max(1);
    let near = [steps, steps + 1].into_iter().filter(|steps| *steps > 0);
    let millis = near.map(|steps| u64::try_from(steps * slide.as_millis()).unwrap_or(u64::MAX));
    millis
        .map(|millis| format!("\"{}\"", duration::print(Duration::from_millis(millis))))
        .collect()
}
