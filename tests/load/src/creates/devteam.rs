//! Creates over the product's REST interface, on connections that are kept alive.

use std::{cell::RefCell, net::SocketAddr, time::Duration};

use anyhow::{Result, anyhow, ensure};
use futures_util::future::{join_all, try_join_all};
use hdrhistogram::Histogram;
use tokio::time::{Instant, sleep};

use super::{Creates, Store, meter::Meter};
use crate::{
    args::Scale,
    client::{http::Http, tally::histogram},
    servers::devteam::{SQLITE, create_requests, start},
};

/// Projects that the tasks are spread over.
const PROJECTS: usize = 8;

/// What is asked, of whom, and how often.
#[derive(Clone, Copy, Debug)]
pub struct Load<'a> {
    /// The servers of one organization; the clients are spread over them.
    pub servers: &'a [SocketAddr],
    /// The clients are spread over these too.
    pub requests: &'a [Vec<u8>],
    /// How many.
    pub clients: usize,
    /// How long is measured.
    pub window: Duration,
}

/// What the clients of one measurement share.
struct Shared {
    /// Time to the answer in microseconds, of the creates acknowledged in the window.
    times: Histogram<u64>,
    /// Whether the window is open.
    counting: bool,
    refused: u64,
    first_refusal: Option<String>,
}

/// Measures at every number of clients, one after the other on one server: it keeps what was created before, as a
/// server in use does.
///
/// # Errors
/// The server doesn't start, or acknowledges nothing.
pub async fn measure(scale: &Scale) -> Result<Store> {
    let mut server = start(&scale.place(), SQLITE, 1).await?;
    let requests = create_requests(&server, PROJECTS).await?;
    let mut creates = Vec::with_capacity(scale.clients.len());
    for &clients in &scale.clients {
        eprintln!("devteam: creates by {clients} clients");
        let load = Load {
            servers: &[server.address],
            requests: &requests,
            clients,
            window: scale.window(),
        };
        creates.push(at(load, || Ok(server.usage()?.cpu)).await?);
    }
    Ok(Store {
        name: "devteam (sqlite journal)".into(),
        creates,
    })
}

/// Measures with one number of clients; `cpu` is the processor time that the servers have used so far.
///
/// # Errors
/// A server is gone, or nothing was acknowledged.
pub async fn at(load: Load<'_>, mut cpu: impl FnMut() -> Result<Duration>) -> Result<Creates> {
    let Load {
        clients, window, ..
    } = load;
    let addresses = || load.servers.iter().copied().cycle().take(clients);
    let connections = try_join_all(addresses().map(Http::connect)).await?;
    let warm_up = window / 8;
    let until = Instant::now() + warm_up + window;
    let shared = RefCell::new(Shared {
        times: histogram()?,
        counting: false,
        refused: 0,
        first_refusal: None,
    });
    let work = join_all(
        connections
            .into_iter()
            .zip(addresses())
            .zip(load.requests.iter().cycle())
            .map(|((http, address), request)| client(http, address, request, until, &shared)),
    );
    let mut measured = None;
    let watch = async {
        sleep(warm_up).await;
        let meter = Meter::start(cpu()?)?;
        shared.borrow_mut().counting = true;
        sleep(window).await;
        shared.borrow_mut().counting = false;
        measured = Some(meter.stop(cpu()?)?);
        anyhow::Ok(())
    };
    tokio::join!(work, watch).1?;
    let metered = measured.ok_or_else(|| anyhow!("nothing was measured"))?;
    let shared = shared.borrow();
    let trouble = shared
        .first_refusal
        .as_ref()
        .map(|first| format!("{} refused, the first with {first}", shared.refused));
    ensure!(
        !shared.times.is_empty(),
        "nothing was created; {}",
        trouble.unwrap_or_default()
    );
    let count = shared.times.len() as f64;
    Ok(Creates {
        clients,
        per_second: count / metered.seconds,
        range: (0.0, 0.0),
        mean: shared.times.mean() / 1_000.0,
        p99: Some(shared.times.value_at_quantile(0.99) as f64 / 1_000.0),
        server_micros: metered.server_seconds * 1e6 / count,
        client_cores: metered.client_cores,
        other_cores: metered.other_cores,
        trouble,
    })
}

/// One client: creates, waits for the answer, creates again.
async fn client(
    mut http: Http,
    address: SocketAddr,
    request: &[u8],
    until: Instant,
    shared: &RefCell<Shared>,
) {
    while Instant::now() < until {
        let sent = Instant::now();
        let answer = http.send(request).await;
        let took = sent.elapsed();
        let refusal = match answer {
            Ok(answer) if answer.status == 201 => None,
            Ok(answer) => Some(answer.to_string()),
            Err(error) => {
                // Slowly, so that a server that is gone isn't asked a million times.
                sleep(Duration::from_millis(50)).await;
                if let Ok(again) = Http::connect(address).await {
                    http = again;
                }
                Some(format!("{error:#}"))
            }
        };
        let mut shared = shared.borrow_mut();
        if let Some(refusal) = refusal {
            shared.refused += 1;
            shared.first_refusal.get_or_insert(refusal);
        } else if shared.counting {
            shared
                .times
                .saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        }
    }
}
