//! A lane: one connection of the publisher, with one message under way at a time.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    client::http::Http,
    stamp::{self, Clock},
};

/// How to open a lane, and what to send on it: the same bytes each time, but for the stamp.
#[derive(Clone, Debug)]
pub struct LanePlan {
    address: SocketAddr,
    template: Vec<u8>,
    stamp_at: usize,
    manner: Manner,
}

/// Whether messages are acknowledged.
#[derive(Clone, Debug)]
enum Manner {
    /// By an HTTP answer.
    Http,
    /// Not at all; the server slows us down through TCP.
    Silent(Words),
}

/// What is said on a lane without acknowledgements besides the messages.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// To open it.
    pub greeting: &'static [u8],
    /// To ask whether all has been read.
    pub question: &'static [u8],
    /// What says that it has.
    pub answer: &'static [u8],
}

impl LanePlan {
    /// Messages are HTTP requests.
    ///
    /// # Errors
    /// The template has no place for a stamp.
    pub fn http(address: SocketAddr, template: Vec<u8>) -> Result<Self> {
        Self::new(address, template, Manner::Http)
    }

    /// Messages are written, and not answered.
    ///
    /// # Errors
    /// The template has no place for a stamp.
    pub fn silent(address: SocketAddr, words: Words, template: Vec<u8>) -> Result<Self> {
        Self::new(address, template, Manner::Silent(words))
    }

    fn new(address: SocketAddr, template: Vec<u8>, manner: Manner) -> Result<Self> {
        let stamp_at = stamp::find(&template).context("a template without a stamp")?;
        Ok(Self {
            address,
            template,
            stamp_at,
            manner,
        })
    }

    /// Whether the server answers a message.
    pub fn acknowledged(&self) -> bool {
        matches!(self.manner, Manner::Http)
    }

    /// Connects.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn open(self) -> Result<Lane> {
        let link = match &self.manner {
            Manner::Http => Link::Http(Http::connect(self.address).await?),
            Manner::Silent(words) => {
                let mut stream = TcpStream::connect(self.address).await?;
                stream.set_nodelay(true)?;
                stream.write_all(words.greeting).await?;
                Link::Silent(stream, *words)
            }
        };
        Ok(Lane { plan: self, link })
    }
}

/// A payload of exactly `length` bytes, with a stamp in it unless it is too short for one.
pub fn filled(length: usize) -> String {
    format!(
        "{}{}",
        stamp::placeholder(),
        "x".repeat(length.saturating_sub(stamp::LENGTH))
    )
}

/// An open lane.
#[derive(Debug)]
pub struct Lane {
    plan: LanePlan,
    link: Link,
}

#[derive(Debug)]
enum Link {
    Http(Http),
    Silent(TcpStream, Words),
}

impl Lane {
    /// Publishes one message, stamped with the moment of its sending.
    ///
    /// # Errors
    /// It was not acknowledged, where it should be.
    pub async fn publish(&mut self, clock: Clock) -> Result<()> {
        stamp::write(
            &mut self.plan.template[self.plan.stamp_at..],
            clock.micros(),
        );
        match &mut self.link {
            Link::Http(http) => {
                let answer = http.send(&self.plan.template).await?;
                ensure!((200..300).contains(&answer.status), "{answer}");
            }
            Link::Silent(stream, _) => stream.write_all(&self.plan.template).await?,
        }
        Ok(())
    }

    /// Waits until the server has read everything. Closed before, the connection could be reset, and what the server
    /// has not read by then would be lost without anyone's fault.
    ///
    /// # Errors
    /// The connection broke, or twenty seconds passed.
    pub async fn close(self) -> Result<()> {
        let Link::Silent(mut stream, words) = self.link else {
            return Ok(());
        };
        let ask = async {
            stream.write_all(words.question).await?;
            let mut said = Vec::new();
            while memchr::memmem::find(&said, words.answer).is_none() {
                ensure!(
                    stream.read_buf(&mut said).await? > 0,
                    "the server closed the connection"
                );
            }
            Ok(())
        };
        timeout(Duration::from_secs(20), ask)
            .await
            .context("the server did not read all that was published")?
    }
}
