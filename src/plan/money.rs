//! Money: what somebody is to get, what they had of it, and what is left. In whole pence, never in fractions.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::clock::london_date;
use crate::entitlements::Entitlement;
use crate::id::Id;

/// Names the kind of id.
#[derive(Debug)]
pub struct OwedRow;
/// The id of something that somebody is to get.
pub type OwedId = Id<OwedRow>;
/// Names the kind of id.
#[derive(Debug)]
pub struct PaymentRow;
/// The id of a payment.
pub type PaymentId = Id<PaymentRow>;

/// The most that is taken as one amount, in pence: a million pounds. More is a slip of the finger.
pub const MOST: i64 = 100_000_000;

/// Why a typed amount was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAmount {
    /// It is not written as one.
    Unread,
    /// It is nothing.
    Nothing,
    /// It is more than [`MOST`].
    TooMuch,
}

impl NoAmount {
    /// What is said beside the box.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Unread => "Write the amount in pounds, as in 120 or 1,250.50",
            Self::Nothing => "Write an amount that is more than 0",
            Self::TooMuch => "Check the amount: it is more than a million pounds",
        }
    }
}

/// Reads an amount as somebody types it, in pence: `120`, `£1250`, `1,250.50`, `12.5`. A comma stands between thousands only.
///
/// # Errors
/// [`NoAmount`] when it is none that can be kept.
pub fn parse(typed: &str) -> Result<i64, NoAmount> {
    let typed = typed.trim();
    let typed = typed.strip_prefix('£').unwrap_or(typed).trim_start();
    let (pounds, pence) = typed.split_once('.').map_or((typed, None), |(pounds, pence)| (pounds, Some(pence)));
    let mut groups = pounds.split(',');
    let first = groups.next().unwrap_or_default();
    let (mut digits, mut grouped) = (first.to_owned(), false);
    for group in groups {
        if group.len() != 3 {
            return Err(NoAmount::Unread);
        }
        digits.push_str(group);
        grouped = true;
    }
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(&digits) || first.is_empty() || grouped && first.len() > 3 {
        return Err(NoAmount::Unread);
    }
    let pence = match pence {
        None => 0,
        Some(pence) if all_digits(pence) && pence.len() == 2 => pence.parse::<i64>().map_err(|_| NoAmount::Unread)?,
        Some(pence) if all_digits(pence) && pence.len() == 1 => {
            10 * pence.parse::<i64>().map_err(|_| NoAmount::Unread)?
        }
        Some(_) => return Err(NoAmount::Unread),
    };
    // Digits too many for a number are too many pounds.
    let pounds: i64 = digits.parse().map_err(|_| NoAmount::TooMuch)?;
    let all = pounds.checked_mul(100).and_then(|all| all.checked_add(pence)).ok_or(NoAmount::TooMuch)?;
    match all {
        0 => Err(NoAmount::Nothing),
        all if all > MOST => Err(NoAmount::TooMuch),
        all => Ok(all),
    }
}

/// An amount as it is shown: `£1,250.50`, `£120`. Below nothing with a minus before it.
pub fn says(pence: i64) -> String {
    let (pounds, rest) = (pence.unsigned_abs() / 100, pence.unsigned_abs() % 100);
    let digits = pounds.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let minus = if pence < 0 { "-" } else { "" };
    let rest = if rest > 0 { format!(".{rest:02}") } else { String::new() };
    format!("{minus}£{grouped}{rest}")
}

/// One payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// How much, in pence.
    pub pence: i64,
    /// The day it was paid.
    pub paid_on: Date,
    /// What it was for.
    pub note: Option<String>,
    /// Who wrote it down.
    pub written_by: String,
    /// Who agreed it, where that is somebody else: a name, or what they do.
    pub agreed_by: Option<String>,
    /// When it was written down, UTC microseconds.
    pub at: i64,
    /// When it was taken back as written down wrong, UTC microseconds, and by whom.
    pub undone: Option<(i64, String)>,
}

impl Payment {
    /// When something was last done to it, UTC microseconds.
    pub fn last_at(&self) -> i64 {
        self.undone.as_ref().map_or(self.at, |(at, _)| *at)
    }

    /// Who agreed it and, where that is another, who wrote it down.
    pub fn agreed(&self) -> String {
        match &self.agreed_by {
            Some(name) => format!("agreed by {name}, written down by {}", self.written_by),
            None => format!("agreed by {}", self.written_by),
        }
    }
}

/// A payment to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayment {
    /// How much, in pence.
    pub pence: i64,
    /// The day it was paid.
    pub paid_on: Date,
    /// What it was for.
    pub note: Option<String>,
    /// Who agreed it, where that is not whoever writes it down.
    pub agreed_by: Option<String>,
}

/// Something that somebody is to get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// Its id.
    pub id: OwedId,
    /// The right it rests on, by its slug in the published content.
    pub entitlement: Option<String>,
    /// What it is called.
    pub name: String,
    /// How much in all, in pence, as it was agreed.
    pub pence: i64,
    /// The day it was agreed.
    pub agreed_on: Date,
    /// Who agreed it.
    pub agreed_by: String,
    /// When it was written down, UTC microseconds.
    pub at: i64,
    /// When it was struck through as written down wrong, UTC microseconds: kept, and counts no more.
    pub ended_at: Option<i64>,
    /// What was paid of it, by day.
    pub payments: Vec<Payment>,
}

