//! A case: a query, and the answers that Spark gave to it.

use std::error::Error;
use std::fmt;

use engine::SparkVersion;
use engine_sql::{Session, find_zone};
use serde_json::Value as Json;

use crate::answer::{self, Answer, Column, Stage};

/// A query and its answers.
pub(crate) struct Case {
    /// The text behind `SELECT`.
    pub(crate) sql: String,
    /// The name of the session's zone.
    pub(crate) zone: String,
    answers: Vec<(Vec<String>, Answer)>,
}

/// The first answer that is not Spark's.
pub(crate) struct Difference {
    sql: String,
    settings: String,
    expected: Answer,
    got: Answer,
    /// The difference in a few words.
    pub(crate) reason: String,
}

impl Case {
    /// The case of a line.
    pub(crate) fn parse(line: &str) -> Result<Case, Box<dyn Error + Send + Sync>> {
        let json: Json = serde_json::from_str(line)?;
        let answers = json["answers"].as_array().ok_or("a case has answers")?;
        let answers = answers.iter().map(|answer| {
            let of = answer["of"].as_array().into_iter().flatten();
            let of = of.filter_map(Json::as_str).map(str::to_owned).collect();
            (of, expected(answer))
        });
        Ok(Case {
            sql: json["sql"].as_str().ok_or("a case has a query")?.to_owned(),
            zone: json["zone"].as_str().unwrap_or("UTC").to_owned(),
            answers: answers.collect(),
        })
    }

    /// Compares all answers with this engine's.
    pub(crate) fn check(&self) -> Result<(), Box<Difference>> {
        for (settings, expected) in &self.answers {
            for setting in settings {
                let got = answer::of(&self.sql, &self.session(setting));
                if let Some(reason) = expected.difference(&got) {
                    return Err(Box::new(Difference {
                        sql: self.sql.clone(),
                        settings: setting.clone(),
                        expected: expected.clone(),
                        got,
                        reason,
                    }));
                }
            }
        }
        Ok(())
    }

    /// The session of `3.5`, `3.5 ansi`, `4` or `4 ansi`.
    fn session(&self, setting: &str) -> Session {
        let release = setting.split(' ').next().unwrap_or_default();
        let spark = SparkVersion::of(release).expect("recorded of Spark 3.5 and 4");
        Session {
            ansi: setting.ends_with("ansi"),
            zone: find_zone(&self.zone).expect("recorded in a zone that is known"),
            ..Session::new(spark)
        }
    }
}

fn expected(answer: &Json) -> Answer {
    let error = &answer["error"];
    if !error.is_null() {
        return Answer::Error {
            stage: match error["stage"].as_str() {
                Some("run") => Stage::Run,
                _ => Stage::Analysis,
            },
            class: error["class"].as_str().map(str::to_owned),
            message: error["message"].as_str().unwrap_or_default().to_owned(),
        };
    }
    let text = |json: &Json| json.as_str().map(str::to_owned);
    let columns = answer["columns"].as_array().into_iter().flatten();
    let columns = columns.map(|column| Column {
        name: text(&column["name"]).unwrap_or_default(),
        data_type: text(&column["type"]).unwrap_or_default(),
        nullable: column["nullable"].as_bool().unwrap_or_default(),
    });
    let rows = answer["rows"].as_array().into_iter().flatten();
    let rows = rows.map(|row| row.as_array().into_iter().flatten().map(text).collect());
    Answer::Rows {
        columns: columns.collect(),
        rows: rows.collect(),
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} [{}]: {}", self.sql, self.settings, self.reason)?;
        writeln!(f, "  expected {}", self.expected)?;
        write!(f, "  got      {}", self.got)
    }
}
