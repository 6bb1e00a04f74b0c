use redis::{Client, ConnectionAddr, IntoConnectionInfo, cmd};

use super::{connection::answer, error::Failure};

/// The server of a cluster that has a key now, as one of these servers knows it.
pub(super) async fn server_of(urls: &[String], key: &str) -> Result<Client, Failure> {
    let mut last = Failure::NoConnection("no server is named".into());
    for url in urls {
        match ask(url, key).await {
            Ok(found) => return Ok(found),
            Err(failure) => last = failure,
        }
    }
    Err(last)
}

async fn ask(url: &str, key: &str) -> Result<Client, Failure> {
    let known = url.into_connection_info()?;
    let client = Client::open(known.clone())?;
    let mut connection = answer(client.get_multiplexed_async_connection()).await?;
    let slot: u16 = answer(
        cmd("CLUSTER")
            .arg("KEYSLOT")
            .arg(key)
            .query_async(&mut connection),
    )
    .await?;
    let ranges: Vec<(u16, u16, (String, u16))> = answer(slots(&mut connection)).await?;
    let found = ranges
        .into_iter()
        .find(|(first, last, _)| (*first..=*last).contains(&slot));
    let (_, _, (host, port)) = found
        .ok_or_else(|| Failure::Refused(format!("no server of the cluster has slot {slot} now")))?;
    // A server that does not know its own address leaves it out: it is the one that was asked.
    let host = match (host.as_str(), known.addr()) {
        ("", ConnectionAddr::Tcp(asked, _)) => asked.clone(),
        _ => host,
    };
    Ok(Client::open(
        known.set_addr(ConnectionAddr::Tcp(host, port)),
    )?)
}

async fn slots(
    connection: &mut redis::aio::MultiplexedConnection,
) -> redis::RedisResult<Vec<(u16, u16, (String, u16))>> {
    let ranges: Vec<Vec<redis::Value>> =
        cmd("CLUSTER").arg("SLOTS").query_async(connection).await?;
    let range = |range: Vec<redis::Value>| {
        let mut parts = range.into_iter();
        let mut next = || parts.next().unwrap_or(redis::Value::Nil);
        let (first, last) = (
            redis::from_redis_value(next())?,
            redis::from_redis_value(next())?,
        );
        let primary: Vec<redis::Value> = redis::from_redis_value(next())?;
        let mut primary = primary.into_iter();
        let mut next = || primary.next().unwrap_or(redis::Value::Nil);
        let host: Option<String> = redis::from_redis_value(next())?;
        Ok((
            first,
            last,
            (host.unwrap_or_default(), redis::from_redis_value(next())?),
        ))
    };
    ranges.into_iter().map(range).collect()
}
