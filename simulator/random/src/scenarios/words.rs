//! The words of a scenario: few or thousands, of all planes of Unicode, some with the same hash.

use std::sync::Arc;

use crate::Dice;

/// A source of the words of a scenario.
#[derive(Clone, Debug)]
pub enum Vocabulary {
    /// A few words, the empty one among them.
    Few,
    /// Letters, up to all of the alphabet.
    Letters,
    /// `key-0`, `key-1`, …: 100 at least, this number at most.
    Keys(u64),
    /// Words that have the same hash in Java.
    SameHash,
    /// Words of any characters, this number at most.
    Unicode(u64),
    /// Some of `Unicode` and `SameHash`, and the empty word.
    Mixed,
    /// Characters that are hard to quote or that end a line.
    Punctuation,
    /// Any text, blanks and control characters included.
    AnyText,
    /// Words that a rule of Spark's text or order is about.
    Odd,
    /// Those, and keys, this number at most.
    OddAndKeys(u64),
    /// Words of one bin of a query's state, words that find no bucket of its fast map, and keys.
    SameBin(u64),
    /// The words of one of these lists.
    Recorded(Arc<[Vec<String>]>),
}

const FEW: &str = "a b blue green Blue é 你好 key-0 key-1 ";

const PUNCTUATION: [&str; 12] = [
    "\"", "\\", "\n", "\r", "\r\n", "\t", "'", "#", "]", "}", "a", "",
];

/// Words that a rule is about: none, of one hash code, of each width, with quotes, with line ends, …
const ODD: &str = "|blue|green|Aa|BB|AaAa|AaBB|BBAa|BBBB|é|ÿ|你好|漢字|😀|👍🏽|e\u{301}|\u{200d}|\u{a0}|it's|\
    \"|'\"|\\|a\tb|\u{7}|\u{8}|\u{b}|\u{c}|\u{7f}|a\rb|a\nb|\r\n|ｱ|Ａ|한|\u{10348}|\u{e000}|\u{feff}|\
    \u{2028}|\u{e0001}|\u{10ffff}";

/// Words of one bin of a query's state, whatever its size; then words that find no bucket of the fast map.
const SAME_BIN: &str = "ccl hdrpcit hqxhvjxu rypx ettf fbbod rymjal ezh bpf dradlkm wtd mnsweg \
    qlif bodj didefug exbb hmnbmpf lrqgy oyoo p x";

/// The first and last characters of the ranges that `Unicode` draws from.
const RANGES: [(u32, u32); 12] = [
    (0x61, 0x7a),
    (0x21, 0x7e),
    (0x01, 0x1f),
    (0x7f, 0xff),
    (0x100, 0x24f),
    (0x300, 0x36f),
    (0x600, 0x6ff),
    (0x2000, 0x206f),
    (0x4e00, 0x9fff),
    (0xe000, 0xffff),
    (0x1f300, 0x1faff),
    (0x1_0000, 0x10_ffff),
];

/// The words that may come, and the range of them that comes just now.
#[derive(Debug)]
pub(super) struct Words {
    all: Vec<String>,
    /// The index of the first word that comes.
    from: usize,
    /// The index after the last one.
    to: usize,
}

impl Words {
    pub(super) fn draw(dice: &mut Dice, vocabularies: &[Vocabulary]) -> Words {
        let all = match dice.pick(vocabularies) {
            Vocabulary::Few => FEW.split(' ').map(str::to_owned).collect(),
            Vocabulary::Letters => ('a'..='z')
                .take(dice.between(1, 26) as usize)
                .map(String::from)
                .collect(),
            Vocabulary::Keys(most) => keys(dice, 100, *most),
            Vocabulary::SameHash => same_hash(dice),
            Vocabulary::Unicode(most) => many(dice, *most, unicode),
            Vocabulary::Mixed => {
                let words = many(dice, 30, unicode);
                [words, vec![String::new()], same_hash(dice)].concat()
            }
            Vocabulary::Punctuation => PUNCTUATION.map(str::to_owned).to_vec(),
            Vocabulary::AnyText => many(dice, 8, any_text),
            Vocabulary::Odd => many(dice, 19, odd),
            Vocabulary::OddAndKeys(most) => [many(dice, 19, odd), keys(dice, 20, *most)].concat(),
            Vocabulary::SameBin(most) => {
                let words = SAME_BIN.split(' ').map(str::to_owned);
                words.chain(keys(dice, 0, *most)).collect()
            }
            Vocabulary::Recorded(lists) => dice.pick(lists).clone(),
        };
        assert!(!all.is_empty(), "a vocabulary has words");
        Words {
            from: 0,
            to: all.len(),
            all,
        }
    }

