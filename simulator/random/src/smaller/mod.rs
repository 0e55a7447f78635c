//! Scenarios that lack a part of another one: with their help one that fails loses all that does not matter.

mod sql;

use scenario::{Element, Program, Scenario, Step, Structured, TimelineEvent};

/// The scenarios that lack one part, the greatest parts first: an entry, a table, a setting of a source, a part of a query
/// in SQL, a line, or a step without which the others still fit one another.
///
/// ```
/// let text = "timeline = [{ at = '1s', lines = ['a', 'b'] }]\n[[pipeline]]\nname = 'p'\nmode = 'stateless'";
/// let scenario = scenario::parse("drawn.toml", text)?;
/// assert_eq!(random::smaller(&scenario).len(), 2, "it lacks one of the lines");
/// # Ok::<(), scenario::Mistakes>(())
/// ```
pub fn smaller(scenario: &Scenario) -> Vec<Scenario> {
    let mut all = Vec::new();
    let mut add = |change: &dyn Fn(&mut Scenario)| {
        let mut smaller = scenario.clone();
        change(&mut smaller);
        all.push(smaller);
    };
    let entries = scenario.timeline.len();
    // The language asks a timeline to keep an entry.
    for index in (0..entries).filter(|_| entries > 1) {
        add(&|smaller| drop(smaller.timeline.remove(index)));
    }
    for (index, pipeline) in scenario.pipelines.iter().enumerate() {
        for program in smaller_programs(&pipeline.program) {
            add(&|smaller| smaller.pipelines[index].program = program.clone());
        }
    }
    if !scenario.tables.is_empty() {
        add(&|smaller| smaller.tables.clear());
    }
    for (index, table) in scenario.tables.iter().enumerate() {
        for rows in without_one(&table.rows) {
            add(&|smaller| smaller.tables[index].rows.clone_from(&rows));
        }
    }
    for (index, source) in scenario.sources.iter().enumerate() {
        if source.watermark.is_some() {
            add(&|smaller| smaller.sources[index].watermark = None);
        }
        if source.drop_duplicates.is_some() {
            add(&|smaller| smaller.sources[index].drop_duplicates = None);
        }
    }
    for (index, entry) in scenario.timeline.iter().enumerate() {
        let TimelineEvent::Lines { lines, partitions } = &entry.event else {
            continue;
        };
        for lines in without_one(lines) {
            let event = TimelineEvent::Lines {
                lines,
                partitions: *partitions,
            };
            add(&|smaller| smaller.timeline[index].event = event.clone());
        }
    }
    all
}

fn smaller_programs(program: &Program) -> Vec<Program> {
    match program {
        Program::Steps(steps) => {
            let fewer = without_one(steps).filter(|steps| fit(steps));
            fewer.map(Program::Steps).collect()
        }
        Program::Structured(query) => {
            let texts = query.sql.iter().flat_map(|text| sql::smaller(text));
            let query = |text| {
                Program::Structured(Structured {
                    sql: Some(text),
                    ..query.clone()
                })
            };
            texts.map(query).collect()
        }
        _ => Vec::new(),
    }
}

/// The items without the first, without the second, and so on.
fn without_one<T: Clone>(items: &[T]) -> impl Iterator<Item = Vec<T>> {
    (0..items.len()).map(|index| [&items[..index], &items[index + 1..]].concat())
}

fn fit(steps: &[Step]) -> bool {
    let mut element = Element::Text;
    let takes = |step: &Step| {
        let takes = step.takes().contains(&element);
        element = step.gives(element);
        takes
    };
    matches!(steps.last(), Some(Step::Print(_))) && steps.iter().all(takes)
}
