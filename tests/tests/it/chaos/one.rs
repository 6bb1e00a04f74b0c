//! One server that is killed again and again.

use futures_util::future::join_all;
use shared_types::sync::Transport;
use tests::{LiveClient, Proxy, Seeded, Server};

use super::{Board, come_back, step::Step};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_breaks_everyone_ends_with_the_same_views() {
    let mut dice = Seeded::new(20_261_123);
    let mut server = Server::spawn();
    let mut board = Board::default();
    for _ in 0..60 {
        board.change(&server.api(), &mut dice).await;
    }
    let mut clients = Vec::new();
    for n in 0..9 {
        let proxy = Proxy::before(server.address()).await;
        let mut client = LiveClient::connect(proxy.address(), Transport::ALL[n % 3]).await;
        client.follow("org").await;
        clients.push((proxy, client));
    }
    for round in 0..30 {
        for _ in 0..dice.below(8) {
            board.change(&server.api(), &mut dice).await;
        }
        if round % 10 == 9 {
            server.kill();
            server.restart();
        }
        let steps: Vec<Step> = clients
            .iter()
            .map(|_| Step::draw(&mut dice, &board))
            .collect();
        let taken = clients
            .iter_mut()
            .zip(steps)
            .map(|((proxy, client), step)| step.take(proxy, client));
        join_all(taken).await;
    }
    come_back(&mut clients).await;
}
