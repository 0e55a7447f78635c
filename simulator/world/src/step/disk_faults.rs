//! Faults of the disk on which a driver keeps its checkpoints.

use engine_storage::{Storage, VirtualDisk, read_checkpoints};
use scenario::{CorruptFile, Damage, DeletedFiles, Fault, LostBytes};

/// The bytes in the place of those of a file that is damaged.
const GARBAGE: &[u8] = b"garbage";

/// Does to the files of a disk what a fault does to them; nothing if it is one of another kind.
pub(super) fn strike(disk: &mut VirtualDisk, fault: Fault) {
    match fault {
        Fault::Delete(files) => delete(disk, files),
        Fault::Corrupt(file) => corrupt(disk, file),
        Fault::Lose(LostBytes::Unsynced) => disk.crash(|_, _| 0),
        Fault::Fill(room) => {
            let room = usize::try_from(room).unwrap_or(usize::MAX);
            disk.set_capacity(Some(disk.used().saturating_add(room)));
        }
        Fault::Clear => disk.set_capacity(None),
        Fault::Crash
        | Fault::CrashIn(..)
        | Fault::CrashAt(_)
        | Fault::Stop
        | Fault::Restart
        | Fault::Slow { .. }
        | Fault::Fail { .. }
        | Fault::Clock(_)
        | Fault::Permute(_)
        | Fault::Cluster(_) => {}
    }
}

fn delete(disk: &mut VirtualDisk, files: DeletedFiles) {
    let names = match files {
        DeletedFiles::Newest => {
            let files = read_checkpoints(disk).unwrap_or_default();
            files.into_iter().take(1).map(|file| file.name).collect()
        }
        DeletedFiles::All => names_below(disk, ""),
        DeletedFiles::States => {
            // A program of streams has them in the one folder, a query in the other.
            let mut names = names_below(disk, "states/");
            names.append(&mut names_below(disk, "state/"));
            names
        }
        DeletedFiles::Metadata => names_below(disk, "receivedBlockMetadata/"),
        DeletedFiles::Records => names_below(disk, "receivedData/"),
        DeletedFiles::Source => names_below(disk, "sources/"),
        DeletedFiles::File(file) => vec![file.to_string()],
    };
    for name in names {
        disk.destroy(&name);
    }
}

fn corrupt(disk: &mut VirtualDisk, file: CorruptFile) {
    let (name, damage) = match file {
        CorruptFile::Newest => {
            let files = read_checkpoints(disk).unwrap_or_default();
            let mut whole = files.into_iter().filter(|file| file.content.is_ok());
            (whole.next().map(|file| file.name), Damage::Half)
        }
        CorruptFile::File { file, damage } => (Some(file.to_string()), damage),
    };
    if let Some(name) = name {
        disk.corrupt(&name, |bytes| match damage {
            Damage::Half => bytes.truncate(bytes.len() / 2),
            Damage::Empty => bytes.clear(),
            Damage::Garbage => *bytes = GARBAGE.to_vec(),
        });
    }
}

fn names_below(disk: &VirtualDisk, folder: &str) -> Vec<String> {
    let mut names = disk.list().unwrap_or_default();
    names.retain(|name| name.starts_with(folder));
    names
}
