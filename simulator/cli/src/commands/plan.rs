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
    let mut plans = Vec::new();
    for (case, pipeline) in &pipelines {
        let plan = simulator::explain(&case.scenario, pipeline, arguments.extended);
        let plan = plan.map_err(|source| CommandError::Compile {
            pipeline: pipeline.name.clone(),
            source,
        })?;
        plans.extend(plan.map(|plan| (format!("{} {}", case.name, pipeline.name), plan)));
    }
    if plans.is_empty() {
        return Err(CommandError::NoPlan);
    }
    let are_several = plans.len() > 1;
    for (name, plan) in plans {
        if are_several {
            print_note(name);
        }
        print(plan)?;
    }
    Ok(exit)
}