/// How much somebody had of something, and what is left. In pence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// What they had.
    pub had: i64,
    /// What is left; below nothing when they had more.
    pub left: i64,
}

impl Owed {
    /// What they had and what is left: made of the payments each time, and stored nowhere.
    pub fn sum(&self) -> Sum {
        let had = self
            .payments
            .iter()
            .filter(|one| one.undone.is_none())
            .fold(0i64, |had, one| had.saturating_add(one.pence));
        Sum { had, left: self.pence.saturating_sub(had) }
    }
}

/// A right of the published content with a fixed amount, to be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its amount, in pence.
    pub pence: i64,
}

/// The rights of care leavers with a fixed amount that can be had now, by name. What reads "up to" or "a week" has none,
/// and what is for anyone, such as a limit of pay, is nothing that a leaving care team gives.
pub fn fixed<'a>(rights: impl IntoIterator<Item = &'a Entitlement>, at: Timestamp) -> Vec<Fixed> {
    let today = london_date(at);
    let right = |right: &Entitlement| {
        let pence = parse(right.amount.as_deref()?).ok()?;
        Some(Fixed { slug: right.slug.clone(), name: right.name.clone(), pence })
    };
    let rights = rights.into_iter().filter(|right| right.in_force.holds(today) && !right.conditions.anyone);
    let mut fixed: Vec<Fixed> = rights.filter_map(right).collect();
    fixed.sort_by(|one, other| one.name.cmp(&other.name));
    fixed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_amount_is_read_as_people_write_it() {
        for (typed, pence) in [
            ("120", 12_000),
            (" £1250 ", 125_000),
            ("1,250.50", 125_050),
            ("£ 3,000", 300_000),
            ("12.5", 1_250),
            ("0.01", 1),
            ("1,000,000", MOST),
        ] {
            assert_eq!(parse(typed), Ok(pence), "{typed}");
        }
        for typed in [
            "",
            "£",
            "1,25",
            "12,50",
            "1250,000",
            ",500",
            "1.250.50",
            "1.",
            "1.234",
            "-5",
            "5 pounds",
            "1e3",
            "٣",
            "up to £1,200 a year",
            "£180 a week",
        ] {
            assert_eq!(parse(typed), Err(NoAmount::Unread), "{typed}");
        }
        assert_eq!(parse("0.00"), Err(NoAmount::Nothing));
        assert_eq!(parse("1,000,000.01"), Err(NoAmount::TooMuch));
        assert_eq!(parse("99999999999999999999999"), Err(NoAmount::TooMuch));
    }

    fn owed(pence: i64, payments: &[(i64, bool)]) -> Owed {
        let day = Date::constant(2026, 12, 1);
        let paid = |(pence, undone): &(i64, bool)| Payment {
            id: PaymentId::from_bytes([0; 16]),
            pence: *pence,
            paid_on: day,
            note: None,
            written_by: "Priya".into(),
            agreed_by: None,
            at: 0,
            undone: undone.then(|| (1, "Priya".into())),
        };
        let payments = payments.iter().map(paid).collect();
        let id = OwedId::from_bytes([0; 16]);
        let (name, agreed_by) = ("A bed".into(), "Priya".into());
        Owed { id, entitlement: None, name, pence, agreed_on: day, agreed_by, at: 0, ended_at: None, payments }
    }

    #[test]
    fn who_agreed_a_payment_is_whoever_wrote_it_down_or_somebody_who_is_named() {
        let mut paid = owed(100, &[(1, false)]).payments.remove(0);
        assert_eq!(paid.agreed(), "agreed by Priya");
        paid.agreed_by = Some("Morag, team manager".into());
        assert_eq!(paid.agreed(), "agreed by Morag, team manager, written down by Priya");
    }

    proptest! {
        #[test]
        fn every_amount_that_is_shown_reads_back(pence in 1..=MOST) {
            prop_assert_eq!(parse(&says(pence)), Ok(pence));
        }

        #[test]
        fn no_typed_text_makes_it_fall_over(typed in "\\PC*", close in "[£0-9,. ]{0,20}") {
            for typed in [typed, close] {
                if let Ok(pence) = parse(&typed) {
                    prop_assert!((1..=MOST).contains(&pence));
                }
            }
        }

        #[test]
        fn what_is_left_is_what_is_owed_without_what_was_had(
            all in 1..=MOST,
            payments in proptest::collection::vec((1..=MOST, any::<bool>()), 0..30),
        ) {
            let sum = owed(all, &payments).sum();
            let counted: i64 = payments.iter().filter(|(_, undone)| !undone).map(|(pence, _)| pence).sum();
            prop_assert_eq!(sum, Sum { had: counted, left: all - counted });
            let undone: Vec<_> = payments.iter().map(|(pence, _)| (*pence, true)).collect();
            prop_assert_eq!(owed(all, &undone).sum(), Sum { had: 0, left: all });
        }
    }
}
