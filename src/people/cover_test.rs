#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

fn staff(n: u8) -> StaffId {
    Id::from_bytes([n; 16])
}

fn team(n: u8) -> TeamId {
    Id::from_bytes([100 + n; 16])
}

fn day(n: i8) -> Date {
    Date::constant(2026, 12, n)
}

fn away(who: u8, from: i8, to: i8, cover: Option<u8>) -> Absence {
    let id = Id::from_bytes([who; 16]);
    Absence { id, staff: staff(who), from_on: day(from), to_on: day(to), cover: cover.map(staff) }
}

fn roster(people: &[(u8, &[Role], u8, bool)], absences: &[Absence]) -> Roster {
    let live = people.iter().map(|(who, roles, of, desk)| {
        (staff(*who), Live { roles: roles.iter().copied().collect(), team: Some(team(*of)), desk: *desk })
    });
    Roster { live: live.collect(), absences: absences.to_vec() }
}

const PA: &[Role] = &[Role::Adviser];
const DUTY: &[Role] = &[Role::Adviser, Role::Duty];
const MANAGER: &[Role] = &[Role::Manager];

#[test]
fn whoever_leads_answers_and_the_cover_does_from_the_first_day_to_the_end_of_the_last() {
    let all = [(1, PA, 1, false), (2, PA, 1, false)];
    let absences = [away(1, 7, 9, Some(2))];
    for (on, answers) in [
        (6, Answers::Lead(staff(1))),
        (7, Answers::Cover { away: staff(1), until: day(9), by: staff(2) }),
        (9, Answers::Cover { away: staff(1), until: day(9), by: staff(2) }),
        (10, Answers::Lead(staff(1))),
    ] {
        assert_eq!(roster(&all, &absences).answers(Some(staff(1)), day(on)), answers, "on the {on}th");
    }
}

#[test]
fn a_cover_who_is_away_is_covered_and_a_circle_a_gap_or_a_leaver_ends_at_the_desk() {
    let all = [(1, PA, 1, false), (2, PA, 1, false), (3, PA, 1, false)];
    let at = |absences: &[Absence]| roster(&all, absences).answers(Some(staff(1)), day(8));
    let desk = Answers::Desk { away: Some((staff(1), day(9))) };
    let chain = [away(1, 7, 9, Some(2)), away(2, 8, 8, Some(3))];
    assert_eq!(at(&chain), Answers::Cover { away: staff(1), until: day(9), by: staff(3) });
    assert_eq!(at(&[away(1, 7, 9, Some(2)), away(2, 8, 8, Some(1))]), desk);
    assert_eq!(at(&[away(1, 7, 9, Some(2)), away(2, 8, 8, Some(3)), away(3, 8, 8, Some(2))]), desk);
    assert_eq!(at(&[away(1, 7, 9, Some(1))]), desk);
    assert_eq!(at(&[away(1, 7, 9, Some(2)), away(2, 8, 8, None)]), desk);
    assert_eq!(at(&[away(1, 7, 9, Some(77))]), desk);
    assert_eq!(at(&[away(1, 7, 9, None)]), desk);
    let empty = roster(&all, &[]);
    assert_eq!(empty.answers(Some(staff(77)), day(8)), Answers::Desk { away: None });
    assert_eq!(empty.answers(None, day(8)), Answers::Desk { away: None });
}

#[test]
fn what_has_no_owner_stands_in_the_list_of_the_desk_and_where_there_is_none_of_somebody() {
    let desk = Answers::Desk { away: None };
    let readers = |people: &[(u8, &[Role], u8, bool)], absences: &[Absence]| {
        roster(people, absences).readers(desk, team(1), day(8))
    };
    let all =
        [(1, PA, 1, false), (2, DUTY, 1, true), (3, MANAGER, 1, false), (4, DUTY, 2, true), (5, MANAGER, 2, false)];
    assert_eq!(readers(&all, &[]), [staff(2)]);
    assert_eq!(readers(&all, &[away(2, 8, 8, None)]), [staff(3)]);
    // On the desk by their team's list, and without the duty role: not on it.
    assert_eq!(readers(&[(1, PA, 1, true), (3, MANAGER, 1, false)], &[]), [staff(3)]);
    assert_eq!(readers(&all[..1], &[]), [staff(1)]);
    assert_eq!(readers(&all[3..], &[]), [staff(4)]);
    assert_eq!(readers(&all[4..], &[]), [staff(5)]);
    assert_eq!(readers(&[(6, PA, 2, false)], &[]), [staff(6)]);
    // Everybody is away: better in the list of somebody who is away than in none.
    assert_eq!(readers(&all[1..2], &[away(2, 8, 8, None)]), [staff(2)]);
    assert_eq!(readers(&[], &[]), Vec::<StaffId>::new());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn while_anybody_is_there_somebody_reads_and_whoever_is_here_before_whoever_is_away(
        people in prop::collection::btree_map(0u8..12, (0u8..4, 0u8..3, any::<bool>()), 1..12),
        absences in prop::collection::vec((0u8..12, 1i8..20, 0i8..6, prop::option::of(0u8..14)), 0..20),
        lead in prop::option::of(0u8..14),
        of in 0u8..3,
        on in 1i8..25,
    ) {
        let kinds: [&[Role]; 4] = [PA, DUTY, MANAGER, &[Role::SocialWorker]];
        let people: Vec<_> = people.into_iter().map(|(who, (kind, of, desk))| (who, kinds[usize::from(kind)], of, desk)).collect();
        let absences: Vec<_> = absences.into_iter().map(|(who, from, long, cover)| away(who, from, from + long, cover)).collect();
        let (roster, on) = (roster(&people, &absences), day(on));
        let answers = roster.answers(lead.map(staff), on);
        let readers = roster.readers(answers, team(of), on);
        prop_assert!(!readers.is_empty());
        let anybody_here = roster.live.keys().any(|staff| roster.away(*staff, on).is_none());
        for reader in &readers {
            prop_assert!(roster.live.contains_key(reader));
            prop_assert!(!anybody_here || roster.away(*reader, on).is_none());
        }
        if let Answers::Cover { away, until, by } = answers {
            prop_assert!(away != by && until >= on && roster.away(away, on).is_some());
        }
    }
}
