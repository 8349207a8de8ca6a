//! Signing in: accounts, passphrases, one-time codes, sessions.

pub mod acts;
pub mod doors;
pub mod guard;
pub mod routes;
pub mod store;
pub mod totp;
pub mod views;

use argon2::password_hash::PasswordHasher as _;
use argon2::{Argon2, PasswordVerifier as _};
use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::clock::{DAY, HOUR, MINUTE, SECOND};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::people::{PersonId, StaffId};

/// Marks ids of accounts.
#[derive(Debug)]
pub struct AccountRow;
/// The id of an account.
pub type AccountId = Id<AccountRow>;

/// Marks ids of sessions.
#[derive(Debug)]
pub struct SessionRow;
/// What a session is called. Not its token.
pub type SessionId = Id<SessionRow>;

/// Marks ids of known devices.
#[derive(Debug)]
pub struct DeviceRow;
/// What a known device is called. Not its token.
pub type DeviceId = Id<DeviceRow>;

/// Marks ids of those who cannot sign in and ask to be reached.
#[derive(Debug)]
pub struct KnockRow;
/// The id of what somebody wrote who cannot sign in.
pub type KnockId = Id<KnockRow>;

/// What somebody writes who cannot sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKnock {
    /// The slug of the locality they are in; empty when they do not say.
    pub locality: String,
    /// What they want to tell us.
    pub body: String,
    /// Who they are, and how they can be reached.
    pub contact: String,
    /// It sounds like danger.
    pub urgent: bool,
}

/// The same, as it waits for a worker.
#[derive(Clone, Debug)]
pub struct Knock {
    /// Its id.
    pub id: KnockId,
    /// What was written.
    pub told: NewKnock,
    /// When.
    pub at: i64,
    /// Who has taken it up, and when.
    pub taken: Option<(StaffId, i64)>,
}

/// At most so many in an hour from everybody together: above it nothing more is kept, and the page says so.
pub const KNOCKS_AN_HOUR: i64 = 200;

/// Whom an account or code belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A young person.
    Person(PersonId),
    /// A member of staff.
    Staff(StaffId),
}

impl Owner {
    /// The word in the database.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Staff(_) => "staff",
        }
    }

    /// The bytes of the id, whichever kind.
    pub const fn id(self) -> Id<()> {
        match self {
            Self::Person(id) => id.cast(),
            Self::Staff(id) => id.cast(),
        }
    }

    /// Reads kind and id back.
    pub fn read(kind: &str, id: Id<()>) -> Option<Self> {
        match kind {
            "person" => Some(Self::Person(id.cast())),
            "staff" => Some(Self::Staff(id.cast())),
            _ => None,
        }
    }
}

/// How long a session lasts without use, and at most. Microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// Without use.
    pub idle: i64,
    /// At most.
    pub most: i64,
}

impl Lifetime {
    /// A young person on a phone that others use too: the usual case.
    pub const SHARED: Self = Self { idle: 20 * MINUTE, most: 2 * HOUR };
    /// A young person on their own phone.
    pub const OWN: Self = Self { idle: 14 * DAY, most: 30 * DAY };
    /// Staff.
    pub const STAFF: Self = Self { idle: 30 * MINUTE, most: 12 * HOUR };

    /// The lifetime for this owner on this device.
    pub const fn of(owner: Owner, own_device: bool) -> Self {
        match (owner, own_device) {
            (Owner::Staff(_), _) => Self::STAFF,
            (Owner::Person(_), true) => Self::OWN,
            (Owner::Person(_), false) => Self::SHARED,
        }
    }
}

/// How long the next try must wait after this many wrong ones in a row, in microseconds. Grows, and
/// never locks for good: a lock could be used against the person.
pub fn delay_after(failures: i64) -> i64 {
    match failures {
        i64::MIN..=0 => 0,
        1..=2 => SECOND,
        3..=8 => 3 * SECOND,
        9..=24 => 5 * SECOND,
        25..=99 => 10 * SECOND,
        100.. => MINUTE,
    }
}

