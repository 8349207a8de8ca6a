//! The code generator on a worker's phone: six digits for thirty seconds (RFC 6238), taken once.

use totp_rs::{Builder, Secret, Totp};

use crate::error::{Error, Result};

/// A new shared secret of 160 bits, in base32.
///
/// # Errors
/// When the system gives no random bytes.
pub fn new_secret() -> Result<String> {
    Ok(Secret::from(crate::vault::random::<20>()?.to_vec()).to_base32())
}

fn generator(secret: &str) -> Result<Totp> {
    let secret = Secret::try_from_base32(secret).map_err(|_| Error::Sealed("a shared secret does not read"))?;
    // One step early or late: phones' clocks drift.
    Builder::new().with_secret(secret).with_skew(1).build().map_err(|_| Error::Sealed("a shared secret is too short"))
}

/// The step of the code that was typed, if it is one of `secret` at this second of Unix time. Whoever
/// takes it must refuse a step that is not later than the last one taken.
///
/// # Errors
/// When the stored secret does not read.
pub fn step(secret: &str, typed: &str, second: u64) -> Result<Option<i64>> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    Ok(generator(secret)?.check(&digits, second).and_then(|step| i64::try_from(step).ok()))
}

/// The code at this second of Unix time: for the demo and the tests, which have no phone.
///
/// # Errors
/// When the secret does not read.
pub fn code(secret: &str, second: u64) -> Result<String> {
    Ok(generator(secret)?.generate(second).to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_code_is_right_for_its_step_and_one_on_either_side_however_it_is_typed() {
        // The secret of RFC 6238, appendix B; at second 59 its last six digits are 287082.
        let secret = Secret::from(b"12345678901234567890".to_vec()).to_base32();
        assert_eq!(code(&secret, 59).unwrap(), "287082");
        for (second, taken) in [(59, true), (30, true), (0, true), (89, true), (90, false), (120, false)] {
            assert_eq!(step(&secret, "287 082", second).unwrap(), taken.then_some(1), "{second}");
        }
        for bad in ["", "28708", "2870822", "28708a", "２８７０８２"] {
            assert_eq!(step(&secret, bad, 59).unwrap(), None, "{bad}");
        }
    }

    #[test]
    fn a_new_secret_has_160_bits() {
        assert_eq!(new_secret().unwrap().len(), 32);
    }
}
