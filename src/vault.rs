//! Sealing of private fields, so that a stolen database, disk or backup can be read by nobody.
//!
//! One key for each person, member of staff and word from the public, wrapped by a key that lives in a file outside the
//! database. AES-256-GCM with a random nonce; every sealed value is bound to its column, its owner
//! and its row, so that none can be moved to another place. What this does not protect against: a
//! break-in on the running server. Losing the key file loses everything it sealed.

#[path = "vault_columns.rs"]
mod columns;

use std::path::Path;

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::id::Id;

pub use columns::Column;

const VERSION: u8 = 1;
const NONCE: usize = 12;
/// What wrapped keys are bound to besides their owner: never change one.
const OWNER: &[u8] = b"seal_key.wrapped";
const LOOK_UP: &[u8] = b"instance.look_up_wrapped";
const CHANGED: &str = "changed, moved, or sealed with another key";
/// Plain text is padded to a multiple of this, so that its length says little.
const STEP: usize = 64;

/// What is looked up by equality without being readable.
#[derive(Clone, Copy, Debug)]
pub enum LookUp {
    /// A name to sign in with.
    Username,
    /// An email address.
    Email,
    /// A phone number.
    Phone,
    /// A single-use sign-in code.
    Code,
    /// The words of a card that opens an account once.
    Card,
    /// A name with a date of birth.
    NameAndBirth,
    /// The key of the council's case system.
    CaseKey,
    /// What somebody told us of a page: the same again is a double tap.
    Feedback,
    /// What a page said of when a message would be read: our own words, when they come back with its form.
    Shown,
}

/// The key outside the database, and what it opens. Owners' keys are wrapped by it; look-ups are hashed with a key
/// that is kept in the database, wrapped too, so that nothing is lost when the key outside is changed.
#[derive(Clone)]
pub struct Vault {
    key: Key,
    /// While one key takes the place of another, what either of them wrapped opens.
    also: Option<Key>,
    look_up: Zeroizing<[u8; 32]>,
    chain: Zeroizing<[u8; 32]>,
}

/// A key outside the database: it wraps others, and is remembered by its check.
#[derive(Clone)]
struct Key {
    wrapping: Aes256Gcm,
    check: [u8; 32],
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

/// One owner's key, open for use.
#[derive(Clone)]
pub struct OwnerKey {
    cipher: Aes256Gcm,
    owner: [u8; 16],
}

impl std::fmt::Debug for OwnerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OwnerKey")
    }
}

/// `N` random bytes from the operating system.
///
/// # Errors
/// [`Error::Sealed`] when the system gives none.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::Sealed("the system gave no random bytes"))?;
    Ok(bytes)
}

/// A new random id.
///
/// # Errors
/// As [`random`].
pub fn new_id<K>() -> Result<Id<K>> {
    Ok(Id::from_bytes(random()?))
}

/// SHA-256: for high-entropy tokens, which need no slow hash.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn keyed(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // A key of any length is taken, so this cannot fail; an all-zero hash would match nothing stored.
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

impl Vault {
    /// The vault of a key of 32 bytes.
    ///
    /// # Errors
    /// [`Error::Sealed`] when the key cannot be used.
    pub fn new(key: &[u8; 32]) -> Result<Self> {
        let wrapping = Zeroizing::new(keyed(key, &[b"portal", b"wrap", b"1"]));
        let wrapping = Aes256Gcm::new_from_slice(wrapping.as_slice()).map_err(|_| Error::Sealed("key"))?;
        let look_up = Zeroizing::new(keyed(key, &[b"portal", b"look-up", b"1"]));
        Ok(Self::of(Key { wrapping, check: keyed(key, &[b"portal", b"check", b"1"]) }, None, look_up))
    }

    fn of(key: Key, also: Option<Key>, look_up: Zeroizing<[u8; 32]>) -> Self {
        let chain = Zeroizing::new(keyed(look_up.as_slice(), &[b"portal", b"chain", b"1"]));
        Self { key, also, look_up, chain }
    }

    /// The same vault, which also opens what `other` wrapped.
    #[must_use]
    pub fn also(self, other: Self) -> Self {
        Self { also: Some(other.key), ..self }
    }

    /// A new look-up key for a new database, wrapped.
    ///
    /// # Errors
    /// [`Error::Sealed`] when the system gives no random bytes.
    pub fn new_look_up(&self) -> Result<Vec<u8>> {
        self.wrap(LOOK_UP, &[], &Zeroizing::new(random::<32>()?))
    }

    /// The look-up key in use, wrapped by the key of this vault.
    ///
    /// # Errors
    /// [`Error::Sealed`] when the system gives no random bytes.
    pub fn own_look_up(&self) -> Result<Vec<u8>> {
        self.wrap(LOOK_UP, &[], &self.look_up)
    }

