//! Object stores: the one in memory, and the one in a folder.

use std::sync::Arc;

use engine_storage::{ObjectStorage, Place, Storage, StorageError, VirtualDisk, contract};
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use proptest::prelude::*;

fn open<S: ObjectStore>(store: &Arc<S>) -> ObjectStorage {
    ObjectStorage::new(Arc::<S>::clone(store), "jobs/counts")
        .expect("an object may have such a name")
}

#[test]
fn a_store_in_memory_keeps_the_contract() {
    let store = Arc::new(InMemory::new());
    contract::check(&mut open(&store));
    contract::check_again(&mut open(&store));
}

#[test]
fn a_store_in_a_folder_keeps_the_contract() -> Result<(), Box<dyn std::error::Error>> {
    let scratch = tempfile::tempdir()?;
    let store = Arc::new(LocalFileSystem::new_with_prefix(scratch.path())?);
    contract::check(&mut open(&store));
    contract::check_again(&mut open(&store));
    Ok(())
}

#[test]
fn what_was_not_synced_is_not_in_the_store() -> Result<(), StorageError> {
    let store = Arc::new(InMemory::new());
    let mut storage = open(&store);
    storage.write("a", b"synced")?;
    storage.sync("a")?;
    storage.append("a", b" and not")?;
    storage.write("b", b"never synced")?;
    assert_eq!(storage.list()?, ["a", "b"]);
    let again = open(&store);
    assert_eq!(again.list()?, ["a"]);
    assert_eq!(again.read("a")?, Some(b"synced".to_vec()));
    Ok(())
}

#[test]
fn a_log_that_was_begun_before_is_added_to() -> Result<(), StorageError> {
    let store = Arc::new(InMemory::new());
    let mut first = open(&store);
    first.append("log/1", b"one ")?;
    first.sync("log/1")?;
    let mut again = open(&store);
    again.append("log/1", b"two ")?;
    again.append("log/2", b"three ")?;
    again.sync("log/2")?;
    again.sync("log/1")?;
    assert_eq!(open(&store).read("log/1")?, Some(b"one two ".to_vec()));
    Ok(())
}

#[test]
fn an_address_of_no_store_is_refused() {
    let refused = |address: &str| match Place::open(address) {
        Ok(_) => panic!("{address} is no store"),
        Err(error) => error.to_string(),
    };
    assert_eq!(
        refused("file:///tmp/x"),
        "file:///tmp/x cannot be used: it names no object store"
    );
    assert!(refused("ftp://host/x").starts_with("ftp://host/x cannot be used: "));
    assert!(
        Place::open("s3://bucket/jobs/counts").is_ok(),
        "nothing is asked of it yet"
    );
}

#[test]
fn a_store_of_other_names_is_not_listed() -> Result<(), StorageError> {
    let store = Arc::new(InMemory::new());
    let mut counts = open(&store);
    let mut others = ObjectStorage::new(Arc::<InMemory>::clone(&store), "jobs/counts2")?;
    for storage in [&mut counts, &mut others] {
        storage.write("a", b"x")?;
        storage.sync("a")?;
    }
    assert_eq!(counts.list()?, ["a"]);
    Ok(())
}

/// An operation on one of three files, with a number of bytes or another file.
type Action = (u8, u8, u8);

/// Does the same to a storage; false if it fails. Bytes are synced when they are written.
fn act(storage: &mut dyn Storage, (operation, file, other): Action) -> bool {
    let name = |file: u8| format!("folder/{file}");
    let bytes = vec![file; other.into()];
    let done = match operation {
        0 => storage
            .write(&name(file), &bytes)
            .and_then(|()| storage.sync(&name(file))),
        1 => storage
            .append(&name(file), &bytes)
            .and_then(|()| storage.sync(&name(file))),
        2 => storage.rename(&name(file), &name(other)),
        3 => storage.remove(&name(file)),
        _ => storage.sync(&name(file)),
    };
    done.is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_store_and_a_virtual_disk_do_the_same(
        actions in prop::collection::vec((0..5_u8, 0..3_u8, 0..3_u8), 0..20),
    ) {
        let store = Arc::new(InMemory::new());
        let (mut objects, mut disk) = (open(&store), VirtualDisk::default());
        for action in actions {
            prop_assert_eq!(act(&mut objects, action), act(&mut disk, action), "{:?}", action);
        }
        let again = open(&store);
        for storage in [&objects, &again] {
            let names = storage.list().expect("it lists");
            prop_assert_eq!(&names, &disk.list().expect("it lists"));
            for name in names {
                let read = storage.read(&name).expect("it reads");
                prop_assert_eq!(read, disk.read(&name).expect("it reads"), "{}", name);
            }
        }
    }
}
