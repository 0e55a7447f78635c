//! Recordings whose writer was killed in the middle of an entry.

use crate::Code;
use crate::mistake::Mistake;

/// The line of the entry within which a text ends, from 1, if it is that of a recording which was cut off there: all of
/// its mistakes are at its end, and a writer that goes on writing would have mended them.
pub(crate) fn torn_entry(text: &str, mistakes: &[Mistake]) -> Option<usize> {
    let last = last_entry(text)?;
    let is_of_the_end = |mistake: &Mistake| {
        mistake.label.span.start > last
            && matches!(mistake.code, Code::Syntax | Code::NothingHappens)
    };
    let entry = &text[last..];
    // It is whole with its last line.
    let is_whole = entry.ends_with("]\n") && entry.lines().count() > 2;
    let is_torn = !is_whole && !mistakes.is_empty() && mistakes.iter().all(is_of_the_end);
    is_torn.then(|| text[..=last].matches('\n').count() + 1)
}

/// The offset of the line feed before the header of the last entry, or of a part of a header.
fn last_entry(text: &str) -> Option<usize> {
    let begun = text.rfind("\n[")?;
    let header = text[begun + 1..].lines().next().unwrap_or_default();
    "[[timeline]]".starts_with(header).then_some(begun)
}

/// The line from which on a text is to be cut to be a scenario again, if it ends in the middle of an entry as a
/// recording does that was cut off. The rest may be no UTF-8 any more.
///
/// ```
/// let text = "[[pipeline]]\nname = 'p'\nmode = 'stateless'\n\n[[timeline]]\nat = \"1s\"\nlines = [\"bl";
/// assert_eq!(scenario::cut_off_entry(text), Some(5));
/// assert_eq!(scenario::cut_off_entry(&(text.to_owned() + "ue\"]\n")), None);
/// ```
pub fn cut_off_entry(text: &str) -> Option<usize> {
    let mistake = Code::Syntax.at(text.len()..text.len(), "it ends here");
    torn_entry(text, &[mistake])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::{Entry, TimelineEvent, parse, print_entry, print_head};

    /// A recording of some lines, as one is written entry by entry, and the length of its head with the first entry.
    fn recording() -> (String, usize) {
        let text = "timeline = [{ at = '1s', lines = [] }]\n[[pipeline]]\nname = 'p'\nmode = 'stateless'\n";
        let scenario = parse("head.toml", text).expect("it has no mistakes");
        let mut text = print_head(&scenario);
        let mut least = 0;
        for (second, line) in (0..).zip(["blue", "\"gr\\een\"\n[[timeline]]\n", "tab\t] ", "]"]) {
            let event = TimelineEvent::Lines {
                lines: vec![line.to_owned()],
                partitions: 1,
            };
            let at = Duration::from_secs(second);
            text.push('\n');
            text.push_str(&print_entry(&Entry {
                at,
                stream: None,
                event,
            }));
            least = if second == 0 { text.len() } else { least };
        }
        (text, least)
    }

    #[test]
    fn a_recording_that_is_cut_off_anywhere_is_a_scenario_or_says_from_which_line_on() {
        let (text, least) = recording();
        let mut torn = 0;
        for end in least..text.len() {
            let Err(mistakes) = parse("torn.toml", &text[..end]) else {
                continue;
            };
            torn += 1;
            let help = mistakes.iter().next().and_then(|mistake| mistake.help());
            let help = help.unwrap_or_default();
            let (_, line) = help
                .split_once("if a recording was cut off here, remove line ")
                .unwrap_or_else(|| panic!("{end}: {:?}: {mistakes:?}", &text[least..end]));
            let line = line.strip_suffix(" and those after it").unwrap_or_default();
            let line: usize = line.parse().expect("a line is a number");
            let whole: String = text[..end].split_inclusive('\n').take(line - 1).collect();
            let scenario = parse("whole.toml", &whole).expect("the rest is a scenario");
            assert_eq!(
                scenario.timeline.len(),
                whole.matches("\n[[timeline]]").count()
            );
        }
        assert!(torn > 20, "{torn}");
    }

    #[test]
    fn another_mistake_at_the_end_is_no_torn_entry() {
        let (text, _) = recording();
        for (wrong, at_the_end) in [("lines", "line"), ("[\"]\"]", "[7]")] {
            let last = text.rfind(wrong).expect("it is there");
            let text = format!(
                "{}{at_the_end}{}",
                &text[..last],
                &text[last + wrong.len()..]
            );
            let mistakes = parse("text.toml", &text).expect_err("there is a mistake");
            let mut helps = mistakes.iter().filter_map(|mistake| mistake.help());
            assert!(!helps.any(|help| help.contains("cut off")), "{mistakes:?}");
        }
    }
}