    /// The same vault with the look-up key of a database.
    ///
    /// # Errors
    /// [`Error::Sealed`] when it is not this vault's.
    pub fn with_look_up(&self, wrapped: &[u8]) -> Result<Self> {
        let key = self.unwrap(LOOK_UP, &[], wrapped)?;
        let key = key.as_slice().try_into().map_err(|_| Error::Sealed("key"))?;
        Ok(Self::of(self.key.clone(), self.also.clone(), Zeroizing::new(key)))
    }

    /// Reads the key file.
    ///
    /// # Errors
    /// [`Error::Setup`] when it is missing, not a key, or open to other users of the machine.
    pub fn from_file(path: &Path) -> Result<Self> {
        let shown = path.display();
        let text = std::fs::read_to_string(path).map_err(|e| {
            Error::Setup(format!("the key file {shown} cannot be read ({e}). Make one with `portal key new {shown}`"))
        })?;
        let text = Zeroizing::new(text);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(path)?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(Error::Setup(format!(
                    "the key file {shown} can be read by other users of this machine: run `chmod 600 {shown}`"
                )));
            }
        }
        let bytes = text.trim().strip_prefix("portal-key-1:").and_then(crate::id::unhex).map(Zeroizing::new);
        let key: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.as_slice().try_into().ok());
        Self::new(&Zeroizing::new(key.ok_or_else(|| Error::Setup(format!("{shown} is not a key file")))?))
    }

    /// Writes a new key to `path`, readable by its owner only, and never over a file.
    ///
    /// # Errors
    /// [`Error::Setup`] when the file exists or cannot be written.
    pub fn new_key_file(path: &Path) -> Result<()> {
        use std::io::Write as _;
        let key = Zeroizing::new(random::<32>()?);
        let text = Zeroizing::new(format!("portal-key-1:{}\n", crate::id::hex(key.as_slice())));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o400);
        }
        let write = || -> std::io::Result<()> {
            let mut file = options.open(path)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        write().map_err(|e| Error::Setup(format!("the key file {} was not made: {e}", path.display())))
    }

    /// Stands for the key without telling it: a database remembers which key sealed it.
    pub fn check(&self) -> [u8; 32] {
        self.key.check
    }

    /// Whether what a key with this check wrapped opens here.
    pub fn knows(&self, check: &[u8]) -> bool {
        self.keys().any(|key| key.check == check)
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.key).chain(&self.also)
    }

    fn wrap(&self, place: &[u8], bound: &[u8], key: &[u8; 32]) -> Result<Vec<u8>> {
        seal_with(&self.key.wrapping, place, bound, key)
    }

    fn unwrap(&self, place: &[u8], bound: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let opened = self.keys().find_map(|key| open_with(&key.wrapping, place, bound, wrapped).ok());
        opened.map(Zeroizing::new).ok_or(Error::Sealed(CHANGED))
    }

    /// The keyed hash under which `value` is found. Spaces around it and letter case do not count.
    pub fn look_up(&self, what: LookUp, value: &str) -> Vec<u8> {
        let kind: &[u8] = match what {
            LookUp::Username => b"username",
            LookUp::Email => b"email",
            LookUp::Phone => b"phone",
            LookUp::Code => b"code",
            LookUp::Card => b"card",
            LookUp::Shown => b"shown",
            LookUp::NameAndBirth => b"name-birth",
            LookUp::CaseKey => b"case",
            LookUp::Feedback => b"feedback",
        };
        keyed(self.look_up.as_slice(), &[kind, value.trim().to_lowercase().as_bytes()]).to_vec()
    }

    /// The keyed hash of a link of the audit log: nobody makes one who has the database alone.
    pub fn link(&self, parts: &[&[u8]]) -> [u8; 32] {
        keyed(self.chain.as_slice(), parts)
    }

    /// The eight digits of a code that is sent: made of its row's id and the key, and kept nowhere.
    pub fn digits<K>(&self, row: Id<K>) -> String {
        let hash = keyed(self.look_up.as_slice(), &[b"sent-code", row.bytes()]);
        let number = hash.iter().take(8).fold(0u64, |n, byte| (n << 8) | u64::from(*byte));
        format!("{:08}", number % 100_000_000)
    }

    /// A new key for `owner`, and its wrapped form to store.
    ///
    /// # Errors
    /// [`Error::Sealed`] when the system gives no random bytes.
    pub fn new_owner_key<K>(&self, owner: Id<K>) -> Result<(OwnerKey, Vec<u8>)> {
        let key = Zeroizing::new(random::<32>()?);
        let wrapped = self.wrap(OWNER, owner.bytes(), &key)?;
        let cipher = Aes256Gcm::new_from_slice(key.as_slice()).map_err(|_| Error::Sealed("key"))?;
        Ok((OwnerKey { cipher, owner: *owner.bytes() }, wrapped))
    }

    /// Opens an owner's stored key.
    ///
    /// # Errors
    /// [`Error::Sealed`] when it is not this vault's, or not this owner's.
    pub fn owner_key<K>(&self, owner: Id<K>, wrapped: &[u8]) -> Result<OwnerKey> {
        let key = self.unwrap(OWNER, owner.bytes(), wrapped)?;
        let cipher = Aes256Gcm::new_from_slice(key.as_slice()).map_err(|_| Error::Sealed("key"))?;
        Ok(OwnerKey { cipher, owner: *owner.bytes() })
    }

    /// An owner's stored key as this vault's own key wraps it; `None` when it has done so already.
    ///
    /// # Errors
    /// As [`owner_key`](Self::owner_key).
    pub fn wrap_again<K>(&self, owner: Id<K>, wrapped: &[u8]) -> Result<Option<Vec<u8>>> {
        if open_with(&self.key.wrapping, OWNER, owner.bytes(), wrapped).map(Zeroizing::new).is_ok() {
            return Ok(None);
        }
        let key = self.unwrap(OWNER, owner.bytes(), wrapped)?;
        seal_with(&self.key.wrapping, OWNER, owner.bytes(), &key).map(Some)
    }
}

