//! Promises of the timetable when something differs from usual: closed, changed, moved, extra, bank holidays.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jiff::civil::date;

use super::rules_test::{MONDAYS, at, exception, found, session, told, with_rule};
use super::*;

#[test]
fn a_closed_session_is_shown_with_its_reason() {
    let closed = exception("Staff training", "2026-12-01", "2026-12-07", "2026-11-20T09:00:00Z", "kind = \"closed\"")
        .replace("[exception.Staff training]", "[exception.training]");
    let table = with_rule(MONDAYS, &closed);
    assert_eq!(
        told(&found(&table, date(2026, 11, 30), date(2026, 12, 14))),
        [
            "Monday 30 November, 4pm to 6pm @hall On",
            "Monday 7 December, 4pm to 6pm @hall Closed: Staff training",
            "Monday 14 December, 4pm to 6pm @hall On",
        ]
    );
    assert!(table.open_now(at("2026-12-07T17:00")).is_empty());
    assert_eq!(table.next_of_session("drop-in", at("2026-12-01T09:00")).unwrap().date(), date(2026, 12, 14));
}

#[test]
fn other_hours_replace_the_usual_ones_on_usual_days_only() {
    let changed = exception(
        "Holidays",
        "2026-12-01",
        "2026-12-10",
        "2026-11-20T09:00:00Z",
        "kind = \"other-hours\"\ntimes = [{ from = \"12:00\", to = \"13:30\" }]",
    );
    assert_eq!(
        told(&found(&with_rule(MONDAYS, &changed), date(2026, 12, 1), date(2026, 12, 14))),
        ["Monday 7 December, 12 noon to 1.30pm @hall Changed: Holidays", "Monday 14 December, 4pm to 6pm @hall On"]
    );
}

#[test]
fn another_place_moves_the_session_and_its_new_place_knows_it() {
    let moved = exception(
        "Flood",
        "2026-12-07",
        "2026-12-07",
        "2026-11-20T09:00:00Z",
        "kind = \"other-place\"\nat = \"library\"",
    );
    let table = with_rule(MONDAYS, &moved);
    assert_eq!(
        told(&found(&table, date(2026, 12, 7), date(2026, 12, 7))),
        ["Monday 7 December, 4pm to 6pm @library Moved: Flood"]
    );
    assert_eq!(table.next_at_place("library", at("2026-11-21T00:00")).unwrap().date(), date(2026, 12, 7));
    assert_eq!(table.next_at_place("hall", at("2026-12-01T00:00")).unwrap().date(), date(2026, 12, 14));
}

#[test]
fn a_move_may_change_the_hours_too() {
    let moved = exception(
        "Flood",
        "2026-12-07",
        "2026-12-07",
        "2026-11-20T09:00:00Z",
        "kind = \"other-place\"\nat = \"library\"\ntimes = [{ from = \"15:00\", to = \"16:00\" }]",
    );
    assert_eq!(
        told(&found(&with_rule(MONDAYS, &moved), date(2026, 12, 7), date(2026, 12, 7))),
        ["Monday 7 December, 3pm to 4pm @library Moved: Flood"]
    );
}

const EVENING: &str = "kind = \"extra\"\ntimes = [{ from = \"19:00\", to = \"20:00\" }]";
const NOON: &str = "kind = \"extra\"\ntimes = [{ from = \"12:00\", to = \"13:00\" }]\nat = \"library\"";

#[test]
fn two_extra_sessions_stand_beside_the_usual_one() {
    let table = with_rule(
        MONDAYS,
        &(exception("One", "2026-12-07", "2026-12-08", "2026-11-20T09:00:00Z", EVENING)
            + &exception("Two", "2026-12-07", "2026-12-07", "2026-11-21T09:00:00Z", NOON)),
    );
    assert_eq!(
        told(&found(&table, date(2026, 12, 7), date(2026, 12, 8))),
        [
            "Monday 7 December, 12 noon to 1pm @library Extra: Two",
            "Monday 7 December, 4pm to 6pm @hall On",
            "Monday 7 December, 7pm to 8pm @hall Extra: One",
            "Tuesday 8 December, 7pm to 8pm @hall Extra: One",
        ]
    );
}

