//! The line under a connection. What the HTTP implementation answers by itself, before there is a request that the routes
//! could refuse, has no body and no place where one could be given; on its way out it becomes a problem like every other.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_codec::{AsyncRead, AsyncWrite, ReadBuf};
use actix_web::rt::net::{ActixStream, Ready, TcpStream};
use bytes::{Buf, Bytes};

use super::problem_for;

/// A TCP connection that speaks HTTP.
pub struct HttpStream {
    tcp: TcpStream,
    /// What is sent in place of what was handed over.
    instead: Option<Bytes>,
}

impl HttpStream {
    /// Over this connection.
    pub fn new(tcp: TcpStream) -> Self {
        Self { tcp, instead: None }
    }

    /// The connection, which speaks something else from here on.
    pub fn into_inner(self) -> TcpStream {
        self.tcp
    }
}

impl AsyncRead for HttpStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(cx, buffer)
    }
}

impl AsyncWrite for HttpStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.instead.is_none() {
            match problem_for(bytes) {
                Some(problem) => this.instead = Some(problem),
                None => return Pin::new(&mut this.tcp).poll_write(cx, bytes),
            }
        }
        // The same bytes are handed over until they are taken, which is when all that is sent in their place has gone.
        while let Some(rest) = this.instead.as_mut().filter(|rest| !rest.is_empty()) {
            match ready!(Pin::new(&mut this.tcp).poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => rest.advance(written),
            }
        }
        this.instead = None;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

impl ActixStream for HttpStream {
    fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        ActixStream::poll_read_ready(&self.tcp, cx)
    }

    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        ActixStream::poll_write_ready(&self.tcp, cx)
    }
}
