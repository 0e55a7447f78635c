//! `[cost]`, and `cost` of a pipeline.

use std::time::Duration;

use crate::keys::{
    CLUSTER_TABLE, CONCURRENT_JOBS, COST_OF_BATCH, COST_OF_CHECKPOINT, COST_OF_JOB,
    COST_OF_KEY_TOUCHED, COST_OF_RECORD, COST_OF_RECOVERY, COST_OF_ROW, COST_OF_STATE_KEY,
    COST_OF_TABLE_ROW, COST_TABLE, PIPELINE_COST,
};
use crate::language::{TableReader, WithDefault};
use crate::quote::quote;
use crate::{Code, Cost, Pipeline, Program};

/// The costs of all pipelines that have none of their own.
pub(super) fn of_scenario(top: &TableReader) -> Cost {
    cost(&top.section(&COST_TABLE))
}

/// The costs of a pipeline of its own.
pub(super) fn of_pipeline(pipeline: &TableReader) -> Option<Cost> {
    Some(cost(&pipeline.table(&PIPELINE_COST)?))
}

fn cost(table: &TableReader) -> Cost {
    let get = |key: &'static WithDefault<Duration>| table.get_or_default(key);
    Cost {
        batch: get(&COST_OF_BATCH),
        job: get(&COST_OF_JOB),
        record: get(&COST_OF_RECORD),
        state_key: get(&COST_OF_STATE_KEY),
        key_touched: get(&COST_OF_KEY_TOUCHED),
        row_written: get(&COST_OF_ROW),
        table_row: get(&COST_OF_TABLE_ROW),
        checkpoint: get(&COST_OF_CHECKPOINT),
        recovery: get(&COST_OF_RECOVERY),
    }
}

/// Reports costs of a program of a user's own, whose jobs take no time, and concurrent jobs of one in Python, whose jobs
/// run one by one.
pub(super) fn check(top: &TableReader, pipeline: &Pipeline, table: &TableReader) {
    let is_python = matches!(pipeline.program, Program::Python(_));
    if is_python || matches!(pipeline.program, Program::Rust(_)) {
        check_cost(top, pipeline, table);
    }
    let cluster = top.section(&CLUSTER_TABLE);
    if let Some(span) = cluster.key_span(&CONCURRENT_JOBS).filter(|_| is_python) {
        let name = quote(&pipeline.name);
        let message = format!("the pipeline {name} is a program, whose jobs run one by one");
        let mistake = Code::NoState.at(span, message).label("of no `program`");
        top.push(mistake.help("leave it out, or give the program a scenario of its own"));
    }
}

fn check_cost(top: &TableReader, pipeline: &Pipeline, table: &TableReader) {
    let own = table.key_span(&PIPELINE_COST);
    let of_all = top.key_span(&COST_TABLE).filter(|_| own.is_none());
    let is_free = pipeline.cost == Some(Cost::default());
    let Some(span) = own.or(of_all).filter(|_| !is_free) else {
        return;
    };
    let name = quote(&pipeline.name);
    let message = format!("the pipeline {name} is a program, whose work takes no time");
    let mistake = Code::NoState.at(span, message).label("of no `program`");
    let help = "leave it out; beside pipelines that have costs, a program has `cost = {}`";
    top.push(mistake.help(help));
}
