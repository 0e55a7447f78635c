//! Visits of the pages of a web site, counted as they come.
//!
//! A line is a user, a page and the milliseconds until the page was there: `ann /home 250`.

use std::time::Duration;

use millrace::{
    DStream, Failure, FailureKind, Key, Profile, Rdd, Record, State, StateSpec, StreamingContext,
    Text, Value,
};

/// A page, by its path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Page(pub Text);

/// Prints as its path.
impl Record for Page {
    fn to_value(&self) -> Value {
        self.0.to_value()
    }
}

/// Is placed where its path would be.
impl Key for Page {
    fn spark_hash(&self, profile: Profile) -> i64 {
        self.0.spark_hash(profile)
    }
}

/// A visit of a page.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The user.
    pub user: Text,
    /// The page.
    pub page: Page,
    /// The milliseconds until the page was there.
    pub millis: u64,
}

impl Visit {
    /// Reads a line.
    ///
    /// # Errors
    ///
    /// Fails if the line has no path of a page, or no number after it; its batch fails then.
    pub fn parse(line: &Text) -> Result<Visit, Failure> {
        let mut fields = line.as_str().splitn(3, ' ');
        let mut next = || fields.next().unwrap_or_default();
        let user = next();
        let page = next();
        if !page.starts_with('/') {
            let message = format!("no page in `{line}`");
            return Err(Failure::new(FailureKind::Function, message));
        }
        Ok(Visit {
            user: user.into(),
            page: Page(page.into()),
            millis: next().parse()?,
        })
    }
}

/// Operators of our own, on any stream of counts.
pub trait CountOperators<K> {
    /// The `count` highest counts of each batch, the highest first.
    fn top(&self, count: usize) -> DStream<(K, i64)>;
}

impl<K: Key> CountOperators<K> for DStream<(K, i64)> {
    fn top(&self, count: usize) -> DStream<(K, i64)> {
        self.try_transform(move |batch, _time| {
            let mut counts = batch.collect()?;
            counts.sort_by_key(|(_, visits)| std::cmp::Reverse(*visits));
            counts.truncate(count);
            Ok(Rdd::of_rows(vec![counts]))
        })
    }
}

/// The visits that come in.
fn visits(ssc: &StreamingContext) -> DStream<Visit> {
    ssc.socket_text_stream("localhost", 9999)
        .try_map(|line| Visit::parse(&line))
}

/// Prints the two pages that were slow most often in the last three batches.
pub fn slow_pages(ssc: &StreamingContext) {
    let seconds = Duration::from_secs;
    let slow = visits(ssc).filter(|visit| visit.millis >= 200);
    let pages = slow.map(|visit| (visit.page, 1));
    let counts = pages.reduce_by_key_and_window(|x, y| x + y, seconds(3), seconds(1));
    counts.top(2).print();
}

/// Prints each user's visits so far.
pub fn visits_of_users(ssc: &StreamingContext) {
    let users = visits(ssc).map(|visit| (visit.user, visit.page));
    let count = |user: &Text, page: Option<Page>, visits: &mut State<'_, i64>| {
        let total = visits.get_option().unwrap_or(&0) + 1;
        visits.update(total);
        (user.clone(), page, total)
    };
    users.map_with_state(StateSpec::function(count)).print();
}
