//! A driver that may die and start again: what is left of it, and what happens to it.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use engine::{
    Event, Failure, FailureKind, Finished, Job, Machine, QueryFile, Time, Workers, WriteContent,
    WriteError,
};
use engine_storage::{CheckpointFolder, VirtualDisk};
use random::Dice;
use scenario::{
    ClusterFault, CrashPoint, FailingPart, Fault, FilePoint, LostBytes, Permuted, duration,
};

use super::disk_faults;
use super::permuted_reads::PermutedReads;
use super::results::Results;
use crate::arrivals::Arrivals;
use crate::compile::failing_parts::FailingParts;
use crate::tamper::Tamper;

/// Makes the program of the life of the driver that begins at a time, from the disk of its checkpoints if it has some.
pub(crate) type StartLife<'a> =
    Box<dyn FnMut(Time, Option<VirtualDisk>) -> Result<NextLife, Failure> + 'a>;

/// The program of another life of the driver.
pub(crate) struct NextLife {
    pub(crate) machine: Box<dyn Machine>,
    /// True if it is handed what its source has had before.
    pub(crate) is_replayed: bool,
}

/// The things that outlive the process of a driver, and the faults that are to come.
pub struct Driver<'a> {
    start: StartLife<'a>,
    /// All that arrives, from the beginning.
    pub(super) arrivals: Box<dyn Fn() -> Arrivals + 'a>,
    /// `None` if the program has no checkpoints.
    pub(super) folder: Option<CheckpointFolder<VirtualDisk>>,
    /// The results, which outlive it, too.
    pub(super) results: Results,
    /// In the order of time.
    pub(super) faults: VecDeque<(Time, Fault)>,
    pub(super) failing: FailingParts,
    /// The time from which offsets are counted.
    clock_start: Time,
    tamper: Option<&'a dyn Tamper>,
    /// The dice for the order of map outputs.
    dice: Dice,
    /// True of a query, whose micro-batches have no times of their own.
    is_query: bool,
    /// True of a program that prints while its jobs run, and not by events.
    pub(super) prints_in_jobs: bool,
    /// The last restart of such a program that came while it ran.
    pub(super) restart_in_vain: Option<Time>,
    /// The time at which it will have read its checkpoint.
    pub(super) recovered_at: Option<Time>,
    pub(super) life: Life,
}

/// The faults of one life.
#[derive(Default)]
pub(super) struct Life {
    /// The batch and the point in it at which the process ends.
    pub(super) crash: Option<(Time, CrashPoint)>,
    /// The file of a query's checkpoint at which it ends.
    pub(super) crash_at: Option<FilePoint>,
    /// For each batch the time that its first job takes.
    slow: BTreeMap<Time, Duration>,
    /// The time of the job that is about to run.
    slow_job: Option<Duration>,
    /// The things that come in another order.
    permuted: Permuted,
    /// The number of a query's micro-batches whose tasks fail yet.
    failing_tasks: u32,
    /// The writes of checkpoints that fail, and how many of them yet; `None` for each.
    failing_checkpoints: Option<(FailingPart, Option<u32>)>,
    /// True if the job that is about to run does not end.
    is_job_stuck: bool,
    /// True if the process ends when the job that is about to run has printed.
    is_last_job: bool,
    /// True if no checkpoint is written any more.
    is_writer_stopped: bool,
    pub(super) end: End,
}

/// The distance of a process from its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum End {
    #[default]
    Alive,
    /// It ends after all else that happens at this instant.
    Dying,
    /// It has ended: nothing that it asks for is done.
    Dead,
}

