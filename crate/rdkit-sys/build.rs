//! Finds RDKit, compiles the bridge and the kernel, and tells cargo what to link. Building RDKit is the job of `npm
//! run setup`.

mod build {
    pub mod link;
    pub mod locate;
    pub mod sanitize;
}

use std::path::{Path, PathBuf};
use std::process::exit;
use std::{env, fs};

use build::locate::{self, Prefix};
use build::{link, sanitize};

/// For each topic: `src/<topic>.rs`, `bridge/<topic>.h`, `bridge/<topic>.cc`.
const TOPICS: &[&str] = &[
    "alerts",
    "allocator",
    "batch",
    "canonical_smiles",
    "crash_record",
    "description",
    "drawing",
    "edits",
    "exit",
    "fingerprints",
    "identifier",
    "inchi",
    "mol_blocks",
    "pictures",
    "random_smiles",
    "review",
    "sites",
    "transform",
    "version",
];

fn main() {
    let prefix = locate::locate().unwrap_or_else(|message| give_up(&message));
    compile(&prefix);
    link::link(&prefix);
    rerun_if_changed(Path::new("build.rs"));
    for folder in ["build", "bridge", "kernel"] {
        rerun_if_changed(Path::new(folder));
    }
}

#[expect(clippy::exit, clippy::print_stderr, reason = "a panic would bury the message")]
fn give_up(message: &str) -> ! {
    eprintln!("\n{message}\n");
    exit(1)
}

fn compile(prefix: &Prefix) {
    let mut build = cxx_build::bridges(TOPICS.iter().map(|topic| format!("src/{topic}.rs")));
    build
        .files(TOPICS.iter().map(|topic| format!("bridge/{topic}.cc")))
        .files(sources_in(Path::new("kernel")))
        .include("kernel")
        .std("c++17")
        .flag("-isystem")
        .flag(&prefix.include)
        // RDKit is built with it (scripts/lib/rdkit-build.mjs), and it changes the layout of its recursive queries, but
        // its headers do not include the file that defines it.
        .define("RDK_BUILD_THREADSAFE_SSS", None)
        .flag("-fvisibility=hidden")
        .warnings(true)
        .extra_warnings(true)
        // Debug builds run the tests over real libraries; unoptimised templates would be far too slow.
        .opt_level(3)
        .cpp_link_stdlib(None);
    if let Some(include) = env::var_os("DEP_MIMALLOC_INCLUDE_DIR") {
        build.define("XFORM_MIMALLOC", None).flag("-isystem").flag(include);
    }
    if env::var_os("CARGO_FEATURE_TEST_HOOKS").is_some() {
        build.define("XFORM_TEST_HOOKS", None);
    }
    for flag in sanitize::flags() {
        build.flag(flag);
    }
    let precompiled = precompile(&mut build);
    build.compile("xform_rdkit_bridge");
    if let Some(header) = precompiled {
        // The file has about 270 MB.
        let _ = fs::remove_file(header);
    }
}

/// Compiles `kernel/rdkit.h` once and includes it first in all files. None if the compiler does not support that;
/// then each file parses its own includes.
fn precompile(build: &mut cc::Build) -> Option<PathBuf> {
    let folder = PathBuf::from(env::var_os("OUT_DIR")?);
    let (header, precompiled) = (folder.join("rdkit.h"), folder.join("rdkit.h.gch"));
    fs::copy("kernel/rdkit.h", &header).ok()?;
    let mut command = build.get_compiler().to_command();
    command.args(["-x", "c++-header"]).arg(&header).arg("-o").arg(&precompiled);
    if !command.status().ok()?.success() {
        return None;
    }
    build.flag("-include").flag(&header);
    Some(precompiled)
}

/// The C++ files in a folder and the folders below it, in the order of their names.
fn sources_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is part of this crate");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    paths.sort();
    let is_source = |path: &Path| path.extension().is_some_and(|extension| extension == "cc");
    let sources = |path: PathBuf| match path.is_dir() {
        true => sources_in(&path),
        false => Some(path).filter(|path| is_source(path)).into_iter().collect(),
    };
    paths.into_iter().flat_map(sources).collect()
}

fn rerun_if_changed(path: &Path) {
    println!("cargo:rerun-if-changed={}", path.display());
}
