//! `[console]`.

use super::fields::Fields;
use crate::Console;
use crate::words::{CONSOLE_PROFILE, CONSOLE_TABLE, ORDER, ORDERS, PROFILES, ROWS};

pub(super) fn lower(top: &Fields) -> Console {
    let console = top.section(&CONSOLE_TABLE);
    Console {
        profile: console.word_or_default(&CONSOLE_PROFILE, &PROFILES),
        order: console.word_or_default(&ORDER, &ORDERS),
        rows: console.size(&ROWS),
    }
}
