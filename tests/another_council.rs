//! Another council uses this with its own data: nothing of the first one shows.

use std::collections::BTreeMap;

use portal::app::table;
use portal::clock::Clock;
use portal::content::Library;

use crate::support::{Data, Engine, app_with, block_on, noon, text_of};

const DATES: &str = "owner = \"Our team\"\nchecked_on = 2026-11-21\nreview_by = 2027-02-19\n";

/// The words and numbers of the council that this was first made for.
const THEIRS: [&str; 9] =
    ["ancashire", "0300 123", "North", "Central", "East", "Burnley", "Preston", "Lancaster", "lcc-"];

fn page(title: &str, area: &str, order: i64, body: &str) -> String {
    format!(
        "+++\ntitle = \"{title}\"\nsummary = \"What it is about.\"\narea = \"{area}\"\norder = {order}\n{DATES}exit = false\n+++\n\n{body}\n"
    )
}

fn content() -> Library {
    let locality = |slug: &str, name: &str, order: u8| {
        format!("[locality.{slug}]\nname = \"{name}\"\norder = {order}\ncouncil = \"Shire of Mere\"\n{DATES}")
    };
    let district = |slug: &str, name: &str, locality: &str| {
        format!(
            "[district.{slug}]\nname = \"{name}\"\nlocality = \"{locality}\"\ntowns = [\"Little {name}\"]\nclaim = \"act\"\n{DATES}"
        )
    };
    let files: BTreeMap<String, String> = [
        (
            "localities.toml",
            [
                locality("hills", "The Hills", 1),
                locality("coast", "The Coast", 2),
                district("dale", "Dale", "hills"),
                district("bay", "Bay", "coast"),
            ]
            .concat(),
        ),
        (
            "places.toml",
            format!("[place.barn]\nname = \"The Barn\"\ndistrict = \"dale\"\nwho = \"Care leavers\"\nbank_holidays = \"closed\"\nstatus = \"open\"\nclaim = \"act\"\n{DATES}"),
        ),
        (
            "sessions.toml",
            format!("[session.tea]\nplace = \"barn\"\nname = \"Tea\"\nkind = \"drop-in\"\ncome = \"just-come\"\nclaim = \"act\"\n{DATES}[session.tea.rule]\nevery = \"week\"\ndays = [\"mon\"]\ntimes = [{{ from = \"16:00\", to = \"18:00\" }}]\nstarts = 2026-11-02\n"),
        ),
        ("exceptions.toml", "# None.\n".to_owned()),
        (
            "help.toml",
            format!("[line.council]\nname = \"Shire of Mere\"\nnumber = \"01632 960000\"\nhow = \"call\"\nfor = \"council-day\"\nhours = [\n  {{ days = [\"mon\"], from = \"09:00\", to = \"17:00\" }},\n]\nbank_holidays = \"closed\"\nsays = \"Call in the day.\"\norder = 1\nclaim = \"act\"\n{DATES}"),
        ),
        ("entitlements.toml", "# None.\n".to_owned()),
        ("sources.toml", "[source.act]\ntitle = \"The Act\"\nurl = \"https://example.org/act\"\ndate = \"2017\"\n".to_owned()),
        ("terms.toml", "[term.pa]\nterm = \"Personal adviser\"\nmeaning = \"The person who helps you.\"\nclaim = \"act\"\n".to_owned()),
        ("goals.toml", "# None.\n".to_owned()),
        ("bank-holidays.csv", "date,name\n2026-12-25,Christmas Day\n".to_owned()),
        ("offer/money.md", page("Money", "money", 1, "Ask for it.[^act]")),
        ("pages/privacy.md", page("Privacy", "service", 1, "What we keep.")),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into();
    Library::shipped(&files).unwrap_or_else(|faults| panic!("{faults:?}"))
}

#[test]
fn every_public_page_of_another_council_is_whole_and_shows_nothing_of_the_first() {
    block_on(async {
        let data = Data::new(Engine::Sqlite).await;
        let setup = data.setup("Next Steps Mere");
        let app = app_with(&data, &Clock::fixed(noon()), "https://mere.invalid", &setup, content()).await;
        let (router, _) = table::build(&app);
        let map = text_of(&router, "/sitemap.xml").await;
        let listed = map.split("<loc>https://mere.invalid").skip(1).filter_map(|part| part.split("</loc>").next());
        let mut paths: Vec<String> = listed.map(str::to_owned).collect();
        for expected in
            ["/", "/help", "/drop-ins", "/drop-ins/hills", "/drop-ins/coast", "/drop-ins/place/barn", "/offer/money"]
        {
            assert!(paths.iter().any(|path| path == expected), "{expected} is not listed");
        }
        let more = [
            "/drop-ins.json",
            "/drop-ins/hills.ics",
            "/drop-ins/place/barn.ics",
            "/open-referral/services",
            "/sign-in",
            "/join",
        ];
        paths.extend(more.map(str::to_owned));
        for path in &paths {
            let text = text_of(&router, path).await;
            for word in THEIRS {
                assert!(!text.contains(word), "{path} says {word}");
            }
        }
        let hills = text_of(&router, "/drop-ins/hills").await;
        assert!(hills.contains("The Barn") && hills.contains("Little Dale") && hills.contains("01632 960000"));
    });
}
