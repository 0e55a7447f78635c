//! Each pipeline of each file in `scenarios` is a test; `cargo test --test scenarios -- --bless` accepts its text.

use std::process::ExitCode;

use page_visits::{slow_pages, visits_of_users};

fn main() -> ExitCode {
    millrace::scenarios("scenarios")
        .program("slow_pages", slow_pages)
        .program("visits_of_users", visits_of_users)
        .main()
}