#[test]
fn a_closure_made_later_closes_the_extra_session_too_and_one_made_earlier_does_not() {
    let closed = exception("Shut", "2026-12-07", "2026-12-07", "2026-11-20T09:00:00Z", "kind = \"closed\"");
    for (made_on, evening) in [
        ("2026-11-19T09:00:00Z", "Monday 7 December, 7pm to 8pm @hall Closed: Shut"),
        ("2026-11-21T09:00:00Z", "Monday 7 December, 7pm to 8pm @hall Extra: Party"),
    ] {
        let extra = exception("Party", "2026-12-07", "2026-12-07", made_on, EVENING);
        let table = with_rule(MONDAYS, &(closed.clone() + &extra));
        assert_eq!(
            told(&found(&table, date(2026, 12, 7), date(2026, 12, 7))),
            ["Monday 7 December, 4pm to 6pm @hall Closed: Shut", evening]
        );
    }
}

#[test]
fn of_two_exceptions_the_one_made_last_counts_whatever_it_is_called() {
    let closed = |made_on| exception("a", "2026-12-01", "2026-12-31", made_on, "kind = \"closed\"");
    let moved =
        exception("b", "2026-12-07", "2026-12-07", "2026-11-20T09:00:00Z", "kind = \"other-place\"\nat = \"library\"");
    let status = |made_on| {
        let table = with_rule(MONDAYS, &(closed(made_on) + &moved));
        found(&table, date(2026, 12, 7), date(2026, 12, 7))[0].status
    };
    assert_eq!(status("2026-11-19T09:00:00Z"), Status::Moved);
    assert_eq!(status("2026-11-20T09:00:01Z"), Status::Closed);
    assert_eq!(status("2026-11-20T09:00:00Z"), Status::Moved, "made at the same instant: the later name");
}

#[test]
fn what_was_closed_can_be_opened_again_and_its_extra_session_with_it() {
    let usual = "kind = \"other-hours\"\ntimes = [{ from = \"16:00\", to = \"18:00\" }]";
    let table = with_rule(
        MONDAYS,
        &(exception("party", "2026-12-07", "2026-12-07", "2026-11-18T09:00:00Z", EVENING)
            + &exception("shut", "2026-12-01", "2026-12-31", "2026-11-19T09:00:00Z", "kind = \"closed\"")
            + &exception("open again", "2026-12-07", "2026-12-07", "2026-11-20T09:00:00Z", usual)
                .replace("[exception.open again]", "[exception.again]")),
    );
    assert_eq!(
        told(&found(&table, date(2026, 12, 7), date(2026, 12, 14))),
        [
            "Monday 7 December, 4pm to 6pm @hall On: open again",
            "Monday 7 December, 7pm to 8pm @hall Extra: party",
            "Monday 14 December, 4pm to 6pm @hall Closed: shut",
        ]
    );
}

fn place_closed(place: &str, made_on: &str) -> String {
    format!(
        "\n[exception.boiler]\nplace = \"{place}\"\nfrom = 2026-12-07\nto = 2026-12-07\nkind = \"closed\"\nreason = \"No heating\"\nmade_on = {made_on}\n"
    )
}

#[test]
fn closing_a_place_closes_every_session_there_and_no_other() {
    let table = with_rule(
        MONDAYS,
        &(session("forum", "hall", &MONDAYS.replace("16:00", "17:00"))
            + &session("group", "library", &MONDAYS.replace("16:00", "17:30"))
            + &place_closed("hall", "2026-11-20T09:00:00Z")),
    );
    assert_eq!(
        told(&found(&table, date(2026, 12, 7), date(2026, 12, 7))),
        [
            "Monday 7 December, 4pm to 6pm @hall Closed: No heating",
            "Monday 7 December, 5pm to 6pm @hall Closed: No heating",
            "Monday 7 December, 5.30pm to 6pm @library On",
        ]
    );
}

