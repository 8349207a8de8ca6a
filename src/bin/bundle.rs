//! Turns the compiled islands into the files the server hands out:
//! `bundle <input.wasm> <out-dir> [wasm-opt path]`.
//!
//! Writes `me.<hash>.js` and `me.<hash>.wasm`, each with a `.br` and a `.gz` twin, and `me.txt`,
//! whose first line is the name of the script and second that of the WebAssembly. Files of earlier
//! builds are removed. A page needs only `<script type="module" src="/assets/me.<hash>.js">`: no
//! inline script, so the content security policy allows none.

use sha2::{Digest, Sha256};
use std::{
    env,
    error::Error,
    ffi::OsString,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};
use wasm_bindgen_cli_support::Bindgen;

/// What every file of the bundle is called before its hash.
const NAME: &str = "me";
/// Where the server hands the files out.
const ADDRESS: &str = "/assets/";
/// What the compiler uses, one by one: `--all-features` makes files that browsers refuse.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Loads the WebAssembly when the browser has a moment, then wakes each island: outer before
/// inner, and an inner one in the scope of the children it stands in. An island that the bundle
/// does not know stays as the server drew it.
const LOADER: &str = r#"
const wake = (me, node, scope) => {
if (node.localName === "leptos-children") scope = node.$$on_hydrate;
if (node.localName === "leptos-island" && me[node.dataset.component]) {
scope?.();
me[node.dataset.component](node);
}
for (const child of node.children) wake(me, child, scope);
};
(self.requestIdleCallback ?? setTimeout)(async () => {
const me = await import(import.meta.url);
await __wbg_init({ module_or_path: "WASM" });
hydrate();
wake(me, document.body);
}, { timeout: 2000 });
"#;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let mut arguments = env::args_os().skip(1);
    let (Some(input), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("usage: bundle <input.wasm> <out-dir> [wasm-opt path]".into());
    };
    let out = PathBuf::from(out);
    let (glue, wasm) = bind(Path::new(&input))?;
    let wasm = shrink(wasm, arguments.next(), Path::new(&input))?;

    let wasm_name = format!("{NAME}.{}.wasm", hash(&wasm));
    let loader = LOADER.replace("WASM", &format!("{ADDRESS}{wasm_name}"));
    let js = minify(&(glue + &loader));
    let js_name = format!("{NAME}.{}.js", hash(js.as_bytes()));

    fs::create_dir_all(&out)?;
    let names = format!("{js_name}\n{wasm_name}\n");
    let list = out.join(format!("{NAME}.txt"));
    if fs::read_to_string(&list).is_ok_and(|earlier| earlier == names) {
        // Left as they are, for whatever looks at their dates.
        return Ok(());
    }
    forget_earlier(&out)?;
    let size = write(&out, &js_name, js.as_bytes())? + write(&out, &wasm_name, &wasm)?;
    // Last: a list that stands names files that stand.
    fs::write(list, names)?;
    eprintln!("{js_name} and {wasm_name}: {size} bytes, brotli");
    Ok(())
}

/// Makes the script that joins WebAssembly to the page, and the WebAssembly that fits it.
fn bind(input: &Path) -> Result<(String, Vec<u8>)> {
    let mut output = Bindgen::new()
        .input_path(input)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        // The loader names the file: its address has a hash.
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    let glue = output.js().to_owned();
    // Crates may carry scripts of their own, which nothing here copies.
    if let Some(line) = glue.lines().find(|line| line.starts_with("import ")) {
        return Err(format!("the islands need another file: {line}").into());
    }
    Ok((glue, output.wasm_mut().emit_wasm()))
}

/// Runs binaryen's wasm-opt, with its two files beside `input`. Where it is not installed the
/// WebAssembly stays as it is, only larger.
fn shrink(wasm: Vec<u8>, named: Option<OsString>, input: &Path) -> Result<Vec<u8>> {
    let program = named.map_or_else(|| PathBuf::from("node_modules/.bin/wasm-opt"), PathBuf::from);
    if !program.exists() {
        eprintln!("bundle: no {}, so the islands are larger than they need be", program.display());
        return Ok(wasm);
    }
    let (before, after) = (input.with_extension("bound.wasm"), input.with_extension("small.wasm"));
    fs::write(&before, &wasm)?;
    let status =
        Command::new(program).args(["-Oz", "--converge"]).args(FEATURES).arg(&before).arg("-o").arg(&after).status()?;
    if !status.success() {
        return Err(format!("wasm-opt: {status}").into());
    }
    Ok(fs::read(&after)?)
}

/// Drops indentation, blank lines and whole-line comments: nothing that could change a meaning,
/// as long as no text in backquotes runs over a line's end.
fn minify(js: &str) -> String {
    if js.lines().any(|line| line.matches('`').count() % 2 == 1) {
        return js.to_owned();
    }
    let mut small = String::with_capacity(js.len());
    let mut in_comment = false;
    for line in js.lines().map(str::trim) {
        if in_comment || line.starts_with("/*") {
            in_comment = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            small.push_str(line);
            small.push('\n');
        }
    }
    small
}

/// Enough of a SHA-256 to tell builds apart, in hexadecimal.
fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Removes the files of earlier builds, which no page names any more.
fn forget_earlier(out: &Path) -> Result<()> {
    for entry in fs::read_dir(out)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(&format!("{NAME}.")) && entry.file_type()?.is_file() {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Writes a file and its compressed twins. Returns the size of the brotli one.
fn write(out: &Path, name: &str, bytes: &[u8]) -> Result<usize> {
    let mut small = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut small, &settings)?;
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gz.write_all(bytes)?;
    fs::write(out.join(name), bytes)?;
    fs::write(out.join(format!("{name}.br")), &small)?;
    fs::write(out.join(format!("{name}.gz")), gz.finish()?)?;
    Ok(small.len())
}
