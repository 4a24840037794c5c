//! Finds RDKit: looks in a fixed order, and lists what was tried if it is not found.

use std::path::{Path, PathBuf};
use std::{env, fs};

use sha2::{Digest, Sha256};

/// The recipe of the build that `npm run setup` makes; its hash is part of the cache folder's name.
const LOCK_FILE: &str = "rdkit.lock";

/// A static build of RDKit.
pub struct Prefix {
    /// The folder that holds `GraphMol/`.
    pub include: PathBuf,
    /// The folder that holds the archives.
    pub lib: PathBuf,
}

/// Looks in `RDKIT_PREFIX` if it is set (it must then hold a build), else in the cache. The error is a message for
/// people.
pub fn locate() -> Result<Prefix, String> {
    for variable in ["RDKIT_PREFIX", "XDG_CACHE_HOME", "HOME"] {
        println!("cargo:rerun-if-env-changed={variable}");
    }
    println!("cargo:rerun-if-changed={LOCK_FILE}");
    let lock = fs::read_to_string(LOCK_FILE).map_err(|error| format!("cannot read {LOCK_FILE}: {error}"))?;
    let version = locked_version(&lock)?;
    let (origin, folder) = match env::var_os("RDKIT_PREFIX").filter(|value| !value.is_empty()) {
        Some(folder) => ("RDKIT_PREFIX", PathBuf::from(folder)),
        None => ("the cache", cache_folder(&lock, version)?),
    };
    open_prefix(&folder, version).map_err(|fault| not_found(version, origin, &folder, &fault))
}

fn locked_version(lock: &str) -> Result<&str, String> {
    let line = lock.lines().find_map(|line| line.trim().strip_prefix("version="));
    line.map(str::trim).ok_or_else(|| format!("{LOCK_FILE} has no line version=..."))
}

fn cache_folder(lock: &str, version: &str) -> Result<PathBuf, String> {
    let named = |variable| env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = named("XDG_CACHE_HOME")
        .or_else(|| named("HOME").map(|home| home.join(".cache")))
        .ok_or("neither XDG_CACHE_HOME nor HOME is set, so there is no cache to look in for RDKit")?;
    let digest = Sha256::digest(lock.as_bytes());
    let key: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    Ok(cache.join("xform-native").join(format!("rdkit-{version}-{key}")))
}

/// The parts of a prefix, or what is missing from it.
fn open_prefix(folder: &Path, version: &str) -> Result<Prefix, String> {
    let include = first_with(folder, &["include/rdkit", "include"], "GraphMol/ROMol.h")?;
    let lib = first_with(folder, &["lib", "lib64"], "libRDKitRDGeneral_static.a")?;
    has(&include, "GraphMol/inchi.h")?;
    has(&lib, "libRDKitInchi_static.a")?;
    check_version(&lib.join("libRDKitRDGeneral_static.a"), version)?;
    println!("cargo:rerun-if-changed={}", lib.join("libRDKitRDGeneral_static.a").display());
    println!("cargo:rerun-if-changed={}", include.join("RDGeneral/RDConfig.h").display());
    Ok(Prefix { include, lib })
}

fn first_with(folder: &Path, places: &[&str], file: &str) -> Result<PathBuf, String> {
    let found = places.iter().map(|place| folder.join(place)).find(|place| place.join(file).is_file());
    found.ok_or_else(|| format!("it has no {file} in {}", places.join(" or ")))
}

fn has(folder: &Path, file: &str) -> Result<(), String> {
    match folder.join(file).is_file() {
        true => Ok(()),
        false => Err(format!("it has no {file} in {}: it was built without InChI", folder.display())),
    }
}

/// The version is read from the library itself, from `RDKit::rdkitVersion`. The header that should contain it,
/// `RDGeneral/versions.h`, is an unfilled template in this release (`RDKIT_VERSION_CHECK(@RDKit_Year @, ...`).
fn check_version(library: &Path, version: &str) -> Result<(), String> {
    let bytes = fs::read(library).map_err(|error| format!("cannot read {}: {error}", library.display()))?;
    let text = format!("\0{version}\0");
    if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
        return Ok(());
    }
    Err(format!("it is another version than {version}"))
}

fn not_found(version: &str, origin: &str, folder: &Path, fault: &str) -> String {
    format!(
        "RDKit {version} was not found.\n\
         \x20 tried {origin}: {folder}: {fault}\n\
         `npm run setup` builds it (8 to 9 minutes on 2 cores) and keeps it in the cache.\n\
         RDKIT_PREFIX names a ready static build (include/rdkit or include, and lib),\n\
         RDKIT_SOURCE_DIR a source tree and RDKIT_SOURCE_URL a release archive for `npm run setup`\n\
         (INCHI_SOURCE_DIR and INCHI_SOURCE_URL those of InChI).",
        folder = folder.display(),
    )
}
