//! Keeping what was typed and not sent.

use jiff::Timestamp;

use crate::db::Db;
use crate::error::Result;
use crate::signin::Owner;
use crate::signin::guard::Session;
use crate::signin::store::{DRAFT_LASTS_AT_HOME, drop_draft, form_was_sent, put_draft, set_flash};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// The longest that is kept of one form, in bytes: the longest text of any box, each letter written in the longest way.
pub const LONGEST: usize = 130_000;

/// Keeps the words for a page; no words: nothing is kept any more. On a phone that is not known as the person's own
/// they are kept for this visit only. `told`: the next page says
/// that it is kept. A form that was sent leaves nothing behind, however late its draft comes.
///
/// # Errors
/// When the database fails.
pub async fn keep_draft(
    db: &Db,
    vault: &Vault,
    session: Session,
    (place, key, words): (String, [u8; 16], String),
    told: bool,
    at: Timestamp,
) -> Result<()> {
    db.write((session, vault.clone(), place, words), move |tx, (session, vault, place, words)| {
        Box::pin(async move {
            if form_was_sent(tx, session.account, &key).await? {
                return Ok(());
            }
            if told {
                set_flash(tx, &session.token_hash, Flash::Draft).await?;
            }
            let desk = session.desk(place);
            if words.trim().is_empty() {
                return drop_draft(tx, desk).await;
            }
            let here = matches!(session.owner, Owner::Person(_)) && !session.is_at_home();
            let until = if here { session.ends_at } else { at.as_microsecond() + DRAFT_LASTS_AT_HOME };
            put_draft(tx, vault, desk, words, (here, until), at).await
        })
    })
    .await
}
