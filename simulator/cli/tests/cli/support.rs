//! A user's folder, and the program run in it to its end.

use std::error::Error;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use suite::SnapshotFolder;
use tempfile::TempDir;

pub(crate) type TestResult = Result<(), Box<dyn Error>>;

/// The scenario of the book, and the names of its pipelines.
pub(crate) const BOOK: &str = include_str!("../../../../scenarios/cookbook.toml");
pub(crate) const BOOK_PIPELINES: [&str; 3] = ["stateless", "update_state", "structured"];

/// A scenario with a pipeline for each of these names, which count one line.
pub(crate) fn word_count(pipelines: &[&str]) -> String {
    let timeline = "timeline = [{ at = \"1s\", lines = [\"blue green blue\"] }]\n";
    let pipeline =
        |name: &&str| format!("\n[[pipeline]]\nname = \"{name}\"\nmode = \"stateless\"\n");
    let pipelines = pipelines.iter().map(pipeline);
    timeline.to_owned() + &pipelines.collect::<String>()
}

/// The console text of each pipeline of [`word_count`].
pub(crate) const WORD_COUNTED: &str = "\
-------------------------------------------
Time: 1970-01-01 00:00:01
-------------------------------------------
('blue', 2)
('green', 1)

";

/// The snapshots of the book in the repository.
fn book_snapshots() -> SnapshotFolder {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../snapshots/cookbook");
    SnapshotFolder::new(folder, "scenarios/cookbook.toml")
}

/// The snapshot file of a pipeline of the book in the repository.
pub(crate) fn book_snapshot(pipeline: &str) -> PathBuf {
    book_snapshots().file(pipeline)
}

/// The console text of a pipeline of the book.
pub(crate) fn book_transcript(pipeline: &str) -> Result<String, Box<dyn Error>> {
    Ok(book_snapshots().read(pipeline)?.ok_or("no snapshot")?)
}

/// A folder in which a user works.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn with(files: &[(&str, &str)]) -> io::Result<Folder> {
        let folder = Folder(tempfile::tempdir()?);
        for (path, text) in files {
            folder.write(path, text)?;
        }
        Ok(folder)
    }

    /// A folder with the scenario of the book and its snapshots, as in the repository.
    pub(crate) fn of_the_book() -> io::Result<Folder> {
        let folder = Folder::with(&[("scenarios/cookbook.toml", BOOK)])?;
        for pipeline in BOOK_PIPELINES {
            let text = fs::read_to_string(book_snapshot(pipeline))?;
            folder.write(&format!("snapshots/cookbook/{pipeline}.snap"), &text)?;
        }
        Ok(folder)
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) -> io::Result<()> {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap_or(self.0.path()))?;
        fs::write(path, text)
    }

    pub(crate) fn read(&self, path: &str) -> io::Result<String> {
        fs::read_to_string(self.path(path))
    }

    /// Replaces a part of a file that is there.
    #[track_caller]
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) -> io::Result<()> {
        let text = self.read(path)?;
        assert!(text.contains(from), "{path} has `{from}`: {text}");
        self.write(path, &text.replacen(from, to, 1))
    }

    /// The program with these arguments, which hold no spaces, in this folder. Settings that differ between
    /// users are fixed.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_millrace"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.0.path())
            .env("TZ", "UTC");
        for variable in ["CI", "COLUMNS", "CLICOLOR_FORCE", "NO_COLOR"] {
            command.env_remove(variable);
        }
        command
    }

    /// Runs the program to its end.
    pub(crate) fn millrace(&self, arguments: &str) -> io::Result<Ended> {
        self.command(arguments).output().map(Ended::from)
    }
}

/// The exit code and the two outputs of a program that has ended. It prints as all three.
#[derive(Debug, PartialEq)]
pub(crate) struct Ended {
    /// None if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Checks that it ended well and quietly, and returns its standard output.
    #[track_caller]
    pub(crate) fn printed(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{self}");
        self.stdout
    }

    /// Checks that it ended with this code and printed nothing, and returns its standard error.
    #[track_caller]
    pub(crate) fn said(self, code: i32) -> String {
        assert_eq!(
            (self.code, self.stdout.as_str()),
            (Some(code), ""),
            "{self}"
        );
        self.stderr
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Ended {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ended {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => writeln!(f, "exit code: {code}")?,
            None => writeln!(f, "ended by a signal")?,
        }
        for (name, text) in [("output", &self.stdout), ("error", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "==== standard {name} ====\n{text}")?;
            }
        }
        Ok(())
    }
}

/// Compares a whole text with the file of this name in the folder `snapshots` beside this file.
#[track_caller]
pub(crate) fn check_snapshot(name: &str, text: impl fmt::Display) {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!(name, text.to_string()));
}
