//! Files of states, each of one operator at one time.

use engine::{Checkpoint, StateId, Time, WriteContent};
use engine_storage::{CheckpointFolder, Storage, StorageError, VirtualDisk};

type Tested = Result<(), Box<dyn std::error::Error>>;

fn states(second: i64) -> StateId {
    StateId {
        operator: 1,
        batch_time: Time::from_millis(1_000 * second),
    }
}

/// A disk with a checkpoint that names the states of two seconds, each a file that is whole.
fn disk() -> Result<VirtualDisk, Box<dyn std::error::Error>> {
    let mut folder = CheckpointFolder::new(VirtualDisk::default());
    let now = Time::from_millis(2_000);
    for second in [1, 2] {
        let id = states(second);
        let content = vec![second as u8; 3].into();
        folder.write(
            now,
            &WriteContent::States {
                id,
                since: id.batch_time,
                content,
            },
        )?;
    }
    let checkpoint = Checkpoint {
        time: now,
        zero_time: Time::EPOCH,
        pending: Vec::new(),
        states: vec![states(2)],
        files: vec![states(2)],
        received: Vec::new(),
        shape: Vec::new(),
    };
    folder.write(now, &WriteContent::Checkpoint(checkpoint))?;
    Ok(folder.into_storage())
}

/// The states that a program finds on a disk.
fn found(disk: VirtualDisk) -> Result<Vec<Vec<u8>>, Box<dyn std::error::Error>> {
    let recovery = CheckpointFolder::new(disk).read()?;
    let recovery = recovery.ok_or("there is a checkpoint")?;
    Ok(recovery.states.into_values().collect())
}

#[test]
fn states_are_those_of_their_name() -> Tested {
    assert_eq!(found(disk()?)?, [[2, 2, 2]]);
    Ok(())
}

#[test]
fn a_file_under_the_name_of_another_is_not_taken_for_it() -> Tested {
    let mut disk = disk()?;
    let earlier = disk.read("states/1-1000")?.ok_or("it was written")?;
    disk.write("states/1-2000", &earlier)?;
    assert!(found(disk)?.is_empty());
    Ok(())
}

#[test]
fn states_that_are_cut_off_are_not_read() -> Result<(), StorageError> {
    let mut disk = disk().expect("a virtual disk has room");
    let whole = disk.read("states/1-2000")?.unwrap_or_default();
    disk.write("states/1-2000", &whole[..whole.len() - 1])?;
    assert!(found(disk).expect("the checkpoint can be read").is_empty());
    Ok(())
}
