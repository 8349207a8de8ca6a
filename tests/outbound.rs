//! What leaves us for somebody's mailbox or phone: fixed words, and nothing of anybody, whatever they wrote and
//! whatever their names and addresses hold.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use portal::appointments::{Details, store as appointments};
use portal::clock::{Clock, DAY, HOUR, MINUTE};
use portal::letters::{How, store as letters};
use portal::messages::store::{self as messages, New};
use portal::notices::{Kind, Mail, Setup, store as notices};
use portal::offer::{feedback, store as offer};
use portal::people::access::{
    self, AnswerAppointment, AnswerMessage, ApproveLetter, AskLetter, DoAction, PrepareMeeting, SetAppointment,
    SignPlan, WriteCrisisPlan, WriteMoney, WriteOwnPlan, WritePlan, WriteSpell,
};
use portal::people::{Actor, Channel, Door, Part, Role, Spell, store as people};
use portal::plan::action::Words;
use portal::plan::crisis::Boxes;
use portal::plan::money::NewPayment;
use portal::plan::{Action, Doer, Field, Heading, Opinion, Prep, Progress, store as plan};
use portal::signin::{NewKnock, Owner, store as signin};
use portal::vault::Column;

use crate::support::notify::NotifyServer;
use crate::support::people::{hash, plan_of};
use crate::support::random::Random;
use crate::support::smtp::MailServer;
use crate::support::stolen::disguises;
use crate::support::{Data, Engine, after, block_on, filled, noon, write};

/// In every word that is planted.
const STEM: &str = "zqplanted";
/// Sealed columns that nobody's own words stand in.
const UNWRITTEN: [Column; 3] = [Column::AuditReason, Column::ImportBody, Column::MessageShown];

