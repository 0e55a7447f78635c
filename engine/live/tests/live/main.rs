//! Whole programs in the real world, and on a paused clock.

mod loopback;
mod paused_clock;
mod program;
#[cfg(unix)]
mod signals;
