//! Ids: 16 random bytes from the operating system, written as 32 hex digits in addresses.

use std::fmt;
use std::marker::PhantomData;

/// The id of one row: 128 random bits, so that it cannot be guessed. `K` names the kind of row,
/// so that one kind's id cannot stand where another's is meant.
pub struct Id<K> {
    bytes: [u8; 16],
    kind: PhantomData<fn() -> K>,
}

impl<K> Id<K> {
    /// Wraps sixteen bytes that are already an id.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self { bytes, kind: PhantomData }
    }

    /// The sixteen bytes.
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.bytes
    }

    /// Reads 32 hex digits; anything else is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self::from_bytes(unhex(text)?.try_into().ok()?))
    }

    /// The same bytes as the id of a row of another kind: only for rows that share a key.
    pub const fn cast<L>(self) -> Id<L> {
        Id::from_bytes(self.bytes)
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.bytes.cmp(&other.bytes)
    }
}
impl<K> std::hash::Hash for Id<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}
impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.bytes))
    }
}
impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Lower-case hex digits of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        _ = write!(out, "{byte:02x}");
        out
    })
}

/// The bytes behind hex digits; `None` when there is anything else in `text`.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| {
            let digit = |byte: &u8| (*byte as char).to_digit(16);
            let (high, low) = (digit(pair.first()?)?, digit(pair.get(1)?)?);
            u8::try_from(high * 16 + low).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_own_text() {
        let id: Id<()> = Id::from_bytes([7; 16]);
        assert_eq!(Id::parse(&id.to_string()), Some(id));
    }

    #[test]
    fn anything_but_32_hex_digits_is_no_id() {
        for text in ["", "7", "zz", "07070707", "070707070707070707070707070707070", "é70707070707070707070707070707"]
        {
            assert_eq!(Id::<()>::parse(text), None, "{text}");
        }
    }
}
