//! What a thief of the database, its log or a backup can read: none of what was written.

use std::collections::BTreeSet;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use portal::id::Id;
use portal::signin::Owner;
use portal::vault::{Column, OwnerKey, Vault, new_id};

use crate::support::client::PASSPHRASE;
use crate::support::people::{AALIYAH, PRIYA, SAM};
use crate::support::stolen::{disguises, holds, stolen};
use crate::support::{Data, Engine, TestApp, on_both};

on_both! {
    every_sealed_column_is_in_the_vault_s_table_and_the_other_way_round
    a_stolen_database_holds_none_of_the_planted_words
    a_sealed_value_opens_in_its_own_place_only
}

async fn every_sealed_column_is_in_the_vault_s_table_and_the_other_way_round(engine: Engine) {
    let data = Data::new(engine).await;
    let mut stored = BTreeSet::new();
    for table in data.raw.tables().await {
        let sql = match engine {
            Engine::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
            Engine::Postgres => {
                format!(
                    "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
                )
            }
        };
        let columns = data.raw.texts(&sql).await;
        stored.extend(
            columns.into_iter().filter(|column| column.ends_with("_sealed")).map(|column| format!("{table}.{column}")),
        );
    }
    let known: BTreeSet<_> = Column::ALL.iter().map(|column| column.name().to_owned()).collect();
    assert_eq!(known.len(), Column::ALL.len(), "two columns of one name");
    assert_eq!(stored, known);
}