impl OwnerKey {
    /// Seals `text` for `column` of the row `row`.
    ///
    /// # Errors
    /// [`Error::Sealed`] when the system gives no random bytes.
    pub fn seal<K>(&self, column: Column, row: Id<K>, text: &str) -> Result<Vec<u8>> {
        let length = u32::try_from(text.len()).map_err(|_| Error::Sealed("too long"))?;
        let mut plain = Zeroizing::new(Vec::with_capacity(text.len() + 4 + STEP));
        plain.extend_from_slice(&length.to_be_bytes());
        plain.extend_from_slice(text.as_bytes());
        let padded = plain.len().next_multiple_of(STEP);
        plain.resize(padded, 0);
        seal_with(&self.cipher, column.name().as_bytes(), &self.bound(row), &plain)
    }

    /// Opens what [`seal`](Self::seal) sealed for the same column and row.
    ///
    /// # Errors
    /// [`Error::Sealed`] when it was changed, moved, or sealed for another.
    pub fn open<K>(&self, column: Column, row: Id<K>, sealed: &[u8]) -> Result<String> {
        let mut plain = open_with(&self.cipher, column.name().as_bytes(), &self.bound(row), sealed)?;
        let broken = || Error::Sealed("length");
        let length: [u8; 4] = plain.get(..4).and_then(|l| l.try_into().ok()).ok_or_else(broken)?;
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(|_| broken())?;
        if plain.len() < 4 + length {
            return Err(broken());
        }
        plain.truncate(4 + length);
        plain.drain(..4);
        String::from_utf8(plain).map_err(|_| broken())
    }

    /// Opens a value that may be absent.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_some<K>(&self, column: Column, row: Id<K>, sealed: Option<&[u8]>) -> Result<Option<String>> {
        sealed.map(|sealed| self.open(column, row, sealed)).transpose()
    }

    fn bound<K>(&self, row: Id<K>) -> [u8; 32] {
        let mut bound = [0; 32];
        let (owner, rest) = bound.split_at_mut(16);
        owner.copy_from_slice(&self.owner);
        rest.copy_from_slice(row.bytes());
        bound
    }
}

fn aad(place: &[u8], bound: &[u8]) -> Vec<u8> {
    let mut aad = Vec::with_capacity(place.len() + bound.len() + 8);
    aad.extend_from_slice(b"portal|1|");
    aad.extend_from_slice(place);
    aad.push(b'|');
    aad.extend_from_slice(bound);
    aad
}

/// `version | nonce | ciphertext and tag`.
fn seal_with(cipher: &Aes256Gcm, place: &[u8], bound: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let nonce = random::<NONCE>()?;
    let aad = aad(place, bound);
    let sealed = cipher
        .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: &aad })
        .map_err(|_| Error::Sealed("could not seal"))?;
    let mut out = Vec::with_capacity(1 + NONCE + sealed.len());
    out.push(VERSION);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&sealed);
    Ok(out)
}

fn open_with(cipher: &Aes256Gcm, place: &[u8], bound: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    let changed = || Error::Sealed(CHANGED);
    let (version, rest) = sealed.split_first().ok_or_else(changed)?;
    if *version != VERSION || rest.len() < NONCE {
        return Err(changed());
    }
    let (nonce, sealed) = rest.split_at(NONCE);
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| changed())?;
    let aad = aad(place, bound);
    cipher.decrypt(&Nonce::from(nonce), Payload { msg: sealed, aad: &aad }).map_err(|_| changed())
}

#[cfg(test)]
#[path = "vault_test.rs"]
mod tests;
