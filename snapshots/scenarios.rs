//! Every scenario is a test: `cargo test -p snapshots -- cookbook` picks one.

use std::env;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    // Messages then show the paths that a person at the top of the repository would type.
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("");
    env::set_current_dir(home).expect("the repository is there");
    millrace::scenarios("scenarios").main()
}
