//! One table of a state's chain, whose slots are worked out when somebody reads them.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::table::BatchNumber;
use crate::order::AppendOnlyLayout;
use crate::table::bits::Bits;
use crate::table::index::{NOWHERE, Place};

/// A key that was put into a table of the chain, or a tombstone for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Touch {
    /// Where the key is; [`NOWHERE`] if it is gone.
    pub(crate) place: Place,
    /// Its Java hash code.
    pub(crate) hash: i32,
    /// Whether it was put, and not removed.
    pub(crate) is_put: bool,
}

/// A table of the chain: all that was touched while it was the newest, or what was live in the tables
/// that it has taken the place of.
#[derive(Debug)]
pub(crate) struct Link {
    /// The last batch whose entries are in it.
    pub(crate) up_to: BatchNumber,
    capacity: usize,
    len: usize,
    /// The tables that it has taken the place of, until their live entries are put in.
    sources: Mutex<Vec<Arc<Link>>>,
    /// Entries in all tables that these hold on to.
    retained: usize,
    /// In the order in which entries were put in.
    touched: OnceLock<Vec<Touch>>,
    /// The same as numbers, in slot order.
    in_order: OnceLock<Vec<u32>>,
}

impl Link {
    /// The table of a batch that touched these.
    pub(crate) fn delta(up_to: BatchNumber, touched: Vec<Touch>) -> Link {
        let link = Link::flat(up_to, AppendOnlyLayout::CAPACITY, touched.len(), Vec::new());
        Link {
            touched: touched.into(),
            ..link
        }
    }

    /// The table of the `live` entries of these, oldest first.
    pub(crate) fn flat(
        up_to: BatchNumber,
        capacity: usize,
        live: usize,
        of: Vec<Arc<Link>>,
    ) -> Link {
        Link {
            up_to,
            capacity,
            len: live,
            retained: of.iter().map(|link| link.retained()).sum(),
            sources: Mutex::new(of),
            touched: OnceLock::new(),
            in_order: OnceLock::new(),
        }
    }

    /// How many entries there are, removed ones among them.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// How many entries are in memory because of this table.
    pub(crate) fn retained(&self) -> usize {
        match self.touched.get() {
            Some(touched) => touched.len(),
            None => self.retained,
        }
    }

    /// The entries in the order in which they were put in.
    pub(crate) fn touched(&self) -> &[Touch] {
        // One after the other, oldest first: however many were never read, the stack stays flat.
        let mut unfilled = Vec::new();
        let mut below = self.oldest_source();
        while let Some(link) = below.filter(|link| link.touched.get().is_none()) {
            below = link.oldest_source();
            unfilled.push(link);
        }
        for link in unfilled.iter().rev() {
            link.fill();
        }
        self.fill()
    }

    /// The entries in slot order.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = Touch> {
        let touched = self.touched();
        let numbers = self.in_order.get_or_init(|| {
            let mut layout = AppendOnlyLayout::with_capacity(self.capacity);
            layout.extend(touched.iter().map(|touch| touch.hash));
            layout.iter().map(|rank| rank as u32).collect()
        });
        numbers.iter().map(|number| touched[*number as usize])
    }

    /// The same table when every place has moved, or is gone.
    pub(crate) fn moved(&self, to: &[Option<Place>]) -> Link {
        let moved = |touch: &Touch| {
            let place = to.get(touch.place as usize).copied().flatten();
            Touch {
                // It still takes its slot, and nobody is found there.
                place: place.unwrap_or(NOWHERE),
                ..*touch
            }
        };
        let touched: Vec<Touch> = self.touched().iter().map(moved).collect();
        let link = Link::flat(self.up_to, self.capacity, self.len, Vec::new());
        Link {
            touched: touched.into(),
            in_order: self.in_order.clone(),
            ..link
        }
    }

    fn oldest_source(&self) -> Option<Arc<Link>> {
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        sources.first().cloned()
    }

    fn fill(&self) -> &[Touch] {
        self.touched.get_or_init(|| {
            let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
            live(&std::mem::take(&mut *sources))
        })
    }
}

/// What is live in a chain of these tables, in the order in which Spark reads it (`MAP-6`): of each
/// table the entries that were put and that no later table has.
fn live(links: &[Arc<Link>]) -> Vec<Touch> {
    let mut later = Bits::default();
    let mut newest_first = Vec::with_capacity(links.len());
    for link in links.iter().rev() {
        let touches = link.in_order().filter(|touch| touch.place != NOWHERE);
        let live = |touch: &Touch| touch.is_put && !later.get(touch.place as usize);
        newest_first.push(touches.filter(live).collect::<Vec<_>>());
        for touch in link.touched().iter().filter(|touch| touch.place != NOWHERE) {
            later.set(touch.place as usize);
        }
    }
    newest_first.into_iter().rev().flatten().collect()
}
