//! Numbers of bytes as text: `64kB`, `512MB`, `2GiB`.
//!
//! A size is a whole number and a unit, with nothing between them. `kB`, `MB`, `GB` and `TB` are powers of
//! 1000, `KiB`, `MiB`, `GiB` and `TiB` powers of 1024.
//!
//! ```
//! use scenario::size;
//!
//! assert_eq!(size::parse("512MB"), Ok(512_000_000));
//! assert_eq!(size::print(2 << 30), "2GiB");
//! assert_eq!(
//!     size::parse("512m").unwrap_err().to_string(),
//!     "a size has one unit: B, kB, MB, GB, TB, KiB, MiB, GiB or TiB",
//! );
//! ```

/// The units with their bytes, the largest first.
const UNITS: [(&str, u64); 9] = [
    ("TiB", 1 << 40),
    ("TB", 1_000_000_000_000),
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("KiB", 1 << 10),
    ("kB", 1_000),
    ("B", 1),
];

/// Why a text is not a size.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SizeError {
    /// It does not start with a whole number.
    #[error("a size starts with a whole number")]
    NoNumber,
    /// The part after the number is not a unit.
    #[error("a size has one unit: B, kB, MB, GB, TB, KiB, MiB, GiB or TiB")]
    UnknownUnit,
    /// It does not fit 64 bits.
    #[error("a size fits 64 bits of bytes")]
    TooLarge,
}

/// Reads a number of bytes.
///
/// # Errors
///
/// [`SizeError`] says which part is wrong.
pub fn parse(text: &str) -> Result<u64, SizeError> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    if number.is_empty() {
        return Err(SizeError::NoNumber);
    }
    let is_it = |(name, _): &&(&str, u64)| *name == unit;
    let (_, bytes) = UNITS.iter().find(is_it).ok_or(SizeError::UnknownUnit)?;
    let number: u64 = number.parse().map_err(|_| SizeError::TooLarge)?;
    number.checked_mul(*bytes).ok_or(SizeError::TooLarge)
}

/// Writes a number of bytes in the largest unit of which it is a whole number. [`parse`] reads it back.
pub fn print(bytes: u64) -> String {
    let fits = |(_, unit): &&(&str, u64)| bytes >= *unit && bytes.is_multiple_of(*unit);
    match UNITS.iter().find(fits) {
        Some((name, unit)) => format!("{}{name}", bytes / unit),
        None => format!("{bytes}B"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_unit_is_read_and_written() {
        for (name, bytes) in UNITS {
            assert_eq!(parse(&format!("3{name}")), Ok(3 * bytes));
            assert_eq!(print(3 * bytes), format!("3{name}"));
        }
        assert_eq!(print(0), "0B");
        assert_eq!(print(1_500_000), "1500kB");
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for (text, error) in [
            ("", SizeError::NoNumber),
            ("MB", SizeError::NoNumber),
            ("-1MB", SizeError::NoNumber),
            ("1", SizeError::UnknownUnit),
            ("1.5GB", SizeError::UnknownUnit),
            ("1 GB", SizeError::UnknownUnit),
            ("1mb", SizeError::UnknownUnit),
            ("99999999999999999999B", SizeError::TooLarge),
            ("20000000TiB", SizeError::TooLarge),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bytes: u64) {
            prop_assert_eq!(parse(&print(bytes)), Ok(bytes));
        }
    }
}