#[test]
fn nobody_is_sent_to_a_place_that_closed_after_the_session_was_moved_there() {
    let moved = exception(
        "Flood",
        "2026-12-07",
        "2026-12-07",
        "2026-11-20T09:00:00Z",
        "kind = \"other-place\"\nat = \"library\"",
    );
    let table = with_rule(MONDAYS, &(moved.clone() + &place_closed("library", "2026-11-25T09:00:00Z")));
    assert_eq!(
        told(&found(&table, date(2026, 12, 7), date(2026, 12, 7))),
        ["Monday 7 December, 4pm to 6pm @library Closed: No heating"]
    );
    let knowingly = with_rule(MONDAYS, &(moved + &place_closed("library", "2026-11-10T09:00:00Z")));
    assert_eq!(found(&knowingly, date(2026, 12, 7), date(2026, 12, 7))[0].status, Status::Moved);
}

#[test]
fn an_extra_session_at_a_closed_place_does_not_open_it_for_others() {
    let moved = exception(
        "Flood",
        "2026-12-07",
        "2026-12-07",
        "2026-11-20T09:00:00Z",
        "kind = \"other-place\"\nat = \"library\"",
    );
    let extra = exception("Party", "2026-12-07", "2026-12-07", "2026-11-26T09:00:00Z", EVENING)
        .replace("session = \"drop-in\"", "place = \"library\"");
    let table = with_rule(MONDAYS, &(moved + &place_closed("library", "2026-11-25T09:00:00Z") + &extra));
    assert_eq!(
        told(&found(&table, date(2026, 12, 7), date(2026, 12, 7))),
        ["Monday 7 December, 4pm to 6pm @library Closed: No heating"]
    );
}

#[test]
fn nothing_is_on_in_a_building_that_is_not_in_use() {
    let mut table = with_rule(MONDAYS, "");
    table.places.get_mut("hall").unwrap().status = PlaceStatus::Closed;
    assert_eq!(
        told(&found(&table, date(2026, 12, 7), date(2026, 12, 7))),
        ["Monday 7 December, 4pm to 6pm @hall Closed: The Hall is closed"]
    );
}

#[test]
fn on_a_bank_holiday_the_session_does_what_its_place_does() {
    let mut table = with_rule(MONDAYS, "");
    let day = date(2026, 12, 28);
    let mut told_when = |habit| {
        table.places.get_mut("hall").unwrap().bank_holidays = habit;
        told(&found(&table, day, day)).pop().unwrap()
    };
    assert_eq!(
        told_when(BankHolidays::Closed),
        "Monday 28 December, 4pm to 6pm @hall Closed: Boxing Day (substitute day)"
    );
    assert_eq!(told_when(BankHolidays::Ask), "Monday 28 December, 4pm to 6pm @hall On: Bank holiday: ask first");
    assert_eq!(told_when(BankHolidays::Open), "Monday 28 December, 4pm to 6pm @hall On");
}

#[test]
fn an_exception_for_a_bank_holiday_wins_over_what_the_place_does() {
    let opened = exception(
        "Boxing Day lunch",
        "2026-12-28",
        "2026-12-28",
        "2026-11-20T09:00:00Z",
        "kind = \"other-hours\"\ntimes = [{ from = \"12:00\", to = \"14:00\" }]",
    )
    .replace("[exception.Boxing Day lunch]", "[exception.lunch]");
    assert_eq!(
        told(&found(&with_rule(MONDAYS, &opened), date(2026, 12, 28), date(2026, 12, 28))),
        ["Monday 28 December, 12 noon to 2pm @hall Changed: Boxing Day lunch"]
    );
}

#[test]
fn an_extra_session_on_a_bank_holiday_stands_and_the_usual_one_stays_closed() {
    let extra = exception("Lunch", "2026-12-28", "2026-12-28", "2026-11-20T09:00:00Z", EVENING);
    assert_eq!(
        told(&found(&with_rule(MONDAYS, &extra), date(2026, 12, 28), date(2026, 12, 28))),
        [
            "Monday 28 December, 4pm to 6pm @hall Closed: Boxing Day (substitute day)",
            "Monday 28 December, 7pm to 8pm @hall Extra: Lunch",
        ]
    );
}