    /// Now and then other words come than before, so that keys vanish and return.
    pub(super) fn forget_some(&mut self, dice: &mut Dice) {
        if dice.one_in(4) {
            let count = self.all.len() as u64;
            let from = dice.below(count);
            self.from = from as usize;
            self.to = dice.between(from + 1, count) as usize;
        }
    }

    /// One of the words that come.
    pub(super) fn word(&self, dice: &mut Dice) -> &str {
        let word: &String = dice.pick(&self.all[self.from..self.to]);
        word
    }

    /// Words with a space between; now and then two, which makes an empty word.
    pub(super) fn line(&self, dice: &mut Dice, count: u64) -> String {
        let mut line = String::new();
        for index in 0..count {
            if index > 0 || dice.one_in(20) {
                line.push(' ');
            }
            line.push_str(self.word(dice));
            if dice.one_in(25) {
                line.push(' ');
            }
        }
        line
    }
}

/// One word at least.
fn many(dice: &mut Dice, most: u64, word: fn(&mut Dice) -> String) -> Vec<String> {
    (0..dice.between(1, most)).map(|_| word(dice)).collect()
}

fn keys(dice: &mut Dice, least: u64, most: u64) -> Vec<String> {
    let count = dice.between(least, most);
    (0..count).map(|key| format!("key-{key}")).collect()
}

/// Words of `Aa` and `BB`, which have the same hash in Java, as has every sequence of one length of them.
fn same_hash(dice: &mut Dice) -> Vec<String> {
    let pieces = dice.between(1, 6) as u32;
    let word = |key: u32| -> String {
        let piece = |bit| if key >> bit & 1 == 0 { "Aa" } else { "BB" };
        (0..pieces).map(piece).collect()
    };
    (0..1 << pieces).map(word).collect()
}

/// A word of one range of characters.
fn unicode(dice: &mut Dice) -> String {
    let (first, last) = *dice.pick(&RANGES);
    let length = dice.between(1, 24);
    let characters = (0..length).map(|_| character(dice, first, last));
    let characters = characters.flatten();
    characters.filter(|character| *character != ' ').collect()
}

/// A text of all ranges of characters.
fn any_text(dice: &mut Dice) -> String {
    let length = dice.below(12);
    let characters = (0..length).map(|_| {
        let (first, last) = *dice.pick(&RANGES);
        character(dice, first, last).unwrap_or(' ')
    });
    characters.collect()
}

/// A character of a range; none where the number drawn is none of a character.
fn character(dice: &mut Dice, first: u32, last: u32) -> Option<char> {
    char::from_u32(dice.between(u64::from(first), u64::from(last)) as u32)
}

fn odd(dice: &mut Dice) -> String {
    let known: Vec<&str> = ODD.split('|').collect();
    match dice.below(6) {
        0 => (*dice.pick(&known)).to_owned(),
        1 => text_of(dice, "abc", 1, 3),
        2 => {
            let start = text_of(dice, "ABCabc", 2, 2);
            let pieces = dice.between(1, 3);
            let pieces = (0..pieces).map(|_| *dice.pick(&["Aa", "BB"]));
            start + &pieces.collect::<String>()
        }
        3 => text_of(dice, "abc'\"\\\t\u{7}é\u{ad}漢😀", 0, 30),
        4 => text_of(dice, "abcdefghijklm漢", 14, 22) + &text_of(dice, "😀漢", 0, 3),
        _ => text_of(dice, "nopqrstuvwxyz", 15, 17) + &text_of(dice, "😀", 2, 4),
    }
}

/// Characters of these, as many as are drawn.
fn text_of(dice: &mut Dice, characters: &str, least: u64, most: u64) -> String {
    let characters: Vec<char> = characters.chars().collect();
    let count = dice.between(least, most);
    (0..count).map(|_| *dice.pick(&characters)).collect()
}
