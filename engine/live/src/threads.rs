//! Worker threads for the tasks of a stage.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use engine::Workers;
use rayon_core::{ThreadPool, ThreadPoolBuilder};

/// Spreads the tasks of a stage over threads of the operating system.
///
/// The threads wait for the next stage as long as this or a clone of it is there: to start them anew takes
/// longer than a small stage does. The caller's own thread works too, and alone where there is one task.
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
    /// Those beside the caller's own, if there are any.
    others: Option<Arc<ThreadPool>>,
}

impl Threads {
    /// So many threads at once, the caller's among them; none counts as one. Where the system has no
    /// threads to give, the caller's works alone.
    pub fn new(count: usize) -> Threads {
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
    /// If tasks panic, with what the first of them said, as [`Inline`](engine::Inline) does; but
    /// only after all tasks have ended.
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) {
        let stage = Stage::new(count, task);
        match &self.others {
            Some(others) if count > 1 => others.in_place_scope(|scope| {
                let helpers = others.current_num_threads().min(count - 1);
                (0..helpers).for_each(|_| scope.spawn(|_| stage.work()));
                stage.work();
            }),
            _ => stage.work(),
        }
        stage.end();
    }
}

/// The tasks of one stage, handed out in order to whoever is free.
struct Stage<'a> {
    count: usize,
    task: &'a (dyn Fn(usize) + Sync),
    next: AtomicUsize,
    panics: Mutex<Vec<(usize, Box<dyn Any + Send>)>>,
}

impl<'a> Stage<'a> {
    fn new(count: usize, task: &'a (dyn Fn(usize) + Sync)) -> Stage<'a> {
        Stage {
            count,
            task,
            next: AtomicUsize::new(0),
            panics: Mutex::default(),
        }
    }

    /// Runs tasks until none is left.
    fn work(&self) {
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            if index >= self.count {
                return;
            }
            if let Err(payload) = catch_unwind(AssertUnwindSafe(|| (self.task)(index))) {
                self.fail(index, payload);
            }
        }
    }

    fn fail(&self, index: usize, payload: Box<dyn Any + Send>) {
        let mut panics = self.panics.lock().unwrap_or_else(PoisonError::into_inner);
        panics.push((index, payload));
    }

    fn end(self) {
        let panics = self.panics.into_inner();
        let panics = panics.unwrap_or_else(PoisonError::into_inner);
        if let Some((_, payload)) = panics.into_iter().min_by_key(|(index, _)| *index) {
            resume_unwind(payload);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Barrier;
    use std::time::Duration;

    use engine::testing::Stepper;
    use engine::{
        BuildError, Event, Inline, Input, SparkContext, StreamId, StreamingContext, Text, Time,
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

    /// The message of the panic with which `workers` end when these tasks panic.
    fn panic_of(workers: &dyn Workers, count: usize, panicking: &[usize]) -> Option<String> {
        let task = |index: usize| {
            if panicking.contains(&index) {
                resume_unwind(Box::new(format!("task {index}")));
            }
        };
        let result = catch_unwind(AssertUnwindSafe(|| workers.run(count, &task)));
        let payload = result.err()?;
        payload.downcast_ref::<String>().cloned()
    }

    proptest! {
        #[test]
        fn every_task_runs_once(threads in 0_usize..6, count in 0_usize..40) {
            prop_assert_eq!(runs_of_each_task(&Threads::new(threads), count), vec![1; count]);
        }

        #[test]
        fn a_stage_fails_with_the_panic_that_inline_has(
            threads in 0_usize..6,
            count in 0_usize..20,
            panicking in prop::collection::vec(0_usize..20, 0..4),
        ) {
            let on_threads = panic_of(&Threads::new(threads), count, &panicking);
            prop_assert_eq!(on_threads, panic_of(&Inline, count, &panicking));
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
    fn a_panic_waits_for_all_tasks() {
        let ended = AtomicUsize::new(0);
        let task = |index: usize| {
            if index == 0 {
                resume_unwind(Box::new("task 0"));
            }
            ended.fetch_add(1, Ordering::Relaxed);
        };
        let result = catch_unwind(AssertUnwindSafe(|| Threads::new(2).run(100, &task)));
        assert!(result.is_err());
        assert_eq!(ended.into_inner(), 99);
    }

    #[test]
    fn of_many_panics_the_one_of_the_first_task_is_told() {
        let barrier = Barrier::new(8);
        let task = |index: usize| {
            barrier.wait();
            resume_unwind(Box::new(index));
        };
        let result = catch_unwind(AssertUnwindSafe(|| Threads::new(8).run(8, &task)));
        let payload = result.expect_err("all tasks panic");
        assert_eq!(payload.downcast_ref::<usize>(), Some(&0));
    }

    fn word_count(lines: &[String], workers: &dyn Workers) -> Result<Vec<Event>, BuildError> {
        let cluster = SparkContext::local(3, "words");
        let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
        let words = ssc
            .receiver_stream("lines")
            .flat_map(|line| line.split(" "));
        let pairs = words.map(|word| (word, 1));
        pairs.reduce_by_key(|x, y| x + y).print_first(usize::MAX);
        let mut stepper = Stepper::new(ssc.build()?, Time::EPOCH);
        for line in lines {
            let (stream, block) = (StreamId(0), [Text::from(line.as_str())].into());
            stepper.handle(Time::EPOCH, Input::Stored { stream, block }, workers);
        }
        stepper.step(workers);
        Ok(stepper.events().to_vec())
    }

    proptest! {
        #[test]
        fn a_program_tells_the_same_on_any_number_of_threads(
            lines in prop::collection::vec("[abc ]{0,12}", 0..12),
            threads in 1_usize..6,
        ) {
            let on_threads = word_count(&lines, &Threads::new(threads));
            prop_assert_eq!(on_threads, word_count(&lines, &Inline));
        }
    }
}
