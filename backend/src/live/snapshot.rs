//! Encoded snapshots, made off the engine's task and off the workers, and shared by whoever asks at the same position.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, Weak},
};

use actix_http::{ResponseHead, StatusCode, encoding::Encoder};
use actix_web::{body::to_bytes, http::header::ContentEncoding, rt::task::spawn_blocking};
use bytes::Bytes;
use shared_types::{
    state::Sight,
    topic::Topic,
    view::{everything, rollups, view},
    wire::{Cursor, Snapshot},
};
use tokio::sync::OnceCell;

use super::hub::lock;
use crate::{api::encoding::Coding, engine::Model};

/// Snapshots kept for those who come later. At one position a new one is asked for by many at once (after a restart)
/// or never again (after the next event), so few are enough.
const KEPT: usize = 64;
/// Bytes of them, at most, the newest apart.
const KEPT_BYTES: usize = 64 << 20;

/// A topic, and how much of what it names is seen by those who ask.
pub type Shown = (Topic, Sight);

/// A topic's view at a position, as JSON.
#[derive(Debug)]
pub struct Encoded {
    pub topic: Topic,
    pub cursor: Cursor,
    /// The snapshot alone, without a message around it.
    pub json: Bytes,
    /// With its topic and cursor, as HTTP answers it.
    pub answer: Bytes,
    brotli: OnceCell<Bytes>,
    gzip: OnceCell<Bytes>,
}

impl Encoded {
    fn new(topic: Topic, cursor: Cursor, snapshot: &Snapshot) -> serde_json::Result<Self> {
        let mut answer =
            format!("{{\"topic\":\"{topic}\",\"cursor\":\"{cursor}\",\"snapshot\":").into_bytes();
        let start = answer.len();
        serde_json::to_writer(&mut answer, snapshot)?;
        let end = answer.len();
        answer.push(b'}');
        let answer = Bytes::from(answer);
        let json = answer.slice(start..end);
        Ok(Self {
            topic,
            cursor,
            json,
            answer,
            brotli: OnceCell::new(),
            gzip: OnceCell::new(),
        })
    }

    /// The answer compressed, once for all who ask; none for a coding that is not made, or if it fails.
    pub async fn compressed(&self, coding: Coding) -> Option<Bytes> {
        let (cell, coding) = match coding {
            Coding::Brotli => (&self.brotli, ContentEncoding::Brotli),
            Coding::Gzip => (&self.gzip, ContentEncoding::Gzip),
            Coding::Identity => return None,
        };
        let compress = || async {
            let mut head = ResponseHead::new(StatusCode::OK);
            to_bytes(Encoder::response(coding, &mut head, self.answer.clone())).await
        };
        cell.get_or_try_init(compress).await.ok().cloned()
    }
}

/// The newest snapshots, and those in the making.
#[derive(Debug, Default)]
pub struct Snapshots {
    slots: Mutex<VecDeque<Slot>>,
    /// Whose turn it is to make one.
    turns: Mutex<HashMap<Shown, Weak<Turn>>>,
}

type Turn = tokio::sync::Mutex<()>;

#[derive(Debug, Clone)]
struct Slot {
    shown: Shown,
    cursor: Cursor,
    /// Made by the first who asks; the others wait for it.
    encoded: Arc<OnceCell<Option<Arc<Encoded>>>>,
}

impl Slot {
    fn bytes(&self) -> usize {
        self.encoded
            .get()
            .and_then(Option::as_ref)
            .map_or(0, |encoded| encoded.json.len())
    }
}

impl Snapshots {
    /// A topic's snapshot at the position of now or a later one. While one is being made those who come wait for the
    /// next, and share it: however fast the line moves and however many ask, one at a time is made.
    pub async fn newest(
        &self,
        model: impl Fn() -> Option<Arc<Model>>,
        shown: Shown,
    ) -> Option<Arc<Encoded>> {
        let now = model()?.cursor.clone();
        let turn = self.turn(shown);
        let _turn = turn.lock().await;
        let known = self
            .known(shown)
            .filter(|known| known.cursor.epoch == now.epoch && known.cursor.seq >= now.seq);
        match known {
            Some(known) => Some(known),
            None => self.get(model()?, shown).await,
        }
    }

    fn turn(&self, shown: Shown) -> Arc<Turn> {
        let mut turns = lock(&self.turns);
        if let Some(turn) = turns.get(&shown).and_then(Weak::upgrade) {
            return turn;
        }
        turns.retain(|_, turn| turn.strong_count() > 0);
        let turn = Arc::new(Turn::default());
        turns.insert(shown, Arc::downgrade(&turn));
        turn
    }

    fn known(&self, shown: Shown) -> Option<Arc<Encoded>> {
        let slots = lock(&self.slots);
        let of_shown = slots.iter().filter(|slot| slot.shown == shown);
        let made = of_shown.filter_map(|slot| slot.encoded.get()?.clone());
        made.max_by_key(|encoded| encoded.cursor.seq)
    }

    /// A topic's snapshot at the model's position; none where the topic has nothing to show.
    pub async fn get(&self, model: Arc<Model>, shown: Shown) -> Option<Arc<Encoded>> {
        let cell = self.slot(&model.cursor, shown);
        let encode = || async move {
            spawn_blocking(move || encode(&model, shown))
                .await
                .ok()
                .flatten()
        };
        cell.get_or_init(encode).await.clone()
    }

    fn slot(&self, cursor: &Cursor, shown: Shown) -> Arc<OnceCell<Option<Arc<Encoded>>>> {
        let mut slots = lock(&self.slots);
        if let Some(slot) = slots
            .iter()
            .find(|slot| slot.shown == shown && slot.cursor == *cursor)
        {
            return Arc::clone(&slot.encoded);
        }
        slots.retain(|slot| {
            slot.shown != shown || slot.cursor.epoch == cursor.epoch && slot.cursor.seq > cursor.seq
        });
        let slot = Slot {
            shown,
            cursor: cursor.clone(),
            encoded: Arc::default(),
        };
        slots.push_back(slot.clone());
        while slots.len() > KEPT
            || slots.len() > 1 && slots.iter().map(Slot::bytes).sum::<usize>() > KEPT_BYTES
        {
            slots.pop_front();
        }
        slot.encoded
    }
}

fn encode(model: &Model, (topic, sight): Shown) -> Option<Arc<Encoded>> {
    let organization = &model.aggregate;
    let mut snapshot = match topic {
        Topic::All => everything(organization),
        _ => view(organization, topic)?.snapshot(rollups(organization, topic)),
    };
    organization.narrow_snapshot(sight, &mut snapshot);
    Encoded::new(topic, model.cursor.clone(), &snapshot)
        .inspect_err(|error| tracing::error!(%topic, %error, "a snapshot can't be encoded"))
        .ok()
        .map(Arc::new)
}
