//! Which door a session stands at, how a worker knows who asks for a code, and a browser in words.

use jiff::Timestamp;

use super::Owner;
use crate::clock::MINUTE;
use crate::people::Door;

/// The door of a session: whether there was a second proof, until when the last proof is fresh, and whether
/// its account was opened again by a sent code alone.
pub fn door(second_proof: bool, fresh_until: i64, one_road: bool, now: Timestamp) -> Door {
    match (second_proof, !one_road && now.as_microsecond() < fresh_until) {
        (false, _) => Door::Write,
        (true, false) => Door::Open,
        (true, true) => Door::Sealed,
    }
}

/// How long a proof counts as fresh, in microseconds: 15 minutes for a young person, 5 for staff.
pub const fn fresh_for(owner: Owner) -> i64 {
    match owner {
        Owner::Person(_) => 15 * MINUTE,
        Owner::Staff(_) => 5 * MINUTE,
    }
}

/// How a worker knew that the one who asks for a code is who they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// They sat together.
    InPerson,
    /// On a video call.
    Video,
    /// The worker called a number that was known before.
    CallBack,
    /// A named colleague knows them.
    Colleague,
}

impl KnownBy {
    /// All of them, the surest first.
    pub const ALL: [Self; 4] = [Self::InPerson, Self::Video, Self::CallBack, Self::Colleague];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::Video => "video",
            Self::CallBack => "call_back",
            Self::Colleague => "colleague",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }

    /// The choice on the page.
    pub const fn says(self) -> &'static str {
        match self {
            Self::InPerson => "We are in the same room",
            Self::Video => "I see them on a video call",
            Self::CallBack => "I called them back on a number we already had",
            Self::Colleague => "A colleague who knows them is with them",
        }
    }
}

/// A browser in a few words, from what it says of itself: enough to know one's own phone again.
pub fn browser(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    // Each of these also claims to be those after it.
    let name = first(&[
        ("SamsungBrowser", "Samsung Internet"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let on = first(&[
        ("Android", "an Android phone or tablet"),
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Windows", "a Windows computer"),
        ("CrOS", "a Chromebook"),
        ("Mac OS X", "a Mac"),
        ("Linux", "a Linux computer"),
    ]);
    match (name, on) {
        (Some(name), Some(on)) => format!("{name} on {on}"),
        (Some(name), None) => name.to_owned(),
        (None, Some(on)) => format!("A browser on {on}"),
        (None, None) => "A browser we do not know".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_micros;

    #[test]
    fn no_fresh_passphrase_opens_a_second_door_and_no_second_proof_stays_fresh() {
        for now in [0, 9, 10, 11] {
            assert_eq!(door(false, 10, false, from_micros(now)), Door::Write);
        }
        assert_eq!(door(true, 10, false, from_micros(9)), Door::Sealed);
        assert_eq!(door(true, 10, false, from_micros(10)), Door::Open);
    }

    #[test]
    fn a_sent_code_alone_never_opens_the_last_door() {
        assert_eq!(door(true, 10, true, from_micros(9)), Door::Open);
        assert_eq!(door(false, 10, true, from_micros(9)), Door::Write);
    }

    #[test]
    fn a_browser_is_told_in_words() {
        let android = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Mobile Safari/537.36";
        assert_eq!(browser(android), "Chrome on an Android phone or tablet");
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1";
        assert_eq!(browser(iphone), "Safari on an iPhone");
        assert_eq!(browser("<script>"), "A browser we do not know");
    }
}
