//! A copy of one's own record holds everything of one's own and nothing of anybody else's, opens without us,
//! and is for the last door only.

use portal::messages::store::{self as messages, New};
use portal::people::access::{self, ExportRecord, ReadPlan, ReadThread, WriteMessage};
use portal::people::{Actor, Door, store as people};
use portal::plan::store as plan;

use crate::support::people::{AALIYAH, OWEN, PRIYA, SAM, plan_of};
use crate::support::{Engine, TestApp, block_on, filled, noon, on_both, write};

#[test]
fn a_copy_holds_every_word_of_ones_own_and_none_of_another_s() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
        let thread = format!("/work/people/{}/messages", app.world.sam);
        sam.write_message("/me/messages", "canary-mine <b>&\n second line").await.is(303);
        priya.write_message(&thread, "canary-answer").await.is(303);
        let (mut aaliyah, mut owen) = (app.signed_in(AALIYAH).await, app.signed_in(OWEN).await);
        aaliyah.write_message("/me/messages", "canary-other").await.is(303);
        let hers = format!("/work/people/{}/messages", app.world.aaliyah);
        owen.write_message(&hers, "canary-other-answer").await.is(303);
        let add = [("do", "add"), ("value", "07700 900123")];
        sam.post_form("/me/account/reach", &add).await.is(303);
        sam.get("/me/record/take").await.is(200).says("Is this phone yours alone?");
        let page = sam.get("/me/record/take/page").await;
        page.is(200).says("canary-mine <b>& second line").says("Version 1");
        assert_eq!(page.header("content-disposition"), "attachment; filename=\"my-copy.html\"");
        assert!(!page.text().contains("src=") && !page.text().contains("href="), "it needs nothing from anywhere");
        let data = sam.get("/me/record/take/data").await;
        let json: serde_json::Value = serde_json::from_str(&data.is(200).text()).unwrap();
        assert_eq!(json["messages"][0]["text"], "canary-mine <b>&\n second line");
        let email = format!("{SAM}@young.invalid");
        for text in [page.text(), data.text()] {
            for mine in [
                "canary-answer",
                "Samuel Whittletest",
                "Samtest",
                SAM,
                "07700900123",
                &email,
                "Priya Nairtest",
                "Faye Formertest",
                "North leaving care team",
                "marigoldplan plan now",
                "marigoldplan first step",
                "marigoldplan helper",
                "read your messages",
            ] {
                assert!(text.contains(mine), "{mine} is missing");
            }
            for other in ["canary-other", "Khantest", "Aaliyahtest", AALIYAH, "Owen Parrytest"] {
                assert!(!text.contains(other), "{other} is somebody else's");
            }
        }
        let taken = "SELECT COUNT(*) FROM audit WHERE action = 'export' AND object_kind = 'record'";
        assert_eq!(app.data.raw.number(taken).await, 2);
        // Before the last door there is no copy.
        let mut second = app.at_second_door(SAM).await;
        for what in ["", "/page", "/data"] {
            let answer = second.get(&format!("/me/record/take{what}")).await;
            assert!(answer.status == 303 && answer.location().starts_with("/sign-in/again"), "{}", answer.location());
        }
    });
}

on_both! {
    a_copy_reads_every_message_plan_worker_and_spell
}

async fn a_copy_reads_every_message_plan_worker_and_spell(engine: Engine) {
    let (data, world) = filled(engine).await;
    let sam = world.sam;
    let me = Actor::Person(sam, Door::Sealed);
    let many = portal::messages::SHOWN + 5;
    let actor = me.clone();
    write!(data, tx, vault, [actor = actor], {
        let mut proof = access::check::<WriteMessage, _>(tx, actor, sam, noon()).await?.unwrap();
        for n in 0..many {
            messages::insert(&mut proof, vault, &New::said(&format!("message {n}"), None)).await?;
        }
        portal::error::Result::Ok(())
    })
    .unwrap();
    let (priya, sections) = (world.priya, plan_of("lupin"));
    write!(data, tx, vault, [sections = sections], {
        plan::insert_shared(tx, vault, sam, priya, None, sections, noon()).await?;
        people::begin_spell(tx, sam, "district", "lancaster", "2025-01-01".parse().unwrap()).await?;
        people::begin_spell(tx, sam, "district", "wyre", "2026-01-01".parse().unwrap()).await
    })
    .unwrap();
    let mut db = data.db.read().await.unwrap();
    let mut proof = access::check::<ReadThread, _>(&mut db, &me, sam, noon()).await.unwrap().unwrap();
    let all = messages::whole_thread(&mut proof, &data.vault, false).await.unwrap();
    assert_eq!((all.len() as i64, all[0].body.as_str()), (many, "message 0"));
    assert_eq!(
        messages::thread(&mut proof, &data.vault, None).await.unwrap().messages.len() as i64,
        portal::messages::SHOWN
    );
    let mut proof = access::check::<ReadPlan, _>(&mut db, &me, sam, noon()).await.unwrap().unwrap();
    let all = plan::every_shared(&mut proof, &data.vault).await.unwrap();
    assert_eq!(all.iter().map(|plan| plan.version).collect::<Vec<_>>(), [2, 1]);
    let mut proof = access::check::<ExportRecord, _>(&mut db, &me, sam, noon()).await.unwrap().unwrap();
    let workers = people::assignments(&mut proof, &data.vault).await.unwrap();
    assert_eq!(workers.len(), 6);
    assert_eq!(
        workers.iter().filter(|one| one.to.is_some()).map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["Faye Formertest"]
    );
    let spells = people::spells(&mut proof, &data.vault).await.unwrap();
    let told: Vec<_> = spells.iter().map(|one| (one.value.as_str(), one.to_on.as_deref())).collect();
    assert_eq!(told, [("wyre", None), ("lancaster", Some("2026-01-01"))]);
}
