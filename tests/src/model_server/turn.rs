use std::time::Duration;

use serde_json::{Value, json};

/// One answer of a model.
#[derive(Debug, Clone, Default)]
pub struct Said {
    pub text: String,
    /// What it thinks before, where the protocol has a place for that.
    pub reasoning: String,
    /// Tools that it uses: a name, and the arguments as they are written.
    pub calls: Vec<(String, String)>,
    pub usage: Tokens,
    pub fault: Fault,
}

/// What an answer comes to.
#[derive(Debug, Clone, Copy)]
pub struct Tokens {
    /// Those that were in the provider's cache among them.
    pub input: u64,
    pub cached: u64,
    pub output: u64,
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            input: 100,
            cached: 40,
            output: 20,
        }
    }
}

/// What goes wrong with an answer.
#[derive(Debug, Clone, Default)]
pub enum Fault {
    #[default]
    None,
    /// It is refused, with this body and header; `{key}` in the body is the key that came with the call.
    Refused {
        status: u16,
        retry_after: Option<&'static str>,
        body: String,
    },
    /// Nothing more comes after its first part.
    Stalls,
    /// The connection breaks after its first part.
    BreaksOff,
    /// The connection ends after its first part, as if that were all.
    EndsEarly,
    /// It comes a byte at a time, with this much between two.
    Slowly(Duration),
    /// Its text does not end.
    Endless,
    /// It is refused with this status, in a text that does not end.
    RefusedWithoutEnd(u16),
    /// It is no answer that anybody could read.
    Nonsense,
    /// The caller is sent on to another address.
    SentOn(String),
}

impl Said {
    /// This text and nothing else.
    pub fn text(text: &str) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// The same, and this tool used.
    pub fn call(mut self, name: &str, arguments: Value) -> Self {
        self.calls.push((name.into(), arguments.to_string()));
        self
    }

    /// The same, with arguments that are written like this.
    pub fn call_written(mut self, name: &str, arguments: &str) -> Self {
        self.calls.push((name.into(), arguments.into()));
        self
    }

    /// A result that is handed in.
    pub fn submit() -> Self {
        Self::text("It is done.").call("submit_result", json!({ "summary": "It is done" }))
    }

    /// The same with something wrong.
    pub fn with(mut self, fault: Fault) -> Self {
        self.fault = fault;
        self
    }

    /// A refusal.
    pub fn refused(status: u16, retry_after: Option<&'static str>, body: &str) -> Self {
        Self::default().with(Fault::Refused {
            status,
            retry_after,
            body: body.into(),
        })
    }
}
