//! Help lines, amounts, words, bank holidays, areas: what stands in the data files is changed through pages,
//! and everything that is drawn from it follows at once.

use crate::support::client::hidden;
use crate::support::people::{CHRIS, SESSION};
use crate::support::{Answer, Client, Engine, TestApp, on_both};

on_both! {
    a_number_is_changed_taken_off_and_put_back_and_the_help_page_follows_at_once
    one_amount_is_changed_once_and_every_page_that_names_it_follows
    a_bank_holiday_that_staff_add_counts_at_once
    what_still_has_a_name_somewhere_cannot_be_taken_off
    everything_that_staff_did_stands_in_one_list_with_who_and_why
}

pub type Filled = Vec<(String, String)>;

/// What a browser would send of the form at `path` as it stands.
pub async fn open(chris: &mut Client, path: &str) -> Filled {
    let page = chris.get(path).await;
    let html = page.is(200).text();
    let (_, form) =
        html.split_once(&format!("<form method=\"post\" action=\"{}\"", path.split('?').next().unwrap())).unwrap();
    let form = form.split_once("</form>").unwrap().0;
    let attribute = |tag: &str, name: &str| {
        tag.split_once(&format!(" {name}=\"")).map(|(_, rest)| plain(rest.split('"').next().unwrap()))
    };
    let mut fields = Filled::new();
    for tag in form.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let tag = format!(" {tag}");
        if !tag.contains("type=\"checkbox\"") {
            fields.push((attribute(&tag, "name").unwrap(), attribute(&tag, "value").unwrap_or_default()));
        }
    }
    for text in form.split("<textarea ").skip(1) {
        let (tag, rest) = text.split_once('>').unwrap();
        let value = plain(rest.split("</textarea>").next().unwrap().trim_start_matches('\n'));
        fields.push((attribute(&format!(" {tag}"), "name").unwrap(), value));
    }
    for select in form.split("<select ").skip(1) {
        let (tag, rest) = select.split_once('>').unwrap();
        let options = rest.split("</select>").next().unwrap().split("<option ").skip(1);
        let chosen = options.clone().find(|option| option.split('>').next().unwrap().contains("selected"));
        let value = attribute(&format!(" {}", chosen.unwrap_or_default()), "value").unwrap_or_default();
        fields.push((attribute(&format!(" {tag}"), "name").unwrap(), value));
    }
    fields
}

fn plain(html: &str) -> String {
    html.replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        .replace("<!>", "")
}

pub async fn send(chris: &mut Client, path: &str, form: &Filled, more: &[(&str, &str)]) -> Answer {
    let kept = form.iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let fields: Vec<_> =
        kept.map(|(name, value)| (name.as_str(), value.as_str())).chain(more.iter().copied()).collect();
    chris.post_form(path, &fields).await
}

async fn a_number_is_changed_taken_off_and_put_back_and_the_help_page_follows_at_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut chris, mut anyone) = (app.signed_in(CHRIS).await, app.visitor());
    let path = "/edit/items/line/become";
    anyone.get("/help").await.says("0800 023 2033");
    let form = open(&mut chris, path).await;
    // As it is, it is no edition.
    send(&mut chris, path, &form, &[("do", "publish"), ("note_to_staff", "x")])
        .await
        .is(422)
        .says("That is how it reads now");
    let told = send(&mut chris, path, &form, &[("do", "publish"), ("number", "call us"), ("note_to_staff", "x")]).await;
    told.is(422).says("does not go with what is published");
    assert!(told.text().contains("value=\"call us\""), "what was typed is gone");
    let new = [("number", "0800 111 2222"), ("hours", "Mon to Fri: 10am to 5pm"), ("note_to_staff", "They moved")];
    send(&mut chris, path, &form, &[&new[..], &[("do", "preview")]].concat()).await.is(200).says("0800 111 2222");
    anyone.get("/help").await.says("0800 023 2033");
    send(&mut chris, path, &form, &[&new[..], &[("do", "publish")]].concat()).await.is(303);
    let help = anyone.get("/help").await;
    help.says("0800 111 2222").says("Monday to Friday, 10am to 5pm");
    assert!(!help.text().contains("0800 023 2033"));
    chris.get(path).await.says("Number: “0800 023 2033” became “0800 111 2222”");
    // Taken off, though the release brought it; and put back.
    let page = chris.get(path).await;
    let gone = [("key", page.key()), ("from", hidden(&page.text(), "from").unwrap()), ("do", "remove".into())];
    let gone: Vec<_> = gone.iter().map(|(name, value)| (*name, value.as_str())).collect();
    chris.post_form(path, &gone).await.is(303);
    assert!(!anyone.get("/help").await.text().contains("0800 111 2222"));
    chris.get("/edit/items/line").await.says("Taken off the site").says("become");
    let form = open(&mut chris, path).await;
    send(&mut chris, path, &form, &[("do", "publish"), ("note_to_staff", "It was right")]).await.is(303);
    anyone.get("/help").await.says("0800 111 2222");
}

