//! The word counts that the live commands offer without a scenario.

use scenario::Scenario;

/// The three pipelines of the book, each reading a socket, with the defaults of the language.
pub(crate) fn word_counts() -> Scenario {
    let text = include_str!("word_counts.toml");
    scenario::parse("word_counts.toml", text)
        .expect("the text above is a scenario, and a test reads it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_modes_of_the_book_are_there() {
        let names: Vec<String> = word_counts()
            .pipelines
            .into_iter()
            .map(|pipeline| pipeline.name)
            .collect();
        assert_eq!(names, ["stateless", "update_state", "structured"]);
    }
}