/// A person with a word of their own in every field, and two ways to be reached.
async fn plant(data: &Data, n: usize, world: crate::support::World) {
    let hash = hash().await.to_owned();
    let word = move |field: &str| format!("{STEM}{n}x{field}");
    let (person, profile) = write!(data, tx, vault, [hash = hash], {
        let at = noon();
        let team = people::team_of(tx, "north", "North leaving care team", "Lancashire County Council", at).await?;
        let born_on = jiff::civil::date(2008, 3, 27);
        let new =
            people::NewPerson { name: format!("{} Somebody", word("name")), called: word("called"), born_on, team };
        let person = people::insert_person(tx, vault, &new, at).await?;
        people::assign(tx, person, world.priya, Part::Pa, true, at).await?;
        let silent = format!("{}@young.invalid", word("address"));
        people::insert_contact(tx, vault, person, (Channel::Email, &silent), None).await?;
        let reached = format!("reached-{n}@young.invalid");
        people::insert_contact(tx, vault, person, (Channel::Email, &reached), Some(at)).await?;
        let number = format!("0770{n:07}");
        people::insert_contact(tx, vault, person, (Channel::Phone, &number), Some(after(MINUTE))).await?;
        let owner = Owner::Person(person);
        let account = signin::set_account(tx, vault, owner, &word("username"), hash, at).await?;
        signin::insert_generator(tx, vault, account.id, owner, &word("secret"), at).await?;
        let (session, place) = (portal::id::Id::from_bytes([0; 16]), "/me/messages");
        let desk = signin::Desk { account: account.id, owner, session, door: Door::Sealed, place };
        let until = after(HOUR).as_microsecond();
        signin::put_draft(tx, vault, desk, &word("draft"), (false, until), at).await?;
        people::insert_glass(tx, vault, person, world.owen, &word("reason"), (at, at)).await?;
        plan::insert_shared(tx, vault, person, world.priya, None, &plan_of(&word("plan")), at).await?;
        let knock = NewKnock { locality: "north".into(), body: word("knock"), contact: word("knocker"), urgent: false };
        signin::knock(tx, vault, &knock, at).await?;
        let (body, contact) = (word("feedback"), Some(word("teller")));
        offer::tell(tx, vault, &feedback::New { about: "site".into(), body, contact, urgent: false }, at).await?;
        let priya = Actor::Staff(world.priya, vec![Role::Adviser]);
        let mut answer = access::check::<AnswerMessage, _>(tx, &priya, person, at).await?.unwrap();
        let (body, shown) = (word("message"), word("shown"));
        messages::insert(&mut answer, vault, &New { shown: Some(&shown), ..New::said(&body, None) }).await?;
        messages::insert_planned(&mut answer, vault, &word("planned"), after(DAY), None).await?;
        messages::insert_template(tx, vault, world.priya, (&word("template"), &word("filled")), at).await?;
        let mut writes = access::check::<WriteSpell, _>(tx, &priya, person, at).await?.unwrap();
        let (kind, value, detail) = ("home".to_owned(), "own-tenancy".to_owned(), Some(word("street")));
        let (from_on, to_on, provided, suitable) = ("2026-11-01".to_owned(), None, None, None);
        people::add_spell(&mut writes, vault, &Spell { kind, value, detail, provided, suitable, from_on, to_on })
            .await?;
        let mut acts = access::check::<DoAction, _>(tx, &priya, person, at).await?.unwrap();
        let who = Doer::Other(word("doer"));
        let says = Action { text: word("action"), who, due_on: None, state: Progress::Dropped };
        let dropped = Words { says, why: Some(word("why")) };
        plan::insert_action(&mut acts, vault, Heading::Home, (&dropped, false)).await?;
        let mut pays = access::check::<WriteMoney, _>(tx, &priya, person, at).await?.unwrap();
        let on = jiff::civil::date(2026, 11, 1);
        let owed = plan::insert_owed(&mut pays, vault, (&word("owed"), None), 100, on).await?;
        let (note, agreed_by) = (Some(word("payment")), Some(word("agreer")));
        plan::insert_payment(&mut pays, vault, owed, &NewPayment { pence: 100, paid_on: on, note, agreed_by }).await?;
        let own = Actor::Person(person, Door::Open);
        let mut writes = access::check::<WriteCrisisPlan, _>(tx, &own, person, at).await?.unwrap();
        let some = |field: &str| Some(word(field));
        let boxes = Boxes { signs: some("signs"), helps: some("helps"), calls: some("calls"), place: some("place") };
        plan::set_crisis_plan(&mut writes, vault, &boxes).await?;
        let sealed = Actor::Person(person, Door::Sealed);
        let mut says = access::check::<WriteOwnPlan, _>(tx, &sealed, person, at).await?.unwrap();
        let shared = says.fetch(plan::versions(&says)).await?.remove(0).id;
        plan::say(&mut says, vault, shared, (Heading::Home, Opinion::Talk), Some(&word("said"))).await?;
        plan::draft(&mut says, vault).await?;
        plan::write(&mut says, vault, (Heading::Home, Field::Want), &word("wanted")).await?;
        let mut ready = access::check::<PrepareMeeting, _>(tx, &sealed, person, at).await?.unwrap();
        let prep = Prep { topics: vec![Heading::Home], questions: Some(word("asked")), ..Prep::default() };
        plan::put_prep(&mut ready, vault, &prep).await?;
        let mut submits = access::check::<WritePlan, _>(tx, &priya, person, at).await?.unwrap();
        plan::submit(&mut submits, shared, world.morag).await?;
        let morag = Actor::Staff(world.morag, vec![Role::Manager]);
        let mut returns = access::system::<SignPlan, _>(tx, &morag, person, at);
        assert!(plan::decide(&mut returns, vault, shared, Some(&word("returned"))).await?);
        let mut sets = access::check::<SetAppointment, _>(tx, &priya, person, at).await?.unwrap();
        let (with, place, way) = (some("with"), some("where"), some("way"));
        let starts_at = after(9 * DAY).as_microsecond();
        let details = Details { what: word("meeting"), with, place, way, starts_at, minutes: 60 };
        let id = appointments::insert(&mut sets, vault, world.priya, &details).await?;
        let mut cannot = access::check::<AnswerAppointment, _>(tx, &own, person, at).await?.unwrap();
        appointments::answer(&mut cannot, vault, id, Some(Some(&word("cannot")))).await?;
        let mut asks = access::check::<AskLetter, _>(tx, &own, person, at).await?.unwrap();
        let letter = letters::insert(&mut asks).await?.unwrap();
        letters::insert_use(&mut asks, vault, letter, &word("receiver")).await?;
        let mut decides = access::check::<ApproveLetter, _>(tx, &priya, person, at).await?.unwrap();
        let told = (How::Phone, jiff::civil::date(2026, 11, 24));
        letters::insert_told(&mut decides, vault, (letter, world.priya), &word("told"), told).await?;
        letters::take_back(&mut decides, vault, world.priya, &word("refused")).await?;
        notices::add(tx, Kind::PersonHasMessage, person, at).await?;
        notices::add(tx, Kind::AccountChanged, person, at).await?;
        Ok((person, people::key(tx, vault, person).await?.seal(Column::PersonProfile, person, &word("profile"))?))
    })
    .unwrap();
    let (id, profile) = (data.raw.id(person), data.raw.bytes(&profile));
    data.raw.run(&format!("UPDATE person SET profile_sealed = {profile} WHERE id = {id}")).await;
}

