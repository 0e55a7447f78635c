//! Worker threads for the tasks of a stage.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use engine::Workers;
use rayon_core::{ThreadPool, ThreadPoolBuilder};

/// Spreads the tasks of a stage over threads of the operating system.
///
/// The threads wait for the next stage until this and all its clones are dropped: starting them again
/// takes longer than a small stage. The caller's own thread works too, and alone if there is one task.
///
/// ```
/// use engine::Workers;
/// use engine_live::Threads;
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// let total = AtomicUsize::new(0);
/// Threads::new(2).run(5, &|index| {
///     total.fetch_add(index, Ordering::Relaxed);
/// });
/// assert_eq!(total.into_inner(), 0 + 1 + 2 + 3 + 4);
/// ```
#[derive(Clone, Debug)]
pub struct Threads {
    /// The threads besides the caller's own, if there are any.
    others: Option<Arc<ThreadPool>>,
}

impl Threads {
    /// The most threads. They look for tasks in each other's queues: thousands of them do little else.
    pub const MAX: usize = 256;

    /// Makes `count` threads, the caller's among them; 0 counts as 1, and more than [`MAX`](Threads::MAX) as
    /// that. If the system cannot start any, the caller's works alone.
    pub fn new(count: usize) -> Threads {
        let count = count.min(Threads::MAX);
        let others = (count > 1).then(|| {
            ThreadPoolBuilder::new()
                .num_threads(count - 1)
                .thread_name(|index| format!("worker {}", index + 1))
                .build()
        });
        Threads {
            others: others.and_then(Result::ok).map(Arc::new),
        }
    }
}

impl Default for Threads {
    /// As many threads as the computer runs at once.
    fn default() -> Threads {
        Threads::new(thread::available_parallelism().map_or(1, usize::from))
    }
}

impl Workers for Threads {
    /// # Panics
    ///
    /// Panics if a task does, after all that have begun have ended. The tasks of an engine do not panic:
    /// a panic of a user's function is a failure of its task.
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) {
        // Each thread takes the next index until none is left. The counter only hands out indices, and
        // the end of the scope orders all else, so `Relaxed` suffices.
        let next = AtomicUsize::new(0);
        let work = || {
            std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed))
                .take_while(|index| *index < count)
                .for_each(task);
        };
        match &self.others {
            Some(others) if count > 1 => others.in_place_scope(|scope| {
                let helpers = others.current_num_threads().min(count - 1);
                (0..helpers).for_each(|_| scope.spawn(|_| work()));
                work();
            }),
            _ => work(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::{Barrier, Mutex};
    use std::time::Duration;

    use engine::{
        BuildError, Inline, Input, Journal, SparkContext, Stepper, StreamId, StreamingContext,
        Text, Time,
    };
    use proptest::prelude::*;

    use super::*;

    fn runs_of_each_task(workers: &dyn Workers, count: usize) -> Vec<usize> {
        let runs: Vec<AtomicUsize> = (0..count).map(|_| AtomicUsize::new(0)).collect();
        workers.run(count, &|index| {
            runs[index].fetch_add(1, Ordering::Relaxed);
        });
        runs.into_iter().map(AtomicUsize::into_inner).collect()
    }

    proptest! {
        #[test]
        fn every_task_runs_once(threads in 0_usize..6, count in 0_usize..40) {
            prop_assert_eq!(runs_of_each_task(&Threads::new(threads), count), vec![1; count]);
        }
    }

    #[test]
    fn tasks_run_at_the_same_time() {
        let barrier = Barrier::new(3);
        Threads::new(3).run(3, &|_| {
            barrier.wait();
        });
    }

    #[test]
    fn the_threads_of_one_stage_are_those_of_the_next() {
        let threads = Threads::new(3);
        let seen = Mutex::new(Vec::new());
        for _ in 0..10 {
            let barrier = Barrier::new(3);
            threads.run(3, &|_| {
                barrier.wait();
                seen.lock()
                    .expect("no task panics")
                    .push(thread::current().id());
            });
        }
        let seen = seen.into_inner().expect("no task panics");
        assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 3);
    }

    #[test]
    fn there_are_as_many_threads_as_are_of_use_at_most() {
        let others = Threads::new(usize::MAX).others;
        let threads = others.map(|others| others.current_num_threads() + 1);
        assert_eq!(threads, Some(Threads::MAX));
    }

    fn word_count(lines: &[String], workers: &dyn Workers) -> Result<Journal, BuildError> {
        let cluster = SparkContext::local(3, "words");
        let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
        let words = ssc
            .receiver_stream("lines")
            .flat_map(|line| line.split(" "));
        let pairs = words.map(|word| (word, 1));
        pairs.reduce_by_key(|x, y| x + y).print_first(usize::MAX);
        let mut stepper = Stepper::start(ssc.build()?, Time::EPOCH);
        for line in lines {
            let stream = StreamId(0);
            let records = [Text::from(line.as_str())].into();
            stepper.handle(Time::EPOCH, Input::Stored { stream, records }, workers);
        }
        stepper.step(workers);
        Ok(stepper.take_journal())
    }

    proptest! {
        #[test]
        fn a_program_does_the_same_on_any_number_of_threads(
            lines in prop::collection::vec("[abc ]{0,12}", 0..12),
            threads in 1_usize..6,
        ) {
            let on_threads = word_count(&lines, &Threads::new(threads));
            prop_assert_eq!(on_threads, word_count(&lines, &Inline));
        }
    }
}
