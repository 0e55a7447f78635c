//! The source of records that the user's own code sends.

use engine::Text;
use tokio::sync::mpsc;

use super::Inlet;

/// Hands on each record at the time at which it is taken out of the channel, until nobody can send.
pub(super) async fn receive(mut records: mpsc::Receiver<Text>, inlet: Inlet) {
    loop {
        let room = inlet.room().await;
        match records.recv().await {
            Some(record) => room.put(vec![record]),
            None => return,
        }
    }
}
