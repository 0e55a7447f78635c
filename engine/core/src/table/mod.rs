//! Tables of keys: interned keys with an index beside them, and what is built on these alone.

pub(crate) mod bits;
pub(crate) mod combiner;
pub(crate) mod index;
pub(crate) mod keys;
