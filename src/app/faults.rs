//! What a reader sees when something went wrong: a plain sentence, a way on, the help line, and
//! what they typed.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use leptos::prelude::*;

use super::{App, Ask};
use crate::error::{Error, Fault};
use crate::signin::views::SignInForm;
use crate::ui::{Frame, KEEP_DRAFT, OneTimeKey, Part};
use crate::web::answer::see_other;
use crate::web::forms::Fields;
use crate::web::gate::{Gate, Number};

/// The largest form whose text is kept across a fault, in bytes.
const KEPT: usize = 2 * 1024 * 1024;

/// The layer that draws faults. It holds on to what a form carried until the answer is known.
pub(super) async fn draw(State((app, gate)): State<(App, Gate)>, request: Request, next: Next) -> Response {
    let refused = gate.refuse(&request);
    let (parts, body) = request.into_parts();
    // A page that anyone reads has nothing to keep.
    if refused.is_none() && parts.method != Method::POST {
        let (method, path) = (parts.method.clone(), parts.uri.clone());
        let (kept, headers) =
            (parts.extensions.get::<Number>().cloned(), parts.headers.get(header::ACCEPT_ENCODING).cloned());
        let response = next.run(Request::from_parts(parts, body)).await;
        let Some(error) = fault(&response) else { return response };
        let ask = Ask::again(&app, kept, headers);
        return told(&ask, &error, None, &method, path.path());
    }
    let ask = Ask::new(&app, &parts);
    if let Some(error) = refused {
        let mut response = fault_page(&ask, &error, None, "/");
        if error.status() == StatusCode::BAD_REQUEST {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        return response;
    }
    let form = parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|media| media.as_bytes().starts_with(b"application/x-www-form"));
    let (request, typed) = if parts.method == Method::POST && form {
        let read = tokio::time::timeout(std::time::Duration::from_secs(30), axum::body::to_bytes(body, KEPT)).await;
        let Ok(Ok(bytes)) = read else {
            let says = "That form was too large or took too long to arrive. Nothing was changed.";
            return fault_page(&ask, &Error::Refused(StatusCode::PAYLOAD_TOO_LARGE, says), None, "/");
        };
        (Request::from_parts(parts.clone(), Body::from(bytes.clone())), Some(bytes))
    } else {
        (Request::from_parts(parts.clone(), body), None)
    };
    let response = next.run(request).await;
    let Some(error) = fault(&response) else { return response };
    let typed = typed.and_then(|bytes| Fields::read(&bytes).ok());
    told(&ask, &error, typed, &parts.method, parts.uri.path())
}

/// What went wrong, if anything did. A refusal that the router made by itself, as for an address
/// that is no text, gets a page of ours like any other.
fn fault(response: &Response) -> Option<Arc<Error>> {
    if let Some(Fault(error)) = response.extensions().get::<Fault>() {
        return Some(Arc::clone(error));
    }
    let bare =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|media| media.as_bytes().starts_with(b"text/plain"));
    let refused = response.status().is_client_error() && bare;
    refused.then(|| {
        Arc::new(Error::Refused(
            response.status(),
            "That address could not be read. Check it, or start again from the front page.",
        ))
    })
}

fn told(ask: &Ask, error: &Error, typed: Option<Fields>, method: &Method, path: &str) -> Response {
    if error.status().is_server_error() {
        tracing::error!(number = ask.number, error = %plain(error), "a request failed");
    }
    let asks_for = match error {
        Error::SignInFirst(back) => Some(("/sign-in", back)),
        Error::ProveFirst(back, proof) => Some((proof.path(), back)),
        _ => None,
    };
    if let (Some((way, back)), true) = (asks_for, *method != Method::POST) {
        let next = if back.is_empty() { String::new() } else { format!("?next={back}") };
        return see_other(&format!("{way}{next}"));
    }
    fault_page(ask, error, typed, path)
}

/// The error without anything that a form or a row carried.
fn plain(error: &Error) -> String {
    match error {
        Error::Database(sqlx::Error::Database(from)) => format!("database code {:?}", from.code()),
        Error::Database(sqlx::Error::ColumnDecode { index, .. }) => format!("column {index} does not decode"),
        Error::Database(_) => "database".into(),
        other => other.to_string(),
    }
}

fn words(error: &Error) -> (&'static str, &'static str) {
    match error {
        Error::NotFound => (
            "Page not found",
            "There is no page here that you can open. Check the address, or start again from the front page.",
        ),
        Error::SignInFirst(_) => {
            ("You have been signed out", "Nothing was sent. Your words are below. Sign in here and they come with you.")
        }
        Error::ProveFirst(..) => (
            "Prove it is you first",
            "Nothing was changed. What you typed is below. Go on and prove it is you: then it is in its box again.",
        ),
        Error::Refused(_, says) => ("That did not work", says),
        Error::Busy(_) => (
            "The service is very busy",
            "We could not make sure that it was saved. Wait a moment, then try again: it will not be sent twice.",
        ),
        Error::Duplicate => (
            "That was changed already",
            "Somebody else changed this at the same time. Go back, look at it again, and try once more.",
        ),
        Error::Sealed(_) | Error::Database(_) | Error::Setup(_) | Error::Internal(_) => {
            ("Something went wrong", "This is our fault, not yours. Nothing was saved. Try again in a few minutes.")
        }
    }
}

