//! The Spark of this machine, with the Python and the Java that run it.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use scenario::SparkVersion;

/// Prints the folder of the Python package that Spark is.
const WHERE_IS_PYSPARK: &str = "import os, pyspark; print(os.path.dirname(pyspark.__file__))";

/// Why there is no Spark to replay on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFound {
    /// None at all.
    #[error(
        "no Spark is found by SPARK_HOME, by `spark-submit` on the PATH, or by `pyspark` in the active Python\n  \
         to get one: `pip install pyspark==3.5.9`, or `pyspark==4.3.0`, in an active virtual environment, and Java 17 as \
         JAVA_HOME or on the PATH"
    )]
    Spark,
    /// `SPARK_HOME` is a folder without `jars`.
    #[error("SPARK_HOME is {}, and there is no Spark: it has no folder `jars`", .0.display())]
    Home(PathBuf),
    /// There is a Spark of a release that does not say what it is, or is none of those that are played.
    #[error(
        "Spark is in {}, of release {release}, and Millrace plays Spark 3.5 and Spark 4", home.display()
    )]
    Release {
        /// Its home.
        home: PathBuf,
        /// Its release, by its `jars`.
        release: String,
    },
    /// There is a Spark, and no Python to drive it.
    #[error("Spark is in {}, and no Python is on the PATH to drive it", .0.display())]
    Python(PathBuf),
    /// There is a Spark, and no Java to run it.
    #[error(
        "Spark is in {}, and it needs Java, which is neither JAVA_HOME nor on the PATH\n  \
         install Java 17", .0.display()
    )]
    Java(PathBuf),
}

/// A Spark that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    home: PathBuf,
    spark: SparkVersion,
    python: PathBuf,
    /// The path on which that Python finds `pyspark` and `py4j`.
    python_path: OsString,
    java_bin: PathBuf,
}

impl Installation {
    /// Looks for a Spark by `SPARK_HOME`, by `spark-submit` on the `PATH`, and by `pyspark` in the active
    /// Python, in this order. `variable` gives the variables of the environment.
    ///
    /// # Errors
    ///
    /// Says what is missing, and how to get it.
    pub fn find(variable: &dyn Fn(&str) -> Option<OsString>) -> Result<Installation, NotFound> {
        let path = variable("PATH").unwrap_or_default();
        let on_path = |name: &str| find_on_path(&path, name);
        let active = variable("PYSPARK_PYTHON")
            .map(PathBuf::from)
            .or_else(|| on_path("python3"))
            .or_else(|| on_path("python"));
        let (home, beside) = match variable("SPARK_HOME").map(PathBuf::from) {
            Some(home) if home.join("jars").is_dir() => (home, None),
            Some(home) => return Err(NotFound::Home(home)),
            None => on_path("spark-submit")
                .and_then(|submit| home_of(&submit))
                .or_else(|| home_by_import(active.as_deref()?))
                .ok_or(NotFound::Spark)?,
        };
        let spark = version(&home)?;
        let python = beside
            .or(active)
            .ok_or_else(|| NotFound::Python(home.clone()))?;
        let java_bin = java_bin(variable("JAVA_HOME"), on_path("java"))
            .ok_or_else(|| NotFound::Java(home.clone()))?;
        Ok(Installation {
            python_path: python_path(&home, variable("PYTHONPATH").as_ref()),
            home,
            spark,
            python,
            java_bin,
        })
    }

    /// The folder that has `jars` and `bin`.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The version of Spark that it is of.
    pub fn spark(&self) -> SparkVersion {
        self.spark
    }

    /// A program of the Java that runs Spark.
    pub(crate) fn java(&self, program: &str) -> PathBuf {
        self.java_bin.join(program)
    }

    /// The Python that drives Spark, set up to find it.
    pub(crate) fn python(&self) -> Command {
        let mut command = Command::new(&self.python);
        command
            .env("SPARK_HOME", &self.home)
            .env("PYTHONPATH", &self.python_path)
            .env_remove("PYSPARK_SUBMIT_ARGS")
            .env_remove("SPARK_CONF_DIR");
        command
    }
}

/// The version of the Spark in this folder, by the name of a file such as `spark-core_2.13-4.3.0.jar`.
fn version(home: &Path) -> Result<SparkVersion, NotFound> {
    let files = fs::read_dir(home.join("jars")).into_iter().flatten();
    let mut names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    let release = |name: String| {
        let name = name.strip_prefix("spark-core_")?.strip_suffix(".jar")?;
        Some(name.split_once('-')?.1.to_owned())
    };
    let release = names.find_map(release);
    let spark = release.as_deref().and_then(SparkVersion::of);
    spark.ok_or_else(|| NotFound::Release {
        home: home.to_owned(),
        release: release.unwrap_or_else(|| "unknown".to_owned()),
    })
}

