//! The rows of both sides of a join that wait for others.

use engine::{Row, StateChange, Value};

use crate::physical::state::{
    Footprint, GroupKey, SavedStore, StateStore, StateValue, Store, StoreLayout,
};

/// A row that waits, and whether it has had a partner.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Waiting {
    pub(crate) row: Row,
    pub(crate) is_matched: bool,
}

impl StateValue for Vec<Waiting> {
    fn footprint(&self) -> Footprint {
        self.iter()
            .map(|waiting| Footprint::of_value(&waiting.row))
            .sum()
    }
}

/// The rows of one partition (`org.apache.spark.sql.execution.streaming.state.SymmetricHashJoinStateManager`).
#[derive(Debug)]
pub(crate) struct JoinStore {
    pub(crate) left: SideStore,
    pub(crate) right: SideStore,
}

/// The rows of one side by their keys, those of a key in the order in which they came.
#[derive(Debug)]
pub(crate) struct SideStore {
    is_left: bool,
    rows: StateStore<Vec<Waiting>>,
    /// The changes of this batch.
    changes: Vec<StateChange>,
}

impl SideStore {
    fn new(is_left: bool, layout: &StoreLayout) -> SideStore {
        SideStore {
            is_left,
            rows: StateStore::new(layout),
            changes: Vec::new(),
        }
    }

    /// The rows of a key.
    pub(crate) fn get(&self, key: &GroupKey) -> &[Waiting] {
        self.rows.get(key).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn append(&mut self, key: &GroupKey, waiting: Waiting) {
        let rows = self.rows.touch(key);
        rows.push(waiting.clone());
        let place = rows.len() - 1;
        self.rows.grow(Footprint::of_value(&waiting.row));
        self.log(key, place, Some(waiting));
    }

    /// Notes that a row has had a partner.
    pub(crate) fn set_matched(&mut self, key: &GroupKey, place: usize) {
        let waiting = self.rows.get_mut(key).and_then(|rows| rows.get_mut(place));
        if let Some(waiting) = waiting.filter(|waiting| !waiting.is_matched) {
            waiting.is_matched = true;
            let waiting = waiting.clone();
            self.log(key, place, Some(waiting));
        }
    }

    /// Takes out the rows for which this is true, in the order of the store: of a key the last row takes the place of one
    /// that goes.
    pub(crate) fn take(&mut self, goes: impl Fn(&GroupKey, &Row) -> bool) -> Vec<Waiting> {
        let has_one =
            |rows: &Vec<Waiting>, key: &GroupKey| rows.iter().any(|it| goes(key, &it.row));
        let keys = self.rows.iter().filter(|(key, rows)| has_one(rows, key));
        let keys: Vec<GroupKey> = keys.map(|(key, _)| key.clone()).collect();
        let mut taken = Vec::new();
        for key in keys {
            let mut place = 0;
            while let Some(waiting) = self.get(&key).get(place).cloned() {
                if goes(&key, &waiting.row) {
                    self.swap_remove(&key, place);
                    taken.push(waiting);
                } else {
                    place += 1;
                }
            }
        }
        taken
    }

    fn swap_remove(&mut self, key: &GroupKey, place: usize) {
        let Some(rows) = self.rows.get_mut(key) else {
            return;
        };
        let gone = rows.swap_remove(place);
        let moved = rows.get(place).cloned();
        let left = rows.len();
        self.rows.shrink(Footprint::of_value(&gone.row));
        if let Some(moved) = moved {
            self.log(key, place, Some(moved));
        }
        self.log(key, left, None);
        if left == 0 {
            self.rows.remove(key);
        }
    }

    fn log(&mut self, key: &GroupKey, place: usize, waiting: Option<Waiting>) {
        self.changes.push(change(self.is_left, key, place, waiting));
    }

    /// Carries out a change of the side, of the row of a key at a place.
    fn apply(&mut self, key: &GroupKey, place: usize, waiting: Option<Waiting>) {
        match waiting {
            Some(waiting) if place < self.get(key).len() => {
                if let Some(rows) = self.rows.get_mut(key) {
                    rows[place] = waiting;
                }
            }
            Some(waiting) => self.append(key, waiting),
            None => self.swap_remove(key, place),
        }
    }

    fn end(&mut self) -> Vec<StateChange> {
        self.rows.end();
        std::mem::take(&mut self.changes)
    }

    fn snapshot(&self) -> impl Iterator<Item = StateChange> {
        self.rows.iter().flat_map(|(key, rows)| {
            let rows = rows.iter().cloned().enumerate();
            rows.map(|(place, waiting)| change(self.is_left, key, place, Some(waiting)))
        })
    }
}

/// A change as it is saved: its key is the side, the key and the place of the row, its value the row and whether it has had
/// a partner.
fn change(is_left: bool, key: &GroupKey, place: usize, waiting: Option<Waiting>) -> StateChange {
    let mut saved = vec![Value::Boolean(is_left)];
    saved.extend_from_slice(key.values());
    saved.push(Value::Long(place as i64));
    StateChange {
        key: saved,
        value: waiting.map(|waiting| {
            let mut value = waiting.row;
            value.push(Value::Boolean(waiting.is_matched));
            value
        }),
    }
}

impl JoinStore {
    fn apply(&mut self, changes: Vec<StateChange>) {
        for StateChange { key, value } in changes {
            let [Value::Boolean(is_left), key @ .., Value::Long(place)] = key.as_slice() else {
                continue;
            };
            let waiting = value.map(|mut row| Waiting {
                is_matched: row.pop() == Some(Value::Boolean(true)),
                row,
            });
            let side = if *is_left {
                &mut self.left
            } else {
                &mut self.right
            };
            side.apply(&GroupKey::new(key), *place as usize, waiting);
        }
    }