fn fault_page(ask: &Ask, error: &Error, typed: Option<Fields>, path: &str) -> Response {
    // A redirect makes no sense for a form: the answer is a page that still holds its text.
    let signed_out = matches!(error, Error::SignInFirst(_));
    let status =
        if signed_out || matches!(error, Error::ProveFirst(..)) { StatusCode::UNAUTHORIZED } else { error.status() };
    let (title, says) = words(error);
    let again = matches!(error, Error::Busy(_));
    let number = status.is_server_error().then(|| ask.number.clone());
    let prove = if let Error::ProveFirst(_, proof) = error { Some(proof.path()) } else { None };
    let main = view! { <FaultPage title says number typed again path=path.to_owned() signed_out prove/> };
    let mut response = ask.page(status, Frame::public(title, Part::None, main.into_any()).wrong(true));
    if again {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    if matches!(error, Error::Refused(StatusCode::METHOD_NOT_ALLOWED, _)) {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    }
    response
}

const NOT_CARRIED: &str =
    "Nothing was changed. Long texts that you typed are below. Go on and prove it is you, then do it once more.";

/// Fields that hold somebody's own words, however short.
fn is_written(name: &str) -> bool {
    const MESSAGE: [&str; 8] = ["body", "note", "reason", "note_to_staff", "contact", "email", "value", "called"];
    const PLAN: [&str; 7] = ["why", "signs", "helps", "calls", "where", "words", "questions"];
    const FACTS: [&str; 10] =
        ["name", "who", "owner", "address", "access", "bus", "cost", "book_with", "says", "dates"];
    const LISTED: [&str; 16] = [
        "number",
        "hours",
        "area",
        "text_word",
        "amount",
        "rule",
        "how",
        "proof",
        "lasts",
        "term",
        "also",
        "meaning",
        "title",
        "url",
        "council",
        "towns",
    ];
    const MEETING: [&str; 5] = ["meeting", "with", "at", "directions", "receiver"];
    const PERSON: [&str; 2] = ["detail", "about"];
    [&MESSAGE[..], &PLAN, &FACTS, &LISTED, &MEETING, &PERSON].iter().any(|list| list.contains(&name))
}

/// Fields that are never shown again or sent on.
fn is_secret(name: &str) -> bool {
    matches!(name, "passphrase" | "code" | "key" | "second" | "card")
}

#[component]
fn FaultPage(
    title: &'static str,
    says: &'static str,
    number: Option<String>,
    typed: Option<Fields>,
    again: bool,
    path: String,
    signed_out: bool,
    prove: Option<&'static str>,
) -> impl IntoView {
    // What was to be kept for later belongs to the page it was typed on.
    let place = typed.as_ref().map(|typed| typed.typed("place").to_owned()).filter(|place| place.starts_with('/'));
    // What was typed comes along through the sign-in or the proof where a page shows it again; else it is shown to be copied.
    let comes = |typed: &&Fields| place.is_some() || !typed.typed("body").trim().is_empty();
    let draft = typed.as_ref().filter(comes).map(Fields::typed_in).unwrap_or_default();
    let says = if prove.is_some() && draft.is_empty() { NOT_CARRIED } else { says };
    let next = place.unwrap_or_else(|| path.trim_end_matches("/draft").to_owned());
    let prove = prove.map(|way| {
        let Some(typed) = typed.as_ref().filter(|_| !draft.is_empty()) else {
            return view! { <p><a class="btn" href=way>"Prove it is you"</a></p> }.into_any();
        };
        let mut form = Fields::default();
        form.fill(&draft);
        form.put("place", next.clone());
        let fields = form.all().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let fields = fields.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
        // It is in its boxes again when its owner has proved who they are.
        view! { <form method="post" action=KEEP_DRAFT><OneTimeKey form=typed.clone()/>{fields}<p><button class="btn">"Prove it is you"</button></p></form> }
            .into_any()
    });
    let sign_in = signed_out.then(|| {
        let form = Fields::filled([("next", next), ("draft", draft)]);
        view! { <h2>"Sign in"</h2><SignInForm form/> }
    });
    let kept = typed.filter(|typed| typed.all().any(|(name, value)| !is_secret(name) && !value.trim().is_empty()));
    let boxes = kept.map(|typed| {
        let fields = typed.all().map(|(name, value)| {
            let (name, value) = (name.to_owned(), value.to_owned());
            if matches!(name.as_str(), "passphrase" | "code" | "second" | "card") {
                ().into_any()
            } else if matches!(name.as_str(), "key" | "shown" | "sign" | "draft" | "place" | "next") || value.trim().is_empty() || value.len() < 40 && !is_written(&name) {
                again.then(|| view! { <input type="hidden" name=name value=value/> }).into_any()
            } else {
                let text = format!("\n{value}");
                view! {
                    <div class="field"><label>"What you typed"<textarea name=name rows="6">{text}</textarea></label></div>
                }
                .into_any()
            }
        });
        let fields = fields.collect_view();
        if again {
            view! { <form method="post" action=path>{fields}<p><button class="btn">"Try again"</button></p></form> }.into_any()
        } else {
            view! { <div>{fields}</div> }.into_any()
        }
    });
    view! {
        <h1>{title}</h1>
        <p class="lead">{says}</p>
        {boxes}
        {sign_in}
        {prove}
        <ul>
            <li><a href="/">"Go to the front page"</a></li>
            <li><a href="/offer">"See the offer"</a>", or "<a href="/drop-ins">"find a drop-in"</a></li>
            <li><a href="/help">"Call someone: all help lines"</a></li>
        </ul>
        {number.map(|number| view! { <p class="meta">"If you tell us about this, say this number: "{number}</p> })}
    }
}
