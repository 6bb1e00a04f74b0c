//! What proves who somebody is, as far as the server keeps it.

use std::{fmt, str::FromStr, sync::Arc};

use crate::value::{AccountId, Invalid, InvitationId, SessionId, TokenId};

/// What a proof belongs to. There is at most one for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// The link with which the first account is made.
    SetUp,
    /// An account's password.
    Password(AccountId),
    Session(SessionId),
    Invitation(InvitationId),
    Token(TokenId),
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Holder::SetUp => f.write_str("set-up"),
            Holder::Password(id) => write!(f, "password:{id}"),
            Holder::Session(id) => write!(f, "session:{id}"),
            Holder::Invitation(id) => write!(f, "invitation:{id}"),
            Holder::Token(id) => write!(f, "token:{id}"),
        }
    }
}

impl FromStr for Holder {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (kind, id) = text.split_once(':').unwrap_or((text, ""));
        Ok(match kind {
            "set-up" => Holder::SetUp,
            "password" => Holder::Password(id.parse()?),
            "session" => Holder::Session(id.parse()?),
            "invitation" => Holder::Invitation(id.parse()?),
            "token" => Holder::Token(id.parse()?),
            _ => return Err(Invalid("is no holder of a proof".into())),
        })
    }
}

/// A hash: of a password in PHC form with its parameters, of a random secret in hexadecimal. It is not shown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proof(Arc<str>);

impl Proof {
    /// The hash as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Proof {
    fn from(hash: String) -> Self {
        Self(hash.into())
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proof")
    }
}

/// A proof that takes the place of the one before, or of which nothing is to be left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofChange {
    pub holder: Holder,
    pub proof: Option<Proof>,
}
