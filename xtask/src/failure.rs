//! The one error type: what went wrong, and what a person can do about it.

use std::fmt;

/// The result of anything that can fail here.
pub type Result<T = ()> = std::result::Result<T, Failure>;

/// What went wrong, and the advice to print below it.
#[derive(Debug)]
pub struct Failure {
    what: String,
    advice: Option<String>,
    status: u8,
}

impl Failure {
    /// Something that failed while doing what was asked; exit status 1.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            advice: None,
            status: 1,
        }
    }

    /// Something nobody can have meant; exit status 2.
    pub fn usage(what: impl Into<String>) -> Self {
        let advice = Some("`cargo xtask help` lists the commands".to_owned());
        Self {
            what: what.into(),
            advice,
            status: 2,
        }
    }

    /// The same failure with what to do about it, unless it says so already.
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice.get_or_insert_with(|| advice.into());
        self
    }

    /// The exit status of the process.
    pub fn status(&self) -> u8 {
        self.status
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.what)?;
        if let Some(advice) = &self.advice {
            write!(f, "\n  what to do: {advice}")?;
        }
        Ok(())
    }
}

/// Turns an I/O error into a [`Failure`] that says what was attempted.
pub fn while_doing(what: impl fmt::Display) -> impl FnOnce(std::io::Error) -> Failure {
    move |error| Failure::new(format!("{what}: {error}"))
}