    /// Ends a batch, and returns its changes.
    pub(crate) fn end(&mut self) -> Vec<StateChange> {
        let mut changes = self.left.end();
        changes.append(&mut self.right.end());
        changes
    }
}

impl Store for JoinStore {
    fn new(layout: &StoreLayout) -> JoinStore {
        JoinStore {
            left: SideStore::new(true, layout),
            right: SideStore::new(false, layout),
        }
    }

    fn recovered(layout: &StoreLayout, saved: SavedStore) -> JoinStore {
        let mut store = JoinStore::new(layout);
        store.apply(saved.snapshot);
        // The first one begins a version that is a copy of nothing, the second one a copy of the snapshot.
        store.begin();
        store.begin();
        store.apply(saved.changes);
        store.end();
        store
    }

    fn begin(&mut self) {
        self.left.rows.begin();
        self.right.rows.begin();
    }

    fn footprint(&self) -> Footprint {
        [self.left.rows.footprint(), self.right.rows.footprint()]
            .into_iter()
            .sum()
    }

    fn snapshot(&self) -> Vec<StateChange> {
        self.left.snapshot().chain(self.right.snapshot()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::physical::state::StoreOrder;

    fn key(word: &str) -> GroupKey {
        GroupKey::new(&[Value::String(word.into())])
    }

    fn waiting(number: i64) -> Waiting {
        Waiting {
            row: vec![Value::Long(number)],
            is_matched: number % 2 == 0,
        }
    }

    fn numbers(waiting: &[Waiting]) -> Vec<Value> {
        waiting.iter().map(|it| it.row[0].clone()).collect()
    }

    #[test]
    fn the_last_row_of_a_key_takes_the_place_of_one_that_goes() {
        let mut store = JoinStore::new(&StoreLayout::of_words(StoreOrder::Table));
        for number in 0..5 {
            store.left.append(&key("a"), waiting(number));
        }
        let taken = store
            .left
            .take(|_, row| matches!(row[0], Value::Long(0 | 1 | 4)));
        assert_eq!(numbers(&taken), [0, 4, 1].map(Value::Long));
        assert_eq!(numbers(store.left.get(&key("a"))), [3, 2].map(Value::Long));
    }

    #[test]
    fn ss_3_a_store_is_put_together_from_its_changes() {
        let mut store = JoinStore::new(&StoreLayout::of_words(StoreOrder::Table));
        let mut changes = Vec::new();
        let snapshot_and_rest = [["a", "b", "c"], ["b", "d", "a"]];
        for (batch, words) in snapshot_and_rest.into_iter().enumerate() {
            store.begin();
            for (number, word) in (0..).zip(words) {
                store.right.append(&key(word), waiting(number));
            }
            store.right.set_matched(&key("b"), 0);
            if batch == 1 {
                store.right.take(|key, row| {
                    key.values()[0] == Value::String("a".into()) && row[0] == Value::Long(0)
                });
            }
            changes.push(store.end());
        }
        let saved = SavedStore {
            partition: 0,
            snapshot: Vec::new(),
            changes: changes.concat(),
        };
        let recovered = JoinStore::recovered(&StoreLayout::of_words(StoreOrder::Table), saved);
        assert_eq!(recovered.snapshot(), store.snapshot());
        assert_eq!(recovered.footprint(), store.footprint());
    }
}
