//! How the server and the app are compiled.

/// Each has a profile in Cargo.toml for the server and one for the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// For use: the compiler takes its time, and what the browser loads is small.
    Release,
    /// For a first look on this machine: ready much sooner, a little slower, and large.
    Quick,
}

impl Profile {
    /// Cargo's profile for the server.
    pub fn server(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Quick => "quick",
        }
    }

    /// Cargo's profile for the app; as in frontend/index.html.
    pub fn app(self) -> &'static str {
        match self {
            Self::Release => "wasm-release",
            Self::Quick => "wasm-quick",
        }
    }
}
