use std::{cell::OnceCell, fmt::Write as _};

use bytes::{BufMut, Bytes, BytesMut};
use shared_types::wire::Epoch;

use super::line::{Batch, Stop};

/// Bytes of events handed out in one go.
pub const CHUNK_BYTES: usize = 32 << 10;

/// Some events in order, encoded at most once for each transport however many connections of a worker take them.
#[derive(Debug)]
pub struct Chunk {
    /// The position it follows on, and the position that was asked for.
    pub range: (u64, u64),
    pub batch: Batch,
    /// Whether it is of what all topics of a connection are told, and not of a replay.
    pub is_live: bool,
    /// Whether it is as those are told who see only a part.
    pub is_narrowed: bool,
    websocket: OnceCell<Bytes>,
    sse: OnceCell<Bytes>,
}

impl Chunk {
    /// What was collected after a position up to another.
    pub fn live(range: (u64, u64), batch: Batch) -> Self {
        Self {
            is_live: true,
            ..Self::replay(range, batch)
        }
    }

    /// The same for a topic that was resumed.
    pub fn replay(range: (u64, u64), batch: Batch) -> Self {
        Self {
            range,
            batch,
            is_live: false,
            is_narrowed: false,
            websocket: OnceCell::new(),
            sse: OnceCell::new(),
        }
    }

    /// Some of a chunk, as those are told who see only a part.
    pub fn narrowed(range: (u64, u64), batch: Batch) -> Self {
        Self {
            is_narrowed: true,
            ..Self::replay(range, batch)
        }
    }

    /// Where the reader has to act.
    pub fn stop(&self) -> Option<&Stop> {
        self.batch.stop.as_ref()
    }

    /// Whether there is nothing to send in it.
    pub fn is_empty(&self) -> bool {
        self.batch.entries.is_empty()
    }

    /// The frames one behind the other; if there is one, the very bytes that all share.
    pub fn websocket(&self) -> &Bytes {
        self.websocket
            .get_or_init(|| match self.batch.entries.as_slice() {
                [entry] => entry.frame.websocket().clone(),
                entries => {
                    let mut all = BytesMut::with_capacity(
                        entries.iter().map(|entry| entry.frame.len()).sum(),
                    );
                    entries
                        .iter()
                        .for_each(|entry| all.extend_from_slice(entry.frame.websocket()));
                    all.freeze()
                }
            })
    }

    /// The events as SSE, each with its position as the id.
    pub fn sse(&self, epoch: &Epoch) -> &Bytes {
        self.sse.get_or_init(|| {
            let mut all = BytesMut::new();
            for entry in &self.batch.entries {
                let json = entry.frame.json();
                put_sse(&mut all, "event", Some((epoch, entry.seq)), [json]);
            }
            all.freeze()
        })
    }
}

/// Writes one SSE message. JSON has no line breaks, so it is one line of data.
pub fn put_sse<'a>(
    out: &mut BytesMut,
    kind: &str,
    id: Option<(&Epoch, u64)>,
    json: impl IntoIterator<Item = &'a [u8]>,
) {
    out.put_slice(b"event: ");
    out.put_slice(kind.as_bytes());
    if let Some((epoch, seq)) = id {
        // Writing to memory does not fail.
        let _ = write!(out, "\nid: {epoch}:{seq}");
    }
    out.put_slice(b"\ndata: ");
    json.into_iter()
        .for_each(|part| out.extend_from_slice(part));
    out.put_slice(b"\n\n");
}
