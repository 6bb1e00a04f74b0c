//! The one model store of the page, outside the component tree.
//!
//! - Components read it by [`use_select`], follow topics by [`use_topic`], and act by the methods of [`Store`]
//!   (`store/actions`), which they get by [`use_store`].
//! - The live line ([`crate::net`]) feeds it with [`Update`]s; the views of all followed topics are merged, and what this
//!   browser has written and the line has not confirmed yet is laid over them.
//!
//! ```text
//! let store = use_store();
//! match use_topic(&format!("project:{slug}")) {
//!     TopicState::Loading => skeleton(),
//!     TopicState::Gone(reason) | TopicState::Failed(reason) => absent(&reason),
//!     TopicState::Ready(Topic::Project(id)) => {
//!         let items = use_select(move |state| state.item_list(Some(id)));
//!         …
//!         onclick={move |_| store.set_status(item, Status::Done)}
//! ```

mod access;
mod actions;
mod activity;
mod deletion;
mod follow;
mod handle;
mod hooks;
mod ids;
mod kept;
mod lines;
mod live;
mod merge;
mod named;
mod outbox;
mod overlay;
mod page;
mod receive;
mod runs;
mod send;
mod settings;
mod shown;
mod state;
mod topics;
mod undo;
mod unfinished;
mod update;

pub use access::{Access, set_who, use_may};
pub use activity::use_activity;
pub use deletion::{Sought, subject, use_deletion};
pub use follow::For;
pub use handle::{Line, Store};
pub use hooks::{use_latest, use_select, use_store, use_topic, use_topic_quietly};
pub use ids::now;
pub(crate) use kept::NOTICES;
pub use lines::{use_lines, use_waiting};
pub use live::{Live, Phase, transport_name};
pub use named::use_item;
pub use outbox::{Draft, Stage, Write};
pub use send::{OUTBOX, read_unsent};
pub use settings::{Settings, Theme, preference_name, preference_named};
pub use shared_types::access::Action;
pub use shared_types::sync::{Preference, Transport};
pub use shown::ItemList;
pub use state::State;
pub use topics::TopicState;
pub use update::Update;
