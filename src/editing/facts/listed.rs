//! The boxes of each form that is made from a list of its fields.

use super::written::{Plain, Shape};
use crate::entitlements::Basis;
use crate::help::Purpose;
use crate::offer::Area;
use crate::plan::Heading;

const fn must(key: &'static str, label: &'static str, shape: Shape, missing: &'static str) -> Plain {
    Plain { key, label, hint: "", shape, missing: Some(missing) }
}

const fn may(key: &'static str, label: &'static str, shape: Shape, hint: &'static str) -> Plain {
    Plain { key, label, hint, shape, missing: None }
}

const CHECKED: Plain = must("checked_on", "Checked on", Shape::Day, "Give the day when somebody last checked this.");
const REVIEW: Plain = must("review_by", "Look again by", Shape::Day, "Give the day by which somebody must look again.");
const OWNER: Plain = must("owner", "Which team answers for it?", Shape::Words, "Say which team answers for this.");
const CLAIM: Plain = Plain {
    key: "claim",
    label: "How do we know?",
    hint: "The short names of one or more sources, with spaces between. Add :medium, :low or :disagree when we are not sure.",
    shape: Shape::Words,
    missing: Some("Say how we know this."),
};
const ORDER: Plain = must("order", "Place in lists", Shape::Number, "Give a whole number: small numbers come first.");

pub(super) const LINE: [Plain; 17] = [
    must("name", "Name of the line", Shape::Words, "Give the line a name."),
    must("number", "Number", Shape::Words, "Give the number."),
    must("how", "Call or text?", Shape::Choice(calls), "Say whether people call or text."),
    may("text_word", "Word to text", Shape::Words, "Only for a line that asks for a word, such as SHOUT."),
    must("for", "What is it for?", Shape::Choice(purposes), "Choose what it is for."),
    Plain {
        hint: "One row for each part of the week, such as Mon to Fri: 9am to 5pm. Or the word always, or unknown.",
        ..must("hours", "When does somebody answer?", Shape::Hours, "Say when somebody answers.")
    },
    may("bank_holidays", "On bank holidays", Shape::Choice(on_holidays), ""),
    must("says", "What should people know?", Shape::Sentences, "Say in a sentence what the line does."),
    may("cost", "What does it cost?", Shape::Words, ""),
    may(
        "area",
        "Only for these areas",
        Shape::Names,
        "Short names of areas or districts, such as north, chorley. Empty: everywhere.",
    ),
    may("min_age", "Youngest age", Shape::Number, ""),
    may("max_age", "Oldest age", Shape::Number, ""),
    ORDER,
    OWNER,
    CHECKED,
    REVIEW,
    CLAIM,
];

pub(super) const RIGHT: [Plain; 24] = [
    must("name", "Name", Shape::Words, "Give it a plain name."),
    must("area", "Part of the offer", Shape::Choice(areas), "Choose the part of the offer it belongs to."),
    may(
        "amount",
        "Amount",
        Shape::Words,
        "As it reads in a sentence, such as up to £100 in total. Every page that names it follows.",
    ),
    may("rule", "What is it?", Shape::Sentences, "One or two short sentences, with no amount in them."),
    must(
        "basis",
        "Why can people have it?",
        Shape::Choice(bases),
        "Say whether the law, our extra offer or a scheme for England gives it.",
    ),
    must("who", "Who can get it?", Shape::Sentences, "Say in plain words who can get it."),
    may(
        "groups",
        "Legal groups",
        Shape::Names,
        "Of eligible, relevant, former-relevant, qualifying. Empty: anyone who was in care.",
    ),
    may("anyone", "Also for people who were never in care?", Shape::Tick, ""),
    may("depends", "Does it hang on more than these boxes say?", Shape::Tick, "Then people read that they may get it."),
    may("care_at_16", "Only for people who were in care at 16 or 17?", Shape::Tick, ""),
    may("min_age", "First age", Shape::Number, ""),
    may("max_age", "Last age", Shape::Number, "24 means until the 25th birthday."),
    may(
        "life",
        "Only if one of these is true",
        Shape::Names,
        "Of university, college, apprenticeship, work, parent, custody, asylum, disabled.",
    ),
    may("districts", "Only in these districts", Shape::Names, "Short names, such as chorley, west-lancashire."),
    may("living", "Where must they live?", Shape::Choice(living), ""),
    may("council", "Which council must have looked after them?", Shape::Choice(council), ""),
    must("how", "How do people ask?", Shape::Sentences, "Say how people ask for it."),
    may("proof", "What proof do they need?", Shape::Sentences, ""),
    may("lasts", "How long or how often?", Shape::Words, ""),
    may(
        "in_force",
        "In force from",
        Shape::Words,
        "A day such as 2026-12-25, or not-yet for what has not started. Empty: in force.",
    ),
    may(
        "leaflet",
        "Place on the leaflet",
        Shape::Number,
        "A whole number for the few that are most use: small numbers come first. Empty: not on the leaflet.",
    ),
    CLAIM,
    CHECKED,
    REVIEW,
];

