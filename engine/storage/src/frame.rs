//! Pieces of bytes in a file, each with its checksum, so that one that is torn or damaged is found.
//!
//! ```text
//! file   = magic version frame*
//! magic  = "MILLRACE"              8 bytes
//! version = u16, little endian     2 bytes, 3 today
//! frame  = length checksum bytes
//! length = u32, little endian      of the bytes
//! checksum = u32, little endian    CRC-32 (IEEE) of the length and the bytes
//! ```

use crate::StorageError;

const MAGIC: &[u8; 8] = b"MILLRACE";

/// The version of the format that is written, and the only one that is read.
const VERSION: u16 = 3;

const HEADER: usize = MAGIC.len() + size_of::<u16>();

/// Why bytes cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// The file does not begin as ours do.
    #[error("it is no file of a checkpoint")]
    NoFile,
    /// The file was written by an earlier or a later version.
    #[error(
        "it is of version {0} of the format, and this program reads version {VERSION}: use the one that wrote it"
    )]
    Version(u16),
    /// A piece ends too early, or has another checksum.
    #[error("it is damaged at byte {0}")]
    Damaged(usize),
}

/// The beginning of each file.
pub(crate) fn header() -> Vec<u8> {
    [MAGIC.as_slice(), &VERSION.to_le_bytes()].concat()
}

/// Adds a frame.
///
/// # Errors
///
/// Fails if the bytes are longer than a frame has room for.
pub(crate) fn push(file: &mut Vec<u8>, bytes: &[u8]) -> Result<(), StorageError> {
    let length = u32::try_from(bytes.len()).map_err(|_| StorageError::TooLarge(bytes.len()))?;
    file.extend(length.to_le_bytes());
    file.extend(checksum(length, bytes).to_le_bytes());
    file.extend(bytes);
    Ok(())
}

fn checksum(length: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length.to_le_bytes());
    hasher.update(bytes);
    hasher.finalize()
}

/// The frames of a file, up to the first that cannot be read, which is an error.
pub(crate) fn frames(file: &[u8]) -> impl Iterator<Item = Result<&[u8], FormatError>> {
    let mut error = check_header(file).err();
    let mut at = HEADER;
    std::iter::from_fn(move || {
        if let Some(error) = error.take() {
            at = file.len();
            return Some(Err(error));
        }
        if at >= file.len() {
            return None;
        }
        let start = at;
        let frame = frame(&file[start..]);
        at = frame.map_or(file.len(), |frame| {
            start + 2 * size_of::<u32>() + frame.len()
        });
        Some(frame.ok_or(FormatError::Damaged(start)))
    })
}

fn check_header(file: &[u8]) -> Result<(), FormatError> {
    let (magic, rest) = file
        .split_at_checked(MAGIC.len())
        .ok_or(FormatError::NoFile)?;
    let (version, _) = rest.split_first_chunk().ok_or(FormatError::NoFile)?;
    match u16::from_le_bytes(*version) {
        _ if magic != MAGIC => Err(FormatError::NoFile),
        VERSION => Ok(()),
        other => Err(FormatError::Version(other)),
    }
}

/// The frame at the beginning of these bytes; `None` if it is not whole.
fn frame(bytes: &[u8]) -> Option<&[u8]> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (expected, rest) = rest.split_first_chunk()?;
    let length = u32::from_le_bytes(*length);
    let frame = rest.get(..length as usize)?;
    (checksum(length, frame) == u32::from_le_bytes(*expected)).then_some(frame)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(frames: &[Vec<u8>]) -> Vec<u8> {
        let mut file = header();
        for frame in frames {
            push(&mut file, frame).expect("it is short");
        }
        file
    }

    #[test]
    fn the_format_is_as_documented() {
        let file = file(&[b"blue".to_vec()]);
        let checksum = crc32fast::hash(b"\x04\0\0\0blue").to_le_bytes();
        let expected = [b"MILLRACE\x03\0\x04\0\0\0".as_slice(), &checksum, b"blue"];
        assert_eq!(file, expected.concat());
    }

    #[test]
    fn other_files_and_versions_are_refused() {
        let refused = |file: &[u8]| {
            frames(file)
                .collect::<Result<Vec<_>, _>>()
                .expect_err("it is refused")
        };
        assert_eq!(refused(b""), FormatError::NoFile);
        assert_eq!(refused(b"something else"), FormatError::NoFile);
        assert_eq!(refused(b"MILLRACE\x02\0"), FormatError::Version(2));
        assert_eq!(refused(b"MILLRACE\x04\0"), FormatError::Version(4));
    }

    proptest! {
        #[test]
        fn frames_are_read_as_they_were_written(
            frames_in in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..5),
        ) {
            let file = file(&frames_in);
            let read: Result<Vec<&[u8]>, FormatError> = frames(&file).collect();
            prop_assert_eq!(read.expect("it is whole"), frames_in);
        }

        #[test]
        fn whatever_is_cut_off_or_flipped_is_found(
            bytes in prop::collection::vec(any::<u8>(), 0..20),
            at in any::<prop::sample::Index>(),
            bit in 0..8_u8,
        ) {
            let whole = file(&[bytes]);
            let at = at.index(whole.len());
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << bit;
            prop_assert!(frames(&flipped).any(|frame| frame.is_err()));
            // What is cut off behind the header is an empty file.
            let cut = frames(&whole[..at]).collect::<Result<Vec<_>, _>>();
            prop_assert!(cut.is_err() || at == HEADER);
        }
    }
}
