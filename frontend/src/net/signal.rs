//! What a connection says, whatever its transport.

use std::rc::Rc;

use shared_types::sync::Closed;

/// One thing that happened on a connection.
pub enum Signal {
    /// A message: a text frame, or the data of an SSE message.
    Text(String),
    /// The id of an SSE message, after the message.
    Position(String),
    /// The answer to a poll, and as what we were answered.
    Polled { body: String, role: Option<String> },
    /// Something that says nothing but that the line is alive.
    Sound,
    /// It is over.
    Closed(Closed),
}

/// Who hears it.
pub type Listener = Rc<dyn Fn(Signal)>;
