//! Bridge and kernel are built with what the Rust code around them is built with; RDKit stays as it is.
//!
//! The runtime is the one that rustc links, of LLVM; GCC's instrumentation calls the same functions.

use std::env;

/// Undefined behaviour ends the process, as an address error does. `vptr` wants type information that RDKit's objects
/// and rustc's runtime lack.
const ADDRESS: &[&str] = &[
    "-fsanitize=address,undefined",
    "-fno-sanitize=vptr",
    "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
    "-g1",
    // Reports name the lines that are meant, and it compiles in half the time.
    "-O1",
];

/// Each block calls a function that the fuzz targets bring.
const FUZZING: &[&str] = &["-fsanitize-coverage=trace-pc"];

/// The compiler's flags for `-Zsanitizer=address` and for `--cfg fuzzing`.
pub fn flags() -> Vec<&'static str> {
    let sanitizers = env::var("CARGO_CFG_SANITIZE").unwrap_or_default();
    let mut flags = Vec::new();
    if sanitizers.split(',').any(|name| name == "address") {
        flags.extend(ADDRESS);
    }
    if env::var_os("CARGO_CFG_FUZZING").is_some() {
        flags.extend(FUZZING);
    }
    flags
}
