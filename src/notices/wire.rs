//! One connection to a server that takes notices: TLS where it is asked for, and no more read than an honest server
//! ever says.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::error::{Error, Result};

/// The most bytes that are read from one connection, certificates among them. An honest server says a third of it; a
/// reply without end costs more than its length, because lettre reads a reply from its start with every line.
const MOST: usize = 32 * 1024;

/// TLS with one server, whose certificate one of this machine's authorities must have signed.
#[derive(Clone)]
pub(super) struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Tls {
    /// TLS with the server of this name.
    ///
    /// # Errors
    /// [`Error::Setup`] when the name cannot stand in a certificate, or this machine knows no authority.
    pub(super) fn with(host: &str) -> Result<Self> {
        let name = ServerName::try_from(bare(host).to_owned());
        let name = name.map_err(|_| Error::Setup(format!("{host} cannot be the name of a server")))?;
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            return Err(Error::Setup(
                "this machine has no certificates of authorities (Debian: apt-get install ca-certificates)".into(),
            ));
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::Internal(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }
}

/// Whether this host of an address is the machine that we run on: only there may anything travel in plain text.
pub(super) fn is_here(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || bare(host).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// A host as it is looked up: in an address, one of IP version 6 stands in brackets.
pub(super) fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
}

/// An open connection.
#[derive(Debug)]
pub(super) enum Wire {
    Plain(Capped),
    Tls(Box<TlsStream<Capped>>),
}

impl Wire {
    /// Connects, with TLS from the first byte when it is given.
    pub(super) async fn open(host: &str, port: u16, tls: Option<&Tls>) -> io::Result<Self> {
        let stream = TcpStream::connect((bare(host), port)).await?;
        stream.set_nodelay(true)?;
        let plain = Capped { stream, left: MOST };
        Ok(match tls {
            Some(tls) => Self::Tls(Box::new(tls.connector.connect(tls.name.clone(), plain).await?)),
            None => Self::Plain(plain),
        })
    }
}

/// A connection that ends, with a fault, after [`MOST`] bytes from the other side.
#[derive(Debug)]
pub(super) struct Capped {
    stream: TcpStream,
    left: usize,
}

impl AsyncRead for Capped {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        let got = buf.filled().len() - before;
        match self.left.checked_sub(got) {
            Some(left) => self.left = left,
            None => return Poll::Ready(Err(io::Error::other("the server says too much"))),
        }
        read
    }
}

impl AsyncWrite for Capped {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(plain) => Pin::new(plain).poll_read(cx, buf),
            Self::Tls(tls) => Pin::new(tls).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(plain) => Pin::new(plain).poll_write(cx, bytes),
            Self::Tls(tls) => Pin::new(tls).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(plain) => Pin::new(plain).poll_flush(cx),
            Self::Tls(tls) => Pin::new(tls).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(plain) => Pin::new(plain).poll_shutdown(cx),
            Self::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Plain(plain) => plain.stream.peer_addr(),
            Self::Tls(tls) => tls.get_ref().0.stream.peer_addr(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_here() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "[::1]"] {
            assert!(is_here(host), "{host}");
        }
        for host in ["localhost.example.org", "127.0.0.1.example.org", "10.0.0.1", "[::2]", "example.org", ""] {
            assert!(!is_here(host), "{host}");
        }
    }
}
