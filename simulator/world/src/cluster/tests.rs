//! A cluster by itself: where things are placed, and what its receivers store.

use std::time::Duration;

use engine::{
    BlockId, ClusterEvent, Event, Inline, Job, JobId, Outcome, OutputId, Records, StreamId,
    StreamSource, Time,
};
use scenario::{ClusterFault, Remote};

use super::{Cluster, Work};

/// A cluster of one pipeline, which has these keys.
fn cluster(keys: &str, receivers: usize) -> Cluster {
    let text = format!(
        "timeline = [{{ at = '1s', lines = [] }}]\n[cluster]\n{keys}\n[[pipeline]]\nname = 'p'\nmode = 'stateless'"
    );
    let scenario = scenario::parse("cluster.toml", &text).expect("the keys have no mistakes");
    let mut cluster = Cluster::of(&scenario.cluster).expect("it has executors");
    let receiver = |number: usize| StreamSource::Receiver {
        name: number.to_string(),
    };
    let sources: Vec<StreamSource> = (0..receivers).map(receiver).collect();
    cluster.begin(Time::EPOCH, &sources);
    cluster
}

fn at(millis: i64) -> Time {
    Time::from_millis(millis)
}

fn line() -> Records {
    Records::from(["blue".into()])
}

fn block(number: u64) -> BlockId {
    let stream = StreamId(0);
    BlockId { stream, number }
}

fn hosts(cluster: &Cluster) -> Vec<Option<usize>> {
    let receivers = cluster.receivers.iter();
    receivers.map(|receiver| receiver.executor).collect()
}

/// The executor of each block that is stored at this time.
fn stored(cluster: &mut Cluster, now: i64) -> Vec<usize> {
    let mut stored = Vec::new();
    while cluster.next_time().is_some_and(|due| due <= at(now)) {
        if let Work::Block { executor, .. } = cluster.work(at(now), |job| job.run(&Inline)) {
            stored.push(executor);
        }
    }
    stored
}

#[test]
fn receivers_go_to_the_executors_in_turn_as_long_as_there_are_cores() {
    let cluster = cluster("executors = 3\ncores = 1", 4);
    assert_eq!(hosts(&cluster), [Some(0), Some(1), Some(2), None]);
}

#[test]
fn a_receiver_goes_to_the_executor_with_the_fewest_when_its_own_is_lost() {
    let mut cluster = cluster("executors = 3\ncores = 2", 4);
    assert_eq!(hosts(&cluster), [Some(0), Some(1), Some(2), Some(0)]);
    cluster.strike(at(1), ClusterFault::Crash(Remote::Executor(0)));
    assert_eq!(hosts(&cluster), [Some(1), Some(1), Some(2), Some(2)]);
}

#[test]
fn a_copy_of_a_block_is_on_another_executor_each_in_turn() {
    let mut cluster = cluster("executors = 3\nreplication = 2", 1);
    for number in 0..3 {
        cluster.store(block(number), 1);
    }
    let kept = |number| cluster.blocks.executors(block(number));
    assert_eq!([kept(0), kept(1), kept(2)], [[1, 0], [1, 2], [1, 2]]);
}

#[test]
fn a_block_is_there_as_long_as_an_executor_keeps_it_or_the_log_does() {
    let check = |keys: &str, crashes: &[usize], is_there: bool| {
        let mut cluster = cluster(keys, 1);
        cluster.store(block(0), 0);
        for executor in crashes {
            cluster.strike(at(1), ClusterFault::Crash(Remote::Executor(*executor)));
        }
        assert_eq!(cluster.block_manager().has(block(0)), is_there, "{keys}");
    };
    check("executors = 2", &[1], true);
    check("executors = 2", &[0], false);
    check("executors = 3\nreplication = 2", &[0], true);
    check("executors = 3\nreplication = 2", &[0, 1], false);
    let log = "executors = 2\ncheckpoint = 'c'\nwrite_ahead_log = true";
    check(log, &[0, 1], true);
}

#[test]
fn blk_1_lines_are_stored_when_the_next_block_is_due() {
    let mut cluster = cluster("executors = 1", 1);
    for time in [1_001, 1_200, 1_201] {
        assert_eq!(cluster.receive(at(time), StreamId(0), line()), None);
        assert_eq!(
            stored(&mut cluster, time).len(),
            usize::from(time == 1_200) * 2
        );
    }
    assert_eq!(cluster.next_time(), Some(at(1_400)));
}

#[test]
fn rcv_1_a_receiver_that_fails_starts_again_after_two_seconds_on_its_executor() {
    let mut cluster = cluster("executors = 2\nreceivers = 'reliable'", 1);
    cluster.receive(at(900), StreamId(0), line());
    cluster.strike(at(950), ClusterFault::Crash(Remote::Receiver(0)));
    cluster.receive(at(2_000), StreamId(0), line());
    assert_eq!(cluster.next_time(), Some(at(2_950)));
    assert!(stored(&mut cluster, 2_950).is_empty());
    assert_eq!(
        stored(&mut cluster, 3_000),
        [0, 0],
        "rcv_2: both are sent again"
    );
}

#[test]
fn rcv_2_an_unreliable_receiver_loses_what_it_has_not_stored() {
    let mut cluster = cluster("executors = 2", 1);
    cluster.receive(at(900), StreamId(0), line());
    cluster.strike(at(950), ClusterFault::Crash(Remote::Executor(0)));
    let stream = StreamId(0);
    let lost = ClusterEvent::ExecutorLost {
        executor: 0,
        is_timeout: false,
    };
    let expected = [
        lost,
        ClusterEvent::ReceiverStopped { stream },
        ClusterEvent::RecordsLost { stream, records: 1 },
        ClusterEvent::ReceiverStarted {
            stream,
            executor: 1,
        },
    ];
    assert_eq!(cluster.take_events(), expected);
}

