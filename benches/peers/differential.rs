//! The running count in differential dataflow: words as a collection, arranged, and counted.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use differential_dataflow::input::{Input, InputSession};
use differential_dataflow::operators::CountTotal;
use differential_dataflow::trace::TraceReader;
use differential_dataflow::trace::cursor::{Cursor, cursor_list};
use engine::{Records, Text};
use measure::{Checksum, RunningSubject, key_name};
use timely::WorkerConfig;
use timely::communication::Allocator;
use timely::communication::allocator::thread::Thread;
use timely::dataflow::ProbeHandle;
use timely::dataflow::operators::Probe;
use timely::progress::frontier::AntichainRef;
use timely::worker::Worker;

/// A dataflow on one worker, the caller's own thread, with one time per batch.
pub struct Differential {
    worker: Worker,
    words: InputSession<u64, String, isize>,
    done: ProbeHandle<u64>,
    /// The checksum of the rows that a finished batch emits, by the next time.
    emit: Box<dyn FnMut(u64) -> Checksum>,
}

impl Differential {
    /// Emits all totals, by reading the arrangement after each batch.
    pub fn update(keys: usize) -> Differential {
        let mut worker = worker();
        let done = ProbeHandle::new();
        let (words, mut trace) = worker.dataflow(|scope| {
            let (input, words) = scope.new_collection::<String, isize>();
            let arranged = words.arrange_by_self();
            arranged.stream.clone().probe_with(&done);
            (input, arranged.trace.clone())
        });
        let emit = move |next: u64| {
            trace.set_physical_compaction(AntichainRef::new(&[next]));
            trace.set_logical_compaction(AntichainRef::new(&[next]));
            let mut checksum = Checksum::default();
            let batches = trace.batches_through(AntichainRef::new(&[next]));
            let (mut cursor, storage) = cursor_list(batches.expect("all batches are closed"));
            while let Some(word) = cursor.get_key(&storage) {
                let mut total = 0;
                cursor.map_times(&storage, |_, count| total += *count as i64);
                checksum.add(word, total);
                cursor.step_key(&storage);
            }
            checksum
        };
        Differential::seeded(worker, words, done, Box::new(emit), keys)
    }

    /// Emits the totals that a batch has changed.
    pub fn map(keys: usize) -> Differential {
        let mut worker = worker();
        let done = ProbeHandle::new();
        let changed = Rc::new(RefCell::new(Checksum::default()));
        let result = Rc::clone(&changed);
        let (words, mut trace) = worker.dataflow(|scope| {
            let (input, words) = scope.new_collection::<String, isize>();
            let arranged = words.arrange_by_self();
            let trace = arranged.trace.clone();
            let totals = arranged.count_total_core::<isize>();
            totals
                .inspect(move |((word, total), _, difference)| {
                    if *difference > 0 {
                        result.borrow_mut().add(word, *total as i64);
                    }
                })
                .probe_with(&done);
            (input, trace)
        });
        let emit = move |next: u64| {
            trace.set_physical_compaction(AntichainRef::new(&[next]));
            trace.set_logical_compaction(AntichainRef::new(&[next]));
            changed.take()
        };
        Differential::seeded(worker, words, done, Box::new(emit), keys)
    }

    /// Inserts each key once, before the first batch.
    fn seeded(
        worker: Worker,
        words: InputSession<u64, String, isize>,
        done: ProbeHandle<u64>,
        emit: Box<dyn FnMut(u64) -> Checksum>,
        keys: usize,
    ) -> Differential {
        let mut differential = Differential {
            worker,
            words,
            done,
            emit,
        };
        for key in 0..keys {
            differential.words.insert(key_name(key));
        }
        differential.end_of_batch();
        differential
    }

    fn end_of_batch(&mut self) -> Checksum {
        let next = *self.words.time() + 1;
        self.words.advance_to(next);
        self.words.flush();
        let done = &self.done;
        self.worker.step_while(|| done.less_than(&next));
        (self.emit)(next)
    }
}

impl RunningSubject for Differential {
    fn batch(&mut self, blocks: &[Records]) -> Checksum {
        let lines = blocks.iter().flat_map(|block| block.iter());
        for word in lines.map(Text::as_str).flat_map(|line| line.split(' ')) {
            self.words.insert(word.to_owned());
        }
        self.end_of_batch()
    }
}

impl fmt::Debug for Differential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Differential")
            .field("time", self.words.time())
            .finish_non_exhaustive()
    }
}

fn worker() -> Worker {
    let alone = Allocator::Thread(Thread::default());
    Worker::new(WorkerConfig::default(), alone, None)
}
