//! Random timetables that the checks of the content would let through: every kind of rule and change, with
//! more than their share of small hours, clock changes, leap days and bank holidays.

use jiff::civil::{Date, Time, date};
use jiff::{Timestamp, ToSpan};
use portal::dropins::{
    BankHolidays, Come, Confirmation, District, Exception, ExceptionKind, Locality, Place, PlaceStatus, Rule, Session,
    SessionKind, Times, Timetable, Weekday,
};

use crate::support::random::Random;

/// The first day of the ten years.
pub const FIRST: Date = Date::constant(2020, 1, 1);
/// How many days they have.
pub const DAYS: u64 = 3_653;

const PLACES: [&str; 4] = ["hall", "library", "shed", "youth-zone"];

/// The timetable of a seed.
pub fn timetable(seed: u64) -> Timetable {
    let random = &mut Random::new(seed);
    let mut table = Timetable::default();
    let (owner, checked_on) = ("Team".to_owned(), FIRST);
    for (order, slug) in ["north", "east"].into_iter().enumerate() {
        let (name, council) = (slug.to_owned(), "A council".to_owned());
        let locality =
            Locality { name, order: order as i64, council, owner: owner.clone(), checked_on, review_by: checked_on };
        table.localities.insert(slug.to_owned(), locality);
        let (name, locality, claim) = (slug.to_owned(), slug.to_owned(), String::new());
        let (towns, owner) = (Vec::new(), owner.clone());
        let district = District { name, locality, towns, claim, owner, checked_on, review_by: checked_on };
        table.districts.insert(format!("{slug}-district"), district);
    }
    for slug in PLACES {
        table.places.insert(slug.to_owned(), place(slug, random));
    }
    for number in 0..1 + random.below(3) {
        table.sessions.insert(format!("session-{number}"), session(random));
    }
    let sessions: Vec<String> = table.sessions.keys().cloned().collect();
    for number in 0..random.below(9) {
        table.exceptions.insert(format!("change-{number}"), exception(&sessions, random));
    }
    for _ in 0..random.below(80) {
        table.holidays.insert(a_day(random), "Bank holiday".to_owned());
    }
    for slug in sessions {
        if random.one_in(2) {
            let confirmation = Confirmation { by_role: "the team".to_owned(), on: a_day(random) };
            table.confirmations.insert(slug, confirmation);
        }
    }
    table
}

fn place(slug: &str, random: &mut Random) -> Place {
    let habits = [BankHolidays::Closed, BankHolidays::Open, BankHolidays::Ask];
    Place {
        name: format!("The {slug}, Town"),
        district: format!("{}-district", random.pick(&["north", "east"])),
        address: None,
        postcode: None,
        lat: None,
        lon: None,
        phone: None,
        access: None,
        bus: None,
        cost: None,
        note: None,
        who: "Anyone".to_owned(),
        min_age: None,
        max_age: None,
        bank_holidays: *random.pick(&habits),
        status: if random.one_in(6) { PlaceStatus::Closed } else { PlaceStatus::Open },
        owner: "Team".to_owned(),
        checked_on: FIRST,
        review_by: FIRST,
        claim: String::new(),
    }
}

fn session(random: &mut Random) -> Session {
    Session {
        place: (*random.pick(&PLACES)).to_owned(),
        name: "Drop-in".to_owned(),
        kind: SessionKind::DropIn,
        come: Come::JustCome,
        book_with: None,
        note: None,
        claim: String::new(),
        owner: "Team".to_owned(),
        checked_on: FIRST,
        review_by: FIRST,
        rule: rule(random),
    }
}

fn rule(random: &mut Random) -> Rule {
    let starts = a_day(random);
    let ends = random.one_in(3).then(|| starts.saturating_add((random.below(900) as i64).days()));
    let (days, times) = (weekdays(random), times(random));
    match random.below(12) {
        0..=2 => Rule::Week { days, times, starts, ends },
        3..=5 => Rule::Weeks { n: 1 + random.below(5) as u32, days, times, starts, ends },
        6..=8 => {
            let nth = *random.pick(&[1, 2, 3, 4, 5, -1]);
            Rule::Month { nth, day: days[0], times, starts, ends }
        }
        9..=10 => Rule::Date { dates: (0..1 + random.below(30)).map(|_| a_day(random)).collect(), times },
        _ => Rule::NotKnown { says: "Mondays, perhaps.".to_owned() },
    }
}

fn weekdays(random: &mut Random) -> Vec<Weekday> {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    // Clocks change on Sundays, late sessions of a Saturday run into them.
    let all = [Mon, Tue, Wed, Thu, Fri, Sat, Sun, Sat, Sun];
    let mut days: Vec<Weekday> = (0..1 + random.below(3)).map(|_| *random.pick(&all)).collect();
    days.dedup();
    days
}

fn times(random: &mut Random) -> Vec<Times> {
    let mut times = Vec::new();
    for _ in 0..1 + random.below(3) {
        let (from, to) = (a_time(random), a_time(random));
        // The same time twice would be a whole day: no form takes it.
        if from != to {
            times.push(Times { from, to });
        }
    }
    if times.is_empty() {
        times.push(Times { from: Time::constant(16, 0, 0, 0), to: Time::constant(18, 30, 0, 0) });
    }
    times
}

fn a_time(random: &mut Random) -> Time {
    let quarter = if random.one_in(3) { random.below(16) } else { random.below(96) } as i8;
    Time::constant(quarter / 4, quarter % 4 * 15, 0, 0)
}

fn a_day(random: &mut Random) -> Date {
    if random.one_in(12) {
        return *random.pick(&[
            date(2020, 2, 29),
            date(2024, 2, 29),
            date(2026, 3, 29),
            date(2026, 10, 25),
            date(2028, 2, 29),
        ]);
    }
    FIRST.saturating_add((random.below(DAYS) as i64).days())
}

fn exception(sessions: &[String], random: &mut Random) -> Exception {
    use ExceptionKind::{Closed, Extra, OtherHours, OtherPlace};
    let kind = *random.pick(&[Closed, OtherHours, OtherPlace, Extra]);
    let of_session = random.below(3) > 0;
    let place = (*random.pick(&PLACES)).to_owned();
    let at = matches!(kind, OtherPlace | Extra).then(|| (*random.pick(&PLACES)).to_owned());
    let from = a_day(random);
    // A few are long enough that others fall on them.
    let length = if random.one_in(3) { random.below(700) } else { random.below(15) };
    let given = match kind {
        Closed => false,
        OtherHours | Extra => true,
        OtherPlace => random.one_in(2),
    };
    // Few moments: some are made at the same one.
    let made_on = Timestamp::from_second(1_577_836_800 + random.below(6) as i64).unwrap();
    Exception {
        session: of_session.then(|| random.pick(sessions).clone()),
        place: (!of_session).then_some(place),
        from,
        to: from.saturating_add((length as i64).days()),
        kind,
        times: if given { times(random) } else { Vec::new() },
        at: at.filter(|_| kind == OtherPlace || random.below(2) == 0),
        reason: format!("Reason {}", random.below(1_000)),
        made_on,
    }
}
