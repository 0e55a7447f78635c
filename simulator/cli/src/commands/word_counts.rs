//! The word counts that the live commands offer without a scenario.

use scenario::Scenario;

/// The word count in each mode, each reading a socket, with the defaults of the language.
pub(crate) fn word_counts() -> Scenario {
    let text = include_str!("word_counts.toml");
    scenario::parse("word_counts.toml", text)
        .expect("the text above is a scenario, and a test reads it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_is_there() {
        let names: Vec<String> = word_counts()
            .pipelines
            .into_iter()
            .map(|pipeline| pipeline.name)
            .collect();
        assert_eq!(
            names,
            ["stateless", "update_state", "map_with_state", "structured"]
        );
    }
}
