//! Mail that is written to a folder and not sent: for a site without a mail server.

use std::path::PathBuf;

use futures_util::future::BoxFuture;
use lettre::message::Mailbox;

use super::{Carrier, Letter, NotSent, message};

/// Writes each mail to a file of its own.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
    pub(super) from: Mailbox,
}

impl Carrier for Folder {
    fn send<'l>(&'l self, letter: &'l Letter<'l>) -> BoxFuture<'l, Result<(), NotSent>> {
        Box::pin(async move {
            let mail = message(&self.from, letter)?.formatted();
            let write = async {
                tokio::fs::create_dir_all(&self.path).await?;
                tokio::fs::write(self.path.join(format!("{}.eml", letter.id)), mail).await
            };
            write.await.map_err(|_| NotSent::Down("the mail folder cannot be written"))
        })
    }
}
