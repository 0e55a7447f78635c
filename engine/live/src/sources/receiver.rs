//! The source of records that the user's own code sends.

use engine::Text;
use tokio::sync::mpsc;

use super::PacketSender;

/// Passes on each record with the time at which it is taken out of the channel, until all senders are
/// dropped.
pub(super) async fn receive(mut records: mpsc::Receiver<Text>, sender: PacketSender) {
    loop {
        let permit = sender.reserve().await;
        match records.recv().await {
            Some(record) => permit.send(vec![record]),
            None => return,
        }
    }
}
