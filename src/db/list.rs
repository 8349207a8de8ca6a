//! Lists of ids in a query.

use std::fmt::Write as _;

use crate::id::Id;

/// The places of a list of ids in a query, `$2, $3` and so on, and the ids to bind to them in turn. Both are filled up
/// to a power of two with the last id, so that few statements are ever prepared; an empty list has none.
pub fn places<K>(first: usize, ids: &[Id<K>]) -> (String, Vec<Id<K>>) {
    let mut ids = ids.to_vec();
    if let Some(last) = ids.last().copied() {
        ids.resize(ids.len().next_power_of_two(), last);
    }
    let mut places = String::new();
    for at in first..first + ids.len() {
        let comma = if at == first { "" } else { ", " };
        let _ = write!(places, "{comma}${at}");
    }
    (places, ids)
}

/// A query whose text is ours, with the places of a list in it, which are numbers alone.
#[expect(clippy::disallowed_methods, reason = "nothing of a request is in the text")]
pub fn with_places(text: &'static str, places: &str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(text.replace("{}", places))
}

#[cfg(test)]
mod tests {
    use super::places;
    use crate::id::Id;

    #[test]
    fn a_list_has_as_many_places_as_ids() {
        let id = |byte| Id::<()>::from_bytes([byte; 16]);
        assert_eq!(places::<()>(1, &[]), (String::new(), vec![]));
        assert_eq!(places(2, &[id(1), id(2), id(3)]), ("$2, $3, $4, $5".to_owned(), vec![id(1), id(2), id(3), id(3)]));
    }
}
