//! Staff come, change and go: made by an administrator, out on the next request, and never while a young person
//! counts on them.

use crate::support::people::{ADA, CHRIS, MORAG, OWEN, PRIYA, SAM, SOL, SUE};
use crate::support::{Engine, TestApp, block_on, on_both};

on_both! { a_leaver_hands_over_first_and_is_out_on_the_next_request }

async fn a_leaver_hands_over_first_and_is_out_on_the_next_request(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    sam.write_message("/me/messages", "waiting for you").await.is(303);
    let before =
        app.data.raw.texts("SELECT CAST(waiting_since AS TEXT) || ' ' || CAST(due_at AS TEXT) FROM thread").await;
    let (mut priya, mut owen) = (app.signed_in(PRIYA).await, app.signed_in(OWEN).await);
    let thread = format!("/work/people/{}/messages", app.world.sam);
    priya.get("/work").await.is(200);
    owen.get(&thread).await.is(404);
    let mut ada = app.signed_in(ADA).await;
    let of_priya = format!("/admin/staff/{}", app.world.priya);
    ada.get(&of_priya).await.is(200).says("They work with 1 young person").says("Hand over first");
    assert!(!ada.get(&of_priya).await.text().contains("Sam"), "an administrator learns of nobody");
    ada.post_form(&of_priya, &[("do", "leave")]).await.is(422).says("Hand over first");
    ada.post_form(&of_priya, &[("do", "end:adviser")]).await.is(422).says("Hand over first");
    let (to_owen, to_chris) = (app.world.owen.to_string(), app.world.chris.to_string());
    ada.post_form(&of_priya, &[("do", "hand-over"), ("to", &to_chris)]).await.is(422).says("must be here");
    ada.post_form(&of_priya, &[("do", "hand-over"), ("to", &to_owen)]).await.is(303);
    // The message waits as before, for somebody who can see it now.
    let after =
        app.data.raw.texts("SELECT CAST(waiting_since AS TEXT) || ' ' || CAST(due_at AS TEXT) FROM thread").await;
    assert_eq!(before, after);
    owen.get("/work").await.says("Samtest").says("1 message not opened");
    owen.get(&thread).await.is(200).says("waiting for you");
    priya.get(&thread).await.is(404);
    ada.post_form(&of_priya, &[("do", "leave")]).await.is(303);
    priya.get("/work").await.is(303);
    let fields = [("username", PRIYA), ("passphrase", crate::support::client::PASSPHRASE)];
    let mut back = app.visitor();
    back.post_form("/sign-in", &fields).await.is(303);
    for path in ["/work", "/sign-in/second", thread.as_str()] {
        back.get(path).await.is(404);
    }
    ada.get("/admin").await.says("No longer here").says("Priya Nairtest");
}

#[test]
fn an_administrator_opens_no_record_to_themselves() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut ada = app.signed_in(ADA).await;
        let of = |staff: portal::people::StaffId| format!("/admin/staff/{staff}");
        let (of_ada, of_owen, of_priya) = (of(app.world.ada), of(app.world.owen), of(app.world.priya));
        for role in ["adviser", "social_worker", "duty", "manager"] {
            ada.post_form(&of_ada, &[("do", &format!("give:{role}"))]).await.is(422).says("Somebody else must do that");
        }
        let team = [("do", "team"), ("team", "north"), ("duty", "yes")];
        ada.post_form(&of_ada, &team).await.is(422).says("Somebody else must do that");
        let to_ada = app.world.ada.to_string();
        ada.post_form(&of_priya, &[("do", "hand-over"), ("to", &to_ada)])
            .await
            .is(422)
            .says("Somebody else must do that");
        ada.post_form(&of_owen, &[("do", "give:admin")]).await.is(422).says("works with no young people");
        // Nor to a colleague whom they made up.
        let new = [("name", "Nia Newtest"), ("email", "nia@staff.invalid"), ("role", "adviser")];
        let answer = ada.post_form("/admin/staff/new", &new).await;
        answer.is(303);
        ada.get(answer.location()).await.says("portal staff code");
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM sign_in_code WHERE owner_kind = 'staff'").await, 0);
    });
}