/// Bytes as they may be read, in large and small letters: as they are, without quoted-printable, and with every run of
/// base64 letters opened.
struct Readings(Vec<String>);

impl Readings {
    fn of(bytes: &[u8]) -> Self {
        let all = [bytes.to_vec(), without_quoted_printable(bytes), without_base64(bytes)];
        let texts = all.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        Self(texts.flat_map(|text| [text.to_lowercase(), text]).collect())
    }

    fn say(&self, word: &str) -> bool {
        let words = disguises(word.as_bytes()).into_iter().chain([word.to_lowercase().into_bytes()]);
        words.into_iter().any(|word| self.0.iter().any(|text| text.contains(&*String::from_utf8_lossy(&word))))
    }
}

fn without_quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let (mut plain, mut rest) = (Vec::new(), bytes);
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after, hex(after.first()).zip(hex(after.get(1)))) {
            (b'=', [b'\r', b'\n', after @ ..], _) => rest = after,
            (b'=', _, Some((high, low))) => {
                plain.push(u8::try_from(high * 16 + low).unwrap());
                rest = &after[2..];
            }
            _ => plain.push(*first),
        }
    }
    plain
}

fn without_base64(bytes: &[u8]) -> Vec<u8> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    // Letters of both alphabets; a mail breaks its lines within a run.
    let text: String =
        bytes.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')).map(|byte| char::from(*byte)).collect();
    let mut opened = Vec::new();
    for run in text.split(|letter: char| !(letter.is_ascii_alphanumeric() || "+/-_".contains(letter))) {
        let run = run.replace('-', "+").replace('_', "/");
        for from in 0..run.len().min(4) {
            let some = &run[from..run.len() - usize::from((run.len() - from) % 4 == 1)];
            opened.extend(GeneralPurpose::new(&alphabet::STANDARD, lenient).decode(some).unwrap_or_default());
            opened.push(b' ');
        }
    }
    opened
}

#[test]
fn what_five_hundred_people_wrote_stands_in_no_byte_of_what_is_sent() {
    block_on(async {
        let (data, world) = filled(Engine::Sqlite).await;
        let clock = Clock::fixed(after(2 * MINUTE));
        let (mails, texts) = (MailServer::start(&clock).await, NotifyServer::start(&clock).await);
        const MANY: usize = 500;
        for n in 0..MANY {
            plant(&data, n, world).await;
        }
        for column in Column::ALL.into_iter().filter(|column| !UNWRITTEN.contains(column)) {
            let (table, name) = column.name().split_once('.').unwrap();
            let rows = data.raw.number(&format!("SELECT COUNT(*) FROM {table} WHERE {name} IS NOT NULL")).await;
            let least = if column == Column::StaffName { 1 } else { 500 };
            assert!(rows >= least, "{}: {rows} rows", column.name());
        }
        let mut sent = Vec::new();
        for round in 0..3 {
            let mut setup = data.setup("Next Steps Lancashire");
            match round {
                0 => setup.smtp = Some(mails.url.clone()),
                1 => texts.set_up(&mut setup),
                // Numbers are taken away: Notify sends email.
                _ => {
                    texts.set_up(&mut setup);
                    data.raw.run("UPDATE contact_point SET ended_at = 1 WHERE kind = 'phone'").await;
                }
            }
            let mail = Mail::new(&setup).unwrap();
            data.raw.run("UPDATE outbox SET state = 'due', due_at = 0").await;
            let settled = async || notices::send_due(&data.db, &data.vault, &mail, || clock.now()).await.unwrap();
            sent.push(settled().await);
            clock.set(portal::clock::from_micros(clock.now().as_microsecond() + 16 * MINUTE));
            sent.push(settled().await);
        }
        // Of each person's two notices, that a sign-in was changed goes everywhere.
        let taken = texts.taken();
        let of = |by: &str| taken.iter().filter(|one| one.by == by).count();
        assert_eq!((mails.mails().len(), of("sms"), of("email")), (2 * MANY, 2 * MANY, MANY + 2 * MANY));
        assert_eq!(data.raw.texts("SELECT DISTINCT state FROM outbox").await, ["sent"]);
        let words: BTreeSet<_> = taken.iter().map(|one| (one.by, &one.subject, &one.body)).collect();
        assert_eq!(words.len(), 4, "two notices, two ways, and nothing else: {words:?}");
        let all = [mails.bytes(), texts.bytes()];
        for bytes in &all {
            let readings = Readings::of(bytes);
            assert!(readings.say("reached-499@young.invalid"), "nothing would be found");
            for word in [STEM, "Nairtest", "care leaver", "leaving care", "lancashire county council"] {
                assert!(!readings.say(word), "{word} was sent");
            }
        }
        // And the search finds what it should.
        for text in ["=7A=71planted", "enFwbGFudGVk", "xx.eyJhIjoienFwbGFudGVkIn0.yy", "ZQ=\r\nPLANTED"] {
            let hidden = [&all[0][..1_000], text.as_bytes()].concat();
            assert!(Readings::of(&hidden).say(STEM), "{text} is not found");
        }
        println!("{MANY} people, {sent:?} notices, {} and {} bytes: no planted word", all[0].len(), all[1].len());
    });
}

