//! A place, box by box.

use super::{Facts, Kept, LONG, Label, SHORT, kept, number, slug};
use crate::content::{Kind, Library};
use crate::dropins::{BankHolidays, Place, PlaceStatus, Timetable};
use crate::web::forms::Fields;

impl Facts for Place {
    const KIND: Kind = Kind::Place;
    const PATH: &'static str = "/edit/places";
    const LABELS: &'static [Label] = &[
        ("name", "Name"),
        ("district", "District"),
        ("status", "In use"),
        ("who", "Who it is for"),
        ("min_age", "Youngest age"),
        ("max_age", "Oldest age"),
        ("address", "Address"),
        ("postcode", "Postcode"),
        ("lat", "Latitude"),
        ("lon", "Longitude"),
        ("phone", "Phone"),
        ("access", "Getting in"),
        ("bus", "By bus"),
        ("cost", "Cost"),
        ("note", "Before you go"),
        ("bank_holidays", "Bank holidays"),
        ("owner", "Team"),
        ("checked_on", "Checked on"),
        ("review_by", "Look again by"),
        ("claim", "Source"),
    ];

    fn boxes(&self) -> Vec<(&'static str, String)> {
        let may = |text: &Option<String>| text.clone().unwrap_or_default();
        let age = |age: Option<u8>| age.map(|age| age.to_string()).unwrap_or_default();
        let degrees = |it: Option<f64>| it.map(|it| it.to_string()).unwrap_or_default();
        vec![
            ("name", self.name.clone()),
            ("district", self.district.clone()),
            ("status", status_word(self.status).to_owned()),
            ("who", self.who.clone()),
            ("min_age", age(self.min_age)),
            ("max_age", age(self.max_age)),
            ("address", may(&self.address)),
            ("postcode", may(&self.postcode)),
            ("lat", degrees(self.lat)),
            ("lon", degrees(self.lon)),
            ("phone", may(&self.phone)),
            ("access", may(&self.access)),
            ("bus", may(&self.bus)),
            ("cost", may(&self.cost)),
            ("note", may(&self.note)),
            ("bank_holidays", holiday_word(self.bank_holidays).to_owned()),
            ("owner", self.owner.clone()),
            ("checked_on", self.checked_on.to_string()),
            ("review_by", self.review_by.to_string()),
            ("claim", self.claim.clone()),
        ]
    }

    fn read(form: &mut Fields, library: &Library) -> Option<Self> {
        const AGE: &str = "Give an age in whole years, or leave it empty.";
        const POINT: &str = "Give a number such as 53.76, or leave both empty.";
        let name = form.line("name", SHORT, "Give the place a name.");
        let known = |slug: &str| library.timetable.districts.contains_key(slug).then(|| slug.to_owned());
        let district = form.choice("district", known, "Choose the district where it is.");
        let status = form.choice("status", status_of, "Say whether the building is in use.");
        let who = form.line("who", LONG, "Say who it is for.");
        let (min_age, max_age) = (number(form, "min_age", AGE), number(form, "max_age", AGE));
        if let (Some(min), Some(max)) = (min_age, max_age)
            && min > max
        {
            form.fault("max_age", "The oldest age is below the youngest. Check the two.");
        }
        let address = form.optional("address", LONG);
        let postcode = form.optional("postcode", 10).map(|text| {
            let tidy = tidy_postcode(&text);
            if tidy.is_none() {
                form.fault("postcode", "This is not a postcode. Write it like PR1 8XJ, or leave it empty.");
            }
            tidy.unwrap_or(text)
        });
        let (lat, lon): (Option<f64>, Option<f64>) = (number(form, "lat", POINT), number(form, "lon", POINT));
        // Great Britain with room to spare, as the checks have it.
        let inside = lat.zip(lon).is_none_or(|(lat, lon)| (49.0..=61.0).contains(&lat) && (-9.0..=2.0).contains(&lon));
        if lat.is_some() != lon.is_some() {
            form.fault("lat", "The two numbers of a map point go together. Give both, or neither.");
        } else if !inside {
            form.fault(
                "lat",
                "That point is not in Great Britain. Check both numbers: in Lancashire the second is below 0.",
            );
        }
        let phone = form.optional("phone", 30);
        let digits = phone.as_ref().map(|phone| phone.chars().filter(char::is_ascii_digit).count());
        let odd = phone.as_ref().is_some_and(|phone| !phone.chars().all(|c| c.is_ascii_digit() || " +()-".contains(c)));
        if odd || digits.is_some_and(|digits| !(3..=15).contains(&digits)) {
            form.fault("phone", "This is not a phone number. Write only digits and spaces.");
        }
        let [access, bus, cost, note] = ["access", "bus", "cost", "note"].map(|name| form.optional(name, LONG));
        let bank_holidays = form.choice("bank_holidays", holiday_of, "Say what happens on bank holidays.");
        let Kept { owner, checked_on, review_by, claim } = kept(form, library)?;
        let (true, Some(district), Some(status), Some(bank_holidays)) = (form.ok(), district, status, bank_holidays)
        else {
            return None;
        };
        Some(Place {
            name,
            district,
            address,
            postcode,
            lat,
            lon,
            phone,
            access,
            bus,
            cost,
            note,
            who,
            min_age,
            max_age,
            bank_holidays,
            status,
            owner,
            checked_on,
            review_by,
            claim,
        })
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn public(&self, id: &str) -> Option<String> {
        Some(format!("/drop-ins/place/{id}"))
    }

    fn slug(&self) -> String {
        slug(&self.name)
    }

    fn refusal(&self, table: &Timetable) -> Option<&'static str> {
        let same = |it: &Place| it.name.eq_ignore_ascii_case(&self.name) && it.district == self.district;
        let there = table.places.values().any(same);
        there.then_some("There is a place of this name in this district already. Change that one instead.")
    }
}

fn status_word(status: PlaceStatus) -> &'static str {
    match status {
        PlaceStatus::Open => "open",
        PlaceStatus::Closed => "closed",
        PlaceStatus::NotConfirmed => "not-confirmed",
    }
}

fn status_of(word: &str) -> Option<PlaceStatus> {
    [PlaceStatus::Open, PlaceStatus::Closed, PlaceStatus::NotConfirmed].into_iter().find(|it| status_word(*it) == word)
}

fn holiday_word(habit: BankHolidays) -> &'static str {
    match habit {
        BankHolidays::Closed => "closed",
        BankHolidays::Open => "open",
        BankHolidays::Ask => "ask",
    }
}

fn holiday_of(word: &str) -> Option<BankHolidays> {
    [BankHolidays::Closed, BankHolidays::Open, BankHolidays::Ask].into_iter().find(|it| holiday_word(*it) == word)
}

/// A postcode in capitals with its blank; `None` if it has not the shape of one.
fn tidy_postcode(text: &str) -> Option<String> {
    let plain: String = text.to_uppercase().chars().filter(|c| !c.is_whitespace()).collect();
    let (out, inward) = plain.split_at_checked(plain.len().checked_sub(3)?)?;
    let (area, rest) = out.split_at_checked(out.find(|c: char| c.is_ascii_digit())?)?;
    let good_area = (1..=2).contains(&area.len()) && area.bytes().all(|b| b.is_ascii_uppercase());
    let good_rest = (1..=2).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric());
    let mut inward_chars = inward.bytes();
    let good_inward =
        inward_chars.next().is_some_and(|b| b.is_ascii_digit()) && inward_chars.all(|b| b.is_ascii_uppercase());
    (good_area && good_rest && good_inward).then(|| format!("{out} {inward}"))
}
