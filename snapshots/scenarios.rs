//! Every scenario is a test: `cargo test --test scenarios -- cookbook` picks one. With `-p snapshots` in the place of
//! `--test scenarios`, crates are compiled once more, as Cargo then gives them fewer features.

use std::env;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    // Messages then show the paths that a person at the top of the repository would type.
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("");
    env::set_current_dir(home).expect("the repository is there");
    millrace::scenarios("scenarios").main()
}
