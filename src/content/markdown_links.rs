//! Where a link in a text may lead, and the ids of headings that it may lead to.

use super::Pen;

impl Pen<'_> {
    /// Notes what is wrong with a link; one to a part of a page is looked up once all pages are drawn.
    pub(super) fn link(&mut self, href: &str, at: usize) {
        let scheme = href.split_once(':').map(|(scheme, _)| scheme);
        if href.chars().any(|c| c.is_whitespace() || c == '\\' || c == '<' || c == '>' || c == '"') {
            self.error(at, format!("The link “{href}” holds a character that links cannot have."));
        } else if let Some(fragment) = href.strip_prefix('#') {
            let line = self.line(at);
            self.within.push((line, fragment.to_owned()));
        } else if href.starts_with("//") {
            self.error(at, format!("The link “{href}” has no start. Write https:// in front."));
        } else if href.starts_with('/') {
            let (address, fragment) = href.split_once('#').map_or((href, None), |(a, f)| (a, Some(f)));
            if !self.known.addresses.contains(address) {
                self.error(at, format!("The link “{href}” leads nowhere: this site has no such page."));
            } else if let Some(fragment) = fragment {
                let line = self.line(at);
                self.drawn.elsewhere.push((line, address.to_owned(), fragment.to_owned()));
            }
        } else if matches!(scheme, Some("http" | "https")) {
            let host = href.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
            if host.is_none_or(|host| !host.contains('.') || host.contains('@')) {
                self.error(at, format!("The link “{href}” does not name a website."));
            }
        } else if !matches!(scheme, Some("tel" | "mailto" | "sms")) {
            self.error(
                at,
                format!(
                    "The link “{href}” cannot be used. Links start with https://, tel:, mailto:, or / for this site."
                ),
            );
        }
    }

    /// An id made of the heading's words that nothing on the page has yet.
    pub(super) fn id_for(&mut self, text: &str) -> String {
        let mut id = String::new();
        for c in text.chars().flat_map(char::to_lowercase).filter(|c| *c != '\'' && *c != '’') {
            if c.is_ascii_alphanumeric() {
                id.push(c);
            } else if !id.is_empty() && !id.ends_with('-') {
                id.push('-');
            }
            if id.len() >= 60 {
                break;
            }
        }
        let id = id.trim_end_matches('-');
        // The list of sources owns every id that starts so.
        let id = if id.is_empty() || id.starts_with("source-") { format!("part-{id}") } else { id.to_owned() };
        let id = id.trim_end_matches('-').to_owned();
        let mut unique = id.clone();
        let mut count = 2;
        while !self.ids.insert(unique.clone()) {
            unique = format!("{id}-{count}");
            count += 1;
        }
        unique
    }
}