fn find_on_path(path: &OsStr, name: &str) -> Option<PathBuf> {
    let files = env::split_paths(path).map(|folder| folder.join(name));
    files.into_iter().find(|file| file.is_file())
}

/// The home of the Spark whose `bin` this `spark-submit` is in; or the package of the Python beside it,
/// which is where pip puts `spark-submit`.
fn home_of(submit: &Path) -> Option<(PathBuf, Option<PathBuf>)> {
    let real = fs::canonicalize(submit).ok()?;
    let home = real.parent()?.parent()?;
    if home.join("jars").is_dir() {
        return Some((home.to_owned(), None));
    }
    home_by_import(&submit.with_file_name("python3"))
}

fn home_by_import(python: &Path) -> Option<(PathBuf, Option<PathBuf>)> {
    let output = Command::new(python)
        .args(["-c", WHERE_IS_PYSPARK])
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let home = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    let is_spark = output.status.success() && home.join("jars").is_dir();
    is_spark.then(|| (home, Some(python.to_owned())))
}

/// A Spark that was unpacked has its Python packages below `python`; one of pip is such a package, and
/// `py4j` lies beside it.
fn python_path(home: &Path, given: Option<&OsString>) -> OsString {
    let mut folders = vec![home.join("python")];
    if let Ok(entries) = fs::read_dir(home.join("python/lib")) {
        let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
        folders.extend(files.filter(|file| file.extension() == Some(OsStr::new("zip"))));
    }
    if home.join("__init__.py").is_file() {
        folders = home.parent().map(Path::to_owned).into_iter().collect();
    }
    folders.extend(given.into_iter().flat_map(env::split_paths));
    env::join_paths(folders).unwrap_or_default()
}

fn java_bin(java_home: Option<OsString>, java: Option<PathBuf>) -> Option<PathBuf> {
    let of_home = java_home.map(|home| Path::new(&home).join("bin"));
    let of_home = of_home.filter(|bin| bin.join("java").is_file());
    of_home.or_else(|| Some(java?.parent()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(variables: &[(&str, &Path)], expected: &NotFound) {
        let variable = |name: &str| {
            let found = variables.iter().find(|(it, _)| *it == name);
            found.map(|(_, value)| value.as_os_str().to_owned())
        };
        assert_eq!(Installation::find(&variable), Err(expected.clone()));
    }

    #[test]
    fn what_is_missing_is_said() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let (empty, home) = (folder.path().join("empty"), folder.path().join("spark"));
        fs::create_dir_all(&empty)?;
        check(&[("PATH", &empty)], &NotFound::Spark);
        check(&[], &NotFound::Spark);
        check(&[("SPARK_HOME", &home)], &NotFound::Home(home.clone()));
        fs::create_dir_all(home.join("jars"))?;
        let of_release = |release: &str| NotFound::Release {
            home: home.clone(),
            release: release.to_owned(),
        };
        check(&[("SPARK_HOME", &home)], &of_release("unknown"));
        fs::write(home.join("jars/spark-core_2.11-2.4.8.jar"), "")?;
        check(&[("SPARK_HOME", &home)], &of_release("2.4.8"));
        fs::rename(
            home.join("jars/spark-core_2.11-2.4.8.jar"),
            home.join("jars/spark-core_2.12-3.5.9.jar"),
        )?;
        check(&[("SPARK_HOME", &home)], &NotFound::Python(home.clone()));
        fs::write(empty.join("python3"), "")?;
        let variables: [(&str, &Path); 2] = [("SPARK_HOME", &home), ("PATH", &empty)];
        check(&variables, &NotFound::Java(home.clone()));
        Ok(())
    }

    #[test]
    fn an_unpacked_spark_is_found_by_its_submit() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let home = fs::canonicalize(folder.path())?;
        let bin = home.join("bin");
        for folder in [&bin, &home.join("jars")] {
            fs::create_dir_all(folder)?;
        }
        for program in ["spark-submit", "python3", "java"] {
            fs::write(bin.join(program), "")?;
        }
        fs::write(home.join("jars/spark-core_2.13-4.1.0-preview2.jar"), "")?;
        let variable = |name: &str| (name == "PATH").then(|| bin.clone().into_os_string());
        let found = Installation::find(&variable).map(|found| (found.home, found.spark));
        assert_eq!(found, Ok((home, SparkVersion::V4)));
        Ok(())
    }
}
