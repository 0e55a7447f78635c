//! `millrace plan`: the plans of structured queries.

use crate::args::PlanArguments;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::select::{self, Loaded};
use crate::terminal::{print, print_note};

/// Prints the plan of each structured query that was asked for.
pub(crate) fn plan(arguments: &PlanArguments) -> Result<Exit, CommandError> {
    let Loaded { cases, exit } = select::load(&arguments.paths)?;
    let pipelines = select::pipelines(&cases, arguments.pipeline.as_deref())?;
    let mut has_plan = false;
    for (case, pipeline) in &pipelines {
        let plan = simulator::explain(&case.scenario, pipeline, arguments.extended);
        let plan = plan.map_err(|source| CommandError::Compile {
            pipeline: pipeline.name.clone(),
            source,
        })?;
        if let Some(plan) = plan {
            print_note(format_args!("{} {}", case.name, pipeline.name));
            print(plan)?;
            has_plan = true;
        }
    }
    if has_plan {
        return Ok(exit);
    }
    Err(CommandError::NoPlan)
}
