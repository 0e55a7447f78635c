//! The batches of an operator whose rows are its states, as they are saved.

use super::node::codec_of;
use crate::recovery::{Partitioned, StateContent};
use crate::state::saved_slots::{RowsCodec, SlotTable, SlotsToSave, put_together};
use crate::{Data, Failure, Rdd};

/// All rows of a batch, which are read when they are written.
pub(super) fn rows_to_save<K: Data, V: Data>(
    codec: Option<RowsCodec<K, V>>,
    operator: &'static str,
    batch: &Rdd<(K, V)>,
) -> Result<StateContent, Failure> {
    let codec = codec_of(codec)?;
    Ok(StateContent::new(batch.clone(), move |batch| {
        let partitions = batch.partition_rows(operator)?.into_iter();
        codec.encode(&partitions.map(SlotsToSave::whole).collect())
    }))
}

/// The rows of a batch by partition, of what was saved up to it, oldest first.
pub(super) fn saved_rows<K, V>(
    codec: Option<RowsCodec<K, V>>,
    saved: &[u8],
) -> Result<Partitioned<(K, V)>, Failure> {
    let tables = put_together(codec_of(codec)?.decode(saved)?);
    tables.into_iter().map(SlotTable::into_rows).collect()
}
