use super::Transport;

/// Attempts that a transport gets before the next one is tried.
const ATTEMPTS: u32 = 2;
/// A connection that ended sooner than this counts as an attempt that failed: some proxies accept and then cut.
const SHORT_LIFE_MS: f64 = 10_000.0;
/// How long a lesser transport is used before a better one is tried again; doubled each time in vain.
const FIRST_PROBE_MS: f64 = 30_000.0;
/// The longest time between two such tries.
const LONGEST_PROBE_MS: f64 = 600_000.0;

/// What the person has chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Preference {
    /// The best that works: WebSocket, then SSE, then polling.
    #[default]
    Automatic,
    /// This one, whether it works or not.
    Only(Transport),
}

/// Chooses the transport, on the driver's clock (`now_ms` is any clock that goes forward).
///
/// The driver tries [`TransportChoice::next`]. Within [`TransportChoice::proof_ms`] there has to be a sign of life
/// ([`TransportChoice::proven`]): `welcome` on a WebSocket, the first message or comment on SSE (a proxy that buffers
/// brings none), an answer to a poll. If there is none the driver closes it. Every end is told by
/// [`TransportChoice::ended`]. While [`TransportChoice::better`] names a transport, the driver tries that one beside
/// the one in use, and goes over to it when it is proven.
#[derive(Debug, Clone)]
pub struct TransportChoice {
    preference: Preference,
    current: Transport,
    failures: u32,
    proven_at: Option<f64>,
    probe_at: f64,
    probe_wait: f64,
}

impl TransportChoice {
    /// Begins with the best that the preference allows.
    pub fn new(preference: Preference) -> Self {
        let current = match preference {
            Preference::Automatic => Transport::WebSocket,
            Preference::Only(transport) => transport,
        };
        Self {
            preference,
            current,
            failures: 0,
            proven_at: None,
            probe_at: 0.0,
            probe_wait: FIRST_PROBE_MS,
        }
    }

    /// The transport in use, or to be tried now.
    pub fn next(&self) -> Transport {
        self.current
    }

    /// Within how many milliseconds there has to be a sign of life. Polling must be asked with a shorter `wait`.
    pub fn proof_ms(transport: Transport) -> u64 {
        match transport {
            Transport::WebSocket | Transport::Sse => 4_000,
            Transport::Polling => 10_000,
        }
    }

    /// There is a sign of life on this transport; it is the one in use from here on.
    pub fn proven(&mut self, transport: Transport, now_ms: f64) {
        if transport != self.current || self.proven_at.is_none() {
            self.proven_at = Some(now_ms);
            self.probe_at = now_ms + self.probe_wait;
        }
        self.current = transport;
    }

    /// An attempt at this transport, or the connection that it was, has ended.
    pub fn ended(&mut self, transport: Transport, now_ms: f64) {
        if transport != self.current {
            self.probe_wait = (self.probe_wait * 2.0).min(LONGEST_PROBE_MS);
            self.probe_at = now_ms + self.probe_wait;
            return;
        }
        if self
            .proven_at
            .take()
            .is_some_and(|at| now_ms - at >= SHORT_LIFE_MS)
        {
            self.failures = 0;
            if transport == Transport::WebSocket {
                self.probe_wait = FIRST_PROBE_MS;
            }
            return;
        }
        self.failures += 1;
        if self.preference == Preference::Automatic && self.failures >= ATTEMPTS {
            // Round and round: when nothing works it is the network, and that says nothing about the best.
            self.failures = 0;
            self.current = match transport {
                Transport::WebSocket => Transport::Sse,
                Transport::Sse => Transport::Polling,
                Transport::Polling => Transport::WebSocket,
            };
        }
    }

    /// A better transport to try beside the one in use, when it is time to.
    pub fn better(&self, now_ms: f64) -> Option<Transport> {
        let due = self.preference == Preference::Automatic
            && self.current != Transport::WebSocket
            && self.proven_at.is_some()
            && now_ms >= self.probe_at;
        due.then_some(Transport::WebSocket)
    }
}
