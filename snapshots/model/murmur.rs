//! Murmur3 for 32 bits, by Austin Appleby: the steps from which Spark and Scala build their variants.

/// Mixes the bits of a word.
pub(crate) fn mix_word(word: u32) -> u32 {
    word.wrapping_mul(0xcc9e_2d51)
        .rotate_left(15)
        .wrapping_mul(0x1b87_3593)
}

/// Takes a word into the hash.
pub(crate) fn take(hash: u32, word: u32) -> u32 {
    (hash ^ mix_word(word))
        .rotate_left(13)
        .wrapping_mul(5)
        .wrapping_add(0xe654_6b64)
}

/// Takes whole words, lowest byte first; returns the hash, and the bytes that are left over.
pub(crate) fn take_words(seed: u32, bytes: &[u8]) -> (u32, &[u8]) {
    let (words, rest) = bytes.as_chunks::<4>();
    let hash = words
        .iter()
        .fold(seed, |hash, word| take(hash, u32::from_le_bytes(*word)));
    (hash, rest)
}

/// Finishes a hash of this length, in bytes or in elements.
pub(crate) fn finish(hash: u32, length: usize) -> u32 {
    let hash = hash ^ length as u32;
    let hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
    let hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
    hash ^ hash >> 16
}
