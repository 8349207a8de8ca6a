//! The order in which occurrences are told.

use std::collections::BTreeMap;

use super::Occurrence;

/// Sorts by start, then place, session and end, what stands together by session in the order of their slugs.
/// An occurrence is large and texts are slow to compare: numbers that stand for them are sorted.
pub(super) fn in_time(found: Vec<Occurrence>) -> Vec<Occurrence> {
    let together = |one: &Occurrence, next: &Occurrence| one.place == next.place && one.session == next.session;
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for run in found.chunk_by(together) {
        places.extend(run.first().map(|one| (&*one.place, 0)));
    }
    for (rank, place) in places.values_mut().enumerate() {
        *place = rank;
    }
    let mut order = Vec::with_capacity(found.len());
    let (mut session, mut before) = (0, "");
    for run in found.chunk_by(together) {
        let Some(first) = run.first() else { continue };
        session += usize::from(*first.session != *before);
        before = &first.session;
        let place = places.get(&*first.place).copied();
        let from = order.len();
        order.extend(
            run.iter()
                .zip(from..)
                .map(|(one, number)| ((one.start.as_second(), place, session, one.end.as_second()), number)),
        );
    }
    // Stable: what is equal in all of it stays in the order of its keys.
    order.sort_by_key(|(key, _)| *key);
    let mut found: Vec<_> = found.into_iter().map(Some).collect();
    order.into_iter().filter_map(|(_, number)| found.get_mut(number)?.take()).collect()
}
