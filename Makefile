# Two commands: `make run` and `make test`. Each does its own set-up on a fresh machine with Rust
# and Node, and says in one line what it misses.
# Daily: make check, make watch. With nginx, wrk and Chromium: make bench. At full size: make drill.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

WASM := target/wasm/wasm32-unknown-unknown/wasm-release/portal.wasm
ISLANDS := target/islands/me.txt
NODE := end2end/node_modules/.package-lock.json
BROWSER := benches/browser/node_modules/.package-lock.json
ASTRO := benches/astro/dist/server/entry.mjs
# Keeps the folders of this machine out of what browsers are sent.
WASM_FLAGS := --remap-path-prefix=$(HOME)/.cargo/registry/src=

.PHONY: help run code test check watch bench drill release islands tools test-tools bench-tools clean

help:
	@echo "make run    build and start the demo on port 3000"
	@echo "make test   every check and test"
	@echo "make check  format, lints and docs"
	@echo "make watch  start the demo again at every change"
	@echo "make bench  side-by-side measurements and what a browser sees (needs nginx, wrk, Chromium)"
	@echo "make drill  kill drills, races, long walks, the key changed, times of sign-in, ten years of 5,000 timetables"

## What a machine must have

tools:
	@command -v cargo >/dev/null || { echo "Rust is missing: install it with rustup, then run make again."; exit 1; }
	@command -v npm >/dev/null || { echo "Node (20 or newer) with npm is missing: install it, then run make again."; exit 1; }
	@command -v cc >/dev/null || { echo "A C compiler is missing (Debian: apt-get install gcc): SQLite is built with it."; exit 1; }
	@rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

test-tools:
	@command -v chromium >/dev/null || { echo "Chromium is missing (Debian: apt-get install chromium): the browser tests need it."; exit 1; }
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { echo "PostgreSQL's server programs are missing (Debian: apt-get install postgresql): the tests start their own."; exit 1; }

bench-tools:
	@command -v taskset >/dev/null || { echo "taskset is missing (Debian: apt-get install util-linux)."; exit 1; }
	@command -v wrk >/dev/null || { echo "wrk is missing (Debian: apt-get install wrk)."; exit 1; }
	@command -v nginx >/dev/null || { echo "nginx is missing (Debian: apt-get install nginx-light)."; exit 1; }
	@test -e /usr/lib/nginx/modules/ngx_http_brotli_static_module.so || { echo "nginx's brotli is missing (Debian: apt-get install libnginx-mod-http-brotli-static)."; exit 1; }

$(NODE): end2end/package.json end2end/package-lock.json
	cd end2end && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

## The islands: compiled, bound, shrunk, hashed and compressed before the server takes them in

$(WASM): Cargo.toml Cargo.lock $(wildcard src/islands/*.rs) src/lib.rs | tools
	CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="$(WASM_FLAGS)" cargo build --locked --profile wasm-release --lib \
	    --target wasm32-unknown-unknown --no-default-features --features hydrate --target-dir target/wasm
	@touch $@

$(ISLANDS): $(WASM) $(NODE) src/bin/bundle.rs
	cargo run --locked --quiet --no-default-features --features bundle --bin bundle --target-dir target/bundle -- \
	    $(WASM) target/islands end2end/node_modules/.bin/wasm-opt
	@touch $@

islands: $(ISLANDS)

## Daily

run: tools $(ISLANDS)
	cargo build --locked --profile quick --target-dir target
	@exec target/quick/portal demo

code:
	@target/quick/portal demo-code $(FOR)

watch: tools $(ISLANDS)
	@while true; do \
	    touch target/.watched; cargo build && { target/debug/portal demo & pid=$$!; }; \
	    until [ -n "$$(find src content style migrations -newer target/.watched -print -quit)" ]; do sleep 1; done; \
	    kill $${pid:-0} 2>/dev/null || true; wait; \
	done

check: tools
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --lib --target wasm32-unknown-unknown --no-default-features --features hydrate --target-dir target/wasm -- -D warnings
	cargo clippy --locked --bin bundle --no-default-features --features bundle --target-dir target/bundle -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items --lib

test: tools test-tools $(ISLANDS) check
	cargo test --locked
	cd end2end && npm test

## Measuring

release: tools $(ISLANDS)
	cargo build --locked --release

# Installed for measuring only.
$(BROWSER): benches/browser/package.json benches/browser/package-lock.json
	cd benches/browser && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(ASTRO): benches/astro/package.json benches/astro/package-lock.json benches/astro/astro.config.mjs $(shell find benches/astro/src -type f)
	cd benches/astro && npm ci --no-audit --no-fund --loglevel=error && ASTRO_TELEMETRY_DISABLED=1 npm run --silent build
	@touch $@

# About 20 minutes when all is built. Without Chromium the Rust part runs by itself.
bench: bench-tools release $(BROWSER) $(ASTRO)
	cargo bench --locked --bench side_by_side
	node benches/browser/main.mjs

drill: release
	DRILL_ROUNDS=5000 cargo test --locked --release ten_years -- --nocapture
	DRILL_ROUNDS=10000 cargo test --locked --release keys::on -- --nocapture
	PORTAL_BIN=$(CURDIR)/target/release/portal DRILL_ROUNDS=1000 cargo test --locked --release kill -- --nocapture
	DRILL_ROUNDS=10000 cargo test --locked --release replay -- --nocapture
	DRILL_ROUNDS=20000 cargo test --locked --release seen_is_logged -- --nocapture
	DRILL_ROUNDS=1000 cargo test --locked --release races -- --nocapture
	DRILL_ROUNDS=1000 cargo test --locked --release unwanted -- --nocapture
	DRILL_ROUNDS=1000000 cargo test --locked --release chairs::by_the_rules -- --nocapture
	DRILL_ROUNDS=5000 cargo test --locked --release chairs::on -- --nocapture
	DRILL_ROUNDS=10000 cargo test --locked --release once:: -- --nocapture
	DRILL_ROUNDS=10000 cargo test --locked --release hand_overs -- --nocapture
	DRILL_ROUNDS=10000 cargo test --locked --release no_word_of -- --nocapture
	cargo bench --locked --bench drills
	cargo bench --locked --bench timing

clean:
	cargo clean
	rm -rf end2end/node_modules benches/browser/node_modules benches/astro/node_modules benches/astro/dist