impl<'a> Driver<'a> {
    /// The driver of a program that is started for the first time.
    pub(crate) fn new(
        start: StartLife<'a>,
        arrivals: Box<dyn Fn() -> Arrivals + 'a>,
        has_checkpoints: bool,
        faults: impl IntoIterator<Item = (Time, Fault)>,
        failing: FailingParts,
        clock_start: Time,
    ) -> Driver<'a> {
        Driver {
            start,
            arrivals,
            folder: has_checkpoints.then(|| CheckpointFolder::new(VirtualDisk::default())),
            results: Results::default(),
            faults: faults.into_iter().collect(),
            failing,
            clock_start,
            prints_in_jobs: false,
            restart_in_vain: None,
            tamper: None,
            dice: Dice::new(0, 0),
            is_query: false,
            recovered_at: None,
            life: Life::default(),
        }
    }

    /// The same driver, whose recovery has a planted fault.
    pub(crate) fn tampered(mut self, tamper: Option<&'a dyn Tamper>) -> Driver<'a> {
        self.tamper = tamper;
        if let Some(folder) = &mut self.folder {
            let skips_sync = tamper.is_some_and(Tamper::skips_sync);
            folder.storage_mut().skip_sync(skips_sync);
        }
        self
    }

    /// The same driver, with these dice for the order of map outputs.
    pub(crate) fn with_dice(self, dice: Dice) -> Driver<'a> {
        Driver { dice, ..self }
    }

    /// Runs a job, whose reduce tasks read map outputs in the order that the world gives.
    pub(super) fn run(&mut self, job: Job, workers: &dyn Workers) -> Finished {
        if self.life.permuted == Permuted::MapOutputs {
            PermutedReads::run(job, workers, &mut self.dice)
        } else {
            job.run(workers)
        }
    }

    /// The same driver, of a query or not.
    pub fn of_query(self, is_query: bool) -> Driver<'a> {
        Driver { is_query, ..self }
    }

    /// The time of the next fault, or of the end of its recovery, and whether that comes after all else that happens
    /// then.
    pub(super) fn next_fault(&self) -> Option<(Time, bool)> {
        // The folder of a process that is to die at a point is damaged when it has died.
        let is_to_die = self.life.crash.is_some() || self.life.crash_at.is_some();
        let is_last = |fault: &Fault| match fault {
            Fault::Restart | Fault::Cluster(ClusterFault::Restart(_)) => true,
            Fault::Delete(_) | Fault::Corrupt(_) | Fault::Lose(_) => is_to_die,
            _ => false,
        };
        let fault = self.faults.front();
        let fault = fault.map(|(time, fault)| (*time, is_last(fault)));
        let recovered = self.recovered_at.map(|time| (time, true));
        fault.into_iter().chain(recovered).min()
    }

    /// Takes the end of its recovery, if that is the next thing to happen.
    pub(super) fn take_recovered(&mut self) -> bool {
        let recovered = self.recovered_at.map(|time| (time, true));
        let is_next = recovered.is_some() && recovered == self.next_fault();
        if is_next {
            self.recovered_at = None;
        }
        is_next
    }

    /// Takes the next fault.
    pub(super) fn take_fault(&mut self) -> Option<Fault> {
        self.faults.pop_front().map(|(_, fault)| fault)
    }

    /// Prepares a fault that strikes later, or does what it does to files.
    pub(super) fn prepare(&mut self, fault: Fault) {
        if let Some(folder) = &mut self.folder {
            disk_faults::strike(folder.storage_mut(), fault);
        }
        if let Fault::Lose(LostBytes::Unsynced) = fault {
            self.results.lose_unsynced();
        }
        match fault {
            Fault::CrashIn(point, batch) => {
                self.life.crash = Some((self.time(batch), point));
            }
            Fault::CrashAt(point) => self.life.crash_at = Some(point),
            Fault::Slow { batch, time } => {
                self.life.slow.insert(self.time(batch), time);
            }
            Fault::Fail { part, batch, times } => match part {
                FailingPart::Task if self.is_query => {
                    self.life.failing_tasks = times.unwrap_or(u32::MAX);
                }
                FailingPart::Task | FailingPart::Generation => {
                    self.failing.add(self.time(batch), part, times);
                }
                FailingPart::Save => self.results.fail(times),
                FailingPart::Checkpoint | FailingPart::Completion => {
                    self.life.failing_checkpoints = Some((part, times));
                }
            },
            Fault::Delete(_)
            | Fault::Corrupt(_)
            | Fault::Lose(_)
            | Fault::Crash
            | Fault::Stop
            | Fault::Restart
            | Fault::Fill(_)
            | Fault::Clear
            | Fault::Clock(_)
            | Fault::Cluster(_) => {}
            Fault::Permute(permuted) => self.life.permuted = permuted,
        }
    }

    /// The end of a batch that is given by its offset.
    fn time(&self, batch: Duration) -> Time {
        self.clock_start
            .checked_add(batch)
            .unwrap_or(self.clock_start)
    }

    /// Ends the process.
    pub(super) fn die(&mut self) {
        // Faults that are said from now on are of the next life.
        self.life = Life {
            end: End::Dead,
            ..Life::default()
        };
        self.failing.clear();
        self.results.begin_life();
        self.recovered_at = None;
    }

    /// The point of a batch at which the process ends.
    pub(super) fn crash_point(&self, batch_time: Time) -> Option<CrashPoint> {
        let point = self.life.crash.filter(|(time, _)| *time == batch_time);
        point.map(|(_, point)| point)
    }

    pub(super) fn is_dead(&self) -> bool {
        self.life.end == End::Dead
    }

    /// The point at which the process was to end, and has not.
    pub(super) fn unreached(&self) -> Option<String> {
        if self.is_dead() {
            return None;
        }
        let of_batch = |(batch, _): (Time, CrashPoint)| {
            let batch = duration::print(batch.since(self.clock_start));
            format!("its point in the batch of {batch}")
        };
        let at_file = |point| match point {
            FilePoint::Before(file) | FilePoint::After(file) => format!("the file {file}"),
        };
        let in_batch = self.life.crash.map(of_batch);
        in_batch.or_else(|| self.life.crash_at.map(at_file))
    }

    pub(super) fn is_dying(&self) -> bool {
        self.life.end == End::Dying
    }

    /// Begins another life, and returns its program.
    pub(super) fn begin_life(&mut self, now: Time) -> Result<NextLife, Failure> {
        self.life.end = End::Alive;
        let disk = self.folder.take().map(CheckpointFolder::into_storage);
        // Another process begins files of its own.
        self.folder = disk.clone().map(CheckpointFolder::new);
        (self.start)(now, disk)
    }

    /// True of a program that prints while its jobs run.
    pub(super) fn prints_in_jobs(&self) -> bool {
        self.prints_in_jobs
    }

    /// True if the process ends with a job that has run, before it returns.
    pub(super) fn ends_after_job(&mut self) -> bool {
        if self.life.is_last_job {
            // The checkpoint of its generation is written meanwhile.
            self.life.end = End::Dying;
            self.life.is_job_stuck = true;
        }
        self.life.is_last_job
    }

    /// True if a task of the job that has run fails, of a query.
    pub(super) fn fails_task(&mut self) -> bool {
        let left = self.life.failing_tasks.checked_sub(1);
        self.life.failing_tasks = left.unwrap_or_default();
        left.is_some()
    }

    /// True if no job runs any more.
    pub(super) fn is_stuck(&self) -> bool {
        self.is_dead() || self.life.is_job_stuck
    }

    /// The time of the job that is about to run, if it is slow.
    pub(super) fn take_slow(&mut self) -> Option<Duration> {
        self.life.slow_job.take()
    }

    /// Writes, unless the process has ended or writes no more checkpoints: then it learns of no end.
    pub(super) fn write(
        &mut self,
        now: Time,
        content: &WriteContent,
    ) -> Option<Result<(), WriteError>> {
        if self.is_dead() {
            return None;
        }
        let checkpoint = match content {
            WriteContent::Checkpoint(checkpoint) => checkpoint,
            WriteContent::QueryFile { file, .. } => return self.write_file(now, *file, content),
            _ => return Some(self.store(now, content)),
        };
        let is_done = !checkpoint.pending.contains(&checkpoint.time);
        let point = self.life.crash.filter(|(time, _)| *time == checkpoint.time);
        let is_last = match (point.map(|(_, point)| point), is_done) {
            (Some(CrashPoint::BeforeCheckpoint), false)
            | (Some(CrashPoint::BeforeCompletion), true) => {
                self.life.is_writer_stopped = true;
                self.life.end = End::Dying;
                false
            }
            (Some(CrashPoint::AfterCheckpoint), false) => true,
            _ => false,
        };
        if self.life.is_writer_stopped {
            return None;
        }
        if self.life.fails_checkpoint(is_done) {
            return Some(Err(disk_fails()));
        }
        let written = self.store(now, content);
        if is_last {
            self.life.is_writer_stopped = true;
            self.life.end = End::Dying;
        }
        Some(written)
    }

    /// Writes a file of a query, before or after which the process may end.
    fn write_file(
        &mut self,
        now: Time,
        file: QueryFile,
        content: &WriteContent,
    ) -> Option<Result<(), WriteError>> {
        if self.life.crash_at == Some(FilePoint::Before(file)) {
            self.life.end = End::Dead;
            return None;
        }
        if self.life.fails_checkpoint(false) {
            return Some(Err(disk_fails()));
        }
        let written = self.store(now, content);
        if self.life.crash_at == Some(FilePoint::After(file)) {
            self.life.end = End::Dead;
            return None;
        }
        Some(written)
    }

    fn store(&mut self, now: Time, content: &WriteContent) -> Result<(), WriteError> {
        let Some(folder) = &mut self.folder else {
            return Ok(());
        };
        match self.tamper {
            None => folder.write(now, content),
            Some(tamper) => {
                let contents = tamper.write(now, content.clone()).into_iter();
                let mut written = contents.map(|content| folder.write(now, &content));
                written.find(Result::is_err).unwrap_or(Ok(()))
            }
        }
    }

    /// Returns false if the process has ended, and an event does not happen any more.
    pub(super) fn lets_happen(&mut self, event: &Event) -> bool {
        if self.is_dead() {
            return false;
        }
        if let Event::OutputOperationStarted { batch_time, .. } = event {
            self.life.slow_job = self.life.slow.remove(batch_time);
        }
        let Some((batch, point)) = self.life.crash else {
            return true;
        };
        match (point, event) {
            (CrashPoint::Generation, Event::BatchSubmitted { batch_time, .. })
                if *batch_time == batch =>
            {
                self.life.end = End::Dead;
                false
            }
            (CrashPoint::Job, Event::OutputOperationStarted { batch_time, .. })
                if *batch_time == batch =>
            {
                // The checkpoint of its generation is written meanwhile.
                self.life.end = End::Dying;
                self.life.is_job_stuck = true;
                true
            }
            (CrashPoint::Output, Event::OutputOperationStarted { batch_time, .. })
                if *batch_time == batch && self.prints_in_jobs =>
            {
                self.life.is_last_job = true;
                true
            }
            (CrashPoint::Output, Event::Printed { batch_time, .. }) if *batch_time == batch => {
                self.life.end = End::Dead;
                true
            }
            (CrashPoint::Completed, Event::BatchCompleted { batch_time })
                if *batch_time == batch =>
            {
                self.life.end = End::Dying;
                true
            }
            _ => true,
        }
    }
}

impl Life {
    /// True if a write of a checkpoint fails now.
    fn fails_checkpoint(&mut self, is_done: bool) -> bool {
        match &mut self.failing_checkpoints {
            Some((FailingPart::Completion, _)) if !is_done => false,
            Some((_, None)) => true,
            Some((_, Some(times @ 1..))) => {
                *times -= 1;
                true
            }
            _ => false,
        }
    }
}

fn disk_fails() -> WriteError {
    WriteError {
        reason: "the disk fails".into(),
    }
}

/// The failure of a program that cannot go on.
pub(crate) fn unreadable(error: &dyn std::error::Error) -> Failure {
    Failure::new(FailureKind::Checkpoint, error.to_string().as_str())
}
