//! The queries of a scenario that are refused before they start.

use scenario::{Program, QueryPlace, Refusal, Scenario, Structured};

use super::{CompileError, PipelineSource, structured};

/// The parts of a scenario's queries in SQL that are refused, but for those that the scenario says are; and queries that
/// are not, although it says so.
///
/// A scenario with one of them is as mistaken as one with a misspelt key.
pub fn refusals(scenario: &Scenario) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = Vec::new();
    for (number, query) in queries(scenario) {
        let refusal = match structured::query(scenario, query, number, &PipelineSource::Scripted) {
            Err(CompileError::Refused(refusal)) if !is_expected(query, &refusal) => refusal,
            Err(_) | Ok(_) => continue,
        };
        // Queries share sources and tables.
        if !refusals.contains(&refusal) {
            refusals.push(*refusal);
        }
    }
    refusals
}

/// The queries in SQL, each with the number of its pipeline.
fn queries(scenario: &Scenario) -> impl Iterator<Item = (usize, &Structured)> {
    let pipelines = scenario.pipelines.iter().enumerate();
    pipelines.filter_map(|(number, pipeline)| match &pipeline.program {
        Program::Structured(query) if query.sql.is_some() => Some((number, query)),
        _ => None,
    })
}

/// True if a query is refused as its scenario says.
pub(crate) fn is_expected(query: &Structured, refusal: &Refusal) -> bool {
    let part = query.refused.as_ref();
    part.is_some_and(|part| refusal.message.contains(&**part))
}

/// The mistake of a query that starts, although it is said to be refused.
pub(super) fn not_refused(query: &Structured, pipeline: usize) -> Option<Refusal> {
    query.refused.as_ref().map(|_| Refusal {
        place: QueryPlace::Refused(pipeline),
        span: None,
        message: "the query is not refused".to_owned(),
        help: Some("leave out `refused`: the query starts".to_owned()),
    })
}
