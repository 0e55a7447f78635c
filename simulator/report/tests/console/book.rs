//! The transcripts of the book.

use engine::{Event, QueryId};
use scenario::Profile;

use crate::support::{STATELESS, UPDATE_STATE, check, program, table};

#[test]
fn the_books_stateless_transcript() {
    check(
        Profile::Cookbook,
        "UTC",
        &program(&STATELESS),
        "\
=
Time: 2018-06-21 23:00:30
=
(u'blue', 5)
(u'green', 3)
=
Time: 2018-06-21 23:00:31
=
(u'gohawks', 1)
=
Time: 2018-06-21 23:00:32
=
=
Time: 2018-06-21 23:00:33
=
(u'green', 2)
=
",
    );
}

#[test]
fn the_books_stateful_transcript_has_an_empty_batch_where_nothing_came() {
    check(
        Profile::Cookbook,
        "UTC",
        &program(&UPDATE_STATE),
        "\
=
Time: 2018-06-21 23:00:30
=
(u'blue', 5)
(u'green', 3)
=
Time: 2018-06-21 23:00:31
=
(u'blue', 5)
(u'green', 3)
(u'gohawks', 1)
=
Time: 2018-06-21 23:00:32
=
=
Time: 2018-06-21 23:00:33
=
(u'blue', 5)
(u'green', 5)
(u'gohawks', 1)
=
",
    );
}

#[test]
fn con_1_the_books_structured_transcript_is_the_same_in_every_profile() {
    let events = [
        table(0, &[("green", 3), ("blue", 5)], false),
        Event::QueryProgress {
            batch_id: 0,
            records: 1,
            failure: None,
            query: QueryId(0),
            progress: None,
        },
        table(1, &[("green", 5), ("blue", 5), ("gohawks", 1)], false),
        Event::Stopped,
    ];
    for profile in [Profile::Pyspark, Profile::Jvm, Profile::Cookbook] {
        check(
            profile,
            "UTC",
            &events,
            "\
=
Batch: 0
=
+-----+-----+
| word|count|
+-----+-----+
|green|    3|
| blue|    5|
+-----+-----+

=
Batch: 1
=
+-------+-----+
|   word|count|
+-------+-----+
|  green|    5|
|   blue|    5|
|gohawks|    1|
+-------+-----+

",
        );
    }
}
