//! A server that speaks S3, at the address of the environment: `.ci/object-store` starts one.

use std::env;

use engine_storage::{ObjectStorage, contract};

#[test]
fn a_server_of_s3_keeps_the_contract() {
    let bucket = env::var("MILLRACE_S3").expect("MILLRACE_S3 is an address such as s3://bucket");
    let address = format!("{bucket}/contract-{}", std::process::id());
    let open = || ObjectStorage::open(&address).expect("the environment has its keys");
    contract::check(&mut open());
    contract::check_again(&mut open());
}
