//! The processes of a cluster, as faults name them.

use std::fmt;

use crate::Code;
use crate::language::{Kind, Shape, Written, toml_text};
use crate::quote::quote;

/// A process of the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Process {
    /// The driver, with all that it has in memory.
    Driver,
    /// Another one, of a cluster that has executors.
    Remote(Remote),
}

/// A process outside of the driver's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remote {
    /// An executor, by its number from 0.
    Executor(usize),
    /// The receiver of a stream, by the number of the stream from 0.
    Receiver(usize),
}

/// Something that may stand still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paused {
    /// The source of the lines.
    Source,
    /// A process.
    Remote(Remote),
}

impl Remote {
    /// The process of this name.
    pub(crate) fn parse(name: &str) -> Option<Remote> {
        let (kind, number) = name.split_once(' ')?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let number = number.parse().ok().filter(|_| is_number)?;
        match kind {
            "executor" => Some(Remote::Executor(number)),
            "receiver" => Some(Remote::Receiver(number)),
            _ => None,
        }
    }
}

impl fmt::Display for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remote::Executor(number) => write!(f, "executor {number}"),
            Remote::Receiver(number) => write!(f, "receiver {number}"),
        }
    }
}

impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Process::Driver => f.write_str("driver"),
            Process::Remote(remote) => remote.fmt(f),
        }
    }
}

impl fmt::Display for Paused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Paused::Source => f.write_str("source"),
            Paused::Remote(remote) => remote.fmt(f),
        }
    }
}

impl Paused {
    /// The part of this name.
    fn parse(name: &str) -> Option<Paused> {
        match name {
            "source" => Some(Paused::Source),
            _ => Remote::parse(name).map(Paused::Remote),
        }
    }

    /// The process, if it is one.
    pub(crate) fn remote(self) -> Option<Remote> {
        match self {
            Paused::Source => None,
            Paused::Remote(remote) => Some(remote),
        }
    }
}

impl Process {
    /// The process of this name.
    pub(crate) fn parse(name: &str) -> Option<Process> {
        match name {
            "driver" => Some(Process::Driver),
            _ => Remote::parse(name).map(Process::Remote),
        }
    }
}

/// Any process.
pub(super) const PROCESS: Kind<Process> = Kind::Plain {
    shape: Shape::Process,
    read: |written| {
        read(
            written,
            Process::parse,
            "`driver`, `executor 0`, `receiver 0`",
        )
    },
    write: |process| toml_text(&process.to_string()),
};

/// The source, or a process outside of the driver's.
pub(super) const PAUSED: Kind<Paused> = Kind::Plain {
    shape: Shape::SourceOrProcess,
    read: |written| {
        read(
            written,
            Paused::parse,
            "`source`, `executor 0`, `receiver 0`",
        )
    },
    write: |paused| toml_text(&paused.to_string()),
};

/// The network between the driver and an executor, which the number is of.
pub(super) const LINK: Kind<usize> = Kind::Plain {
    shape: Shape::Texts,
    read: |written| {
        let ends = written.items()?.filter_map(|end| end.text());
        let ends: Vec<_> = ends.map(Process::parse).collect();
        match *ends {
            [
                Some(Process::Driver),
                Some(Process::Remote(Remote::Executor(executor))),
            ]
            | [
                Some(Process::Remote(Remote::Executor(executor))),
                Some(Process::Driver),
            ] => Some(executor),
            _ => {
                let message = format!(
                    "`{}` names the driver and an executor, whose network it is",
                    written.key.name()
                );
                let mistake = Code::BadFault.at(written.value.span(), message);
                let help = format!("for example\n{}", written.key.text().example);
                written.push(mistake.label("of no such network").help(help));
                None
            }
        }
    },
    write: |executor| format!("[\"driver\", \"executor {executor}\"]"),
};

fn read<T>(written: &Written, parse: fn(&str) -> Option<T>, names: &str) -> Option<T> {
    let name = written.text()?;
    parse(name).or_else(|| {
        let message = format!("`{}` cannot be {}", written.key.name(), quote(name));
        let mistake = Code::UnknownWord.at(written.value.span(), message);
        let help = format!("allowed: {names}, and so on");
        written.push(mistake.label("unknown process").help(help));
        None
    })
}
