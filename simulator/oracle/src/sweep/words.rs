//! The words of a scenario: few or thousands, of all planes of Unicode, some with the same hash.

use random::Dice;

/// Where characters are drawn from, first and last.
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

/// The words that may come, and which of them come just now.
pub(super) struct Words {
    all: Vec<String>,
    /// Those that come are all from here to before there.
    current: (usize, usize),
    longest_line: u64,
}

impl Words {
    pub(super) fn draw(dice: &mut Dice) -> Words {
        let all = match dice.below(6) {
            0 => (0..dice.between(100, 2_000))
                .map(|key| format!("key-{key}"))
                .collect(),
            1 => colliding(dice),
            2 => (0..dice.between(1, 400)).map(|_| unicode(dice)).collect(),
            3 => {
                let mut words: Vec<String> =
                    (0..dice.between(1, 30)).map(|_| unicode(dice)).collect();
                words.push(String::new());
                words.extend(colliding(dice));
                words
            }
            _ => (0..dice.between(1, 26))
                .map(|key| letter(key).to_string())
                .collect(),
        };
        let length = all.len();
        Words {
            longest_line: if length > 99 { 200 } else { 12 },
            all,
            current: (0, length),
        }
    }

    /// Now and then other words come than before, so that keys vanish and return.
    pub(super) fn forget_some(&mut self, dice: &mut Dice) {
        if dice.one_in(4) {
            let from = dice.below(self.all.len() as u64);
            self.current = (
                from as usize,
                dice.between(from + 1, self.all.len() as u64) as usize,
            );
        }
    }

    /// One of the words that come.
    pub(super) fn word(&self, dice: &mut Dice) -> &str {
        let (from, to) = self.current;
        let word: &String = dice.pick(&self.all[from..to]);
        word
    }

    /// Words with a space between; now and then two, which makes an empty word.
    pub(super) fn line(&self, dice: &mut Dice) -> String {
        let count = dice.between(0, self.longest_line);
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

fn letter(key: u64) -> char {
    char::from(b'a' + key as u8)
}

/// Words of `Aa` and `BB`, which have the same hash in Java, as has every sequence of so many of them.
fn colliding(dice: &mut Dice) -> Vec<String> {
    let pieces = dice.between(1, 6) as u32;
    let word = |key: u32| -> String {
        let piece = |bit| if key >> bit & 1 == 0 { "Aa" } else { "BB" };
        (0..pieces).map(piece).collect()
    };
    (0..1 << pieces).map(word).collect()
}

fn unicode(dice: &mut Dice) -> String {
    let (first, last) = *dice.pick(&RANGES);
    let length = dice.between(1, 24);
    let characters = (0..length).map(|_| dice.between(u64::from(first), u64::from(last)) as u32);
    let characters = characters.filter_map(char::from_u32);
    characters.filter(|character| *character != ' ').collect()
}
