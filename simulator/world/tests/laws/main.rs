//! Laws that hold for any scenario, timeline and pipeline.

mod arrival;
mod clock_jumps;
mod cluster;
mod cost;
mod play;
mod rates;
mod readers;
mod recording;
mod repeat;
mod shift;
mod source_faults;
mod stop;
mod totals;
mod view;
mod windows;
