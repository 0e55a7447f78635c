//! Laws that hold for any scenario, timeline and pipeline.

mod arrival;
mod cost;
mod play;
mod rates;
mod readers;
mod recording;
mod repeat;
mod shift;
mod stop;
mod totals;
mod view;
mod windows;
