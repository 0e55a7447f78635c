//! Docs and comments are in the plain words of technical English.

use crate::files::{Source, without_tests};
use crate::prose::{Paragraph, paragraphs};

/// Words that docs and comments do without.
const WORDS: [&str; 8] = [
    "anybody", "nobody", "so many", "somebody", "tell", "tells", "told", "whoever",
];

/// Words that no sentence begins with.
const BEGINNINGS: [&str; 8] = [
    "How", "Nobody", "What", "Whether", "Which", "Who", "Whoever", "Whose",
];

#[test]
fn docs_and_comments_are_in_plain_words() {
    let problems: Vec<String> = without_tests().iter().flat_map(problems).collect();
    assert!(problems.is_empty(), "say it plainly: {problems:#?}");
}

/// The words of a source that are not plain, each with its place.
fn problems(source: &Source) -> Vec<String> {
    let paragraphs = paragraphs(&source.text);
    let problems = paragraphs.iter().flat_map(|paragraph| {
        let words = problems_of(paragraph).into_iter();
        words.map(|word| format!("{}:{}: {word}", source.path, paragraph.line))
    });
    problems.collect()
}

fn problems_of(paragraph: &Paragraph) -> Vec<String> {
    let lower = paragraph.text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let words = format!(" {} ", words.join(" "));
    let used = WORDS
        .into_iter()
        .filter(|word| words.contains(&format!(" {word} ")));
    let begun = sentences(&paragraph.text).filter_map(|sentence| {
        let first = sentence.split(' ').next()?;
        BEGINNINGS.contains(&first).then(|| format!("{first} …"))
    });
    used.map(str::to_owned).chain(begun).collect()
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(". ")
        .flat_map(|part| part.split("? "))
        .flat_map(|part| part.split("! "))
}

#[test]
fn a_word_is_found_in_any_case_and_a_beginning_after_a_full_stop() {
    let paragraph = Paragraph {
        line: 1,
        text: "Told so. Which it is, in so many words; what follows is toldness. Also what.".into(),
    };
    assert_eq!(problems_of(&paragraph), ["so many", "told", "Which …"]);
}
