//! The contract of every storage, and what a crash does to the virtual one.

use engine_storage::{Folder, Operation, Storage, StorageError, VirtualDisk, contract};
use proptest::prelude::*;

type Tested = Result<(), StorageError>;

#[test]
fn a_folder_keeps_the_contract() -> Result<(), Box<dyn std::error::Error>> {
    let scratch = tempfile::tempdir()?;
    let path = scratch.path().join("new/folder");
    contract::check(&mut Folder::open(&path)?);
    contract::check_again(&mut Folder::open(&path)?);
    Ok(())
}

#[test]
fn a_virtual_disk_keeps_the_contract() {
    let mut disk = VirtualDisk::default();
    contract::check(&mut disk);
    disk.crash(|_, _| 0);
    contract::check_again(&mut disk);
}

#[test]
fn a_folder_is_of_one_process_at_a_time() -> Result<(), Box<dyn std::error::Error>> {
    let scratch = tempfile::tempdir()?;
    let mut folder = Folder::open(scratch.path())?;
    folder.write("a", b"x")?;
    let other = Folder::open(scratch.path()).expect_err("it is in use");
    assert!(
        other
            .to_string()
            .ends_with("is in use by another process: a checkpoint is of one program at a time")
    );
    assert_eq!(Folder::to_read(scratch.path()).list()?, ["a"]);
    drop(folder);
    Folder::open(scratch.path())?;
    Ok(())
}

#[test]
fn folders_that_a_rename_leaves_empty_are_gone() -> Result<(), Box<dyn std::error::Error>> {
    let scratch = tempfile::tempdir()?;
    let mut folder = Folder::shared(scratch.path());
    folder.write("out/_temporary/0/part", b"x")?;
    folder.rename("out/_temporary/0/part", "out/part")?;
    assert!(!scratch.path().join("out/_temporary").exists());
    assert_eq!(folder.list()?, ["out/part"]);
    Ok(())
}

#[test]
fn a_crash_takes_what_was_not_synced() -> Tested {
    let mut disk = VirtualDisk::default();
    disk.write("a", b"synced")?;
    disk.sync("a")?;
    disk.append("a", b" and not")?;
    disk.write("b", b"never synced")?;
    disk.crash(|_, _| 0);
    assert_eq!(disk.list()?, ["a"]);
    assert_eq!(disk.read("a")?, Some(b"synced".to_vec()));
    Ok(())
}

#[test]
fn to_overwrite_a_file_may_lose_it() -> Tested {
    let mut disk = VirtualDisk::default();
    disk.write("a", b"old")?;
    disk.sync("a")?;
    disk.write("a", b"new one")?;
    disk.crash(|_, _| 3);
    assert_eq!(disk.read("a")?, Some(b"new".to_vec()));
    Ok(())
}

#[test]
fn a_renamed_file_has_one_name_or_the_other() -> Tested {
    let mut disk = VirtualDisk::default();
    for (file, bytes) in [("temp", b"new"), ("a", b"old")] {
        disk.write(file, bytes)?;
        disk.sync(file)?;
    }
    disk.rename("temp", "a")?;
    let mut synced = disk.clone();
    disk.crash(|_, _| 0);
    assert_eq!(disk.read("temp")?, Some(b"new".to_vec()));
    assert_eq!(disk.read("a")?, Some(b"old".to_vec()));
    synced.sync("a")?;
    synced.crash(|_, _| 0);
    assert_eq!(synced.list()?, ["a"]);
    assert_eq!(synced.read("a")?, Some(b"new".to_vec()));
    Ok(())
}

#[test]
fn a_full_disk_takes_what_it_has_room_for() -> Tested {
    let mut disk = VirtualDisk::default();
    disk.set_capacity(Some(4));
    let full = disk.append("a", b"12345").expect_err("there is no room");
    assert_eq!(full.to_string(), "failed to append to a");
    assert_eq!(disk.read("a")?, Some(b"1234".to_vec()));
    disk.remove("a")?;
    Ok(())
}

#[test]
fn an_operation_fails_as_often_as_is_asked() {
    let mut disk = VirtualDisk::default();
    disk.fail(Operation::Write, 2);
    let failed = (0..3).map(|_| disk.write("a", b"x").is_err());
    assert_eq!(failed.collect::<Vec<_>>(), [true, true, false]);
}

#[derive(Clone, Debug)]
enum Action {
    Write(u8, u8),
    Append(u8, u8),
    Sync(u8),
    Rename(u8, u8),
    Remove(u8),
}

fn action() -> impl Strategy<Value = Action> {
    let file = 0..3_u8;
    prop_oneof![
        (file.clone(), 0..5_u8).prop_map(|(file, length)| Action::Write(file, length)),
        (file.clone(), 0..5_u8).prop_map(|(file, length)| Action::Append(file, length)),
        file.clone().prop_map(Action::Sync),
        (file.clone(), file.clone()).prop_map(|(from, to)| Action::Rename(from, to)),
        file.prop_map(Action::Remove),
    ]
}

/// Does the same to a storage; false if it fails.
fn act(storage: &mut dyn Storage, action: &Action) -> bool {
    let name = |file: u8| format!("folder/{file}");
    let done = match *action {
        Action::Write(file, length) => storage.write(&name(file), &vec![file; length.into()]),
        Action::Append(file, length) => storage.append(&name(file), &vec![file; length.into()]),
        Action::Sync(file) => storage.sync(&name(file)),
        Action::Rename(from, to) => storage.rename(&name(from), &name(to)),
        Action::Remove(file) => storage.remove(&name(file)),
    };
    done.is_ok()
}

fn content(storage: &dyn Storage) -> Vec<(String, Option<Vec<u8>>)> {
    let names = storage.list().expect("it lists its files");
    let read = |name: String| {
        let bytes = storage.read(&name).expect("it reads its files");
        (name, bytes)
    };
    names.into_iter().map(read).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_folder_and_a_virtual_disk_do_the_same(actions in prop::collection::vec(action(), 0..20)) {
        let scratch = tempfile::tempdir().expect("there is room");
        let mut folder = Folder::open(scratch.path()).expect("it is ours");
        let mut disk = VirtualDisk::default();
        for action in &actions {
            prop_assert_eq!(act(&mut folder, action), act(&mut disk, action), "{:?}", action);
        }
        prop_assert_eq!(content(&folder), content(&disk));
    }

    /// A file that is synced last of all is there as it was, whatever is lost of the others.
    #[test]
    fn what_was_synced_outlasts_a_crash(actions in prop::collection::vec(action(), 0..20), kept in 0..5_usize) {
        let mut disk = VirtualDisk::default();
        for action in &actions {
            act(&mut disk, action);
        }
        disk.write("folder/last", b"bytes").expect("there is room");
        disk.sync("folder/last").expect("it is there");
        let names = disk.list().expect("it lists its files");
        disk.crash(|_, _| kept);
        prop_assert_eq!(disk.read("folder/last").expect("it reads"), Some(b"bytes".to_vec()));
        prop_assert_eq!(disk.list().expect("it lists"), names, "names of its folder are synced, too");
    }
}
