//! The cases that do not have Spark's answer yet: `family: query`, and the reason in the line below.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use crate::case::Case;

/// The cases by family and query, and the reason of each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unsupported(BTreeMap<(String, String), String>);

/// Characters of a reason.
const REASON_MAX: usize = 160;

const FILE: &str = "unsupported.txt";

impl Unsupported {
    /// The cases that are listed.
    pub(crate) fn read(folder: &Path) -> io::Result<Unsupported> {
        let text = std::fs::read_to_string(folder.join(FILE))?;
        let mut lines = text.lines();
        let mut cases = BTreeMap::new();
        while let Some(line) = lines.next() {
            let reason = lines.next().unwrap_or_default().trim().to_owned();
            if let Some((family, query)) = line.split_once(": ") {
                cases.insert((family.to_owned(), query.to_owned()), reason);
            }
        }
        Ok(Unsupported(cases))
    }

    /// The reason why a case is listed, if it is.
    pub(crate) fn reason(&self, family: &str, case: &Case) -> Option<&str> {
        self.0.get(&key(family, case)).map(String::as_str)
    }

    /// Lists a case.
    pub(crate) fn add(&mut self, family: &str, case: &Case, reason: &str) {
        let reason: String = reason.replace('\n', " ").chars().take(REASON_MAX).collect();
        self.0.insert(key(family, case), reason);
    }

    /// Writes the list.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        let mut text = String::new();
        for ((family, query), reason) in &self.0 {
            let _ = writeln!(text, "{family}: {query}\n    {reason}");
        }
        std::fs::write(folder.join(FILE), text)
    }
}

/// A case by its family and its query; of one in another zone with the zone.
fn key(family: &str, case: &Case) -> (String, String) {
    let zone = match case.zone.as_str() {
        "UTC" => String::new(),
        zone => format!(" -- {zone}"),
    };
    (family.to_owned(), format!("{}{zone}", case.sql))
}