#[test]
fn an_administrator_adds_somebody_who_joins_and_nobody_is_left_without_an_administrator() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut ada = app.signed_in(ADA).await;
        let new = [("name", "Nia Newtest"), ("email", "nia@staff.invalid"), ("role", "adviser")];
        ada.post_form("/admin/staff/new", &[new[0], ("email", "nia"), new[2]])
            .await
            .is(422)
            .says("Enter an email address");
        // Alone nobody lets somebody in who reaches records: there must be one who says yes.
        let chris = format!("/admin/staff/{}", app.world.chris);
        ada.post_form(&chris, &[("do", "give:admin")]).await.is(303);
        let given = ada.post_form("/admin/staff/new", &new).await;
        let html = given.is(200).says("It does not work yet").text();
        let code = html.split("class=\"secret\"").nth(1).unwrap().split("<strong>").nth(1).unwrap()[..9].to_owned();
        let nia_page = html.split("href=\"/admin/staff/").nth(1).unwrap()[..32].to_owned();
        ada.post_form("/admin/staff/new", &new).await.is(422).says("has this email address already");
        let mut nia = app.visitor();
        let fields =
            [("code", code.as_str()), ("username", "nia-newtest-77"), ("passphrase", "window pepper granite sailing")];
        nia.post_form("/join", &fields).await.is(422);
        let mut other = app.signed_in(CHRIS).await;
        other.post_form(&format!("/admin/staff/{nia_page}"), &[("do", "approve")]).await.is(303);
        ada.post_form(&chris, &[("do", "end:admin")]).await.is(303);
        nia.post_form("/join", &fields).await.is(303);
        nia.get("/sign-in/second").await.is(200).says("Set up your codes");
        let of_ada = format!("/admin/staff/{}", app.world.ada);
        for word in ["end:admin", "leave"] {
            ada.post_form(&of_ada, &[("do", word)]).await.is(422).says("the only administrator");
        }
        app.wait(portal::clock::SECOND);
        ada.post_form(&chris, &[("do", "give:admin")]).await.is(303);
        ada.post_form(&of_ada, &[("do", "end:admin")]).await.is(303);
        ada.get("/admin").await.is(404);
        // A proof of long ago adds nobody.
        let mut chris = app.signed_in(CHRIS).await;
        chris.get(&of_ada).await.is(200);
        app.wait(5 * portal::clock::MINUTE);
        chris.get("/admin").await.is(200);
        chris.get("/admin/staff/new").await.is(303);
        chris.post_form("/admin/staff/new", &new).await.is(401);
    });
}

#[test]
fn an_administrator_puts_somebody_in_a_team_and_on_its_desk_and_an_empty_desk_is_told() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let (mut ada, mut owen) = (app.signed_in(ADA).await, app.signed_in(OWEN).await);
        let of_owen = format!("/admin/staff/{}", app.world.owen);
        let sam = format!("/work/people/{}", app.world.sam);
        let teams = ada.get("/admin/teams").await;
        teams.is(200).says("North leaving care team Dee Dutytest On the duty desk Central leaving care team");
        teams.says("Central leaving care team Nobody is on the duty desk");
        ada.get(&of_owen).await.says("They are in no team");
        let north = [("do", "team"), ("team", "north"), ("duty", "yes")];
        ada.post_form(&of_owen, &north).await.is(422).says("They do not hold the duty role");
        ada.post_form(&of_owen, &[("do", "team"), ("team", "south")]).await.is(422).says("Choose a team");
        assert!(!owen.get("/work").await.text().contains("duty role"));
        ada.post_form(&of_owen, &[("do", "give:duty")]).await.is(303);
        owen.get("/work").await.says("You hold the duty role, and no team has put you on its duty desk yet");
        ada.get("/admin/teams").await.says("Duty role, and on no desk");
        owen.get(&sam).await.is(404);
        ada.post_form(&of_owen, &north).await.is(303);
        ada.get(&of_owen).await.says("They are in the North leaving care team, on its duty desk");
        owen.get(&sam).await.is(200);
        assert!(!owen.get("/work").await.text().contains("duty role"));
        // Another team, and no desk.
        ada.post_form(&of_owen, &[("do", "team"), ("team", "central")]).await.is(303);
        owen.get(&sam).await.is(404);
        ada.get("/admin/teams").await.says(
            "Nobody is on the duty desk: messages of whoever has no adviser wait unseen. Owen Parrytest In the team",
        );
        ada.post_form(&of_owen, &north).await.is(303);
        ada.post_form(&of_owen, &[("do", "leave-team")]).await.is(303);
        owen.get(&sam).await.is(404);
        ada.get(&of_owen).await.says("They are in no team");
        // A role that is taken away leaves the desk empty, whoever stands on it.
        ada.post_form(&format!("/admin/staff/{}", app.world.dee), &[("do", "give:adviser")]).await.is(303);
        ada.post_form(&format!("/admin/staff/{}", app.world.dee), &[("do", "end:duty")]).await.is(303);
        ada.get("/admin/teams").await.says("without the duty role: it opens nothing");
        let acts = "SELECT action FROM audit WHERE object_kind = 'staff' AND action LIKE '%team' OR action LIKE '%desk' ORDER BY at";
        assert_eq!(app.data.raw.texts(acts).await.len(), 4);
    });
}

