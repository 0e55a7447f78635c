//! Messages, and the micro-batches that have them.

use std::time::Duration;

use super::*;

fn settings() -> KafkaSettings {
    KafkaSettings {
        servers: "broker:9092".into(),
        topics: vec!["a".into(), "b".into()],
        assigned: None,
        starting: OffsetLimit::Earliest,
        most: None,
        least: None,
        min_partitions: None,
        has_headers: false,
        fails_on_loss: true,
    }
}

fn send(kafka: &mut Kafka, stream: usize, partition: u32, values: &[&str]) {
    let message = |value: &&str| Message {
        partition,
        ..Message::new(*value)
    };
    let records = values.iter().map(|value| message(value).to_record());
    let records = records.collect();
    kafka.receive(Time::EPOCH, StreamId(stream), records);
}

/// The topic, the partition, the first offset and the values of each input partition of the next micro-batch.
fn batch(kafka: &mut Kafka) -> Vec<String> {
    kafka.fetch(Time::EPOCH, true);
    let ranges = match kafka.take(1) {
        BatchInput::Messages(ranges) => ranges,
        other => panic!("{other:?}"),
    };
    let range = |range: MessageRange| {
        let values = range.messages.iter().map(|it| it.message.value.as_str());
        let values = values.collect::<Vec<_>>().join(",");
        format!(
            "{}-{}@{} {values}",
            range.topic, range.partition, range.messages[0].offset
        )
    };
    ranges.into_iter().map(range).collect()
}

