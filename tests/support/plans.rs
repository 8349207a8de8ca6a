//! A plan through its pages: the steps with which many promises begin.

use super::client::hidden;
use super::forms::key;
use super::{Answer, Client, TestApp};

/// The address of Sam's plan to whoever works with them.
pub fn base(app: &TestApp) -> String {
    format!("/work/people/{}/plan", app.world.sam)
}

/// Writes a text as its page offers it.
pub async fn write(client: &mut Client, path: &str, body: &str) -> Answer {
    let (key, from) = (key(), hidden(&client.get(path).await.is(200).text(), "base").unwrap());
    client.post_form(path, &[("key", &key), ("base", &from), ("body", body)]).await
}

/// Shares the draft of Sam's plan. `review`: the day on which it is talked about again, or nothing.
pub async fn share(client: &mut Client, app: &TestApp, review: &str) -> Answer {
    let path = format!("{}/share", base(app));
    let (key, seen) = (key(), hidden(&client.get(&path).await.is(200).text(), "base").unwrap());
    client.post_form(&path, &[("key", &key), ("base", &seen), ("review", review)]).await
}