/// Wrong tries are forgotten after this long without one.
pub const FORGET_FAILURES: i64 = DAY;
/// How long a code from the command line can be used.
pub const CODE_LASTS: i64 = 3 * DAY;
/// How long a code can be used that a worker reads out, and one that is posted or given on a card.
pub const READ_OUT_LASTS: i64 = HOUR;
/// As above.
pub const CARD_LASTS: i64 = DAY;
/// The most wrong tries before a code dies.
pub const CODE_TRIES: i64 = 5;
/// The shortest passphrase of one's own choice, in characters (NIST SP 800-63B-4 for a secret that
/// stands alone).
pub const SHORTEST: usize = 15;
/// The longest, in characters.
pub const LONGEST: usize = 200;

/// Crockford's digits: none that is easily taken for another when read out.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new one-time code: eight characters, 40 random bits, written `ABCD-2345`.
///
/// # Errors
/// When the system gives no random bytes.
pub fn new_code() -> Result<String> {
    let mut code = String::with_capacity(9);
    for (n, byte) in crate::vault::random::<8>()?.into_iter().enumerate() {
        if n == 4 {
            code.push('-');
        }
        code.push(DIGITS.get(usize::from(byte & 31)).copied().unwrap_or(b'0') as char);
    }
    Ok(code)
}

/// A code as it was typed: spaces, dashes and letter case do not count, and letters that look like
/// digits are taken as them.
pub fn read_code(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect();
    (code.len() == 8 && code.bytes().all(|byte| DIGITS.contains(&byte))).then_some(code)
}

/// The eight digits of a code that was sent, as typed: spaces and dashes do not count.
pub fn read_digits(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// A random word of the list, without a hyphen.
fn word() -> Result<&'static str> {
    let list = &eff_wordlist::large::LIST;
    loop {
        let n = usize::from(u16::from_be_bytes(crate::vault::random()?));
        // Draw again above the last whole multiple, so that every word is equally likely.
        let drawn = (n < 7_776 * 8).then(|| list.get(n % 7_776)).flatten().map(|(_, word)| *word);
        if let Some(word) = drawn.filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())) {
            return Ok(word);
        }
    }
}

/// A passphrase to offer: four random words, about 51 bits.
///
/// # Errors
/// When the system gives no random bytes.
pub fn offer_passphrase() -> Result<String> {
    loop {
        let phrase = [word()?, word()?, word()?, word()?].join(" ");
        if phrase.len() >= SHORTEST {
            return Ok(phrase);
        }
    }
}

/// The words of a card that opens an account once: six, about 77 bits.
///
/// # Errors
/// When the system gives no random bytes.
pub fn new_card() -> Result<String> {
    Ok([word()?, word()?, word()?, word()?, word()?, word()?].join(" "))
}

/// The words of a card as they were typed: one space between them, letter case does not count.
pub fn read_card(typed: &str) -> String {
    let words: Vec<_> = typed.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    words.join(" ").to_lowercase()
}

/// A username to offer: two words and two digits. Not a name, not an email address.
///
/// # Errors
/// When the system gives no random bytes.
pub fn offer_username() -> Result<String> {
    let [n] = crate::vault::random::<1>()?;
    Ok(format!("{}-{}-{:02}", word()?, word()?, n % 100))
}

/// Why a passphrase of one's own choice will not do.
pub fn passphrase_fault(passphrase: &str, username: &str) -> Option<&'static str> {
    let count = passphrase.chars().count();
    let plain: String = passphrase.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let mut letters: Vec<char> = plain.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    if count < SHORTEST {
        return Some("Your passphrase is too short. Use 15 characters or more, such as four words.");
    }
    if count > LONGEST {
        return Some("Your passphrase is too long. Use 200 characters or fewer.");
    }
    let named: String = username.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let known =
        ["password", "passphrase", "lancashire", "careleaver", "nextsteps", "qwertyuiop", "1234567890", "iloveyou"];
    let left = known.iter().fold(plain.replace(&named, ""), |text, word| text.replace(word, ""));
    (letters.len() < 5 || left.len() < 6).then_some("That passphrase is easy to guess. Choose other words.")
}

/// Why a username will not do: it must be easy to say and to type.
pub fn username_fault(username: &str) -> Option<&'static str> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if username.len() < 6 || username.len() > 40 {
        Some("A username has 6 to 40 characters.")
    } else if !username.to_lowercase().chars().all(good) {
        Some("A username is made of letters, digits and hyphens.")
    } else {
        None
    }
}

