use std::{
    io,
    net::{SocketAddr, TcpListener},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use actix_http::{HttpService, error::DispatchError};
use actix_server::Server;
use actix_service::{
    IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config,
};
use actix_web::{
    App,
    body::MessageBody,
    dev::{AppConfig, ServiceRequest, ServiceResponse},
    middleware::{Condition, from_fn},
    rt::net::TcpStream,
    web::Data,
};
use metrics_exporter_prometheus::PrometheusHandle;
use nix::sys::socket::{setsockopt, sockopt::TcpUserTimeout};
use tracing_actix_web::TracingLogger;

use super::{cors::cors, health, requests::RequestSpan};
use crate::{
    api::{self, HttpStream},
    assets::{self, Assets},
    auth::Auth,
    config::Serve,
    live,
    mcp::{self, Rest},
};

/// How long a connection may be idle: longer than proxies and browsers keep one for the next request (nginx and the load
/// balancers of the large clouds 60 s). If the server closed it first, a request could be on its way in that moment, and
/// be lost.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// What a connection may take to close.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// Milliseconds for which a connection may take nothing of what is sent to it. What waits for it is kept in memory.
const DEAF_AT_MOST: u32 = 90_000;

/// What every thread of the server has a pointer to.
#[derive(Clone)]
pub(super) struct Shared {
    pub auth: Arc<Auth>,
    pub assets: Data<Assets>,
    pub metrics: Data<PrometheusHandle>,
}

/// The HTTP server. It is what `actix_web::HttpServer` would build, save that WebSockets are taken over before the
/// routes, which that one has no place for.
pub(super) fn server(config: &Serve, listener: TcpListener, shared: Shared) -> io::Result<Server> {
    let address = listener.local_addr()?;
    let builder = Server::build();
    let shutdown = builder.graceful_shutdown_signal();
    let service = move || {
        let upgrade = live::upgrade(Arc::clone(&shared.auth));
        let app = app(&shared)
            .into_factory()
            .map_err(|error: actix_web::Error| error.error_response());
        let shutdown = shutdown.clone();
        let http = HttpService::build()
            // Idle connections close when the server is told to stop, instead of holding it up.
            .graceful_shutdown_signal(move || {
                let shutdown = shutdown.clone();
                async move { shutdown.notified().await }
            })
            .local_addr(address)
            .keep_alive(KEEP_ALIVE)
            // A client that has closed its half is gone, not waiting.
            .h1_allow_half_closed(false)
            .client_disconnect_timeout(DISCONNECT_TIMEOUT)
            .upgrade(upgrade)
            .h1(map_config(app, |()| AppConfig::default()));
        fn_service(connect).and_then(http)
    };
    let server = builder
        .workers(config.worker_threads())
        // The program has its own.
        .disable_signals()
        .shutdown_timeout(config.drain().as_secs())
        .listen("http", listener, service)?;
    Ok(server.run())
}

/// What every connection begins with. The builder's own `tcp_nodelay` does not reach a service of HTTP/1 alone.
async fn connect(stream: TcpStream) -> Result<(HttpStream, Option<SocketAddr>), DispatchError> {
    // Without it the kernel holds back small frames for up to 40 ms.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection whose small frames will be late");
    }
    if let Err(error) = setsockopt(&stream, TcpUserTimeout, &DEAF_AT_MOST) {
        tracing::debug!(%error, "a connection that may be deaf for long");
    }
    let peer = stream.peer_addr().ok();
    Ok((HttpStream::new(stream), peer))
}

fn app(
    shared: &Shared,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = actix_web::Error,
        InitError = (),
    > + use<>,
> {
    let has_guests = shared.auth.policy.origins.iter().next().is_some();
    App::new()
        .app_data(Data::from(Arc::clone(&shared.auth)))
        .app_data(shared.assets.clone())
        .app_data(shared.metrics.clone())
        .app_data(Rc::new(Rest::new(Arc::clone(&shared.auth))))
        .configure(api::configure)
        .configure(mcp::configure)
        .configure(health::configure)
        .configure(assets::configure)
        .wrap(Condition::new(
            has_guests,
            cors(&shared.auth.policy.origins),
        ))
        .wrap(TracingLogger::<RequestSpan>::new())
        .wrap(from_fn(api::boundary))
}