#[test]
fn a_code_that_lets_staff_in_again_works_when_a_second_one_has_said_yes() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut ada = app.signed_in(ADA).await;
        let of_priya = format!("/admin/staff/{}", app.world.priya);
        let give = [("do", "code"), ("known", "video")];
        // Nobody else is there: the server's own command is the way.
        ada.get(&of_priya).await.says("On the server, portal staff code makes one");
        ada.post_form(&of_priya, &give).await.is(422).says("Nobody else could say yes to it");
        let secret = |answer: &crate::support::Answer| {
            answer.is(200).text().split("class=\"secret\"").nth(1).unwrap().split("<strong>").nth(1).unwrap()[..9]
                .to_owned()
        };
        let join = async |code: &str, name: &str| {
            let mut visitor = app.visitor();
            let phrase = ("passphrase", "window pepper granite sailing");
            visitor.post_form("/join", &[("code", code), ("username", name), phrase]).await.status
        };
        // Her manager says yes, and nobody else.
        for staff in [app.world.morag, app.world.priya] {
            ada.post_form(&format!("/admin/staff/{staff}"), &[("do", "team"), ("team", "north")]).await.is(303);
        }
        let mut priya = app.signed_in(PRIYA).await;
        ada.post_form(&of_priya, &[("do", "code")]).await.is(422).says("Choose how you know that it is them");
        priya.get("/work").await.is(200);
        let given = ada.post_form(&of_priya, &give).await;
        given.says("It does not work yet");
        let code = secret(&given);
        priya.get("/work").await.is(303);
        assert_eq!(join(&code, "priya-again-31").await, 422);
        ada.get(&of_priya).await.says("The code that you gave waits for somebody else");
        ada.post_form(&of_priya, &[("do", "approve")]).await.is(303);
        assert_eq!(join(&code, "priya-again-31").await, 422, "nobody says yes to their own");
        let staff = app.world.priya.to_string();
        let mut sol = app.signed_in(SOL).await;
        sol.post_form("/work/staff-codes", &[("staff", &staff)]).await.is(404);
        let mut morag = app.signed_in(MORAG).await;
        morag.get("/work/staff-codes").await.is(200).says("Ada Admintest gave Priya Nairtest a code");
        morag.post_form("/work/staff-codes", &[("staff", &staff)]).await.is(303);
        morag.post_form("/work/staff-codes", &[("staff", &staff)]).await.is(422).says("waits no longer");
        assert_eq!(join(&code, "priya-again-31").await, 303);
        let acts = "SELECT action FROM audit WHERE object_kind = 'staff' AND action LIKE '%code' ORDER BY at, action";
        assert_eq!(app.data.raw.texts(acts).await, ["approve code", "new code"]);
        // An administrator is let in by administrators only.
        let (of_chris, chris) = (format!("/admin/staff/{}", app.world.chris), app.world.chris.to_string());
        ada.post_form(&of_chris, &[("do", "give:admin")]).await.is(303);
        ada.post_form(&of_chris, &give).await.is(422);
        let mut db = app.data.db.read().await.unwrap();
        let sue = portal::signin::store::account(&mut db, &app.data.vault, SUE).await.unwrap().unwrap().owner.id();
        drop(db);
        ada.post_form(&format!("/admin/staff/{sue}"), &[("do", "give:admin")]).await.is(303);
        let code = secret(&ada.post_form(&of_chris, &give).await);
        morag.post_form("/work/staff-codes", &[("staff", &chris)]).await.is(422);
        let mut sue = app.signed_in(SUE).await;
        sue.get(&of_chris).await.says("Ada Admintest gave a code");
        sue.post_form(&of_chris, &[("do", "approve")]).await.is(303);
        assert_eq!(join(&code, "chris-again-32").await, 303);
        // Somebody new who reaches no record needs one only.
        let new = [("name", "Nia Newtest"), ("email", "nia@staff.invalid"), ("role", "editor")];
        assert_eq!(join(&secret(&ada.post_form("/admin/staff/new", &new).await), "nia-newtest-77").await, 303);
    });
}
