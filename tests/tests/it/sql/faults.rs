use tests::{Database, Seeded, Server, database::Agent, wait::until};

use crate::chaos::Board;

/// Nothing is lost, nothing is twice, and the copy is as the model is.
async fn is_whole(database: &Database, server: &Server) {
    database.is_right(server).await;
    let head = server.api().get("/organization").await.cursor().seq;
    let events = database.number("SELECT count(*) AS n FROM events").await;
    let ids = database
        .number("SELECT count(DISTINCT id) AS n FROM events")
        .await;
    assert_eq!(
        (events, ids),
        (head.try_into().unwrap(), head.try_into().unwrap())
    );
}

async fn survives_kills(database: Database, seed: u64) {
    let mut dice = Seeded::new(seed);
    let server = Server::spawn();
    let mut board = Board::default();
    let token = database.token(&server.api()).await;
    let mut agent: Option<Agent> = None;
    for _ in 0..12 {
        for _ in 0..40 {
            board.change(&server.api(), &mut dice).await;
            // At any moment: while it starts, makes its tables, catches up, writes or waits.
            if dice.below(15) == 0
                && let Some(mut running) = agent.take()
            {
                running.kill();
            }
            if agent.is_none() && dice.below(4) == 0 {
                agent = Some(database.agent(&server, &token, &[]));
            }
        }
    }
    let _agent = agent.unwrap_or_else(|| database.agent(&server, &token, &[]));
    is_whole(&database, &server).await;
}

#[tokio::test]
async fn killed_at_any_moment_the_agent_loses_and_doubles_nothing_in_sqlite() {
    survives_kills(Database::sqlite(), 41).await;
}

#[tokio::test]
async fn killed_at_any_moment_the_agent_loses_and_doubles_nothing_in_postgresql() {
    survives_kills(Database::postgres(), 42).await;
}

#[tokio::test]
async fn a_database_and_a_server_that_are_killed_come_back() {
    let mut database = Database::postgres();
    let mut server = Server::spawn();
    let (mut board, mut dice) = (Board::default(), Seeded::new(43));
    let mut agent = database.follow(&server, &[]).await;
    for round in 0..4 {
        for _ in 0..30 {
            board.change(&server.api(), &mut dice).await;
        }
        match round % 2 {
            0 => {
                let postgres = database.postgres.as_mut().unwrap();
                postgres.kill();
                postgres.start();
            }
            _ => {
                server.kill();
                server.restart();
            }
        }
    }
    is_whole(&database, &server).await;
    assert!(agent.is_running(), "it went through all of it");
}

#[tokio::test]
async fn agents_wait_for_a_database_that_is_not_there_and_then_one_for_the_other() {
    let mut database = Database::postgres();
    let server = Server::spawn();
    let (mut board, mut dice) = (Board::default(), Seeded::new(46));
    let token = database.token(&server.api()).await;
    for _ in 0..30 {
        board.change(&server.api(), &mut dice).await;
    }
    database.postgres.as_mut().unwrap().kill();
    let mut agents = [(); 2].map(|()| database.agent(&server, &token, &[]));
    let waiting = || database.log().matches("can't be reached").count();
    until("both to wait", async || (waiting() >= 2).then_some(())).await;
    database.postgres.as_mut().unwrap().start();
    is_whole(&database, &server).await;
    until("one to wait for the other", async || {
        let log = database.log();
        log.contains("another agent is at work").then_some(())
    })
    .await;
    // Whoever waits loses its connection too.
    let postgres = database.postgres.as_mut().unwrap();
    postgres.kill();
    postgres.start();
    for _ in 0..30 {
        board.change(&server.api(), &mut dice).await;
    }
    is_whole(&database, &server).await;
    for agent in &mut agents {
        assert!(agent.is_running(), "{}", database.log());
    }
}

async fn second_waits(database: Database) {
    let server = Server::spawn();
    let (mut board, mut dice) = (Board::default(), Seeded::new(44));
    let token = database.token(&server.api()).await;
    let mut first = database.agent(&server, &token, &[]);
    database.is_right(&server).await;
    let mut second = database.agent(&server, &token, &[]);
    let told = async || {
        database
            .log()
            .contains("another agent is at work")
            .then_some(())
    };
    until("the second to wait", told).await;
    for _ in 0..30 {
        board.change(&server.api(), &mut dice).await;
    }
    is_whole(&database, &server).await;
    first.kill();
    for _ in 0..30 {
        board.change(&server.api(), &mut dice).await;
    }
    is_whole(&database, &server).await;
    assert!(second.is_running());
}

#[tokio::test]
async fn of_two_agents_on_one_file_the_second_waits_and_takes_over() {
    second_waits(Database::sqlite()).await;
}

#[tokio::test]
async fn of_two_agents_on_one_postgresql_the_second_waits_and_takes_over() {
    second_waits(Database::postgres()).await;
}