#[test]
fn an_executor_that_is_not_heard_of_is_lost_after_two_minutes_and_comes_back_anew() {
    let mut cluster = cluster("executors = 2", 1);
    cluster.strike(at(1_000), ClusterFault::Partition(0));
    assert_eq!(cluster.next_time(), Some(at(121_000)));
    assert!(stored(&mut cluster, 121_000).is_empty());
    assert_eq!(hosts(&cluster), [Some(1)]);
    cluster.strike(at(130_000), ClusterFault::Repair(0));
    assert!(cluster.executors[0].is_heard());
}

#[test]
fn an_executor_that_is_heard_of_in_time_stores_what_it_has() {
    let mut cluster = cluster("executors = 2", 1);
    cluster.strike(at(1_000), ClusterFault::Partition(0));
    cluster.receive(at(1_100), StreamId(0), line());
    assert!(stored(&mut cluster, 120_999).is_empty());
    cluster.strike(at(120_999), ClusterFault::Repair(0));
    assert_eq!(stored(&mut cluster, 120_999), [0]);
    assert_eq!(cluster.next_time(), None);
}

#[test]
fn lines_wait_at_the_source_of_a_receiver_that_stands_still() {
    for remote in [Remote::Receiver(0), Remote::Executor(0)] {
        let mut cluster = cluster("executors = 1", 1);
        cluster.strike(at(1_000), ClusterFault::Pause(remote));
        cluster.receive(at(1_100), StreamId(0), line());
        assert!(stored(&mut cluster, 2_000).is_empty());
        cluster.strike(at(2_500), ClusterFault::Resume(remote));
        assert_eq!(stored(&mut cluster, 2_600), [0], "{remote}");
    }
}

/// A job that does nothing.
fn job() -> Job {
    Job::new(JobId(0), |_| Outcome::default())
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_source_that_keeps_its_records_has_no_receiver() {
    let mut cluster = cluster("executors = 1\ncores = 1", 0);
    assert_eq!(cluster.receive(at(1), StreamId(0), line()), Some(line()));
    cluster.start_job(at(1), job(), SECOND);
    assert_eq!(cluster.next_time(), Some(at(1_001)));
}

#[test]
fn a_receiver_on_the_only_core_leaves_none_for_tasks() {
    let mut cluster = cluster("executors = 2\ncores = 1", 1);
    cluster.strike(at(0), ClusterFault::Crash(Remote::Executor(1)));
    cluster.start_job(at(1), job(), SECOND);
    assert_eq!(cluster.next_time(), None);
    cluster.strike(at(5_000), ClusterFault::Restart(1));
    assert_eq!(cluster.next_time(), Some(at(6_000)));
}

/// A job with a task on a block, which this executor keeps.
fn start_on_block(cluster: &mut Cluster, executor: usize) {
    cluster.store(block(0), executor);
    cluster.note(&Event::BatchSubmitted {
        batch_time: at(1_000),
        records: 1,
        blocks: vec![block(0)],
    });
    cluster.note(&Event::OutputOperationStarted {
        batch_time: at(1_000),
        output: OutputId(0),
        job: JobId(0),
    });
    cluster.start_job(at(1_000), job(), SECOND);
}

#[test]
fn a_task_runs_again_from_its_beginning_if_its_executor_is_lost_and_no_other_is() {
    let ends = |executor: usize| {
        let mut cluster = cluster("executors = 3\nreplication = 2", 0);
        start_on_block(&mut cluster, 0);
        cluster.strike(at(1_500), ClusterFault::Crash(Remote::Executor(executor)));
        cluster.next_time()
    };
    assert_eq!(ends(0), Some(at(2_500)));
    assert_eq!(ends(1), Some(at(2_000)));
    assert_eq!(ends(2), Some(at(2_000)));
}

#[test]
fn a_task_whose_block_is_gone_fails_at_once() {
    let mut cluster = cluster("executors = 2", 0);
    start_on_block(&mut cluster, 0);
    cluster.strike(at(1_500), ClusterFault::Crash(Remote::Executor(0)));
    assert_eq!(cluster.next_time(), Some(at(1_500)));
}

#[test]
fn a_task_takes_as_much_longer_as_its_executor_stands_still() {
    let mut cluster = cluster("executors = 2", 0);
    start_on_block(&mut cluster, 0);
    cluster.strike(at(1_500), ClusterFault::Pause(Remote::Executor(0)));
    cluster.strike(at(4_000), ClusterFault::Resume(Remote::Executor(0)));
    assert_eq!(cluster.next_time(), Some(at(4_500)));
}

#[test]
fn a_task_that_is_not_heard_of_has_ended_when_its_executor_is_heard_of_again() {
    let mut cluster = cluster("executors = 2", 0);
    start_on_block(&mut cluster, 0);
    cluster.strike(at(1_500), ClusterFault::Partition(0));
    assert_eq!(cluster.next_time(), Some(at(121_500)));
    cluster.strike(at(4_000), ClusterFault::Repair(0));
    assert!(matches!(
        cluster.work(at(4_000), |job| job.run(&Inline)),
        Work::Finished(_)
    ));
}

#[test]
fn a_task_waits_for_a_block_on_an_executor_that_stands_still() {
    let mut cluster = cluster("executors = 2\ncores = 1", 1);
    cluster.strike(at(500), ClusterFault::Pause(Remote::Executor(0)));
    start_on_block(&mut cluster, 0);
    assert_eq!(cluster.next_time(), Some(at(120_500)));
    cluster.strike(at(3_000), ClusterFault::Resume(Remote::Executor(0)));
    assert_eq!(cluster.next_time(), Some(at(4_000)));
}
