//! The program carries its files inside: build it again when one of them changes.
#![allow(clippy::print_stdout, reason = "how a build script speaks to cargo")]

fn main() {
    // Only the server carries files: the islands must not be built again for a changed page.
    if std::env::var_os("CARGO_FEATURE_SSR").is_none() {
        println!("cargo:rerun-if-changed=build.rs");
        return;
    }
    for folder in ["content", "style", "public", "migrations", "target/islands"] {
        // The islands are built before the server by `make`; a build without them has none to serve.
        let made = std::fs::create_dir_all(folder);
        println!("cargo:rerun-if-changed={folder}");
        if let Err(error) = made {
            println!("cargo:warning={folder} cannot be made: {error}");
        }
    }
}