async fn one_amount_is_changed_once_and_every_page_that_names_it_follows(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut chris, mut anyone) = (app.signed_in(CHRIS).await, app.visitor());
    let library = app.app.content();
    let shown: Vec<String> = library
        .edition
        .library
        .offer
        .values()
        .filter(|page| page.html.contains("£3,000"))
        .map(|page| format!("/offer/{}", page.slug))
        .collect();
    assert!(!shown.is_empty());
    for right in ["setting-up-home", "apprenticeship-bursary"] {
        let path = format!("/edit/items/entitlement/{right}");
        let form = open(&mut chris, &path).await;
        let more = [("amount", "£3,141"), ("note_to_staff", "A new figure"), ("do", "publish")];
        send(&mut chris, &path, &form, &more).await.is(303);
    }
    for page in shown {
        let page = anyone.get(&page).await;
        page.says("£3,141");
        assert!(!page.text().contains("£3,000"), "an old amount stands");
    }
}

async fn a_bank_holiday_that_staff_add_counts_at_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut chris, mut anyone) = (app.signed_in(CHRIS).await, app.visitor());
    let path = "/edit/items/holiday/new";
    let form = open(&mut chris, path).await;
    let more = [("name", "Coronation"), ("note_to_staff", "Announced today"), ("do", "publish")];
    send(&mut chris, path, &form, &more).await.is(422).says("Give the day of the bank holiday");
    let told = send(&mut chris, path, &form, &[&more[..], &[("day", "some day")]].concat()).await;
    told.is(422).says("Give the day, such as");
    send(&mut chris, path, &form, &[&more[..], &[("day", "3 December 2026")]].concat()).await.is(303);
    let json = anyone.get(&format!("/drop-ins.json?session={SESSION}&from=2026-12-03&to=2026-12-03")).await;
    json.is(200).says("Bank holiday: ask first");
    chris.get("/edit/items/holiday").await.says("Coronation, 3 December 2026");
}

async fn what_still_has_a_name_somewhere_cannot_be_taken_off(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut chris = app.signed_in(CHRIS).await;
    for path in
        ["/edit/items/entitlement/setting-up-home", "/edit/items/locality/north", "/edit/items/source/lcc-support"]
    {
        let form = open(&mut chris, path).await;
        send(&mut chris, path, &form, &[("do", "remove")]).await.is(422).says("Other texts still name it");
    }
}

async fn everything_that_staff_did_stands_in_one_list_with_who_and_why(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut chris = app.signed_in(CHRIS).await;
    let path = "/edit/items/term/new";
    let form = open(&mut chris, path).await;
    let more = [("term", "Key worker"), ("meaning", "The person in your home who helps you."), ("do", "publish")];
    send(&mut chris, path, &form, &[&more[..], &[("note_to_staff", "Somebody asked")]].concat()).await.is(303);
    app.wait(1_000_000);
    let page = chris.get(&format!("/edit/drop-ins/confirm?session={SESSION}")).await;
    let seen = hidden(&page.text(), "seen").unwrap();
    let confirm = [("key", page.key()), ("seen", seen), ("checked", "yes".into()), ("note", "Rang on Monday".into())];
    let confirm: Vec<_> = confirm.iter().map(|(name, value)| (*name, value.as_str())).collect();
    chris.post_form(&format!("/edit/drop-ins/confirm?session={SESSION}"), &confirm).await.is(303);
    app.wait(1_000_000);
    let change = format!("/edit/drop-ins/change?session={SESSION}&on=2026-11-26");
    let page = chris.get(&change).await;
    let (key, seen) = (page.key(), hidden(&page.text(), "seen").unwrap());
    let closed = [
        ("key", key.as_str()),
        ("seen", seen.as_str()),
        ("what", "closed"),
        ("from", "2026-11-26"),
        ("to", "2026-11-26"),
        ("reason", "Flood"),
        ("do", "publish"),
    ];
    chris.post_form(&change, &closed).await.is(303);
    let list = chris.get("/edit/history").await;
    list.is(200)
        .says("Published the word Key worker")
        .says("Somebody asked")
        .says("Confirmed the session Tests meet, White Cross")
        .says("Rang on Monday")
        .says("Closed, 26 November 2026: Tests meet")
        .says("by Chris");
    let text = list.text();
    let at = |words: &str| text.find(words).unwrap();
    assert!(at("Closed, 26 November") < at("Rang on Monday") && at("Rang on Monday") < at("Somebody asked"));
}
