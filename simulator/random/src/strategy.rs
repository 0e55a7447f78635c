//! A space as a strategy of `proptest`.

use proptest::prelude::Rng;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use scenario::Scenario;

use crate::{Dice, Space, smaller};

impl Strategy for Space {
    type Tree = Shrinking;
    type Value = Scenario;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Space> {
        let mut dice = Dice::new(runner.rng().next_u64(), 0);
        Ok(Shrinking::new(self.draw(&mut dice)))
    }
}

/// A scenario that loses its parts one by one, as long as a test fails.
#[derive(Debug)]
pub struct Shrinking {
    /// The smallest scenario with which the test failed.
    failing: Scenario,
    /// The one that is tried.
    tried: Scenario,
    /// The number of the part that is taken away next: those before it must stay.
    part: usize,
}

impl Shrinking {
    fn new(scenario: Scenario) -> Shrinking {
        Shrinking {
            failing: scenario.clone(),
            tried: scenario,
            part: 0,
        }
    }

    /// Takes the next part away; false if there is none.
    fn advance(&mut self) -> bool {
        let smaller = smaller(&self.failing).into_iter().nth(self.part);
        let is_smaller = smaller.is_some();
        self.tried = smaller.unwrap_or_else(|| self.failing.clone());
        is_smaller
    }
}

impl ValueTree for Shrinking {
    type Value = Scenario;

    fn current(&self) -> Scenario {
        self.tried.clone()
    }

    /// The test failed with the one that was tried: it may lose more, the part that is now at this number.
    fn simplify(&mut self) -> bool {
        self.failing = self.tried.clone();
        self.advance()
    }

    /// The test passed with the one that was tried: the part must stay.
    fn complicate(&mut self) -> bool {
        self.part += 1;
        self.advance()
    }
}

#[cfg(test)]
mod tests {
    use scenario::{Program, Step, TimelineEvent};

    use super::*;

    /// Shrinks as `proptest` does, as long as `fails` holds.
    fn shrunk(scenario: Scenario, fails: impl Fn(&Scenario) -> bool) -> Scenario {
        assert!(fails(&scenario), "only what fails is shrunk");
        let mut tree = Shrinking::new(scenario);
        let mut goes_on = tree.simplify();
        while goes_on {
            goes_on = if fails(&tree.current()) {
                tree.simplify()
            } else {
                tree.complicate()
            };
        }
        tree.current()
    }

    fn lines(scenario: &Scenario) -> Vec<&String> {
        let lines = scenario.timeline.iter().map(|entry| match &entry.event {
            TimelineEvent::Lines { lines, .. } => &**lines,
            _ => &[],
        });
        lines.flatten().collect()
    }

    #[test]
    fn what_does_not_matter_is_taken_away() {
        let text = "timeline = [{ at = '1s', lines = ['a', 'b'] }, { at = '2s', lines = ['c', 'd'] }]\n\
             pipeline = [{ name = 'p', steps = [{ flat_map = 'split' }, { map = 'upper' }, \
             { count_by_value = true }, { group_by_key = true }, { print = 1 }] }]";
        let scenario = scenario::parse("drawn.toml", text).expect("it has no mistakes");
        let has_step = |scenario: &Scenario| match &scenario.pipelines[0].program {
            Program::Steps(steps) => steps.iter().any(|it| matches!(it, Step::GroupByKey(_))),
            _ => false,
        };
        let fails = |it: &Scenario| lines(it).iter().any(|line| *line == "d") && has_step(it);
        let shrunk = shrunk(scenario, fails);
        assert_eq!(lines(&shrunk), ["d"]);
        let Program::Steps(steps) = &shrunk.pipelines[0].program else {
            panic!("the program is one in steps");
        };
        assert_eq!(steps.len(), 3, "a group needs pairs, and a print is last");
    }
}
