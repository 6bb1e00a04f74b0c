use std::{collections::BTreeSet, ops::RangeInclusive};

use redis::{
    Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisResult, Value,
    aio::MultiplexedConnection, cmd, from_redis_value,
};

use super::{connection::answer, error::Failure};

/// The slots that a server takes writes to, and where it is.
type Slots = (RangeInclusive<u16>, (String, u16));

/// The server of a cluster that has a key now, as one of these servers knows it.
pub(super) async fn server_of(urls: &[String], key: &str) -> Result<Client, Failure> {
    let (mut asked, ranges) = first_to_answer(urls).await?;
    let mut slot_of = cmd("CLUSTER");
    slot_of.arg("KEYSLOT").arg(key);
    let slot: u16 = answer(slot_of.query_async(&mut asked.connection)).await?;
    let (_, place) = ranges
        .into_iter()
        .find(|(range, _)| range.contains(&slot))
        .ok_or_else(|| Failure::Refused(format!("no server of the cluster has slot {slot} now")))?;
    asked.client_of(place)
}

/// Each server of a cluster that takes writes, as one of these servers knows them.
pub(super) async fn primaries(urls: &[String]) -> Result<Vec<Client>, Failure> {
    let (asked, ranges) = first_to_answer(urls).await?;
    let places: BTreeSet<(String, u16)> = ranges.into_iter().map(|(_, place)| place).collect();
    places
        .into_iter()
        .map(|place| asked.client_of(place))
        .collect()
}

/// A server that was asked about its cluster.
struct Asked {
    info: ConnectionInfo,
    connection: MultiplexedConnection,
}

impl Asked {
    /// A client of another server, with the name and the secrets that this one was asked with.
    fn client_of(&self, (host, port): (String, u16)) -> Result<Client, Failure> {
        // A server that does not know its own address leaves it out: it is the one that was asked.
        let host = match (host.as_str(), self.info.addr()) {
            ("", ConnectionAddr::Tcp(asked, _)) => asked.clone(),
            _ => host,
        };
        let address = ConnectionAddr::Tcp(host, port);
        Ok(Client::open(self.info.clone().set_addr(address))?)
    }
}

async fn first_to_answer(urls: &[String]) -> Result<(Asked, Vec<Slots>), Failure> {
    let mut last = Failure::NoConnection("no server is named".into());
    for url in urls {
        match ask(url).await {
            Ok(answered) => return Ok(answered),
            Err(failure) => last = failure,
        }
    }
    Err(last)
}

async fn ask(url: &str) -> Result<(Asked, Vec<Slots>), Failure> {
    let info = url.into_connection_info()?;
    let client = Client::open(info.clone())?;
    let mut connection = answer(client.get_multiplexed_async_connection()).await?;
    let ranges = answer(slots(&mut connection)).await?;
    Ok((Asked { info, connection }, ranges))
}

async fn slots(connection: &mut MultiplexedConnection) -> RedisResult<Vec<Slots>> {
    let ranges: Vec<Vec<Value>> = cmd("CLUSTER").arg("SLOTS").query_async(connection).await?;
    let range = |range: Vec<Value>| {
        let mut parts = range.into_iter();
        let mut next = || parts.next().unwrap_or(Value::Nil);
        let slots = from_redis_value(next())?..=from_redis_value(next())?;
        let primary: Vec<Value> = from_redis_value(next())?;
        let mut primary = primary.into_iter();
        let mut next = || primary.next().unwrap_or(Value::Nil);
        let host: Option<String> = from_redis_value(next())?;
        Ok((slots, (host.unwrap_or_default(), from_redis_value(next())?)))
    };
    ranges.into_iter().map(range).collect()
}
