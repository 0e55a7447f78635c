//! The operators of streams, one file each.

mod aggregate_pairs;
mod count;
mod count_by_value;
mod filter;
mod flat_map;
mod folded_keys;
mod folded_queue;
mod folded_total;
mod folded_window;
mod foreach_rdd;
mod group_by_key;
mod map;
mod map_values;
mod map_with_state;
mod print;
mod reduce;
mod reduce_by_key;
mod reduce_by_key_and_window;
mod reduced_window;
mod transform;
mod union;
mod update_state_by_key;
mod window;
mod window_spec;

pub use map_with_state::MapWithStateDStream;
pub use window_spec::WindowSpec;
