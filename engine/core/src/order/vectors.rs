//! Tests' door to the hashes that real Spark, Java and Python gave.

use serde_json::Value;

/// Compares `hash` with the column `name` of `tests/data/hash_vectors.json`, text by text.
#[track_caller]
pub(super) fn check(name: &str, hash: impl Fn(&str) -> i64) {
    let file = include_str!("../../tests/data/hash_vectors.json");
    let vectors: Vec<Value> = serde_json::from_str(file).expect("the file of vectors is JSON");
    assert!(!vectors.is_empty(), "there are vectors to compare with");
    for vector in vectors {
        let text = vector["text"].as_str().expect("each vector has a text");
        let expected = vector[name].as_i64().expect("each vector has this hash");
        assert_eq!(hash(text), expected, "{name} of {text:?}");
    }
}
