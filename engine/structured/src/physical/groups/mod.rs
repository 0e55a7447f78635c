//! Groups of rows that a function of the program is given, with states.

mod input;
mod with_state;

pub(crate) use input::{Came, Group, GroupInput};
pub(crate) use with_state::Groups;
