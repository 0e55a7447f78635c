//! Pieces in which the text is written, and a writer that breaks.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use engine::{Reader, Time};
use report::{Console, Zone};
use scenario::Profile;

use crate::support::{STATELESS, printed, program, second};

/// Notes every call, and breaks at the given one.
#[derive(Clone, Debug, Default)]
struct Pipe {
    calls: Rc<RefCell<Vec<String>>>,
    breaks_at: Option<usize>,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut calls = self.calls.borrow_mut();
        calls.push(String::from_utf8_lossy(bytes).into_owned());
        if self.breaks_at == Some(calls.len()) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.calls.borrow_mut().push("flush".to_owned());
        Ok(())
    }
}

#[test]
fn a_broken_pipe_ends_the_writing_and_not_the_program() {
    let pipe = Pipe {
        breaks_at: Some(1),
        ..Pipe::default()
    };
    let calls = Rc::clone(&pipe.calls);
    let mut console = Console::new(Profile::Cookbook, Zone::UTC, pipe).flush_each_batch(true);
    for event in program(&STATELESS) {
        console.read(Time::EPOCH, &event);
    }
    let error = console.finish().expect_err("the pipe is broken");
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    assert_eq!(calls.borrow().len(), 1);
}

#[test]
fn each_batch_is_flushed_as_it_is_printed() {
    let pipe = Pipe::default();
    let mut console = Console::new(Profile::Jvm, Zone::UTC, pipe.clone()).flush_each_batch(true);
    for event in program(&STATELESS) {
        console.read(Time::EPOCH, &event);
    }
    let calls = pipe.calls.borrow();
    assert_eq!(calls.len(), 8);
    assert!(calls[0].ends_with("(green,3)\n\n"), "{:?}", calls[0]);
    assert_eq!(calls[1], "flush");
}

#[test]
fn a_long_run_is_written_in_large_pieces() {
    let pipe = Pipe::default();
    let mut console = Console::new(Profile::Pyspark, Zone::UTC, pipe.clone());
    for number in 0..1_000 {
        console.read(Time::EPOCH, &printed(second(number), &[], false));
    }
    assert!(console.finish().is_ok());
    assert_eq!(pipe.calls.borrow().len(), 3);
}
