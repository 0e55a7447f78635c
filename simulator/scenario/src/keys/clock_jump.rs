//! A jump of a clock: `+5s`, `-5s`.

use std::time::Duration;

use crate::Code;
use crate::duration::{self, DurationError};
use crate::language::{Kind, Shape, toml_text};

/// A jump of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockJump {
    /// It is fast by this time.
    Forward(Duration),
    /// It is slow by this time.
    Back(Duration),
}

/// A text that is no jump.
#[derive(Debug, thiserror::Error)]
enum JumpError {
    #[error("it has no sign")]
    NoSign,
    #[error("it goes nowhere")]
    Zero,
    #[error(transparent)]
    Duration(#[from] DurationError),
}

pub(crate) const JUMP: Kind<ClockJump> = Kind::Plain {
    shape: Shape::Jump,
    read: |written| {
        let help = "jumps are written as \"+5s\", by which the clock is fast, or \"-5s\", by which it is slow";
        written.quantity(parse, Code::BadDuration, help)
    },
    write: |jump| toml_text(&print(*jump)),
};

fn parse(text: &str) -> Result<ClockJump, JumpError> {
    let text = text.trim();
    let forward = text.strip_prefix('+');
    let unsigned = forward.or_else(|| text.strip_prefix('-'));
    let by = duration::parse(unsigned.ok_or(JumpError::NoSign)?)?;
    match forward {
        _ if by.is_zero() => Err(JumpError::Zero),
        Some(_) => Ok(ClockJump::Forward(by)),
        None => Ok(ClockJump::Back(by)),
    }
}

fn print(jump: ClockJump) -> String {
    match jump {
        ClockJump::Forward(by) => format!("+{}", duration::print(by)),
        ClockJump::Back(by) => format!("-{}", duration::print(by)),
    }
}
