//! What ends somebody's access ends it at once: while four of their browsers keep asking, every request that
//! begins after the answer to the act came is refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use portal::clock::SECOND;
use portal::signin::Owner;

use crate::support::client::PASSPHRASE;
use crate::support::forms::key;
use crate::support::people::{AALIYAH, ADA, FAYE, SAM};
use crate::support::random::rounds;
use crate::support::{Answer, Client, Engine, TestApp, on_both};

/// Loops that ask at the same time; the last of them sends forms.
const LOOPS: usize = 4;
/// Requests of each loop that begin after the act.
const LATE: u64 = 3;

on_both! { whoever_is_shut_out_is_shut_out_at_the_next_request }

/// What ends an access.
#[derive(Clone, Copy, Debug)]
enum Act {
    Leaves,
    RoleTaken,
    Reset,
    Passphrase,
    Everywhere,
}

const ACTS: [Act; 5] = [Act::Leaves, Act::RoleTaken, Act::Reset, Act::Passphrase, Act::Everywhere];

/// Somebody who keeps asking.
#[derive(Clone)]
struct Asker {
    client: Client,
    page: &'static str,
    /// Where they post, and what with besides a one-time key.
    form: (&'static str, (&'static str, &'static str)),
}

impl Asker {
    fn young(client: Client) -> Self {
        Self { client, page: "/me", form: ("/me/messages", ("body", "still here")) }
    }

    fn staff(client: Client) -> Self {
        Self { client, page: "/work", form: ("/work/calls", ("do", "nothing")) }
    }

    async fn ask(&mut self, posts: bool) -> Answer {
        let (path, field) = self.form;
        if posts {
            self.client.post_form(path, &[("key", &key()), field]).await
        } else {
            self.client.get(self.page).await
        }
    }
}

/// Whether an answer let somebody in.
fn let_in(answer: &Answer) -> bool {
    matches!(answer.status, 200 | 422) || answer.status == 303 && answer.location() == "/me/messages"
}

/// How many requests a loop had answered while its access stood, and how many late ones were let in.
async fn keep_asking(mut asker: Asker, posts: bool, over: Arc<AtomicBool>, served: Arc<AtomicU64>) -> Vec<String> {
    let (mut late, mut wrong) = (0, Vec::new());
    while late < LATE {
        let begun_after = over.load(Ordering::SeqCst);
        let answer = asker.ask(posts).await;
        if begun_after {
            late += 1;
            let refused = answer.status == 404 || answer.status == 401 || answer.location().starts_with("/sign-in");
            if !refused {
                wrong.push(format!("{} {}", answer.status, answer.location()));
            }
        } else if let_in(&answer) {
            served.fetch_add(1, Ordering::SeqCst);
        }
    }
    wrong
}

/// Who asks in a race of this kind.
async fn asker(app: &TestApp, act: Act) -> Asker {
    match act {
        Act::Leaves | Act::RoleTaken => Asker::staff(app.signed_in(FAYE).await),
        // A reset forgets devices too: the next round begins at the first door again.
        Act::Reset => Asker::young(app.at_first_door(AALIYAH).await),
        Act::Passphrase | Act::Everywhere => Asker::young(app.signed_in(SAM).await),
    }
}

/// The one request that ends it, ready to be sent.
async fn ready(app: &TestApp, act: Act) -> (Client, String, Vec<(&'static str, String)>) {
    let member = format!("/admin/staff/{}", app.world.faye);
    let text = |word: &str| word.to_owned();
    match act {
        Act::Leaves => (app.signed_in(ADA).await, member, vec![("do", text("leave"))]),
        Act::RoleTaken => (app.signed_in(ADA).await, member, vec![("do", text("end:adviser"))]),
        Act::Reset => {
            let fields = vec![
                ("code", app.new_code(Owner::Person(app.world.aaliyah)).await),
                ("born-day", text("2")),
                ("born-month", text("9")),
                ("born-year", text("2005")),
                ("username", text(AALIYAH)),
                ("passphrase", text(PASSPHRASE)),
            ];
            (app.visitor(), text("/join"), fields)
        }
        Act::Passphrase => {
            (app.signed_in(SAM).await, text("/me/account/passphrase"), vec![("passphrase", text(PASSPHRASE))])
        }
        Act::Everywhere => (app.signed_in(SAM).await, text("/me/account"), vec![("do", text("others"))]),
    }
}

/// Faye is here again, in her role.
async fn restore(app: &TestApp) {
    let faye = app.data.raw.id(app.world.faye);
    app.data.raw.run(&format!("UPDATE staff SET state = 'active' WHERE id = {faye}")).await;
    app.data.raw.run(&format!("UPDATE staff_role SET to_at = NULL WHERE staff_id = {faye}")).await;
}

async fn whoever_is_shut_out_is_shut_out_at_the_next_request(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut before, mut races) = (0, 0);
    for round in 0..rounds(20) {
        let act = ACTS[usize::try_from(round).unwrap() % ACTS.len()];
        let (asker, (mut client, path, fields)) = (asker(&app, act).await, ready(&app, act).await);
        let (over, served) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let mut loops = tokio::task::JoinSet::new();
        for n in 0..LOOPS {
            loops.spawn(keep_asking(asker.clone(), n + 1 == LOOPS, over.clone(), served.clone()));
        }
        let waiting = async {
            // Another moment in each round, with requests under way.
            while served.load(Ordering::SeqCst) < 4 + round * 7 % 13 {
                tokio::time::sleep(Duration::from_micros(200)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("nobody was let in before the act");
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        client.post_form(&path, &fields).await.is(303);
        over.store(true, Ordering::SeqCst);
        while let Some(wrong) = loops.join_next().await {
            let wrong = wrong.unwrap();
            assert!(wrong.is_empty(), "round {round}, {act:?}: let in afterwards: {wrong:?}");
        }
        before += served.load(Ordering::SeqCst);
        races += 1;
        restore(&app).await;
        app.wait(SECOND);
    }
    let late = races * LOOPS as u64 * LATE;
    println!(
        "{races} races on {engine:?}: {before} requests answered before, {late} begun afterwards, none of those let in"
    );
}
