//! What to link: RDKit's archives (InChI's is one of them) and libstdc++, all static, in one group.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use super::locate::Prefix;

/// The RDKit components that the kernel needs, directly or through each other.
const COMPONENTS: &[&str] = &[
    "RDInchiLib",
    "Inchi",
    "MolDraw2D",
    "MolStandardize",
    "ChemReactions",
    "FilterCatalog",
    "Catalogs",
    "ChemTransforms",
    "Descriptors",
    "PartialCharges",
    "FileParsers",
    "Fingerprints",
    "Depictor",
    "MolAlign",
    "MolTransforms",
    "Alignment",
    "EigenSolvers",
    "SmilesParse",
    "GenericGroups",
    "SubstructMatch",
    "Subgraphs",
    "GraphMol",
    "DataStructs",
    "RDGeometryLib",
    "RDGeneral",
];

/// The group's name for the linker.
const GROUP: &str = "xform_rdkit_group";

/// Tells cargo to link RDKit and libstdc++ into every program that uses this crate.
///
/// The archives depend on each other in cycles, and the arguments that would group them do not pass from a library's
/// build script to the final link. A linker script in place of a library does pass: both GNU ld and lld read
/// `GROUP(...)` there. libstdc++ is part of it because it must be the static one (bridge/allocator.h). The crate's
/// own archive comes before it on the command line, so that its `operator new` is found first. Without mimalloc,
/// libstdc++ is the shared one, whose functions a sanitizer's runtime can replace.
pub fn link(prefix: &Prefix) {
    let mut archives: Vec<_> = COMPONENTS.iter().map(|name| archive(&prefix.lib, name)).collect();
    archives.retain(|path| path.is_file());
    if cfg!(feature = "mimalloc") {
        archives.push(static_libstdcxx());
    } else {
        println!("cargo:rustc-link-lib=stdc++");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join(format!("lib{GROUP}.a")), script(&archives)).expect("OUT_DIR can be written");
    println!("cargo:rustc-link-search=native={}", out.display());
    println!("cargo:rustc-link-lib=static:-bundle={GROUP}");
    for path in &archives {
        println!("cargo:rerun-if-changed={}", path.display());
    }
}

fn archive(lib: &Path, component: &str) -> PathBuf {
    lib.join(format!("libRDKit{component}_static.a"))
}

fn script(archives: &[PathBuf]) -> String {
    let quoted: Vec<_> = archives.iter().map(|path| format!("  \"{}\"", path.display())).collect();
    format!("GROUP(\n{}\n)\n", quoted.join("\n"))
}

/// The compiler's own libstdc++.a.
fn static_libstdcxx() -> PathBuf {
    println!("cargo:rerun-if-env-changed=CXX");
    let compiler = env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    let output = Command::new(&compiler).arg("-print-file-name=libstdc++.a").output();
    let output = output.unwrap_or_else(|error| panic!("cannot run {compiler}: {error}"));
    let path = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    // The compiler repeats the bare name if it does not have the file.
    assert!(
        path.is_absolute(),
        "{compiler} has no static libstdc++ (libstdc++.a); install g++ or libstdc++-dev"
    );
    path
}