/// What a name or an address may hold that is none, or that wants to be more.
const PIECES: [&str; 24] = [
    "\r\n",
    "\n",
    "\r",
    "\0",
    "RCPT TO:<zqplanted@elsewhere.invalid>",
    "Bcc: zqplanted@elsewhere.invalid",
    "\r\n.\r\n",
    "DATA",
    "@",
    "a",
    "young.invalid",
    "<",
    ">",
    "\"",
    ",",
    ";",
    ":",
    " ",
    "\t",
    "(",
    "ü",
    "\u{202e}",
    "=?utf-8?q?=0d=0abcc:?=",
    "%0d%0a",
];

fn hostile(random: &mut Random, n: usize, channel: Channel) -> String {
    let pieces = (0..random.below(6)).map(|_| *random.pick(&PIECES)).collect::<String>();
    let (front, back) = match channel {
        Channel::Email => (format!("hostile{n}"), "@young.invalid"),
        Channel::Phone => (format!("07700{n:03}"), "456"),
    };
    match random.below(4) {
        0 => format!("{front}{back}{pieces}"),
        1 => format!("{pieces}{front}{back}"),
        2 => format!("{front}{pieces}{back}"),
        _ => format!("{pieces}{n}"),
    }
}

/// Five hundred people with such names and addresses, and a notice to each, sent once.
async fn five_hundred_hostile(channel: Channel, change: impl FnOnce(&mut Setup)) -> Data {
    let data = Data::new(Engine::Sqlite).await;
    let mut setup = data.setup("Next Steps Lancashire");
    change(&mut setup);
    let mail = Mail::new(&setup).unwrap();
    write!(data, tx, vault, {
        let (at, mut random) = (noon(), Random::new(6));
        let team = people::team_of(tx, "north", "North leaving care team", "Lancashire County Council", at).await?;
        for n in 0..500 {
            let name = hostile(&mut random, n, Channel::Email);
            let value = hostile(&mut random, n, channel);
            let born_on = jiff::civil::date(2008, 3, 27);
            let new = people::NewPerson { called: name.clone(), name, born_on, team };
            let person = people::insert_person(tx, vault, &new, at).await?;
            people::insert_contact(tx, vault, person, (channel, &value), Some(at)).await?;
            notices::add(tx, Kind::PersonHasMessage, person, at).await?;
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(notices::send_due(&data.db, &data.vault, &mail, noon).await.unwrap(), 500);
    data
}

#[test]
fn no_name_or_address_adds_a_line_to_a_mail_or_a_command_to_its_way() {
    block_on(async {
        let server = MailServer::start(&Clock::fixed(noon())).await;
        let data = five_hundred_hostile(Channel::Email, |setup| setup.smtp = Some(server.url.clone())).await;
        let commands = server.commands();
        let count = |start: &str| commands.iter().filter(|line| line.starts_with(start)).count();
        let mails = server.mails();
        let known = ["EHLO ", "MAIL FROM:<no-reply@portal.invalid>", "RCPT TO:<", "DATA\r\n", "QUIT\r\n"];
        for line in &commands {
            assert!(known.iter().any(|start| line.starts_with(start)), "a command of nobody's: {line:?}");
            assert!(!line.trim_end().contains(['\r', '\0']), "{line:?}");
        }
        assert_eq!((count("MAIL FROM"), count("DATA")), (count("RCPT TO"), mails.len()));
        for mail in &mails {
            let (head, body) = mail.text.split_once("\r\n\r\n").unwrap();
            let names: Vec<_> = head
                .lines()
                .filter(|line| !line.starts_with([' ', '\t']))
                .map(|line| line.split(':').next().unwrap())
                .collect();
            let sorted: BTreeSet<_> = names.iter().map(|name| name.to_lowercase()).collect();
            let want = [
                "auto-submitted",
                "content-transfer-encoding",
                "content-type",
                "date",
                "from",
                "message-id",
                "mime-version",
                "subject",
                "to",
            ];
            assert_eq!(
                (sorted.into_iter().collect::<Vec<_>>(), names.len()),
                (want.map(str::to_owned).to_vec(), want.len()),
                "{head}"
            );
            assert_eq!(mail.header("From"), "no-reply@portal.invalid");
            assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
            assert!(!body.contains(['/', '?', '@']) && !body.to_lowercase().contains("hostile"), "{body}");
        }
        let failed = data.raw.number("SELECT COUNT(*) FROM outbox WHERE state = 'failed'").await;
        let sent = data.raw.number("SELECT COUNT(*) FROM outbox WHERE state = 'sent'").await;
        println!("500 hostile addresses: {sent} are addresses all the same, {failed} are not and were given up");
        assert_eq!((sent + failed, usize::try_from(sent).unwrap()), (500, mails.len()));
        assert!(sent > 20 && failed > 200);
    });
}

#[test]
fn no_name_number_or_address_breaks_out_of_what_notify_is_asked() {
    block_on(async {
        let clock = Clock::fixed(noon());
        for (channel, by) in [(Channel::Email, "email"), (Channel::Phone, "sms")] {
            let server = NotifyServer::start(&clock).await;
            let data = five_hundred_hostile(channel, |setup| server.set_up(setup)).await;
            let states =
                data.raw.texts("SELECT DISTINCT state || ' ' || COALESCE(last_fault, '') FROM outbox ORDER BY 1").await;
            let told = |state: &str| {
                let kind = channel.as_str();
                match state {
                    "sent" => "sent ".to_owned(),
                    "refused" => format!("failed {kind}: Notify refused it"),
                    _ => format!("failed {kind}: the {} does not read", if by == "sms" { "number" } else { "address" }),
                }
            };
            assert!(states.iter().all(|state| ["sent", "refused", "unread"].map(told).contains(state)), "{states:?}");
            let bodies: BTreeSet<_> =
                server.taken().into_iter().map(|taken| (taken.by, taken.subject, taken.body)).collect();
            assert_eq!(bodies.len(), 1, "{bodies:?}");
            assert!(bodies.iter().all(|(way, ..)| *way == by));
            // Each request is one: nothing in it began another.
            let text = String::from_utf8_lossy(&server.bytes()).into_owned();
            assert_eq!(text.matches("HTTP/1.1\r\n").count(), text.matches("authorization: Bearer ").count());
            assert!(!text.contains("\r\nRCPT") && !text.contains("\r\nBcc"));
            println!("{by}: {} of 500 hostile values were taken", server.taken().len());
        }
    });
}

#[test]
fn what_a_notice_says_is_short_and_holds_no_link() {
    block_on(async {
        let clock = Clock::fixed(noon());
        let server = NotifyServer::start(&clock).await;
        let (data, world) = filled(Engine::Sqlite).await;
        let mut setup = data.setup("Next Steps Lancashire");
        server.set_up(&mut setup);
        let mail = Mail::new(&setup).unwrap();
        let kinds = [
            Kind::WorkerHasMessage,
            Kind::PersonHasMessage,
            Kind::Reminder,
            Kind::AccountChanged,
            Kind::GlassBroken,
            Kind::Alert,
        ];
        let sam = world.sam;
        for channel in [Channel::Email, Channel::Phone] {
            if channel == Channel::Phone {
                write!(
                    data,
                    tx,
                    vault,
                    people::insert_contact(tx, vault, sam, (channel, "07700900111"), Some(noon())).await
                )
                .unwrap();
            }
            for kind in kinds {
                data.raw.run("DELETE FROM outbox").await;
                write!(data, tx, vault, notices::add(tx, kind, sam, noon()).await).unwrap();
                notices::send_due(&data.db, &data.vault, &mail, noon).await.unwrap();
            }
        }
        let taken = server.taken();
        // That a sign-in was changed goes to both.
        assert_eq!(taken.len(), 13, "{taken:?}");
        for notice in taken {
            let open = format!("{} {}", notice.subject, notice.body).to_lowercase();
            for word in ["/", "?q", "http", "www", "care", "adviser", "social", "message", "sam", "whittle"] {
                assert!(!open.contains(word), "{word}: {open}");
            }
            assert!(notice.body.starts_with("Next Steps Lancashire: ") || notice.by == "email");
            assert!(
                notice.by == "email" || notice.body.is_ascii() && notice.body.len() <= 160,
                "more than one text message: {}",
                notice.body
            );
        }
    });
}
