//! The results that a driver saves, on a disk that outlives it, and the ends of the driver on the way there.

use engine::{DriverEvent, Event, Save, SaveContent, SaveError, SaveOutcome, Text, Time};
use engine_storage::{Operation, ResultFolder, Storage, VirtualDisk};
use scenario::CrashPoint;

use super::World;
use super::driver::{Driver, End};
use crate::schedule::MachineId;

/// The disk of results, and the saves that fail.
#[derive(Default)]
pub(super) struct Results {
    folder: ResultFolder<VirtualDisk>,
    /// The number of saves that fail, from now on.
    failing: u32,
}

impl Results {
    /// Loses what was not synced.
    pub(super) fn lose_unsynced(&mut self) {
        self.folder.storage_mut().crash(|_, _| 0);
    }

    /// Has saves fail from now on.
    pub(super) fn fail(&mut self, times: Option<u32>) {
        self.failing = times.unwrap_or(u32::MAX);
    }

    /// Ends the failures of a life.
    pub(super) fn begin_life(&mut self) {
        self.failing = 0;
    }

    /// True if a save fails now.
    fn fails(&mut self) -> bool {
        let fails = self.failing > 0;
        self.failing = self.failing.saturating_sub(1);
        fails
    }

    /// Commits only the first part of a folder.
    fn commit_first(&mut self, content: &SaveContent) {
        let disk = self.folder.storage_mut();
        disk.fail_after(Operation::Rename, 1);
        // It fails at the second one, at the latest.
        self.folder.save(content).ok();
        self.folder.storage_mut().fail(Operation::Rename, 0);
    }

    /// Each file with its size.
    fn files(&self) -> Vec<Text> {
        let disk = self.folder.storage();
        let names = disk.list().unwrap_or_default();
        let file = |name: String| {
            let bytes = disk.read(&name).ok().flatten().unwrap_or_default();
            format!("{name}, {} B", bytes.len()).into()
        };
        names.into_iter().map(file).collect()
    }
}

impl Driver<'_> {
    /// Saves results, unless the process has ended: then it learns of no end.
    pub(super) fn save(&mut self, save: &Save) -> Option<Result<SaveOutcome, SaveError>> {
        if self.is_stuck() {
            return None;
        }
        let point = self.crash_point(save.batch_time);
        let is_commit = matches!(
            save.content,
            SaveContent::CommitParts { .. } | SaveContent::CommitFiles { .. }
        );
        let is_part = matches!(
            save.content,
            SaveContent::Part { .. } | SaveContent::File { .. }
        );
        match point {
            Some(CrashPoint::BeforeCommit) if is_commit => {
                self.life.end = End::Dead;
                return None;
            }
            Some(CrashPoint::InCommit)
                if matches!(save.content, SaveContent::CommitParts { .. }) =>
            {
                self.results.commit_first(&save.content);
                self.life.end = End::Dead;
                return None;
            }
            _ => {}
        }
        if is_part && self.results.fails() {
            return Some(Err(SaveError {
                reason: "the disk fails".into(),
            }));
        }
        let saved = self.results.folder.save(&save.content);
        let is_last = match point {
            Some(CrashPoint::PartSaved) => is_part,
            Some(CrashPoint::AfterCommit) => is_commit,
            _ => false,
        };
        if is_last {
            self.life.end = End::Dead;
            return None;
        }
        Some(saved)
    }
}

impl World<'_> {
    /// Records the files of results that a life of a driver has left, if there are any.
    pub(super) fn leave_results(&mut self, id: MachineId, now: Time) {
        let machine = &mut self.machines[id.0];
        let files = machine.driver.as_ref().map(|it| it.results.files());
        if let Some(files) = files.filter(|files| !files.is_empty()) {
            let left = Event::Driver(DriverEvent::ResultsLeft { files });
            machine.reader.read(now, &left);
        }
    }

    /// Ends the world at its stop: drivers that run leave their results.
    pub(crate) fn end(&mut self) {
        for index in 0..self.machines.len() {
            let driver = self.machines[index].driver.as_ref();
            if driver.is_some_and(|driver| !driver.is_dead()) {
                self.leave_results(MachineId(index), self.now);
            }
        }
    }
}
