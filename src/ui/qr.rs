//! QR codes, drawn by this program: nobody else learns what is scanned, and no picture is fetched.

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

/// The quiet edge that readers of codes need, in squares.
const EDGE: i32 = 4;

/// A QR code as one picture, black on white in every mode; nothing when the text is too long for one.
#[component]
pub fn Qr(
    /// What a phone reads from it, such as an address.
    text: String,
    /// What it is, for those who do not see it.
    label: String,
) -> impl IntoView {
    let (size, path) = squares(&text)?;
    let wide = size + 2 * EDGE;
    // Each row of squares is a stroke one square high, drawn along its middle.
    let (left, top) = (-EDGE, f64::from(-EDGE) - 0.5);
    Some(view! {
        <svg class="qr" width="192" height="192" role="img" aria-label=label viewBox=format!("{left} {top} {wide} {wide}") shape-rendering="crispEdges">
            <rect x=left y=top width=wide height=wide fill="#fff"></rect>
            <path d=path stroke="#000"></path>
        </svg>
    })
}

/// How many squares a side of the code has, and its black ones as one path: `M x y h run`, where
/// `y` is the middle of the row.
fn squares(text: &str) -> Option<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let black = code.get_module(x, y);
            let end = (x..code.size()).find(|next| code.get_module(*next, y) != black).unwrap_or(code.size());
            if black {
                path += &format!("M{x} {y}h{}", end - x);
            }
            x = end;
        }
    }
    Some((code.size(), path))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_path_is_black_exactly_where_the_code_is() {
        for text in ["https://nextsteps.example.gov.uk", "http://localhost:3000/leaflet/north", ""] {
            let code = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
            let (size, path) = squares(text).unwrap();
            assert_eq!(size, code.size());
            let mut drawn = BTreeSet::new();
            for stroke in path.split('M').skip(1) {
                let (at, run) = stroke.split_once('h').unwrap();
                let (x, y) = at.split_once(' ').unwrap();
                let (x, y, run): (i32, i32, i32) = (x.parse().unwrap(), y.parse().unwrap(), run.parse().unwrap());
                drawn.extend((x..x + run).map(|x| (x, y)));
            }
            let black = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
            assert_eq!(drawn, black.filter(|(x, y)| code.get_module(*x, *y)).collect(), "{text}");
        }
    }

    #[test]
    fn a_text_too_long_for_a_code_gives_none() {
        assert!(squares(&"x".repeat(4_000)).is_none());
    }
}