#[test]
fn mb_2b_a_query_on_topics_without_messages_has_an_empty_batch_0() {
    let mut kafka = Kafka::new(settings());
    assert!(kafka.has_new(Time::EPOCH));
    assert!(batch(&mut kafka).is_empty());
    assert!(!kafka.has_new(Time::EPOCH));
    let offset = kafka.available().expect("an offset");
    assert_eq!(offset.to_string(), r#"{"a":{"0":0},"b":{"0":0}}"#);
}

#[test]
fn messages_come_by_topic_and_partition_and_in_the_order_of_their_offsets() {
    let mut kafka = Kafka::new(settings());
    send(&mut kafka, 1, 0, &["1"]);
    send(&mut kafka, 0, 2, &["2", "3"]);
    send(&mut kafka, 0, 0, &["4"]);
    assert_eq!(batch(&mut kafka), ["a-0@0 4", "a-2@0 2,3", "b-0@0 1"]);
    send(&mut kafka, 0, 2, &["5"]);
    assert_eq!(batch(&mut kafka), ["a-2@2 5"]);
}

#[test]
fn what_is_there_before_the_latest_offset_is_not_read() {
    let starting = OffsetLimit::Latest;
    let mut kafka = Kafka::new(KafkaSettings {
        starting,
        ..settings()
    });
    send(&mut kafka, 0, 0, &["before"]);
    assert!(batch(&mut kafka).is_empty());
    send(&mut kafka, 0, 0, &["behind"]);
    send(&mut kafka, 0, 1, &["added"]);
    assert_eq!(batch(&mut kafka), ["a-0@1 behind", "a-1@0 added"]);
}

#[test]
fn offsets_that_are_named_count_from_either_end() {
    let offsets = [(0, 1), (1, -1), (2, -2)];
    let mut kafka = Kafka::new(KafkaSettings {
        topics: vec!["a".into()],
        starting: OffsetLimit::At([("a".into(), offsets.into())].into()),
        ..settings()
    });
    for partition in 0..3 {
        send(&mut kafka, 0, partition, &["x", "y"]);
    }
    assert_eq!(batch(&mut kafka), ["a-0@1 y", "a-2@0 x,y"]);
}

#[test]
fn offsets_beyond_the_end_are_lost_messages() {
    let starting = OffsetLimit::At([("a".into(), [(0, 5)].into())].into());
    let fails = KafkaSettings {
        topics: vec!["a".into()],
        starting,
        ..settings()
    };
    let goes_on = KafkaSettings {
        fails_on_loss: false,
        ..fails.clone()
    };
    let mut kafka = Kafka::new(fails);
    kafka.fetch(Time::EPOCH, true);
    assert!(matches!(kafka.take(1), BatchInput::Lost(_)));
    let mut kafka = Kafka::new(goes_on);
    assert!(batch(&mut kafka).is_empty());
    send(&mut kafka, 0, 0, &["1"]);
    assert_eq!(batch(&mut kafka), ["a-0@0 1"]);
}

/// As `KafkaMicroBatchStream.rateLimit` shares it: of 6 and 2 messages a limit of 4 takes 3 and 1.
#[test]
fn a_limit_is_shared_by_the_sizes_of_partitions() {
    let mut kafka = Kafka::new(KafkaSettings {
        most: Some(4),
        ..settings()
    });
    send(&mut kafka, 0, 0, &["1", "2", "3", "4", "5", "6"]);
    send(&mut kafka, 1, 0, &["7", "8"]);
    assert_eq!(batch(&mut kafka), ["a-0@0 1,2,3", "b-0@0 7"]);
    assert_eq!(batch(&mut kafka), ["a-0@3 4,5,6", "b-0@1 8"]);
    assert!(!kafka.has_new(Time::EPOCH));
}

#[test]
fn only_assigned_partitions_are_read() {
    let mut kafka = Kafka::new(KafkaSettings {
        assigned: Some([("a".into(), vec![1])].into()),
        topics: vec!["a".into()],
        ..settings()
    });
    send(&mut kafka, 0, 0, &["1"]);
    send(&mut kafka, 0, 1, &["2"]);
    assert_eq!(batch(&mut kafka), ["a-1@0 2"]);
}

#[test]
fn large_partitions_are_divided_until_there_are_enough() {
    let mut kafka = Kafka::new(KafkaSettings {
        min_partitions: Some(4),
        ..settings()
    });
    send(&mut kafka, 0, 0, &["1", "2", "3", "4", "5", "6", "7"]);
    send(&mut kafka, 1, 0, &["8"]);
    assert_eq!(
        batch(&mut kafka),
        ["a-0@0 1,2", "a-0@2 3,4", "a-0@4 5,6,7", "b-0@0 8"]
    );
}

#[test]
fn a_query_that_goes_on_has_the_messages_of_its_last_micro_batch_again() {
    let place = |end| {
        Some(SourceOffset::Topics(
            [("a".into(), [(0, end)].into())].into(),
        ))
    };
    let mut kafka = Kafka::new(settings());
    let found = Recovered {
        beginning: place(0),
        committed: place(1),
        available: place(3),
        is_run_again: true,
        ..Recovered::default()
    };
    kafka.recover(found).expect("offsets of topics");
    let records: Records = ["1", "2", "3", "4"].map(Text::from).into();
    kafka.replay(Time::EPOCH, StreamId(0), records);
    let BatchInput::Messages(ranges) = kafka.take(1) else {
        panic!("nothing is lost");
    };
    let values = ranges.iter().flat_map(|range| &range.messages);
    let values: Vec<&str> = values.map(|it| it.message.value.as_str()).collect();
    assert_eq!(values, ["2", "3"]);
    assert_eq!(batch(&mut kafka), ["a-0@3 4"]);
}

#[test]
fn a_row_has_all_of_its_message() {
    let time = Some(Time::from_millis(5));
    let message = Message {
        key: Some("k".into()),
        value: "v".into(),
        partition: 3,
        time,
        headers: vec![("h".into(), "x".into())],
    };
    let mut kafka = Kafka::new(KafkaSettings {
        has_headers: true,
        ..settings()
    });
    kafka.receive(Time::EPOCH, StreamId(1), [message.to_record()].into());
    kafka.fetch(Time::EPOCH, true);
    let BatchInput::Messages(ranges) = kafka.take(1) else {
        panic!("nothing is lost");
    };
    let row = ranges.iter().flat_map(MessageRange::rows).next();
    let row = row.expect("a row");
    let text = |value| engine::render::Notation::Sql.text(value);
    let texts: Vec<String> = row.iter().map(text).collect();
    assert_eq!(
        texts.join(" "),
        "[6B] [76] b 3 0 1970-01-01 00:00:00.005 0 [{h, [78]}]"
    );
    assert_eq!(message_schema(true).fields().len(), row.len());
}

#[test]
fn offsets_are_those_of_the_server_also_behind_a_gap() {
    let mut kafka = Kafka::new(KafkaSettings {
        topics: vec!["a".into()],
        ..settings()
    });
    let next = |offset| {
        let next = NextOffset {
            partition: 0,
            offset,
        };
        [next.to_record()].into()
    };
    kafka.replay(Time::EPOCH, StreamId(0), next(70));
    send(&mut kafka, 0, 0, &["x"]);
    assert_eq!(batch(&mut kafka), ["a-0@70 x"]);
    kafka.receive(Time::EPOCH, StreamId(0), next(75));
    send(&mut kafka, 0, 0, &["y"]);
    assert_eq!(batch(&mut kafka), ["a-0@75 y"]);
    let offset = kafka.available().expect("an offset");
    assert_eq!(offset.to_string(), r#"{"a":{"0":76}}"#);
}

#[test]
fn a_micro_batch_waits_for_as_many_messages_as_it_is_to_have() {
    let mut kafka = Kafka::new(KafkaSettings {
        starting: OffsetLimit::Earliest,
        least: Some(LeastMessages {
            messages: 2,
            delay: Duration::from_secs(10),
        }),
        ..settings()
    });
    let at = |second: i64| Time::from_millis(second * 1_000);
    let records = |kafka: &mut Kafka, second: i64| {
        kafka.look(at(second));
        if !kafka.has_new(at(second)) {
            return None;
        }
        kafka.fetch(at(second), true);
        Some(kafka.take(1).records())
    };
    let message = || Records::from([Message::new("m").to_record()]);
    kafka.receive(at(0), StreamId(0), message());
    assert_eq!(
        records(&mut kafka, 0),
        Some(1),
        "the first one does not wait"
    );
    kafka.receive(at(1), StreamId(0), message());
    assert_eq!(records(&mut kafka, 1), None);
    kafka.receive(at(2), StreamId(0), message());
    assert_eq!(records(&mut kafka, 2), Some(2));
    kafka.receive(at(3), StreamId(0), message());
    assert_eq!(records(&mut kafka, 3), None);
    assert_eq!(kafka.next_new(at(3)), Some(at(12)));
    assert_eq!(records(&mut kafka, 12), Some(1), "it has waited for 10 s");
    assert_eq!(records(&mut kafka, 22), None, "there is nothing");
}