/// Hashes passphrases, a few at a time: each takes 19 MiB and tens of milliseconds of a core.
#[derive(Debug)]
pub struct Hasher {
    places: Semaphore,
    dummy: String,
}

impl Hasher {
    /// A hasher that runs `at_once` hashes at the same time.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn new(at_once: usize) -> Result<Self> {
        Ok(Self { places: Semaphore::new(at_once), dummy: hash_now(&crate::id::hex(&crate::vault::random::<16>()?))? })
    }

    /// Whether `passphrase` made `hash`. Without a hash it takes as long and says no.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many wait.
    pub async fn verify(&self, passphrase: String, hash: Option<String>) -> Result<bool> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.dummy.clone());
        let right = self
            .run(move || {
                let parsed = argon2::PasswordHash::new(&hash)
                    .map_err(|_| Error::Internal("a stored hash does not parse".into()))?;
                Ok(Argon2::default().verify_password(passphrase.as_bytes(), &parsed).is_ok())
            })
            .await?;
        Ok(right && known)
    }

    /// The Argon2id hash of `passphrase` to store (19 MiB, two passes, one lane: OWASP's minimum).
    ///
    /// # Errors
    /// [`Error::Busy`] when too many wait.
    pub async fn hash(&self, passphrase: String) -> Result<String> {
        self.run(move || hash_now(&passphrase)).await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let busy = || Error::Busy("too many sign-ins at once".into());
        let wait = tokio::time::timeout(std::time::Duration::from_secs(2), self.places.acquire());
        let _place = wait.await.map_err(|_| busy())?.map_err(|_| busy())?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Internal("hashing panicked".into()))?
    }
}

fn hash_now(passphrase: &str) -> Result<String> {
    let hash = Argon2::default().hash_password(passphrase.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|_| Error::Internal("hashing failed".into()))
}

/// Where a session stands at a moment.
pub fn session_is_live(now: Timestamp, seen_at: i64, idle: i64, until: i64) -> bool {
    let now = now.as_microsecond();
    now < until && now < seen_at.saturating_add(idle)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_code_reads_back_however_it_is_typed() {
        let code = new_code().unwrap();
        let plain = read_code(&code).unwrap();
        assert_eq!(read_code(&code.to_lowercase().replace('-', " ")), Some(plain));
        assert_eq!(read_code("oil0-0000"), Some("01100000".into()));
        assert_eq!(read_code("ABCD-234"), None);
        assert_eq!(read_code("ABCD-234é"), None);
    }

    #[test]
    fn what_we_offer_is_accepted() {
        for _ in 0..200 {
            let (name, phrase) = (offer_username().unwrap(), offer_passphrase().unwrap());
            assert_eq!(username_fault(&name), None, "{name}");
            assert_eq!(passphrase_fault(&phrase, &name), None, "{phrase}");
        }
    }

    #[test]
    fn a_short_or_guessable_passphrase_is_refused() {
        for bad in [
            "short",
            "aaaaaaaaaaaaaaaaaaaa",
            "passwordpassword",
            "amber otter 42 amber otter 42",
            "lancashire careleaver",
        ] {
            assert!(passphrase_fault(bad, "amber-otter-42").is_some(), "{bad}");
        }
    }

    #[test]
    fn the_delay_grows_and_the_tenth_try_waits_five_seconds() {
        assert!((0..200).all(|n| delay_after(n) <= delay_after(n + 1)));
        assert!(delay_after(9) >= 5 * SECOND);
    }

    #[test]
    fn idle_and_absolute_limits_hold_to_the_microsecond() {
        let at = crate::clock::from_micros;
        assert!(session_is_live(at(99), 0, 100, 1_000));
        assert!(!session_is_live(at(100), 0, 100, 1_000));
        assert!(!session_is_live(at(1_000), 950, 100, 1_000));
    }

    #[tokio::test]
    async fn an_unknown_name_never_verifies() {
        let hasher = Hasher::new(1).unwrap();
        let hash = hasher.hash("four random words here".into()).await.unwrap();
        assert!(hasher.verify("four random words here".into(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify("four random words".into(), Some(hash)).await.unwrap());
        assert!(!hasher.verify("anything".into(), None).await.unwrap());
    }
}
