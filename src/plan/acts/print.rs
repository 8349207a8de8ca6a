//! A worker confirms that the numbers and addresses of other people may stand on one print of a plan.

use super::{Done, Over, Post};
use crate::audit;
use crate::db::Db;
use crate::error::Result;
use crate::people::access::PrintContacts;
use crate::signin::store::{Once, once};

/// Writes down that a plan is printed with contacts, each time that it is. The page follows as the answer, so
/// there is nothing to say on the next one.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when who asks may not; when the database fails.
pub async fn print_contacts(db: &Db, post: Post) -> Result<Done<Over>> {
    db.write(post, |tx, post| {
        Box::pin(async move {
            let mut access = post.checked::<PrintContacts>(tx).await?;
            let entry = access.entry();
            let (account, words) = (post.session.account, post.words.as_bytes());
            Ok(match once(access.tx(), account, &post.key, words, &post.to, post.at).await? {
                Once::Other => Done::OtherText,
                // Drawn again it is another print, with what stands there by then.
                Once::Same(_) | Once::New => {
                    audit::store::insert(access.tx(), &entry, &post.number).await?;
                    Done::To(post.to.clone())
                }
            })
        })
    })
    .await
}
