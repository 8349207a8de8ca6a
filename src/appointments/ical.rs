//! Appointments as iCalendar text (RFC 5545), by the writer of the drop-ins' feeds.
//!
//! Two kinds. The file of one appointment is its owner's own download and says what and where. The calendar with a
//! private address is read by programs, and by whoever sees the screen: it holds times and the word "Appointment", and
//! nothing that tells who somebody is or whom they meet. Neither names the council or this site: identifiers are random.
//!
//! Times are in UTC, so that no program can misread one when the clocks change.

use super::{Appointment, Slot};
use crate::clock::{MINUTE, from_micros};
use crate::dropins::calendar::{Lines, utc};

/// The one word that a calendar with a private address says of an appointment.
pub const NEUTRAL: &str = "Appointment";

/// One appointment as a file, with everything that its owner needs on the way.
pub fn file(one: &Appointment) -> String {
    let mut out = begun();
    let details = &one.details;
    let slot = Slot {
        id: one.id,
        starts_at: details.starts_at,
        minutes: details.minutes,
        sequence: one.sequence,
        changed_at: one.changed_at,
        cancelled: one.cancelled,
    };
    event(&mut out, &slot, |out| {
        out.text("SUMMARY", &details.what);
        if let Some(place) = &details.place {
            out.text("LOCATION", place);
        }
        let with = details.with.as_ref().map(|with| format!("With {with}"));
        let more: Vec<String> = [with, details.way.clone()].into_iter().flatten().collect();
        if !more.is_empty() {
            out.text("DESCRIPTION", &more.join("\n"));
        }
    });
    ended(out)
}

/// The calendar with a private address: times alone.
pub fn feed(slots: &[Slot]) -> String {
    let mut out = begun();
    out.line("X-WR-CALNAME:Appointments");
    out.line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    out.line("X-PUBLISHED-TTL:PT1H");
    for slot in slots {
        event(&mut out, slot, |out| out.text("SUMMARY", NEUTRAL));
    }
    ended(out)
}

fn begun() -> Lines {
    let mut out = Lines::default();
    out.line("BEGIN:VCALENDAR");
    out.line("VERSION:2.0");
    out.line("PRODID:-//Calendar//Appointments//EN");
    out.line("CALSCALE:GREGORIAN");
    out.line("METHOD:PUBLISH");
    out.line("X-WR-TIMEZONE:Europe/London");
    out
}

fn ended(mut out: Lines) -> String {
    out.line("END:VCALENDAR");
    out.done()
}

fn event(out: &mut Lines, slot: &Slot, says: impl FnOnce(&mut Lines)) {
    let changed = utc(from_micros(slot.changed_at));
    let ends_at = slot.starts_at.saturating_add(slot.minutes.saturating_mul(MINUTE));
    out.line("BEGIN:VEVENT");
    out.line(&format!("UID:{}", slot.id));
    out.line(&format!("DTSTAMP:{changed}"));
    out.line(&format!("LAST-MODIFIED:{changed}"));
    out.line(&format!("SEQUENCE:{}", slot.sequence));
    out.line(&format!("DTSTART:{}", utc(from_micros(slot.starts_at))));
    out.line(&format!("DTEND:{}", utc(from_micros(ends_at))));
    out.line(if slot.cancelled { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
    out.line("CLASS:PRIVATE");
    says(out);
    out.line("END:VEVENT");
}
