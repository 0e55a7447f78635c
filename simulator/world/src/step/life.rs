//! A driver whose lives are its caller's: a program that is run again from its beginning after each crash.

use std::collections::BTreeMap;

use engine::{
    DStream, Failure, Input, Machine, QueryFile, QueryFiles, Reader, Recovery, Text, Time,
};
use engine_storage::{CheckpointFolder, ReadError, Storage, StorageError, VirtualDisk};
use scenario::{Fault, FilePoint};

use super::World;
use super::driver::{Driver, NextLife};
use crate::arrivals::Arrivals;
use crate::compile::failing_parts::FailingParts;
use crate::compile::query_files;
use crate::schedule::MachineId;

/// The bytes of the files of a checkpoint folder, by name.
pub type CheckpointFiles = BTreeMap<String, Vec<u8>>;

impl Driver<'static> {
    /// The driver in one life of a program, with the faults that are to come; tasks and generations of a program that
    /// `may_fail` fail where one says so.
    pub fn of_program(
        faults: impl IntoIterator<Item = (Time, Fault)>,
        may_fail: bool,
        clock_start: Time,
    ) -> Driver<'static> {
        let failing = if may_fail {
            FailingParts::possible()
        } else {
            FailingParts::default()
        };
        // Neither is called: the caller starts each life in a world of its own.
        let start = |_: Time, _: Option<VirtualDisk>| -> Result<NextLife, Failure> {
            unreachable!("a program is started by its caller")
        };
        let mut driver = Driver::new(
            Box::new(start),
            Box::new(Arrivals::default),
            false,
            faults,
            failing,
            clock_start,
        );
        driver.prints_in_jobs = true;
        driver
    }
}

impl Driver<'_> {
    /// The same lines, which fail where a fault says so.
    pub fn failing(&self, lines: &DStream<Text>) -> DStream<Text> {
        self.failing.add_to(lines)
    }

    /// The number of faults that are still to come.
    pub fn faults_left(&self) -> usize {
        self.faults.len()
    }

    /// The time of the next fault, and the fault.
    pub fn next(&self) -> Option<(Time, Fault)> {
        self.faults.front().copied()
    }

    /// Takes a fault that strikes where no machine runs, and arms it for a batch if it is of one.
    pub fn pass(&mut self) -> Option<Fault> {
        let (time, _) = self.next()?;
        let fault = self.take_fault()?;
        self.prepare(fault);
        self.pass_restart(time, fault);
        Some(fault)
    }

    /// Does to the files what happens to them while the process is down, and leaves all other faults to the next life.
    pub fn strike_files(&mut self) {
        let faults: Vec<Fault> = self.until_restart().map(|(_, fault)| fault).collect();
        for fault in faults.into_iter().filter(is_of_files) {
            self.prepare(fault);
        }
    }

    /// Begins another life: faults that were said while the process was down are its own. Returns the time, or `None`
    /// if it stays down.
    pub fn rise(&mut self) -> Option<Time> {
        let down = self.until_restart().count();
        let (time, _) = *self.faults.get(down)?;
        for (_, fault) in self.faults.drain(..=down).collect::<Vec<_>>() {
            if !is_of_files(&fault) {
                self.prepare(fault);
            }
        }
        Some(time)
    }

    /// Remembers a restart of a process that runs.
    pub(super) fn pass_restart(&mut self, time: Time, fault: Fault) {
        if fault == Fault::Restart {
            self.restart_in_vain = Some(time);
        }
    }

    fn until_restart(&self) -> impl Iterator<Item = (Time, Fault)> {
        let faults = self.faults.iter().copied();
        faults.take_while(|(_, fault)| *fault != Fault::Restart)
    }

    /// Sets the folder of the checkpoints, with these files.
    ///
    /// # Errors
    ///
    /// The text of an error if they cannot be read.
    pub fn open(&mut self, files: &CheckpointFiles) -> Result<Option<Recovery>, String> {
        let disk = disk_of(files).map_err(|error| error.to_string())?;
        let folder = self.folder.insert(CheckpointFolder::new(disk));
        folder.read().map_err(|error| error.to_string())
    }

    /// Sets the folder of the checkpoint of a query, with these files, and returns what the query reads of them.
    ///
    /// # Errors
    ///
    /// They are those of a program of streams.
    pub fn open_query(
        &mut self,
        files: &CheckpointFiles,
    ) -> Result<impl QueryFiles + use<>, ReadError> {
        let disk = disk_of(files)?;
        self.folder = Some(CheckpointFolder::new(disk.clone()));
        query_files(disk)
    }

    /// True if the process ends at this instant, and the end of the batch that it is in the middle of is not seen.
    pub fn is_ending(&self) -> bool {
        self.is_dying()
    }

    /// The last restart at which the process ran.
    pub fn restart_in_vain(&self) -> Option<Time> {
        self.restart_in_vain
    }

    /// The batch in which the process was to end, if it has not come.
    pub fn crash_to_come(&self) -> Option<Time> {
        self.life.crash.map(|(batch_time, _)| batch_time)
    }

    /// The file at which the process was to end, if it has not come.
    pub fn crash_at_to_come(&self) -> Option<QueryFile> {
        let (FilePoint::Before(file) | FilePoint::After(file)) = self.life.crash_at?;
        Some(file)
    }

    /// The files of the folder; `None` if there is none.
    pub fn files(&self) -> Option<CheckpointFiles> {
        let disk = self.folder.as_ref()?.storage();
        let names = disk.list().unwrap_or_default();
        let file = |name: String| {
            let bytes = disk.read(&name).ok().flatten()?;
            Some((name, bytes))
        };
        Some(names.into_iter().filter_map(file).collect())
    }
}

