//! A form that carries files. Read into memory under a limit; nothing is written to disk.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

use crate::error::{Error, Result};

/// The most that all files of one form may weigh together, in bytes.
pub const LARGEST: usize = 10 * 1024 * 1024;
/// How much of a form that is too large is read and thrown away.
const PATIENCE: usize = 10 * LARGEST;
/// The most fields in one form, files and others.
const MOST: usize = 10;
/// How long a form with files may take to arrive.
const WITHIN: Duration = Duration::from_secs(120);

/// The files of one posted form, by the name of their field. One that was not chosen is not there.
#[derive(Clone, Debug, Default)]
pub struct Upload(pub BTreeMap<String, Bytes>);

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !media.is_some_and(|media| media.to_ascii_lowercase().starts_with("multipart/form-data")) {
            return Err(Error::Refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "That was not sent as a form with files."));
        }
        tokio::time::timeout(WITHIN, async {
            let (parts, body) = request.into_parts();
            let mut request = Request::from_parts(parts, Body::from(whole(body).await?));
            DefaultBodyLimit::disable().apply(&mut request);
            read(Multipart::from_request(request, state).await.map_err(|_| broken())?).await
        })
        .await
        .map_err(|_| Error::Refused(StatusCode::REQUEST_TIMEOUT, "The files took too long to arrive."))?
    }
}

/// The body, when it is not too large. One that is gets read to its end all the same, or a browser would show that
/// the line broke instead of our sentence.
async fn whole(body: Body) -> Result<Bytes> {
    let (mut kept, mut came) = (BytesMut::new(), 0);
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| broken())?;
        came += piece.len();
        if came <= LARGEST {
            kept.extend_from_slice(&piece);
        } else if came > PATIENCE {
            break;
        }
    }
    if came <= LARGEST {
        return Ok(kept.freeze());
    }
    let says = "Those files are too large: 10 MB at most together. Make two of the largest, each with the heading.";
    Err(Error::Refused(StatusCode::PAYLOAD_TOO_LARGE, says))
}

async fn read(mut parts: Multipart) -> Result<Upload> {
    let mut files = BTreeMap::new();
    for _ in 0..=MOST {
        let Some(part) = parts.next_field().await.map_err(|_| broken())? else {
            return Ok(Upload(files));
        };
        let (name, file) = (part.name().unwrap_or_default().to_owned(), part.file_name().map(str::to_owned));
        let bytes = part.bytes().await.map_err(|_| broken())?;
        // A browser sends a part without a file's name when none was chosen.
        if file.is_some_and(|file| !file.is_empty()) && files.insert(name, bytes).is_some() {
            return Err(broken());
        }
    }
    Err(broken())
}

const fn broken() -> Error {
    Error::Refused(
        StatusCode::BAD_REQUEST,
        "That form could not be read. Go back, choose the files again and send it once more.",
    )
}
