//! Results as XML of the form of `JUnit`, which CI servers read.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::results::TestResult;
use crate::exit::Exit;

/// The report: a test case for each result, whose class is the scenario.
pub(super) fn junit(results: &[TestResult]) -> io::Result<String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let took = results.iter().map(|result| result.took).sum();
    let count = |is_counted: fn(&TestResult) -> bool| {
        let counted = results.iter().filter(|result| is_counted(result));
        counted.count().to_string()
    };
    let totals = [
        ("name", Cow::from("millrace")),
        ("tests", results.len().to_string().into()),
        ("failures", count(|it| it.exit == Exit::Differs).into()),
        ("errors", count(|it| it.exit > Exit::Differs).into()),
        ("time", seconds(took).into()),
    ];
    let suites = writer.create_element("testsuites");
    suites.write_inner_content(|writer| {
        let suite = writer.create_element("testsuite").with_attributes(totals);
        suite.write_inner_content(|writer| {
            let mut results = results.iter();
            results.try_for_each(|result| write_case(result, writer))
        })?;
        Ok(())
    })?;
    let mut text = String::from_utf8(writer.into_inner()).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}

fn write_case(result: &TestResult, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
    let path = result.path.display().to_string();
    let name = result.pipeline.as_deref().unwrap_or("scenario");
    let case = writer.create_element("testcase").with_attributes([
        ("classname", valid(&result.scenario)),
        ("name", valid(name)),
        ("file", valid(&path)),
        ("time", seconds(result.took).into()),
    ]);
    let kind = match result.exit {
        Exit::Success => {
            case.write_empty()?;
            return Ok(());
        }
        Exit::Differs => "failure",
        _ => "error",
    };
    case.write_inner_content(|writer| {
        let problem = writer.create_element(kind);
        let problem = problem.with_attribute(("message", result.finding.word()));
        let text = result.problems.join("\n");
        problem.write_text_content(BytesText::new(&valid(&text)))?;
        Ok(())
    })?;
    Ok(())
}

fn seconds(took: Duration) -> String {
    format!("{:.6}", took.as_secs_f64())
}

/// A text without the characters that XML has no way to write.
fn valid(text: &str) -> Cow<'_, str> {
    let is_invalid = |it: char| matches!(it, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if text.contains(is_invalid) {
        text.replace(is_invalid, "\u{fffd}").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::finding::Finding;

    #[test]
    fn each_result_is_a_test_case() -> io::Result<()> {
        let result = |finding, problem: &str| TestResult {
            scenario: "shop/carts".to_owned(),
            pipeline: Some("counts".to_owned()),
            path: "scenarios/shop/carts.toml".into(),
            took: Duration::from_millis(250),
            ..TestResult::new(finding, vec![problem.to_owned()])
        };
        let broken = TestResult {
            pipeline: None,
            exit: Exit::Usage,
            ..result(Finding::Broken, "it ends\u{1b} early")
        };
        let results = [
            result(Finding::Same, ""),
            result(Finding::Differs, "a < b"),
            broken,
        ];
        let place = "file=\"scenarios/shop/carts.toml\" time=\"0.250000\"";
        assert_eq!(
            junit(&results)?,
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                 <testsuites>\n  \
                 <testsuite name=\"millrace\" tests=\"3\" failures=\"1\" errors=\"1\" time=\"0.750000\">\n    \
                 <testcase classname=\"shop/carts\" name=\"counts\" {place}/>\n    \
                 <testcase classname=\"shop/carts\" name=\"counts\" {place}>\n      \
                 <failure message=\"differs\">a &lt; b</failure>\n    \
                 </testcase>\n    \
                 <testcase classname=\"shop/carts\" name=\"scenario\" {place}>\n      \
                 <error message=\"broken\">it ends\u{fffd} early</error>\n    \
                 </testcase>\n  \
                 </testsuite>\n\
                 </testsuites>\n"
            )
        );
        Ok(())
    }
}