impl std::fmt::Debug for Driver<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Driver")
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

fn disk_of(files: &CheckpointFiles) -> Result<VirtualDisk, StorageError> {
    let mut disk = VirtualDisk::default();
    for (name, bytes) in files {
        disk.write(name, bytes)?;
        disk.sync(name)?;
    }
    Ok(disk)
}

fn is_of_files(fault: &Fault) -> bool {
    matches!(fault, Fault::Delete(_) | Fault::Corrupt(_) | Fault::Lose(_))
}

impl<'a> World<'a> {
    /// As [`add`](World::add), a machine in one life of its driver. One that `goes_on` is first handed what has arrived
    /// before now, as far as its sources keep it.
    pub fn add_life(
        &mut self,
        machine: impl Machine + 'a,
        arrivals: Arrivals,
        driver: Driver<'a>,
        goes_on: bool,
        reader: impl Reader + 'a,
    ) -> MachineId {
        let id = self.push(Box::new(machine), Some(driver), arrivals, Box::new(reader));
        if goes_on {
            let now = self.now;
            let machine = &mut self.machines[id.0];
            for replayed in machine.sources.take_missed(now, &machine.clock) {
                self.handle(id, replayed, false);
            }
        }
        self.handle(id, Input::Started, false);
        id
    }

    /// The time of the next input.
    pub fn next_time(&self) -> Option<Time> {
        self.earliest().map(|due| due.time)
    }

    /// As [`driver`](World::driver), to do something to it.
    pub fn driver_mut(&mut self, id: MachineId) -> Option<&mut Driver<'a>> {
        self.machines[id.0].driver.as_mut()
    }

    /// The driver of a machine, if it has one.
    pub fn driver(&self, id: MachineId) -> Option<&Driver<'a>> {
        self.machines[id.0].driver.as_ref()
    }

    /// Takes the driver from a machine, for the next one of the program; it happens no more to this one.
    pub fn take_driver(&mut self, id: MachineId) -> Option<Driver<'a>> {
        let machine = &mut self.machines[id.0];
        machine.fault = None;
        machine.driver.take()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use scenario::{CrashPoint, DeletedFiles};

    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_millis(1_000 * seconds)
    }

    fn driver() -> Driver<'static> {
        let faults = [
            (at(1), Fault::Delete(DeletedFiles::All)),
            (
                at(2),
                Fault::CrashIn(CrashPoint::Job, Duration::from_secs(9)),
            ),
            (at(3), Fault::Restart),
            (at(4), Fault::Restart),
        ];
        Driver::of_program(faults, false, Time::EPOCH)
    }

    #[test]
    fn files_are_struck_before_a_life_and_all_else_within() {
        let files = CheckpointFiles::from([("states/0-1000".to_owned(), vec![1])]);
        let mut ended = driver();
        ended.open(&files).expect("it is no checkpoint");
        assert_eq!(ended.files(), Some(files.clone()));
        ended.strike_files();
        assert_eq!(ended.files(), Some(CheckpointFiles::new()));
        assert_eq!(ended.faults_left(), 4, "they are those of the next life");

        let mut next = driver();
        next.open(&files).expect("it is no checkpoint");
        assert_eq!(next.rise(), Some(at(3)));
        assert_eq!(next.files(), Some(files), "it was struck before");
        assert_eq!(next.crash_to_come(), Some(at(9)));
        assert_eq!(next.pass(), Some(Fault::Restart));
        assert_eq!(next.restart_in_vain(), Some(at(4)));
        assert_eq!(next.rise(), None);
    }
}
