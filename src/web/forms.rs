//! Posted fields: read once, checked field by field, and kept when something is wrong, so that a
//! page can be drawn again with what was typed and a sentence beside each fault.

use std::time::Duration;

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, Uri, header};
use jiff::civil::{Date, Time};

use crate::error::{Error, Result};

/// The largest form that is read at all, in bytes. Fields have limits of their own far below it.
const LARGEST: usize = 2 * 1024 * 1024;
/// The most fields in one form.
const MOST: usize = 200;
/// How long a form may take to arrive.
const WITHIN: Duration = Duration::from_secs(30);

/// What an address asks for under a name: the first of several.
pub fn asked(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default().as_bytes();
    form_urlencoded::parse(query).find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// Fields that a page puts into a form by itself, the button that was pressed, and secrets: all that nobody typed, or that
/// is not kept.
const NOT_TYPED: [&str; 15] = [
    "key",
    "place",
    "kept",
    "next",
    "draft",
    "version",
    "said",
    "shown",
    "sign",
    "sure",
    "do",
    "passphrase",
    "code",
    "second",
    "card",
];

/// What a form was drawn of, by which an act finds out that somebody changed it since. Kept with what was typed.
const DRAWN_OF: [&str; 4] = ["base", "seen", "sequence", "n"];

/// The fields of one posted form, and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    values: Vec<(String, String)>,
    faults: Vec<(&'static str, String)>,
}

/// One field as a view shows it.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Its name, which is also its id on the page.
    pub name: &'static str,
    /// What stands in it.
    pub value: String,
    /// What is wrong with it.
    pub fault: Option<String>,
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !media.is_some_and(|media| media.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")) {
            return Err(Error::Refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "That was not sent as a form."));
        }
        let body = axum::body::to_bytes(request.into_body(), LARGEST);
        let body = tokio::time::timeout(WITHIN, body)
            .await
            .map_err(|_| Error::Refused(StatusCode::REQUEST_TIMEOUT, "The form took too long to arrive."))?
            .map_err(|_| Error::Refused(StatusCode::PAYLOAD_TOO_LARGE, "That is too much for one form."))?;
        Self::read(&body)
    }
}

impl Fields {
    /// Reads the body of a form.
    ///
    /// # Errors
    /// [`Error::Refused`] when it has more fields than any form of ours.
    pub fn read(body: &[u8]) -> Result<Self> {
        let values: Vec<_> =
            form_urlencoded::parse(body).take(MOST + 1).map(|(n, v)| (n.into_owned(), v.into_owned())).collect();
        if values.len() > MOST {
            return Err(Error::Refused(StatusCode::PAYLOAD_TOO_LARGE, "That is too much for one form."));
        }
        Ok(Self { values, faults: Vec::new() })
    }

