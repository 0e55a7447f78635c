//! Java programs, compiled against the Spark that was found.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Installation;

/// The most lines of the compiler that are passed on.
const LINES_MAX: usize = 20;

/// Why Java programs cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum JavacError {
    /// There is no compiler.
    #[error(
        "failed to run {}, which the profile `jvm` and `mapWithState` need\n  install a JDK 17 instead of a JRE", path.display()
    )]
    NoCompiler {
        /// The path of the compiler.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("failed to write the Java programs")]
    Write(#[from] io::Error),
    /// The compiler refuses a program: a fault of this crate.
    #[error("failed to compile the Java programs:\n{0}")]
    Refused(String),
}

/// Compiles programs, each a class with its text, into the folder `classes` in `folder`; all at once,
/// because starting the compiler takes longer than its work.
pub(crate) fn compile<'a>(
    installation: &Installation,
    programs: impl Iterator<Item = &'a (String, String)>,
    folder: &Path,
) -> Result<(), JavacError> {
    let mut files = Vec::new();
    for (class, text) in programs {
        let file = folder.join(format!("{class}.java"));
        fs::write(&file, text)?;
        files.push(file);
    }
    if files.is_empty() {
        return Ok(());
    }
    let path = installation.java("javac");
    let output = Command::new(&path)
        .args(["-nowarn", "-proc:none", "-encoding", "UTF-8", "-cp"])
        .arg(installation.home().join("jars").join("*"))
        .arg("-d")
        .arg(folder.join("classes"))
        .args(files)
        .output();
    let output = output.map_err(|source| JavacError::NoCompiler { path, source })?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = text.lines().take(LINES_MAX).collect();
    Err(JavacError::Refused(lines.join("\n")))
}
