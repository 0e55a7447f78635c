//! A scenario without input.

use std::time::Duration;

use scenario::{Mistakes, Scenario};

const EMPTY: &str = r#"
    timeline = []
    clock.stop = "1s"
    [[pipeline]]
    name = "stateless"
    mode = "stateless"
"#;

/// The stateless word count over this many batches of one second each, all of them empty.
///
/// ```
/// let scenario = benches::empty_seconds(60)?;
/// let counts = benches::count_events(&scenario, &scenario.pipelines[0])?;
/// assert_eq!((counts.batches, counts.outputs, counts.rows), (60, 60, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The mistakes in the text that the scenario is made from, which has none.
pub fn empty_seconds(batches: usize) -> Result<Scenario, Mistakes> {
    let mut scenario = scenario::parse("empty_seconds.toml", EMPTY)?;
    scenario.clock.stop = Some(Duration::from_secs(batches as u64));
    Ok(scenario)
}