    /// A form that nobody has sent yet, with these values in it.
    pub fn filled<const N: usize>(values: [(&str, String); N]) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { values, faults: Vec::new() }
    }

    /// What was typed in a field, untouched; empty when it is missing.
    pub fn typed(&self, name: &str) -> &str {
        self.values.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// Puts another value in a field, for the next drawing.
    pub fn put(&mut self, name: &str, value: String) {
        self.values.retain(|(n, _)| n != name);
        self.values.push((name.to_owned(), value));
    }

    /// Every field with its value, as sent.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What was typed and chosen in it, as one text that [`fill`](Self::fill) reads; empty when nothing was.
    pub fn typed_in(&self) -> String {
        let typed = || self.all().filter(|(name, _)| !NOT_TYPED.contains(name));
        if typed().all(|(name, value)| value.trim().is_empty() || DRAWN_OF.contains(&name)) {
            return String::new();
        }
        // The mark of such a text: one without it is what stood in the box `body`.
        format!("&{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(typed()).finish())
    }

    /// Puts what was typed and chosen before in the place of all that stands in the form: a tick that was taken away stays
    /// away.
    pub fn fill(&mut self, typed_in: &str) {
        let Some(typed_in) = typed_in.strip_prefix('&') else { return self.put("body", typed_in.to_owned()) };
        let typed: Vec<(String, String)> =
            form_urlencoded::parse(typed_in.as_bytes()).into_owned().take(MOST).collect();
        let comes = |name: &str| typed.iter().any(|(typed, _)| typed == name);
        self.values.retain(|(name, _)| {
            let name = name.as_str();
            (NOT_TYPED.contains(&name) || DRAWN_OF.contains(&name)) && !comes(name)
        });
        self.values.extend(typed);
    }

    /// The field for a view.
    pub fn field(&self, name: &'static str) -> Field {
        let fault = self.faults.iter().find(|(n, _)| *n == name).map(|(_, says)| says.clone());
        Field { name, value: self.typed(name).to_owned(), fault }
    }

    /// Notes what is wrong with a field. The first sentence for a field stands.
    pub fn fault(&mut self, name: &'static str, says: impl Into<String>) {
        if !self.faults.iter().any(|(n, _)| *n == name) {
            self.faults.push((name, says.into()));
        }
    }

    /// Everything that is wrong, for the summary.
    pub fn faults(&self) -> &[(&'static str, String)] {
        &self.faults
    }

    /// Nothing is wrong.
    pub fn ok(&self) -> bool {
        self.faults.is_empty()
    }

    /// A text of several lines, with its ends trimmed and its line ends made one kind. `missing` is
    /// said when nothing was typed; `max` counts characters.
    pub fn text(&mut self, name: &'static str, max: usize, missing: &'static str) -> String {
        let text = self.raw(name).unwrap_or_default().replace("\r\n", "\n").replace('\r', "\n");
        self.check(name, &text, max, missing, |c| c == '\n' || c == '\t');
        text.trim().to_owned()
    }

    /// A text of several lines that may be left empty.
    pub fn optional_text(&mut self, name: &'static str, max: usize) -> Option<String> {
        let typed = self.raw(name).unwrap_or_default();
        (!typed.trim().is_empty()).then(|| self.text(name, max, ""))
    }

    /// A text of one line.
    pub fn line(&mut self, name: &'static str, max: usize, missing: &'static str) -> String {
        let line = self.raw(name).unwrap_or_default();
        self.check(name, &line, max, missing, |_| false);
        line.trim().to_owned()
    }

    /// A text of one line that may be left empty.
    pub fn optional(&mut self, name: &'static str, max: usize) -> Option<String> {
        let line = self.raw(name).unwrap_or_default();
        if line.trim().is_empty() {
            return None;
        }
        self.check(name, &line, max, "", |_| false);
        Some(line.trim().to_owned())
    }

    /// A secret, exactly as typed.
    pub fn secret(&mut self, name: &'static str, max: usize, missing: &'static str) -> String {
        let secret = self.raw(name).unwrap_or_default();
        if secret.is_empty() {
            self.fault(name, missing);
        } else if secret.chars().count() > max {
            self.fault(name, format!("That is too long: {max} characters at most."));
        }
        secret
    }

    /// One of a list of choices.
    pub fn choice<T>(
        &mut self,
        name: &'static str,
        read: impl Fn(&str) -> Option<T>,
        missing: &'static str,
    ) -> Option<T> {
        let choice = self.raw(name).and_then(|value| read(value.trim()));
        if choice.is_none() {
            self.fault(name, missing);
        }
        choice
    }

    /// A date from three boxes named `{name}-day`, `{name}-month` and `{name}-year`.
    pub fn date(&mut self, name: &'static str, parts: [&'static str; 3], missing: &'static str) -> Option<Date> {
        let mut number = |part: &'static str| -> Option<i16> { self.raw(part)?.trim().parse().ok() };
        let (day, month, year) = (number(parts[0]), number(parts[1]), number(parts[2]));
        let date = (|| Date::new(year?, month?.try_into().ok()?, day?.try_into().ok()?).ok())();
        if date.is_none() || !date.is_some_and(|date| (1900..=2200).contains(&date.year())) {
            self.fault(name, missing);
            return None;
        }
        date
    }

    /// A date from one box, written `2026-12-31`.
    pub fn iso_date(&mut self, name: &'static str, missing: &'static str) -> Option<Date> {
        self.choice(name, |text| text.parse::<Date>().ok().filter(|date| (2000..=2200).contains(&date.year())), missing)
    }

    /// A time of day, written `16:00`.
    pub fn time(&mut self, name: &'static str, missing: &'static str) -> Option<Time> {
        self.choice(name, |text| Time::strptime("%H:%M", text).ok(), missing)
    }

    /// A ticked box.
    pub fn ticked(&mut self, name: &'static str) -> bool {
        self.raw(name).is_some_and(|value| matches!(value.as_str(), "yes" | "on"))
    }

    /// The one-time key of a signed-in form.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is missing or not one that we made.
    pub fn key(&mut self) -> Result<[u8; 16]> {
        let bytes = self.raw("key").and_then(|key| crate::id::unhex(&key)).and_then(|key| key.try_into().ok());
        bytes.ok_or(Error::Refused(
            StatusCode::BAD_REQUEST,
            "That form was not complete. Go back, load the page again and send it once more.",
        ))
    }

    /// The form again, to be sent as another act: with a one-time key of its own.
    #[must_use]
    pub fn with_new_key(mut self) -> Self {
        self.put("key", String::new());
        self
    }

    /// The only value of a field. A second value is a fault: two cannot both be meant.
    fn raw(&mut self, name: &'static str) -> Option<String> {
        let mut values = self.values.iter().filter(|(n, _)| n == name).map(|(_, value)| value.clone());
        let (first, second) = (values.next(), values.next());
        drop(values);
        if second.is_some() {
            self.fault(name, "This was sent twice. Check it and send it once more.");
        }
        first
    }

    fn check(
        &mut self,
        name: &'static str,
        text: &str,
        max: usize,
        missing: &'static str,
        allowed: impl Fn(char) -> bool,
    ) {
        let count = text.trim().chars().count();
        if text.trim().is_empty() {
            self.fault(name, missing);
        } else if count > max {
            self.fault(name, format!("That is {count} characters long. Make it {max} or fewer."));
        } else if let Some(bad) = text.chars().find(|&c| !allowed(c) && hidden(c)) {
            self.fault(
                name,
                match bad {
                    '\n' | '\r' => "Write this on one line.".to_owned(),
                    '\u{fffd}' => "Some letters could not be read. Type them again.".to_owned(),
                    _ => "There is a hidden character in this text that cannot be kept. Type it again without pasting."
                        .to_owned(),
                },
            );
        }
    }
}

/// Characters that are not text: controls, and marks that turn the direction of what follows, with
/// which one text can be made to look like another.
pub fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffd}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn says(body: &str, read: impl Fn(&mut Fields)) -> Vec<(&'static str, String)> {
        let mut fields = Fields::read(body.as_bytes()).unwrap();
        read(&mut fields);
        fields.faults().to_vec()
    }

    #[test]
    fn a_field_that_is_missing_doubled_or_holds_hidden_characters_gets_a_sentence() {
        let read = |fields: &mut Fields| drop(fields.text("body", 10, "Write something."));
        assert_eq!(says("", read), [("body", "Write something.".to_owned())]);
        assert!(says("body=a&body=b", read)[0].1.contains("twice"));
        assert!(says("body=%E2%80%AEx", read)[0].1.contains("hidden"));
        assert!(says("body=%00x", read)[0].1.contains("hidden"));
        assert!(says("body=%FFx", read)[0].1.contains("could not be read"));
        assert!(says("body=12345678901", read)[0].1.contains("10 or fewer"));
        assert!(says("body=hi%0D%0Athere", read).is_empty());
    }

    #[test]
    fn what_was_typed_is_kept_when_it_is_wrong() {
        let mut fields = Fields::read(b"body=%E2%80%AEx&name=Jo").unwrap();
        fields.text("body", 10, "");
        assert_eq!(fields.typed("body"), "\u{202e}x");
        assert_eq!(fields.typed("name"), "Jo");
    }

    #[test]
    fn a_date_that_does_not_exist_is_a_fault() {
        let parts = ["d", "m", "y"];
        let read = |body: &str| Fields::read(body.as_bytes()).unwrap().date("born", parts, "no");
        assert_eq!(read("d=29&m=2&y=2007"), None);
        assert_eq!(read("d=29&m=2&y=2008"), Some(Date::constant(2008, 2, 29)));
        assert_eq!(read("d=1&m=1"), None);
    }
}
