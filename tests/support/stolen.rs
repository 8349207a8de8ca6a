//! What a thief of the database holds, and how a word may stand in it.

use base64::prelude::{BASE64_STANDARD_NO_PAD, Engine as _};

use super::{Data, Raw, postgres};

/// Every way in which `word` may stand in bytes: as it is, in hex, in base64 at each of the three
/// places where it may begin.
pub fn disguises(word: &[u8]) -> Vec<Vec<u8>> {
    let hex = portal::id::hex(word);
    let mut all = vec![word.to_vec(), hex.clone().into_bytes(), hex.to_uppercase().into_bytes()];
    for before in 0..3 {
        let mut padded = vec![b'x'; before];
        padded.extend_from_slice(word);
        let text = BASE64_STANDARD_NO_PAD.encode(&padded).into_bytes();
        // The first and last letters also depend on what stands beside the word.
        let (from, to) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
        all.push(text[from..to].to_vec());
    }
    all
}

/// Whether `needle` stands in `haystack`, in large or small letters.
pub fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
}

/// Everything that a thief gets.
pub async fn stolen(data: &Data) -> Vec<u8> {
    match &data.raw {
        Raw::Sqlite(_, path) => {
            let mut all = std::fs::read(path).unwrap();
            let log = path.with_extension("db-wal");
            assert!(log.exists(), "the log holds what is not in the file yet");
            all.extend(std::fs::read(log).unwrap());
            all
        }
        Raw::Postgres(_, name) => {
            let name = name.clone();
            tokio::task::spawn_blocking(move || postgres::cluster().unwrap().dump(&name)).await.unwrap()
        }
    }
}
