//! One-time messages after a redirect: a fixed list, so that no address and no form can make the
//! site say something of its own.

/// What the next page says once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flash {
    /// A message is on disk.
    Saved,
    /// A message is on disk whose words sound like danger.
    SavedUrgent,
    /// A check-in is on disk that says that things are hard.
    SavedHard,
    /// A check-in is on disk that asks for nothing.
    Told,
    /// A row is off the own list of today.
    Done,
    /// What was typed is kept, and not sent.
    Draft,
    /// A message is no longer in the own view.
    Hidden,
    /// An answer is on disk.
    Answered,
    /// A page was published.
    Published,
    /// An earlier edition is back.
    Restored,
    /// A session is shown as closed.
    Closed,
    /// A session has other times or another place, or there is one more.
    Changed,
    /// A change to a session was taken back.
    Undone,
    /// A change to a session was taken back; another still closes some of its dates.
    PartlyUndone,
    /// A place or a session was taken off.
    Removed,
    /// A session is confirmed.
    Confirmed,
    /// Somebody looks after what the public told us.
    Noted,
    /// An account was made.
    Joined,
    /// Somebody is signed out elsewhere.
    Ended,
    /// A secret is another one now.
    Kept,
    /// A notice was read.
    Read,
    /// A second worker said yes to a code.
    Approved,
    /// A code is on its way.
    Sent,
    /// No code is on its way: too many were asked for.
    TooManyCodes,
    /// An address was confirmed.
    Reached,
    /// Something else than a secret was changed.
    Set,
    /// The good rows of files are in.
    Imported,
    /// A message is sent later.
    Planned,
    /// A planned message is not sent.
    NotSent,
    /// Several people were written to, each by themselves.
    SentToMany,
    /// A new version of a plan is with the young person.
    PlanShared,
    /// What somebody thinks of their plan is kept.
    Said,
    /// The same, and a worker is told.
    SaidAndTold,
    /// A plan lies with a manager.
    Submitted,
    /// What somebody got ready for their meeting is shared.
    PrepShared,
    /// Whoever works with the young person is told of what they did.
    WorkerTold,
}

impl Flash {
    const ALL: [Self; 36] = [
        Self::SavedHard,
        Self::Told,
        Self::Done,
        Self::Draft,
        Self::Saved,
        Self::SavedUrgent,
        Self::Hidden,
        Self::Answered,
        Self::Published,
        Self::Restored,
        Self::Closed,
        Self::Changed,
        Self::Undone,
        Self::PartlyUndone,
        Self::Removed,
        Self::Confirmed,
        Self::Noted,
        Self::Joined,
        Self::Ended,
        Self::Kept,
        Self::Read,
        Self::Approved,
        Self::Sent,
        Self::TooManyCodes,
        Self::Reached,
        Self::Set,
        Self::Imported,
        Self::Planned,
        Self::NotSent,
        Self::SentToMany,
        Self::PlanShared,
        Self::Said,
        Self::SaidAndTold,
        Self::Submitted,
        Self::PrepShared,
        Self::WorkerTold,
    ];

    /// The word in the session's row.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::SavedUrgent => "saved_urgent",
            Self::SavedHard => "saved_hard",
            Self::Told => "told",
            Self::Done => "done",
            Self::Hidden => "hidden",
            Self::Draft => "draft",
            Self::Answered => "answered",
            Self::Published => "published",
            Self::Restored => "restored",
            Self::Closed => "closed",
            Self::Changed => "changed",
            Self::Undone => "undone",
            Self::PartlyUndone => "partly_undone",
            Self::Removed => "removed",
            Self::Confirmed => "confirmed",
            Self::Noted => "noted",
            Self::Joined => "joined",
            Self::Ended => "ended",
            Self::Kept => "kept",
            Self::Read => "read",
            Self::Approved => "approved",
            Self::Sent => "sent",
            Self::TooManyCodes => "too_many_codes",
            Self::Reached => "reached",
            Self::Set => "set",
            Self::Imported => "imported",
            Self::Planned => "planned",
            Self::NotSent => "not_sent",
            Self::SentToMany => "sent_to_many",
            Self::PlanShared => "plan_shared",
            Self::Said => "said",
            Self::SaidAndTold => "said_and_told",
            Self::Submitted => "submitted",
            Self::PrepShared => "prep_shared",
            Self::WorkerTold => "worker_told",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flash| flash.as_str() == word)
    }

    /// What the page says.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Saved => "Saved. Your message is safe and waiting to be read.",
            Self::SavedUrgent => {
                "Saved. Your message is safe and at the top of the list. Some words in it made us want to show you who can help now."
            }
            Self::SavedHard => {
                "Saved. Your check-in is safe and waiting to be read. You do not have to wait: below is who you can talk to now."
            }
            Self::Told => "Thank you, it is saved. Nobody has to answer this: if you want an answer, write below.",
            Self::Done => "Done. If there is a next step, write it down here. If not, go back to Today.",
            Self::Draft => "Kept, and not sent. It stands in the box below.",
            Self::Hidden => "Hidden. You do not see it any more. It stays in your record.",
            Self::Answered => "Saved. Your answer is there for them to read.",
            Self::Published => "Published. The public page shows it now.",
            Self::Restored => "Restored. The public page shows that edition now.",
            Self::Closed => "Saved. The public pages show it as closed now.",
            Self::Changed => "Saved. The public pages show it now.",
            Self::Undone => "Undone. The public pages show it as before now.",
            Self::PartlyUndone => "Undone. Some of those dates stay closed for another reason: look below.",
            Self::Removed => "Taken off. The public pages no longer show it.",
            Self::Confirmed => "Confirmed. The public pages say so now.",
            Self::Noted => "Saved. Other editors see that you did this.",
            Self::Ended => "Done. It is ended there.",
            Self::Kept => "Saved. Use it from the next time you sign in.",
            Self::Set => "Saved.",
            Self::Read => "Thank you. We will not show that again.",
            Self::Approved => "Saved. The code works now.",
            Self::Sent => "We are sending a code. It works for 10 minutes.",
            Self::TooManyCodes => "No code was sent: you asked for 5 in the last hour. Wait an hour and ask again.",
            Self::Reached => "Confirmed. We can reach you there now.",
            Self::Imported => "Done. The good rows are in. Below is what the same files would do now.",
            Self::Planned => "Saved. It is sent by itself when its time comes. Until then you can cancel it.",
            Self::NotSent => "Done. It is not sent.",
            Self::WorkerTold => "Saved. We tell whoever works with you that there is something to look at.",
            Self::SentToMany => "Saved. Each of them has a message of their own to read.",
            Self::PlanShared => "Shared. They are told that there is something new, and no more.",
            Self::Said => "Saved. It stays with this version of your plan, in your words.",
            Self::SaidAndTold => "Saved, in your words. Whoever works with you sees it and talks about it with you.",
            Self::Submitted => "Submitted. The manager is told.",
            Self::PrepShared => "Shared. Whoever works with you sees what you want to talk about.",
            Self::Joined => "You are signed in. Keep your username and passphrase safe: you need both next time.",
        }
    }
}
