//! Where the rows of partitions lie, as far as Spark's scheduler knows (`DAGScheduler.getPreferredLocs`).

/// The place of a partition. The cluster is one process, and so one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Spark prefers no host, as for rows of the program itself.
    Nowhere,
    /// Spark prefers the host, as of a received block, a partition that is cached, or one for which a shuffle has moved
    /// rows.
    Host,
    /// It is not known here what Spark would prefer.
    Unknown,
}

/// The number of a job of a program. Spark's scheduler looks where cached partitions are when a job begins, and not
/// again before the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobNumber(pub u64);

impl Place {
    /// The place of rows that are made of two partitions.
    pub(crate) fn or(self, other: Place) -> Place {
        match (self, other) {
            (Place::Host, _) | (_, Place::Host) => Place::Host,
            (Place::Unknown, _) | (_, Place::Unknown) => Place::Unknown,
            (Place::Nowhere, Place::Nowhere) => Place::Nowhere,
        }
    }

    /// The place of rows that are made of all of these partitions.
    pub(crate) fn of_all(places: impl IntoIterator<Item = Place>) -> Place {
        places.into_iter().fold(Place::Nowhere, Place::or)
    }
}
