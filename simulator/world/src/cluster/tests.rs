//! Laws of a cluster.
