//! A line that is closed in two steps: first we stop writing, then what the client still sends is read and thrown away.
//! A system that closes a line with bytes unread tells the other side that it broke, and the answer on it is lost: whoever
//! sent too large a form would see "connection reset" instead of our sentence.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// How long a client may send nothing before the line is closed all the same.
const QUIET: Duration = Duration::from_secs(2);
/// How long a client may go on sending.
const LONGEST: Duration = Duration::from_secs(60);

/// A line that reads to its end before it is closed.
pub(super) struct Linger<S> {
    line: S,
    /// From the moment when we stopped writing: when that was, and until when the next bytes are waited for.
    ends: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl<S> Linger<S> {
    pub(super) const fn new(line: S) -> Self {
        Self { line, ends: None }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Linger<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_read(cx, buf)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Linger<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.line).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.ends.is_none() {
            ready!(Pin::new(&mut this.line).poll_shutdown(cx))?;
        }
        let (since, quiet) = this.ends.get_or_insert_with(|| (Instant::now(), Box::pin(tokio::time::sleep(QUIET))));
        let mut thrown_away = [0; 8 * 1024];
        loop {
            let mut read = ReadBuf::new(&mut thrown_away);
            match Pin::new(&mut this.line).poll_read(cx, &mut read) {
                Poll::Ready(Ok(())) if !read.filled().is_empty() && since.elapsed() < LONGEST => {
                    quiet.as_mut().reset(Instant::now() + QUIET);
                }
                // The client is done, or gone, or has had long enough.
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending => return quiet.as_mut().poll(cx).map(Ok),
            }
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.line).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.line.is_write_vectored()
    }
}
