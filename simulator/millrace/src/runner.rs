//! A runner of tests that are found at run time, with the arguments and the output of Rust's own.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

/// A test, by name.
pub(crate) struct Test {
    name: String,
    function: Box<dyn Fn() -> Result<(), String>>,
}

impl Test {
    /// A test that runs this function, which returns the problem if it fails.
    pub(crate) fn new(name: String, function: impl Fn() -> Result<(), String> + 'static) -> Test {
        Test {
            name,
            function: Box::new(function),
        }
    }

    /// Runs the test.
    pub(crate) fn run(&self) -> Result<(), String> {
        (self.function)()
    }
}

/// The arguments of a test target.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// The options without a value, as `--exact`.
    options: Vec<String>,
    filters: Vec<String>,
    skipped: Vec<String>,
}

impl Arguments {
    /// Reads arguments. Those of Rust's test runner that mean nothing here are passed over.
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Arguments {
        let mut parsed = Arguments::default();
        while let Some(argument) = arguments.next() {
            match &*argument {
                "--skip" => parsed.skipped.extend(arguments.next()),
                "--color" | "--format" | "--logfile" | "--shuffle-seed" | "--test-threads"
                | "-Z" => drop(arguments.next()),
                option if option.starts_with('-') => parsed.options.push(argument),
                _ => parsed.filters.push(argument),
            }
        }
        parsed
    }

    /// Returns true if this option is given.
    pub(crate) fn has(&self, option: &str) -> bool {
        self.options.iter().any(|it| it == option)
    }

    /// Returns true if a test of this name is asked for. No test is an ignored one.
    fn selects(&self, name: &str) -> bool {
        let is_exact = self.has("--exact");
        let matches = |filter: &String| {
            if is_exact {
                name == filter
            } else {
                name.contains(filter.as_str())
            }
        };
        let is_filtered_in = self.filters.is_empty() || self.filters.iter().any(matches);
        is_filtered_in && !self.has("--ignored") && !self.skipped.iter().any(matches)
    }
}

/// Runs or lists the tests that are asked for, one after the other.
pub(crate) fn run(arguments: &Arguments, tests: Vec<Test>) -> ExitCode {
    run_on(&mut io::stdout().lock(), arguments, tests).unwrap_or(ExitCode::FAILURE)
}

fn run_on(
    output: &mut impl Write,
    arguments: &Arguments,
    mut tests: Vec<Test>,
) -> io::Result<ExitCode> {
    let all = tests.len();
    tests.retain(|test| arguments.selects(&test.name));
    if arguments.has("--list") {
        for test in &tests {
            writeln!(output, "{}: test", test.name)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let start = Instant::now();
    let failures = run_all(output, &tests)?;
    let (result, code) = match failures {
        0 => ("ok", ExitCode::SUCCESS),
        _ => ("FAILED", ExitCode::from(FAILED)),
    };
    writeln!(
        output,
        "\ntest result: {result}. {} passed; {failures} failed; 0 ignored; 0 measured; {} filtered out; \
         finished in {:.2}s\n",
        tests.len() - failures,
        all - tests.len(),
        start.elapsed().as_secs_f64()
    )?;
    Ok(code)
}

/// The exit code by which Cargo knows that tests failed.
const FAILED: u8 = 101;

/// Runs tests and prints the problems at the end. Returns the number of tests that failed.
fn run_all(output: &mut impl Write, tests: &[Test]) -> io::Result<usize> {
    let plural = if tests.len() == 1 { "" } else { "s" };
    writeln!(output, "\nrunning {} test{plural}", tests.len())?;
    let mut problems = Vec::new();
    for test in tests {
        write!(output, "test {} ... ", test.name)?;
        output.flush()?;
        let result = test.run();
        writeln!(output, "{}", if result.is_ok() { "ok" } else { "FAILED" })?;
        problems.extend(result.err().map(|problem| (&test.name, problem)));
    }
    if !problems.is_empty() {
        writeln!(output, "\nfailures:")?;
    }
    for (name, problem) in &problems {
        writeln!(output, "\n---- {name} ----\n{problem}")?;
    }
    Ok(problems.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The output for these arguments, and the exit code, of two tests of which the second fails.
    fn run_two(arguments: &str) -> (String, ExitCode) {
        let arguments = Arguments::parse(arguments.split_whitespace().map(str::to_owned));
        let tests = vec![
            Test::new("carts/totals".to_owned(), || Ok(())),
            Test::new("carts/late".to_owned(), || Err("it is early".to_owned())),
        ];
        let mut output = Vec::new();
        let code = run_on(&mut output, &arguments, tests).expect("a vector takes all bytes");
        let output = String::from_utf8(output).expect("output is text");
        let output = output.split(" finished in").next().unwrap_or_default();
        (output.to_owned(), code)
    }

    #[test]
    fn a_problem_is_shown_and_the_exit_code_is_cargos() {
        let (output, code) = run_two("");
        assert_eq!(
            output,
            "\nrunning 2 tests\ntest carts/totals ... ok\ntest carts/late ... FAILED\n\n\
             failures:\n\n---- carts/late ----\nit is early\n\n\
             test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out;"
        );
        assert_eq!(code, ExitCode::from(101));
    }

    #[track_caller]
    fn check_list(arguments: &str, expected: &[&str]) {
        let (output, code) = run_two(&format!("--list {arguments}"));
        let names: Vec<&str> = output
            .lines()
            .filter_map(|it| it.strip_suffix(": test"))
            .collect();
        assert_eq!(names, expected);
        assert_eq!(code, ExitCode::SUCCESS);
    }

    #[test]
    fn tests_are_filtered_as_rusts_own_are() {
        check_list("", &["carts/totals", "carts/late"]);
        check_list("total --nocapture", &["carts/totals"]);
        check_list(
            "late total --test-threads 1",
            &["carts/totals", "carts/late"],
        );
        check_list("carts --skip late --format terse", &["carts/totals"]);
        check_list("carts/late --exact", &["carts/late"]);
        check_list("carts --exact", &[]);
        check_list("--ignored", &[]);
    }
}