async fn a_stolen_database_holds_none_of_the_planted_words(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    let mut priya = app.signed_in(PRIYA).await;
    let thread = format!("/work/people/{}/messages", app.world.sam);
    sam.write_message("/me/messages", "I planted a tamarind tree behind the yellowhouse").await.is(303);
    priya.write_message(&thread, "Then I will bring a wateringcan").await.is(303);
    priya.get(&format!("/work/people/{}/plan", app.world.sam)).await.is(200);
    // Typed where it is not kept.
    app.visitor()
        .post_form("/sign-in", &[("username", "stranger-mistyped-91"), ("passphrase", "mistyped cellophane words")])
        .await
        .is(422);
    let told = [("body", "The opening hours of the cormorant café are wrong"), ("contact", "pelican@young.invalid")];
    app.visitor().post_form("/feedback", &told).await.is(303);
    let code = portal::signin::new_code().unwrap();
    let aaliyah = Owner::Person(app.world.aaliyah);
    let now = app.clock.now();
    app.data
        .db
        .write((app.data.vault.clone(), code.clone()), move |tx, (vault, code)| {
            Box::pin(async move {
                portal::signin::store::insert_code(
                    tx,
                    vault,
                    &portal::signin::store::NewCode::plain(aaliyah, code),
                    now,
                )
                .await
            })
        })
        .await
        .unwrap();
    app.deliver().await;

    let stolen = stolen(&app.data).await;
    // What may be read there shows that the search finds things at all.
    for word in ["North leaving care team", "2008-03-27"] {
        assert!(holds(&stolen, word.as_bytes()), "{word} was not found: nothing would be");
    }
    let seen = app.data.raw.texts("SELECT passphrase_hash FROM account LIMIT 1").await;
    assert!(seen[0].starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", seen[0]);
    let token = sam.cookies["__Host-sess"].clone();
    let words = [
        "tamarind",
        "yellowhouse",
        "wateringcan",
        "cormorant",
        "pelican",
        "marigoldplan",
        "Whittletest",
        "Samtest",
        "Khantest",
        "Aaliyahtest",
        "Nairtest",
        "Lewistest",
        "staff.invalid",
        "young.invalid",
        SAM,
        AALIYAH,
        PRIYA,
        PASSPHRASE,
        "lantern",
        "stranger-mistyped-91",
        "cellophane",
        &token,
        &code,
        &code.replace('-', ""),
    ];
    let bytes = portal::id::unhex(&token).unwrap();
    for word in words.iter().map(|word| word.as_bytes()).chain([bytes.as_slice()]) {
        for disguise in disguises(word) {
            assert!(!holds(&stolen, &disguise), "the stolen database holds {:?}", String::from_utf8_lossy(&disguise));
        }
    }
}

async fn a_sealed_value_opens_in_its_own_place_only(engine: Engine) {
    let app = TestApp::start(engine).await;
    let raw = &app.data.raw;
    let mut sam = app.signed_in(SAM).await;
    sam.write_message("/me/messages", "the first").await.is(303);
    sam.write_message("/me/messages", "the second").await.is(303);
    // Somebody with the database moves one text to the other's row.
    raw.run("UPDATE message SET body_sealed = (SELECT m.body_sealed FROM message m WHERE m.seq = 1) WHERE seq = 2")
        .await;
    let answer = sam.get("/me/messages").await;
    answer.is(500);
    assert!(!answer.text().contains("the first"));
    // Or makes one person's key another's.
    let swap = format!(
        "UPDATE seal_key SET wrapped = (SELECT k.wrapped FROM seal_key k WHERE k.owner_id = {}) WHERE owner_id = {}",
        raw.id(app.world.aaliyah),
        raw.id(app.world.sam)
    );
    raw.run(&swap).await;
    sam.get("/me").await.is(500);
}

/// Sealed cells of several people, in every column.
fn cells(vault: &Vault) -> Vec<(OwnerKey, Column, Id<()>, Vec<u8>)> {
    let mut cells = Vec::new();
    for _ in 0..5 {
        let (key, _) = vault.new_owner_key(new_id::<()>().unwrap()).unwrap();
        for column in Column::ALL {
            let row = new_id().unwrap();
            let sealed = key.seal(column, row, "I planted a tamarind tree").unwrap();
            cells.push((key.clone(), column, row, sealed));
        }
    }
    cells
}

#[test]
fn of_a_hundred_thousand_changed_cells_none_opens() {
    const MANY: usize = 100_000;
    let cells = cells(&Vault::new(&[3; 32]).unwrap());
    let mut accepted = 0;
    for n in 0..MANY {
        let dice = portal::vault::sha256(&n.to_be_bytes());
        let pick = |at: usize, below: usize| usize::from(u16::from_be_bytes([dice[at], dice[at + 1]])) % below;
        let (key, column, row, sealed) = &cells[pick(0, cells.len())];
        let mut other = pick(2, cells.len() - 1);
        other += usize::from(cells[other].2 == *row);
        let (other_key, other_column, other_row, other_sealed) = &cells[other];
        let mut changed = sealed.clone();
        let at = pick(4, sealed.len());
        let (mut from, mut to, mut of) = (key, *row, *column);
        match n % 8 {
            0 | 1 => changed[at] ^= 1 << pick(6, 8),
            2 => changed.truncate(at),
            3 => changed.extend(&dice[..1 + pick(6, 31)]),
            // In the place of another: its row, its column, its person, or all of it.
            4 => to = *other_row,
            5 => of = *Column::ALL.iter().filter(|one| *one != column).nth(pick(6, Column::ALL.len() - 1)).unwrap(),
            6 if other_column == column => from = other_key,
            // The end of another's, long enough to differ.
            6 => changed[at % 64..].copy_from_slice(&other_sealed[at % 64..]),
            _ => changed.clone_from(other_sealed),
        }
        assert!(changed != *sealed || to != *row || of != *column || !std::ptr::eq(from, key), "{n} changes nothing");
        accepted += usize::from(from.open(of, to, &changed).is_ok());
    }
    println!("{accepted} of {MANY} changed cells opened");
    assert_eq!(accepted, 0);
    assert!(cells.iter().all(|(key, column, row, sealed)| key.open(*column, *row, sealed).is_ok()));
}

#[test]
fn the_search_for_planted_words_sees_through_hex_and_base64() {
    let word = b"tamarind";
    for before in ["", "a", "ab", "abc"] {
        let whole = format!("{before}tamarind and more");
        let encoded = BASE64_STANDARD.encode(&whole);
        assert!(disguises(word).iter().any(|disguise| holds(encoded.as_bytes(), disguise)), "{before}: {encoded}");
    }
    assert!(disguises(word).iter().any(|disguise| holds(portal::id::hex(b"a tamarind").as_bytes(), disguise)));
    assert!(!disguises(word).iter().any(|disguise| holds(b"tamarisk", disguise)));
}
