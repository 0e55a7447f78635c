//! Topics of a broker over TCP. `.ci/kafka` starts one and says its address in `MILLRACE_KAFKA`.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::Utc;
use engine::{DataType, Event, Machine, Reader, Time, Value};
use engine_live::{Live, StopRequests};
use engine_structured::functions::col;
use engine_structured::{Query, SparkSession};
use rskafka::client::ClientBuilder;
use rskafka::client::partition::{Compression, PartitionClient, UnknownTopicHandling};
use rskafka::record::Record;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Far more than it takes; a test that gets here has failed.
const PATIENCE: Duration = Duration::from_mins(1);

fn servers() -> String {
    std::env::var("MILLRACE_KAFKA")
        .expect("MILLRACE_KAFKA is the address of a broker, see .ci/kafka")
}

async fn partition(topic: &str, number: i32) -> PartitionClient {
    let client = ClientBuilder::new(vec![servers()]).build().await;
    let client = client.expect("the broker answers");
    let partition = client.partition_client(topic, number, UnknownTopicHandling::Retry);
    partition.await.expect("the broker makes topics")
}

async fn send(partition: &PartitionClient, key: Option<&str>, value: &str) {
    let record = Record {
        key: key.map(|key| key.as_bytes().to_vec()),
        value: Some(value.as_bytes().to_vec()),
        headers: BTreeMap::from([("trace".to_owned(), b"7".to_vec())]),
        timestamp: Utc::now(),
    };
    let sent = partition.produce(vec![record], Compression::NoCompression);
    sent.await.expect("the broker keeps it");
}

fn query(topic: &str, starting: &str) -> Query {
    let reader = SparkSession::local(2, "orders")
        .read_stream()
        .format("kafka");
    let messages = reader
        .option("kafka.bootstrap.servers", servers())
        .option("subscribe", topic)
        .option("startingOffsets", starting)
        .load();
    let columns = [
        col("partition"),
        col("offset"),
        col("key").cast(DataType::String),
        col("value").cast(DataType::String),
    ];
    let query = messages.select(columns).write_stream().console();
    query.expect("the query keeps the rules")
}

struct Rows(UnboundedSender<String>);

impl Reader for Rows {
    fn read(&mut self, _: Time, event: &Event) {
        let Event::TableShown { table, .. } = event else {
            return;
        };
        for row in &table.rows {
            let cells = row.iter().map(|value| match value {
                Value::String(text) => text.to_string(),
                value => engine::render::Notation::Sql.text(value),
            });
            self.0.send(cells.collect::<Vec<_>>().join(" ")).ok();
        }
    }
}

/// The next rows, in their order as texts.
async fn next(rows: &mut UnboundedReceiver<String>, count: usize) -> Vec<String> {
    let mut next = Vec::new();
    while next.len() < count {
        next.push(rows.recv().await.expect("the query runs"));
    }
    next.sort();
    next
}

/// Runs a query while `user` does something.
async fn run(query: impl Machine, user: impl AsyncFnOnce(UnboundedReceiver<String>)) {
    let (stopper, stop) = StopRequests::channel();
    let (sender, rows) = unbounded_channel();
    let mut reader = Rows(sender);
    let run = Live::new().run_until(query, &mut reader, stop);
    let user = async {
        user(rows).await;
        stopper.stop();
    };
    let both = async { tokio::join!(run, user).0 };
    let ended = tokio::time::timeout(PATIENCE, both).await;
    ended.expect("it ends in time").expect("the broker answers");
}

#[tokio::test]
async fn a_query_reads_what_is_there_and_what_comes() {
    let first = partition("orders", 0).await;
    let second = partition("orders", 1).await;
    send(&first, Some("ann"), "1").await;
    send(&second, None, "2").await;
    Box::pin(run(query("orders", "earliest"), async |mut rows| {
        assert_eq!(next(&mut rows, 2).await, ["0 0 ann 1", "1 0 NULL 2"]);
        send(&first, Some("bob"), "3").await;
        assert_eq!(next(&mut rows, 1).await, ["0 1 bob 3"]);
    }))
    .await;
}

#[tokio::test]
async fn a_query_from_the_latest_offset_reads_what_comes_alone() {
    let clicks = partition("clicks", 0).await;
    send(&clicks, None, "before").await;
    Box::pin(run(query("clicks", "latest"), async |mut rows| {
        tokio::time::sleep(Duration::from_secs(1)).await;
        send(&clicks, None, "after").await;
        assert_eq!(next(&mut rows, 1).await, ["0 1 NULL after"]);
    }))
    .await;
}

#[tokio::test]
async fn offsets_that_are_named_are_those_of_the_broker() {
    let views = partition("views", 0).await;
    for value in ["a", "b", "c"] {
        send(&views, None, value).await;
    }
    let all = r#"{"views":{"0":1,"1":-1,"2":-1,"3":-1}}"#;
    run(query("views", all), async |mut rows| {
        assert_eq!(next(&mut rows, 2).await, ["0 1 NULL b", "0 2 NULL c"]);
    })
    .await;
}
