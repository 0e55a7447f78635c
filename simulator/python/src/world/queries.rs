//! Queries as machines of the world: how one is started, and goes on from its checkpoint.

use std::rc::Rc;

use engine::{Machine, Profile};
use engine_structured::{AnalysisError, QueryRecoverError};
use pyo3::prelude::*;
use report::{Console, Zone};
use simulator::{CheckpointFiles, Driver};

use super::{Program, World, busy, value_error};
use crate::arrivals::{Lines, LinesOfQuery, entries};
use crate::followed_query::FollowedQuery;
use crate::follower::Output;
use crate::sql::{Session, Writer, refused};
use crate::watched_folders::WatchedFolders;

/// The parts of a query that is about to start, as a dictionary of the program.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(super) struct QueryOfProgram {
    id: String,
    run_id: String,
    /// The zone of times in its tables.
    zone: String,
    /// It is given its tables as text.
    print: Py<PyAny>,
    /// It is called with a kind and what belongs to it: `progress` with its JSON, `written` with a record of rows, `saved`
    /// with the name and the lines of a file, `failed` with an exception, and `stopped`.
    listener: Py<PyAny>,
    driver_listener: Option<Py<PyAny>>,
    /// It is called with a folder that the query reads, and returns the files that were not there when it was called before.
    new_files: Py<PyAny>,
    checkpoint: Option<Checkpoint>,
}

/// The checkpoint from which a query goes on, as a dictionary.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Checkpoint {
    folder: String,
    files: CheckpointFiles,
    /// The lines that its sources have had before the timeline.
    earlier: Vec<Lines>,
}

impl Checkpoint {
    fn not_recovered(&self, error: &QueryRecoverError) -> PyErr {
        let QueryRecoverError::NotSupported = error else {
            return value_error(error);
        };
        let message = format!(
            "This query does not support recovering from checkpoint location. Delete {}/offsets to start over.",
            self.folder
        );
        refused(&AnalysisError::new("_LEGACY_ERROR_TEMP_1299", message))
    }
}

/// A query that runs.
pub(super) struct StartedQuery {
    pub(super) program: usize,
    pub(super) id: String,
}

impl World {
    /// Starts a query now.
    pub(super) fn add_query(
        &self,
        writer: &Writer,
        session: Py<Session>,
        parts: QueryOfProgram,
    ) -> PyResult<StartedQuery> {
        let query = writer.query(&parts.id, &parts.run_id, parts.checkpoint.is_some());
        let mut query = query.map_err(|error| refused(&error))?;
        let mut driver = None;
        let mut earlier = Vec::new();
        if let Some(checkpoint) = parts.checkpoint {
            let mut opened = self.driver_of_query();
            let saved = opened.open_query(&checkpoint.files).map_err(value_error)?;
            let recovered = query.recover(&saved);
            query = recovered.map_err(|error| checkpoint.not_recovered(&error))?;
            driver = Some(opened);
            earlier = entries(checkpoint.earlier);
        }
        let id = query.id().to_string();
        let zone = Zone::named(&parts.zone).map_err(value_error)?;
        let console = Console::new(Profile::Pyspark, zone, Output(parts.print))
            .flush_each_batch(true)
            .show_saved(false);
        let mut follower = self.follower(None, parts.driver_listener, Some(console))?;
        let listener = parts.listener;
        follower.query = Some(FollowedQuery { listener, session });
        let now = self.now.get();
        let timeline = &self.timeline.get().0;
        let folders = WatchedFolders::new(query.sources(), parts.new_files);
        let files = folders.new_files()?;
        let LinesOfQuery { past, arrivals } =
            LinesOfQuery::new(now, timeline, query.sources(), files, &earlier);
        let log = Rc::clone(&follower.log);
        let mut world = self.machines.try_borrow_mut().map_err(|_| busy())?;
        world.advance(now);
        let has_faults = driver.as_ref().is_some_and(|it| it.faults_left() > 0);
        let machine = world.add_with_past(query, driver, past, arrivals, follower);
        if has_faults {
            self.lives.borrow_mut().machine = Some(machine);
        }
        let mut programs = self.programs.borrow_mut();
        programs.push(Program {
            machine,
            log,
            folders,
        });
        let program = programs.len() - 1;
        Ok(StartedQuery { program, id })
    }

    /// The driver of a query with a checkpoint: the first one that is started has the faults of the process.
    fn driver_of_query(&self) -> Driver<'static> {
        let mut lives = self.lives.borrow_mut();
        let of_process = if lives.has_faults {
            lives.driver.take()
        } else {
            None
        };
        let driver = of_process.unwrap_or_else(|| Driver::of_program([], false, self.now.get()));
        driver.of_query(true)
    }
}
