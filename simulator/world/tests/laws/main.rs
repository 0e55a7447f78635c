//! What holds for any scenario, whatever is on its timeline and in its pipelines.

mod arrival;
mod play;
mod readers;
mod recording;
mod repeat;
mod shift;
mod stop;
mod totals;
mod view;
mod windows;
