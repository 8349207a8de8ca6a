//! A list of pages and rights that somebody picked. It stands in its address and nowhere else: whoever has the
//! link has the list, and we keep nothing.

pub mod routes;
pub mod views;

use crate::content::Library;
use crate::entitlements::Entitlement;
use crate::offer::{Page, is_slug};

/// The most things on one list: what a person reads, and what fits in a text message.
pub const MOST: usize = 40;
/// Stands before the name of a right.
const RIGHT: &str = "r.";

/// One thing on a list, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// A page of the offer.
    Page(String),
    /// A right or amount.
    Right(String),
}

impl Pick {
    /// The thing of this name; `None` if it cannot be one.
    #[must_use]
    pub fn read(name: &str) -> Option<Pick> {
        let (slug, right) = name.strip_prefix(RIGHT).map_or((name, false), |slug| (slug, true));
        let slug = Some(slug.to_owned()).filter(|slug| is_slug(slug))?;
        Some(if right { Pick::Right(slug) } else { Pick::Page(slug) })
    }

    /// Its name in an address.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Pick::Page(slug) => slug.clone(),
            Pick::Right(slug) => format!("{RIGHT}{slug}"),
        }
    }
}

/// The list in an address: names between commas, each once.
#[must_use]
pub fn read(text: &str) -> Vec<Pick> {
    let mut picks: Vec<Pick> = Vec::new();
    for pick in text.split([',', ' ', '\n']).map(str::trim).filter_map(Pick::read) {
        if !picks.contains(&pick) {
            picks.push(pick);
        }
    }
    picks
}

/// The address of a list.
#[must_use]
pub fn address(picks: &[Pick]) -> String {
    let names: Vec<_> = picks.iter().map(Pick::name).collect();
    if names.is_empty() { "/keep".to_owned() } else { format!("/keep?i={}", names.join(",")) }
}

/// What the list holds of what is published, and how many of its things are gone.
#[must_use]
pub fn held<'a>(library: &'a Library, picks: &[Pick]) -> (Vec<&'a Page>, Vec<&'a Entitlement>, usize) {
    let (mut pages, mut rights, mut gone) = (Vec::new(), Vec::new(), 0);
    for pick in picks {
        match pick {
            Pick::Page(slug) => library.offer.get(slug).map_or_else(|| gone += 1, |page| pages.push(page)),
            Pick::Right(slug) => library.entitlements.get(slug).map_or_else(|| gone += 1, |right| rights.push(right)),
        }
    }
    (pages, rights, gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_reads_back_from_its_address_and_takes_nothing_else() {
        let picks = read("money,r.setting-up-home,money, homelessness");
        assert_eq!(picks.len(), 3);
        assert_eq!(address(&picks), "/keep?i=money,r.setting-up-home,homelessness");
        assert_eq!(read("money,r.setting-up-home,homelessness"), picks);
        assert!(read("<script>,../x,r.,,R.Money,ü").is_empty());
        let long: Vec<String> = (0..100).map(|n| format!("page-{n}")).collect();
        assert_eq!(read(&long.join(",")).len(), 100, "what is too much is told and not dropped");
    }
}