pub(super) const TERM: [Plain; 5] = [
    must("term", "The word", Shape::Words, "Give the word."),
    may("also", "Other forms of the word", Shape::Names, "Such as PAs, personal advisers."),
    may("only_in_list", "Keep it off the pages?", Shape::Tick, "Yes for a word that also means something else."),
    must("meaning", "What does it mean?", Shape::Sentences, "Say what it means, in plain words."),
    Plain { missing: None, ..CLAIM },
];

pub(super) const GOAL: [Plain; 7] = [
    must("heading", "Part of the plan", Shape::Choice(headings), "Choose the part of the plan it belongs to."),
    must("name", "Name", Shape::Words, "Give it a name of a few words."),
    must("want", "What I want, to copy", Shape::Sentences, "Write what somebody may want, as they would say it."),
    Plain {
        hint: "Two to five, one on each line. Begin with me: or worker: to say who does it.",
        ..must("actions", "Small first actions", Shape::Lines, "Write two to five actions.")
    },
    may("know", "Good to know", Shape::Sentences, "A right, a way or a service. It needs a source and a day."),
    Plain { missing: None, ..CLAIM },
    Plain { missing: None, ..CHECKED },
];

pub(super) const SOURCE: [Plain; 3] = [
    must("title", "Title", Shape::Words, "Give its title."),
    must("url", "Web address", Shape::Words, "Give its web address."),
    must("date", "Date", Shape::Words, "Give its date in words, such as 2 April 2026."),
];

pub(super) const HOLIDAY: [Plain; 1] = [must("name", "Name", Shape::Words, "Give the bank holiday its name.")];

pub(super) const LOCALITY: [Plain; 6] = [
    must("name", "Name", Shape::Words, "Give the area a name."),
    ORDER,
    must("council", "Which council runs it?", Shape::Words, "Say which council runs the service here."),
    OWNER,
    CHECKED,
    REVIEW,
];

pub(super) const DISTRICT: [Plain; 7] = [
    must("name", "Name", Shape::Words, "Give the district a name."),
    must("locality", "Area it belongs to", Shape::Words, "Give the short name of an area, such as north."),
    may(
        "towns",
        "Towns in it",
        Shape::Names,
        "Such as Leyland, Penwortham. One of the district's own name need not be said.",
    ),
    Plain { missing: None, ..CLAIM },
    OWNER,
    CHECKED,
    REVIEW,
];

type Choices = Vec<(&'static str, &'static str)>;

fn headings() -> Choices {
    Heading::ALL.map(|heading| (heading.as_str(), heading.title())).to_vec()
}

fn calls() -> Choices {
    vec![("call", "People call it"), ("text", "People text it")]
}

fn on_holidays() -> Choices {
    vec![("open", "As on other days"), ("closed", "Closed, or nobody knows"), ("all-day", "Day and night")]
}

fn purposes() -> Choices {
    Purpose::ALL.map(|purpose| (purpose.as_str(), purpose.title())).to_vec()
}

fn areas() -> Choices {
    Area::ALL.into_iter().filter(|area| *area != Area::Service).map(|area| (area.as_str(), area.title())).collect()
}

fn bases() -> Choices {
    Basis::ALL.map(|basis| (basis.as_str(), basis.title())).to_vec()
}

fn living() -> Choices {
    vec![("in", "Inside the county"), ("out", "Outside the county")]
}

fn council() -> Choices {
    vec![("ours", "This county's")]
}
