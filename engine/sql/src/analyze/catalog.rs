//! The views of a session.

use std::collections::BTreeMap;

use engine::Text;

use crate::plan::LogicalPlan;

/// Plans under names, which are found whatever the case of their letters (`SessionCatalog`, temporary views).
#[derive(Clone, Debug, Default)]
pub struct Catalog(BTreeMap<String, (Text, LogicalPlan)>);

impl Catalog {
    /// Puts a plan under a name, in the place of one that has it already (`createOrReplaceTempView`).
    pub fn insert(&mut self, name: &str, plan: LogicalPlan) {
        self.0.insert(name.to_lowercase(), (name.into(), plan));
    }

    /// Takes out the plan of a name; returns false if there is none.
    pub fn remove(&mut self, name: &str) -> bool {
        self.0.remove(&name.to_lowercase()).is_some()
    }

    /// The plan of a name.
    pub fn get(&self, name: &str) -> Option<&LogicalPlan> {
        self.0.get(&name.to_lowercase()).map(|(_, plan)| plan)
    }

    /// The names, as they were given, in their order.
    pub fn names(&self) -> impl Iterator<Item = &Text> {
        self.0.values().map(|(name, _)| name)
    }
}
