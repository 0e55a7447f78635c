//! `save_as_text_files`: each batch as a folder of text.

use crate::dstream::DStream;
use crate::dstream::output::Reads;
use crate::{Data, Record, Records, Text, TextFolder, Time};

impl<T: Data + Record> DStream<T> {
    /// Saves each batch as a folder of text, `prefix-<milliseconds>.suffix`, or without the point if the suffix is empty
    /// (`OUT-5`; `DStream.saveAsTextFiles`). It has a file for each partition, also for an empty one, with a line for each
    /// row as [`print`](DStream::print) writes it, points in time in UTC; and `_SUCCESS`, once it is whole.
    ///
    /// The engine asks for each file by [`Effect::Save`](crate::Effect::Save), and the job ends when all are saved. A
    /// folder that is not saved fails its job. A batch that runs again after a crash replaces the files of its folder: each
    /// row is there at least once, and exactly once if the batch has the same rows again.
    ///
    /// ```
    /// # use engine::{SparkContext, StreamingContext};
    /// # use std::time::Duration;
    /// # let ssc = StreamingContext::new(&SparkContext::local(2, "lines"), Duration::from_secs(1));
    /// // `lines-1000.txt/part-00000`, and so on.
    /// ssc.socket_text_stream("localhost", 9999).save_as_text_files("lines", "txt");
    /// ```
    pub fn save_as_text_files(&self, prefix: &str, suffix: &str) {
        let prefix = Text::from(prefix);
        let suffix = Text::from(suffix);
        let notation = self.context().profile().notation();
        self.output("save_as_text_files", Reads::Batch, move |batch, context| {
            let line = |row: &T| Text::from(notation.text(&row.to_value()));
            let mut parts: Vec<Records> = Vec::new();
            batch.for_each_partition(|_, rows| {
                parts.push(rows.iter().map(line).collect());
                Ok(())
            })?;
            context.folder = Some(TextFolder {
                name: folder_name(&prefix, &suffix, context.batch_job.batch_time),
                parts,
            });
            Ok(())
        });
    }
}

/// The folder of a batch (`StreamingContext.rddToFileName`).
fn folder_name(prefix: &str, suffix: &str, batch_time: Time) -> Text {
    let millis = batch_time.as_millis();
    if suffix.is_empty() {
        format!("{prefix}-{millis}").into()
    } else {
        format!("{prefix}-{millis}.{suffix}").into()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::testing::Held;
    use crate::{
        Engine, Event, Inline, Input, Outbox, Profile, Save, SaveContent, SaveError, SaveOutcome,
        SparkContext, StreamingContext, Text, Time, drive,
    };

    /// A program that saves two numbers in each of two partitions at 1 s, and prints them after.
    struct Program {
        engine: Engine,
        held: Held,
    }

    impl Program {
        fn start() -> Program {
            let cluster = SparkContext::local(2, "save").with_profile(Profile::Jvm);
            let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
            let numbers = ssc.queue_stream([vec![1, 2, 3, 4]]).repartition(2);
            numbers.save_as_text_files("out/n", "txt");
            numbers.print();
            let engine = Engine::new(ssc.build().expect("the program keeps the rules"));
            let mut program = Program {
                engine,
                held: Held::default(),
            };
            program.hand_in(0, Input::Started);
            program.hand_in(1, Input::Woken);
            program
        }

        fn hand_in(&mut self, second: i64, input: Input) {
            let now = Time::from_millis(1_000 * second);
            drive(
                &mut self.engine,
                now,
                input,
                &mut Outbox::new(),
                &mut self.held,
            );
        }

        fn run_job(&mut self) {
            let finished = self.held.jobs.remove(0).run(&Inline);
            self.hand_in(1, Input::JobFinished(finished));
        }

        /// Takes what is to be saved, and acknowledges it.
        fn acknowledge(&mut self, result: &Result<SaveOutcome, SaveError>) -> Vec<SaveContent> {
            let saves = std::mem::take(&mut self.held.saves);
            let acknowledge = |save: Save| {
                let (id, result) = (save.id, result.clone());
                self.hand_in(1, Input::Saved { id, result });
                save.content
            };
            saves.into_iter().map(acknowledge).collect()
        }

        fn events(&self) -> impl Iterator<Item = &Event> {
            self.held.journal.entries().iter().map(|entry| &entry.event)
        }
    }

    fn folder() -> Text {
        Text::from("out/n-1000.txt")
    }

    #[test]
    fn out_5_a_job_ends_when_its_folder_is_committed() {
        let mut program = Program::start();
        program.run_job();
        let parts = program.acknowledge(&Ok(SaveOutcome::Done));
        assert!(matches!(
            &parts[..],
            [
                SaveContent::Part { folder, partition: 0, lines },
                SaveContent::Part { partition: 1, .. },
            ] if *folder == self::folder() && lines.len() == 2
        ));
        assert!(program.held.jobs.is_empty(), "the first job has not ended");
        let partitions = 2;
        let folder = folder();
        let commit = SaveContent::CommitParts { folder, partitions };
        assert_eq!(program.acknowledge(&Ok(SaveOutcome::Done)), [commit]);
        let is_saved = |event: &Event| matches!(event, Event::Saved { name, lines, .. } if *name == self::folder() && lines.len() == 4);
        assert!(program.events().any(is_saved));
        assert_eq!(program.held.jobs.len(), 1, "the other output is next");
    }

    #[test]
    fn job_4_a_folder_that_is_not_saved_fails_its_job() {
        let mut program = Program::start();
        program.run_job();
        let reason = Text::from("the disk is full");
        program.acknowledge(&Err(SaveError { reason }));
        let aborted = program.acknowledge(&Ok(SaveOutcome::Done));
        assert_eq!(aborted, [SaveContent::AbortParts { folder: folder() }]);
        let failures: Vec<String> = program
            .events()
            .filter_map(Event::failure)
            .map(ToString::to_string)
            .collect();
        let failure =
            "save_as_text_files, batch at 1000 ms: out/n-1000.txt was not saved: the disk is full";
        assert_eq!(failures, [failure]);
        assert_eq!(program.held.jobs.len(), 1, "the other output is next");
    }

    #[test]
    fn out_5_an_empty_partition_has_a_file_without_lines() {
        let mut program = Program::start();
        for _ in 0..2 {
            program.run_job();
            program.acknowledge(&Ok(SaveOutcome::Done));
            program.acknowledge(&Ok(SaveOutcome::Done));
        }
        program.hand_in(2, Input::Woken);
        program.run_job();
        let folder = Text::from("out/n-2000.txt");
        let part = |partition| SaveContent::Part {
            folder: folder.clone(),
            partition,
            lines: [].into(),
        };
        assert_eq!(
            program.acknowledge(&Ok(SaveOutcome::Done)),
            [part(0), part(1)]
        );
    }
}
